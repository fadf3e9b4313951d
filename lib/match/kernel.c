/* The kernel in vectors of the compiler, compiled once for each instruction
 * set with that set's flags. What the compiler's vectors cannot say is in
 * kernel_ops.h: masks from comparisons, products of halves, compressed
 * positions.
 *
 * Eight tokens at a time are hashed in eight lanes. Their bytes are fetched
 * with single loads, which is no slower than a gather instruction where that
 * is fast, and twice as fast where it is not.
 */
#include "match/kernel_compare.h"
#include "match/kernel_ops.h"

/* Tokens that are hashed before the first of them is probed. */
#define AHEAD 64
/* A filter of so many words, 2 MiB, is in caches near enough. */
#define NEAR_WORDS 262144

static gboolean
classify (const guint8 *text, gsize n_groups, PfBitmaps *maps)
{
  guint64 any_high = 0;

  for (gsize g = 0; g < n_groups; g++) {
    Masks masks = class_masks (text + 64 * g);

    maps->word[g] = masks.word;
    maps->high[g] = masks.high;
    any_high |= masks.high;
  }
  return any_high != 0;
}

/* The bits of LOW that begin a run of ones of at least MIN_LEN bits, where the
 * bits go on in HIGH. */
static inline guint64
long_runs (guint64 low, guint64 high, guint min_len)
{
  guint len = 1;

  while (len < min_len) {
    guint step = MIN (len, min_len - len);

    low &= low >> step | high << (64 - step);
    high &= high >> step;
    len += step;
  }
  return low;
}

static inline guint
extract_runs (const guint64 *word, gsize n_groups, guint min_len,
              PfTokens *tokens)
{
  guint n_starts = 0, n_ends = 0;
  guint64 before = 0, carry = 0;

  for (gsize g = 0; g <= n_groups; g++) {
    guint64 bits = word[g], starts = bits & ~(bits << 1 | before), sum, ends;
    gboolean over;

    if (min_len > 1)
      starts &= long_runs (bits, g < n_groups ? word[g + 1] : 0, min_len);
    /* A one added to the first bit of a run comes out behind its last. */
    over = __builtin_add_overflow (bits, starts, &sum);
    over |= __builtin_add_overflow (sum, carry, &sum);
    carry = over;
    ends = sum & ~bits;
    before = bits >> 63;
    n_starts = emit_positions (tokens->start, n_starts, starts, g);
    n_ends = emit_positions (tokens->end, n_ends, ends, g);
  }
  return n_starts;
}

/* The usual lengths get loops of their own, with constant shifts. */
static guint
extract (const guint64 *word, gsize n_groups, guint min_len, PfTokens *tokens)
{
  switch (min_len) {
  case 1:
    return extract_runs (word, n_groups, 1, tokens);
  case 2:
    return extract_runs (word, n_groups, 2, tokens);
  case 3:
    return extract_runs (word, n_groups, 3, tokens);
  case 4:
    return extract_runs (word, n_groups, 4, tokens);
  case 5:
    return extract_runs (word, n_groups, 5, tokens);
  default:
    return extract_runs (word, n_groups, min_len, tokens);
  }
}

#if KERNEL_HAS_LANES

/* The bytes at eight places. One initialiser keeps them out of memory. */
static inline Lanes
load_lanes (const guint8 *text, const guint16 *at)
{
  return (Lanes){ pf_load64 (text + at[0]), pf_load64 (text + at[1]),
                  pf_load64 (text + at[2]), pf_load64 (text + at[3]),
                  pf_load64 (text + at[4]), pf_load64 (text + at[5]),
                  pf_load64 (text + at[6]), pf_load64 (text + at[7]) };
}

static inline Lanes
hash_tokens (const guint8 *text, const guint16 *start, const guint16 *end,
             PfTokenKeys keys)
{
  Shorts from = load_shorts (start), to = load_shorts (end);
  Shorts tails = (Shorts)((to - from > 8) & (to - 8 - from)) + from;
  Lanes len = __builtin_convertvector(to - from, Lanes), a, b, x;
  Lanes shift = (Lanes)(len < 8) & (64 - 8 * len);
  Lanes first = load_lanes (text, start), last;
  guint16 last_at[8];

  memcpy (last_at, &tails, sizeof last_at);
  last = load_lanes (text, last_at);
  a = ((first | PF_TOKEN_FOLD) << shift);
  b = ((last | PF_TOKEN_FOLD) << shift);
  a = multiply_halves (a, keys.k0);
  b = multiply_halves (b, keys.k1);
  x = (a << PF_TOKEN_ROTATE | a >> (64 - PF_TOKEN_ROTATE)) ^ (b + len);
  x ^= x >> 32;
  return x * PF_TOKEN_K2;
}

