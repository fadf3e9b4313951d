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

static void
find_prefixes (const guint8 *text, gsize n_groups, const PfPrefixes *prefixes,
               guint64 *begin)
{
  memset (begin, 0, n_groups * sizeof *begin);
  for (gsize i = 0; i < 64 * n_groups; i++)
    if (pf_prefixes_may_begin (prefixes, text + i))
      begin[i / 64] |= (guint64)1 << (i % 64);
}

static gboolean
is_token (gsize start, gsize end, const guint64 *begin, guint min_len)
{
  return start < end && end - start >= min_len &&
         (begin == NULL || (begin[start / 64] >> (start % 64) & 1) != 0);
}

static guint
extract (const guint64 *word, const guint64 *begin, gsize n_groups,
         guint min_len, PfTokens *tokens)
{
  guint n = 0;
  gsize start = 0;

  for (gsize i = 0; i <= 64 * n_groups; i++) {
    if (i < 64 * n_groups && (word[i / 64] >> (i % 64) & 1) != 0)
      continue;
    tokens->at[n] = (PfToken){ (guint16)start, (guint16)i };
    n += is_token (start, i, begin, min_len);
    start = i + 1;
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

const PfKernel pf_kernel_twin = { classify, find_prefixes, extract,
                                  probe,    locate,        pf_kernel_compare };
