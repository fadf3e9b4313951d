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
  guint seen = MIN (len, 8), tail = len - seen, shift = 64 - 8 * seen;
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
    guint same_len;

    if (G_LIKELY ((gsize)p.at + PF_ITEM_HEAD + len + 8 <= index->items.len)) {
      memcpy (&p.tag, item, sizeof p.tag);
      memcpy (&word, item + 4, sizeof word);
      same =
          is_alike (item + PF_ITEM_HEAD, how->text + p.start, len, how->fold) &
          p.has_item;
    } else {
      p.is_open = TRUE;
    }
    same_len = (word & PF_ITEM_LEN_MAX) == len;
    same &= same_len;
    sure = (len <= 16) & (p.tag < how->n_entries) &
           ((word & how->unsure) == 0) & !p.leads_on;
    dead =
        !same & !p.is_open & !p.leads_on &
        ((p.has_item == 0) | (((word & PF_ITEM_MORE) == 0) &
                              /* The Kelvin sign folds to k, and is longer. */
                              (same_len | (how->fold == 0))));
    p.gap = (guint8)(same & sure ? PF_STATE_FOUND : PF_STATE_UNKNOWN);
    prepared[kept] = p;
    kept += !dead;
  }
  return kept;
}
