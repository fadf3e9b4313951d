/* A step of the kernel that is the same for all instruction sets, compiled
 * with the flags of each. Private to kernel*.c.
 */
#pragma once

#include "match/kernel.h"

/* Whether LEN bytes of A and B, or the first and the last eight of them, are
 * the same but for FOLD. */
static inline guint
is_alike (const guint8 *a, const guint8 *b, guint len, guint64 fold)
{
  guint tail = len > 8 ? len - 8 : 0, shift = len < 8 ? 64 - 8 * len : 0;
  guint64 first = (pf_load64 (a) | fold) ^ (pf_load64 (b) | fold);
  guint64 last = (pf_load64 (a + tail) | fold) ^ (pf_load64 (b + tail) | fold);

  return ((first | last) << shift) == 0;
}

static guint
pf_kernel_compare (const PfIndex *index, const PfComparison *how,
                   PfPrepared *prepared, guint n)
{
  guint kept = 0;

  for (guint i = 0; i < n; i++) {
    PfPrepared p = prepared[i];
    const guint8 *item = index->items.data + p.at;
    guint len = (guint)p.end - p.start, word = 0, same = 0, sure, dead;
    guint longer;

    if (G_LIKELY ((gsize)p.at + PF_ITEM_HEAD + len + 8 <= index->items.len)) {
      memcpy (&p.tag, item, sizeof p.tag);
      memcpy (&word, item + 4, sizeof word);
      same =
          is_alike (item + PF_ITEM_HEAD, how->text + p.start, len, how->fold) &
          ((word & PF_ITEM_LEN_MAX) == len) & p.has_item;
    } else {
      p.is_open = TRUE;
    }
    sure = (len <= 16) & (p.tag < how->n_entries) &
           ((word & how->unsure) == 0) & !p.leads_on;
    /* U+017F and U+212A fold to one byte, so that a longer term may hold. */
    longer = (how->fold != 0) & ((word & PF_ITEM_LEN_MAX) > len);
    dead = !same & !p.is_open & !p.leads_on & !(longer & p.has_item) &
           (!p.has_item | ((word & PF_ITEM_MORE) == 0));
    p.gap = (guint8)(same & sure ? PF_STATE_FOUND : PF_STATE_UNKNOWN);
    prepared[kept] = p;
    kept += !dead;
  }
  return kept;
}
