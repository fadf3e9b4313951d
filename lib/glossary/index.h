/* The index of a glossary: flat sections that a scan reads in place, the same
 * in memory and in an image.
 *
 *   filter   which first tokens there are            (text/token.h: quick hash)
 *   chains   which chains of tokens go on, and how
 *   buckets  where the items of a bucket begin in ITEMS
 *   items    the terms themselves, bucket by bucket
 *   shapes   what stands around the tokens of terms
 *   loose    entries that no token leads to
 *
 * The key of a term is the hash of its chain of tokens, from the first to the
 * last; a term with other characters before or after them ("C++", ".NET") has
 * a shape, which enters its key. Keys lead to a bucket, and the items of a
 * bucket stand together, so that a look-up takes one cache miss for the bucket
 * and mostly one for its items.
 *
 * An item is 8 bytes and the term as it is spelled, unaligned:
 *
 *   bytes 0 to 3  entry number
 *   bytes 4 to 7  tag: 13 bits, length: 13 bits, rules: 6 bits
 *
 * All numbers are in the machine's byte order. Nothing here owns memory. What
 * comes from an image may hold anything, so each offset is checked against its
 * section before it is followed (pf_index_item).
 */
#pragma once

#include "base/error.h"
#include "text/token.h"

/* What an entry says of itself or its source said for it: case (2 bits),
 * boundary (3 bits), and whether its format ignores case by default. */
typedef guint8 PfRuleBits;
#define PF_RULE_BITS_MAX 64

static inline PfRuleBits
pf_rule_bits (PfCase case_rule, PfBoundary boundary, gboolean ignores_case)
{
  return (PfRuleBits)((guint)case_rule | (guint)boundary << 2 |
                      (ignores_case ? 32u : 0));
}

/* Of bits that are out of range: UNSET. */
static inline PfCase
pf_rule_case (PfRuleBits bits)
{
  return (bits & 3) <= PF_CASE_IGNORE ? (PfCase)(bits & 3) : PF_CASE_UNSET;
}

static inline PfBoundary
pf_rule_boundary (PfRuleBits bits)
{
  guint boundary = bits >> 2 & 7;

  return boundary <= PF_BOUNDARY_NONE ? (PfBoundary)boundary
                                      : PF_BOUNDARY_UNSET;
}

static inline gboolean
pf_rule_ignores_case (PfRuleBits bits)
{
  return (bits & 32) != 0;
}

/* Characters before the first and after the last token of a term; a run of
 * white space counts as one. */
typedef struct {
  guint16 before, after;
} PfShape;

/* Numbers that go with the sections. */
typedef struct {
  guint32 seed;       /* of the keys */
  guint32 n_filter;   /* words of FILTER, at least 1 */
  guint32 n_chains;   /* words of CHAINS, at least 1 */
  guint32 n_buckets;  /* at least 1 */
  guint32 min_token;  /* bytes of the shortest first token in ASCII; 0: none */
  guint32 max_token;  /* bytes of the longest first token, folded */
  guint32 max_tokens; /* of a term */
  guint32 has_chains; /* some term has several tokens */
} PfIndexNumbers;

typedef struct {
  PfIndexNumbers numbers;
  const guint64 *filter;  /* n_filter words */
  const guint64 *chains;  /* n_chains words */
  const guint32 *buckets; /* n_buckets + 1 offsets in items, ascending */
  PfSpan items;
  const PfShape *shapes; /* those that are not { 0, 0 }, ascending */
  gsize n_shapes;
  const guint32 *loose; /* entry numbers, ascending */
  gsize n_loose;
} PfIndex;

/* Two bits of one word in each filter. */
static inline guint64
pf_filter_mask (guint64 key)
{
  return (guint64)1 << (key & 63) | (guint64)1 << (key >> 6 & 63);
}

static inline gsize
pf_filter_word (guint64 key, guint32 n_words)
{
  return (gsize)((key >> 32) * n_words >> 32);
}

/* Whether FILTER has KEY, as 0 or 1, without a branch. */
static inline guint
pf_filter_has (const guint64 *filter, guint32 n_words, guint64 key)
{
  guint64 word = filter[pf_filter_word (key, n_words)];

  return (guint)(word >> (key & 63) & word >> (key >> 6 & 63) & 1);
}

/* How many tokens deep CHAINS goes; beyond, it is as if all were there. */
#define PF_CHAIN_DEPTH 4

/* The key of a chain with a shape. */
static inline guint64
pf_shaped_key (guint64 chain, guint64 before, guint64 after)
{
  return pf_chain_token (pf_chain_token (chain ^ PF_TOKEN_K1, before), after);
}

/* In CHAINS: some term of this chain has a shape. */
static inline guint64
pf_shape_flag (guint64 chain)
{
  return pf_chain_next (chain, PF_GAP_NONE);
}

/* Bucket and tag of a key; not the bits that the filters use. */
static inline guint64
pf_key_spread (guint64 key)
{
  key = (key ^ key >> 29) * PF_TOKEN_K0;
  return key ^ key >> 32;
}

static inline guint32
pf_key_bucket (guint64 spread, guint32 n_buckets)
{
  return (guint32)((guint64)(guint32)spread * n_buckets >> 32);
}

#define PF_TAG_BITS 13

static inline guint32
pf_key_tag (guint64 spread)
{
  return (guint32)(spread >> 32) & ((1u << PF_TAG_BITS) - 1);
}

#define PF_ITEM_HEAD 8

typedef struct {
  guint32 entry;
  guint32 tag;
  PfRuleBits rules;
  PfSpan term;
} PfItemView;

/* Reads the item at *AT of ITEMS, which ends before END, and moves on; FALSE
 * where there is none. END must not be beyond the section. */
static inline gboolean
pf_index_item (const guint8 *items, gsize *at, gsize end, PfItemView *view)
{
  guint32 head[2];
  gsize len;

  if (end - *at < PF_ITEM_HEAD || *at > end)
    return FALSE;
  memcpy (head, items + *at, sizeof head);
  len = head[1] >> PF_TAG_BITS & 0x1FFF;
  if (end - *at - PF_ITEM_HEAD < len)
    return FALSE;
  view->entry = head[0];
  view->tag = head[1] & ((1u << PF_TAG_BITS) - 1);
  view->rules = (PfRuleBits)(head[1] >> 26);
  view->term = (PfSpan){ items + *at + PF_ITEM_HEAD, len };
  *at += PF_ITEM_HEAD + len;
  return TRUE;
}

/* The part of ITEMS that a bucket takes; empty where the image is corrupt. */
static inline void
pf_index_bucket (const PfIndex *self, guint64 spread, gsize *at, gsize *end)
{
  guint32 bucket = pf_key_bucket (spread, self->numbers.n_buckets);

  *at = self->buckets[bucket];
  *end = self->buckets[bucket + 1];
  if (*at > *end || *end > self->items.len)
    *at = *end = 0;
}
