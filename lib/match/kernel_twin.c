/* One byte, one bit and one token after the other. */
#include "match/kernel_twin.h"

#include "match/kernel_compare.h"

static gboolean
classify (const guint8 *text, gsize n_groups, PfBitmaps *maps)
{
  guint64 any_high = 0;

  for (gsize g = 0; g < n_groups; g++) {
    guint64 word = 0, high = 0;

    for (guint i = 0; i < 64; i++) {
      guint8 c = text[64 * g + i], lower = c | 0x20;
      guint64 is_high = c >> 7;
      guint64 is_word = ((guint8)(lower - 'a') < 26) |
                        ((guint8)(c - '0') < 10) | (c == '_') | is_high;

      word |= is_word << i;
      high |= is_high << i;
    }
    maps->word[g] = word;
    maps->high[g] = high;
    any_high |= high;
  }
  return any_high != 0;
}

static guint
extract (const guint64 *word, gsize n_groups, guint min_len, PfTokens *tokens)
{
  guint n = 0;
  gsize len = 0; /* of the run that goes on */

  for (gsize i = 0; i <= 64 * n_groups; i++) {
    if (word[i / 64] >> (i % 64) & 1) {
      len++;
      continue;
    }
    tokens->at[n] = (PfToken){ (guint16)(i - len), (guint16)i };
    n += len >= min_len;
    len = 0;
  }
  return n;
}

static guint
probe (const guint8 *text, const PfTokens *tokens, guint n, guint64 fold,
       const PfFilter *filter, PfCandidates *candidates)
{
  guint found = 0;

  for (guint i = 0; i < n; i++) {
    PfToken token = tokens->at[i];
    guint64 hash = pf_token_hash_quick (text + token.start,
                                        (gsize)(token.end - token.start), fold,
                                        filter->keys);

    candidates->hash[found] = hash;
    candidates->start[found] = token.start;
    candidates->end[found] = token.end;
    found += pf_filter_has (filter->words, filter->n_words, hash);
  }
  return found;
}

static guint
slots_with (const guint32 *group, guint32 tag)
{
  guint mask = 0;

  for (guint i = 0; i < PF_GROUP_SLOTS; i++)
    mask |= (guint)(group[i] == tag) << i;
  return mask;
}

static void
locate (const PfIndex *index, PfPrepared *prepared, guint n)
{
  for (guint i = 0; i < n; i++) {
    PfPrepared *p = &prepared[i];
    const guint32 *group = index->table + (gsize)p->at * PF_GROUP_WORDS;
    guint slots = slots_with (group, p->tag), first = 0;

    while (first + 1 < PF_GROUP_SLOTS && (slots >> first & 1) == 0)
      first++;
    p->at = group[PF_GROUP_SLOTS + first];
    p->has_item = slots != 0;
    p->is_open = __builtin_popcount (slots) > 1 || slots_with (group, 0) == 0;
  }
}

const PfKernel pf_kernel_twin = { classify, extract, probe, locate,
                                  pf_kernel_compare };