/* Keeps those of eight tokens, of which LEFT are there, that the filter has. */
static inline guint
keep_tokens (const PfFilter *filter, const PfTokens *tokens, guint i,
             guint left, Lanes hash, PfCandidates *candidates, guint found)
{
  guint mask = probe_lanes (filter, hash);

  if (left < 8)
    mask &= (1u << left) - 1;
  return keep_lanes (candidates, found, mask, hash, tokens, i);
}

static guint
probe_near (const guint8 *text, const PfTokens *tokens, guint n,
            const PfFilter *filter, PfCandidates *candidates)
{
  guint found = 0;

  for (guint i = 0; i < n; i += 8)
    found = keep_tokens (
        filter, tokens, i, n - i,
        hash_tokens (text, tokens->start + i, tokens->end + i, filter->keys),
        candidates, found);
  return found;
}

/* Where the filter is beyond the nearer caches, many tokens are hashed and
 * their words asked for before the first one is probed. */
static guint
probe_far (const guint8 *text, const PfTokens *tokens, guint n,
           const PfFilter *filter, PfCandidates *candidates)
{
  Lanes hashes[AHEAD / 8];
  guint found = 0;

  for (guint from = 0; from < n; from += AHEAD) {
    guint to = MIN (from + AHEAD, n);

    for (guint i = from; i < to; i += 8) {
      hashes[(i - from) / 8] =
          hash_tokens (text, tokens->start + i, tokens->end + i, filter->keys);
      fetch_lanes (filter, hashes[(i - from) / 8]);
    }
    for (guint i = from; i < to; i += 8)
      found = keep_tokens (filter, tokens, i, to - i, hashes[(i - from) / 8],
                           candidates, found);
  }
  return found;
}

#else

static inline guint64
hash_token (const guint8 *text, const PfTokens *tokens, guint i,
            PfTokenKeys keys)
{
  return pf_token_hash_quick (text + tokens->start[i],
                              (gsize)(tokens->end[i] - tokens->start[i]),
                              PF_TOKEN_FOLD, keys);
}

static inline guint
keep_token (const PfFilter *filter, const PfTokens *tokens, guint i,
            guint64 hash, PfCandidates *candidates, guint found)
{
  candidates->hash[found] = hash;
  candidates->start[found] = tokens->start[i];
  candidates->end[found] = tokens->end[i];
  return found + pf_filter_has (filter->words, filter->n_words, hash);
}

static guint
probe_near (const guint8 *text, const PfTokens *tokens, guint n,
            const PfFilter *filter, PfCandidates *candidates)
{
  const PfFilter local = *filter;
  guint found = 0;

  for (guint i = 0; i < n; i++)
    found =
        keep_token (&local, tokens, i, hash_token (text, tokens, i, local.keys),
                    candidates, found);
  return found;
}

static guint
probe_far (const guint8 *text, const PfTokens *tokens, guint n,
           const PfFilter *filter, PfCandidates *candidates)
{
  const PfFilter local = *filter;
  guint64 hashes[AHEAD];
  guint found = 0;

  for (guint from = 0; from < n; from += AHEAD) {
    guint to = MIN (from + AHEAD, n);

    for (guint i = from; i < to; i++) {
      guint64 hash = hash_token (text, tokens, i, local.keys);

      hashes[i - from] = hash;
      __builtin_prefetch (local.words + pf_filter_word (hash, local.n_words));
    }
    for (guint i = from; i < to; i++)
      found =
          keep_token (&local, tokens, i, hashes[i - from], candidates, found);
  }
  return found;
}

#endif

static guint
probe (const guint8 *text, const PfTokens *tokens, guint n,
       const PfFilter *filter, PfCandidates *candidates)
{
  return filter->n_words <= NEAR_WORDS
             ? probe_near (text, tokens, n, filter, candidates)
             : probe_far (text, tokens, n, filter, candidates);
}

static void
locate (const PfIndex *index, PfPrepared *prepared, guint n)
{
  for (guint i = 0; i < n; i++) {
    PfPrepared *p = &prepared[i];
    const guint32 *group = index->table + (gsize)p->at * PF_GROUP_WORDS;
    guint mask = group_mask (group, p->tag), empty = group_mask (group, 0);

    /* Without a slot, any offset will do. */
    p->at = group[PF_GROUP_SLOTS + __builtin_ctz (mask | 0x80)];
    p->has_item = mask != 0;
    p->is_open = (mask & (mask - 1)) != 0 || empty == 0;
    __builtin_prefetch (index->items.data + p->at);
  }
}

const PfKernel KERNEL_NAME = { classify, extract, probe, locate,
                               pf_kernel_compare };
