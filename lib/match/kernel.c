/* The kernel in vectors of the compiler, compiled once for each instruction
 * set with that set's flags. What the compiler's vectors cannot say is in
 * kernel_ops.h: masks from comparisons, products of halves, compressed
 * positions.
 *
 * Four or eight tokens at a time are hashed in as many lanes. Their bytes are
 * fetched with single loads, which is no slower than a gather instruction where
 * that is fast, and twice as fast where it is not.
 */
#include "match/kernel_compare.h"
#include "match/kernel_locate.h"
#include "match/kernel_ops.h"

/* This needs the operations. */
#include "match/kernel_extract.h"

/* Tokens that are hashed before the first of them is probed. */
#define AHEAD 64

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

#ifdef LANES

/* The product of the halves of each lane, moved by those of KEY. */
static inline Lanes
multiply_halves (Lanes a, guint64 key)
{
  guint32 low = (guint32)key, high = (guint32)(key >> 32);

  return multiply_low (a + low, (a >> 32) + high);
}

/* The hashes of so many tokens as there are lanes. What comes of tokens that
 * are none is nothing, but they must be places of the block. */
static inline Lanes
hash_tokens (const guint8 *text, const PfToken *token, guint64 fold,
             PfTokenKeys keys)
{
  Lanes tokens = load_tokens (token), from = tokens & 0xFFFF;
  Lanes len = (tokens >> 16) - from;
  Lanes tail = from + never_negative (len - 8);
  Lanes shift = never_negative (8 - len) << 3;
  Lanes a = (load_firsts (text, token) | fold) << shift;
  Lanes b = (load_bytes (text, tail) | fold) << shift, x;

  a = multiply_halves (a, keys.k0);
  b = multiply_halves (b, keys.k1);
  x = (a << PF_TOKEN_ROTATE | a >> (64 - PF_TOKEN_ROTATE)) ^ (b + len);
  x ^= x >> 32;
  return x * PF_TOKEN_K2;
}

static inline Lanes
filter_places (const PfFilter *filter, Lanes hash)
{
  Lanes n_words = (Lanes){ 0 } + (guint64)filter->n_words;

  return multiply_low (hash >> 32, n_words) >> 32;
}

static inline void
fetch_lanes (const PfFilter *filter, Lanes hash)
{
  Lanes place = filter_places (filter, hash);
  guint64 at[LANES];

  memcpy (at, &place, sizeof at);
  for (guint i = 0; i < LANES; i++)
    __builtin_prefetch (filter->words + at[i]);
}

/* One bit for each lane whose key the filter has. */
static inline guint
probe_lanes (const PfFilter *filter, Lanes hash)
{
  Lanes words = gather (filter->words, filter_places (filter, hash));

  return lowest_bits (words >> (hash & 63) & words >> (hash >> 6 & 63) &
                      words >> (hash >> 12 & 63));
}

/* Keeps those of the tokens, of which LEFT are there, that the filter has. */
static inline guint
keep_tokens (const PfFilter *filter, const PfToken *token, guint left,
             Lanes hash, PfCandidates *candidates, guint found)
{
  guint mask = probe_lanes (filter, hash);

  if (left < LANES)
    mask &= (1u << left) - 1;
  return keep_lanes (candidates, found, mask, hash, token);
}

static guint
probe_near (const guint8 *text, const PfTokens *tokens, guint n, guint64 fold,
            const PfFilter *filter, PfCandidates *candidates)
{
  const PfFilter local = *filter;
  guint found = 0;

  for (guint i = 0; i < n; i += LANES)
    found = keep_tokens (&local, tokens->at + i, n - i,
                         hash_tokens (text, tokens->at + i, fold, local.keys),
                         candidates, found);
  return found;
}

/* Where the filter is beyond the nearer caches, many tokens are hashed and
 * their words asked for before the first one is probed. */
static guint
probe_far (const guint8 *text, const PfTokens *tokens, guint n, guint64 fold,
           const PfFilter *filter, PfCandidates *candidates)
{
  const PfFilter local = *filter;
  Lanes hashes[AHEAD / LANES];
  guint found = 0;

  for (guint from = 0; from < n; from += AHEAD) {
    guint to = MIN (from + AHEAD, n);

    for (guint i = from; i < to; i += LANES) {
      Lanes hash = hash_tokens (text, tokens->at + i, fold, local.keys);

      fetch_lanes (&local, hash);
      hashes[(i - from) / LANES] = hash;
    }
    for (guint i = from; i < to; i += LANES)
      found = keep_tokens (&local, tokens->at + i, to - i,
                           hashes[(i - from) / LANES], candidates, found);
  }
  return found;
}

static guint
probe (const guint8 *text, const PfTokens *tokens, guint n, guint64 fold,
       const PfFilter *filter, PfCandidates *candidates)
{
  return filter->n_words <= PF_NEAR_WORDS
             ? probe_near (text, tokens, n, fold, filter, candidates)
             : probe_far (text, tokens, n, fold, filter, candidates);
}

#else

#include "match/kernel_probe.h"

#define probe pf_kernel_probe

#endif

const PfKernel KERNEL_NAME = { classify, KERNEL_PREFIXES,  pf_kernel_extract,
                               probe,    pf_kernel_locate, pf_kernel_compare };
