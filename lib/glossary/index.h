/* The index of a glossary: flat sections that a scan reads in place, the same
 * in memory and in an image.
 *
 *   filter   which first tokens there are            (text/token.h: quick hash)
 *   chains   which chains of tokens go on, and how
 *   table    key ──▶ where its items begin in ITEMS
 *   items    the terms themselves, those of a key side by side
 *   shapes   what stands around the tokens of terms
 *   loose    entries that no token leads to
 *
 * The key of a term is the hash of its chain of tokens, from the first to the
 * last; a term with other characters before or after them ("C++", ".NET") has
 * a shape, which enters its key.
 *
 * The table is made of groups of one cache line: eight tags, then the eight
 * offsets that go with them. All tags are compared at once, so that a look-up
 * takes one cache miss here and one for the items, and hardly a branch. A
 * group that is full passes what it cannot hold to the next. (Groups of tags
 * compared at once are known from SwissTable; Kulukundis, CppCon 2017.)
 *
 * An item is 8 bytes and the term as it is spelled, unaligned:
 *
 *   bytes 0 to 3  entry number
 *   bytes 4 to 7  length: 13 bits, rules: 6 bits, PF_ITEM_TWIN, PF_ITEM_MORE
 *
 * The items of a key stand by term in descending byte order, so that what is in
 * small letters comes first, and those with the same term by number.
 *
 * All numbers are in the machine's byte order. Nothing here owns memory. What
 * comes from an image may hold anything, so each offset is checked against its
 * section before it is followed (pf_index_item).
 */
#pragma once

#if defined __AVX2__
#include <immintrin.h>
#elif defined __SSE2__
#include <emmintrin.h>
#endif

#include "base/error.h"
#include "text/token.h"

/* What an entry says of itself or its source said for it: case (2 bits),
 * boundary (3 bits), and whether its format ignores case by default. Where
 * nothing is said of the boundary, these bits say what its format's default is:
 * 0 for word, PF_RULE_SUBWORD for subword. */
typedef guint8 PfRuleBits;
#define PF_RULE_BITS_MAX 64
#define PF_RULE_SUBWORD 7u

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

  return boundary != PF_RULE_SUBWORD ? (PfBoundary)boundary : PF_BOUNDARY_UNSET;
}

/* The format's default. */
static inline PfBoundary
pf_rule_default_boundary (PfRuleBits bits)
{
  return (bits >> 2 & 7) == PF_RULE_SUBWORD ? PF_BOUNDARY_SUBWORD
                                            : PF_BOUNDARY_WORD;
}

/* BITS of a format with this default. */
static inline PfRuleBits
pf_rule_bits_by_default (PfRuleBits bits, PfBoundary default_boundary)
{
  if (pf_rule_boundary (bits) == PF_BOUNDARY_UNSET &&
      default_boundary == PF_BOUNDARY_SUBWORD)
    bits |= (PfRuleBits)(PF_RULE_SUBWORD << 2);
  return bits;
}

/* Whether a term with this rule may begin or end inside a token, so that tokens
 * do not lead to it. */
static inline gboolean
pf_boundary_is_inner (PfBoundary boundary)
{
  return boundary >= PF_BOUNDARY_NONE;
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

/* Bytes with which gaps behind first tokens begin: one bit each. */
#define PF_GAP_WORDS (256 / 32)

/* Numbers that go with the sections. */
typedef struct {
  guint32 seed;       /* of the keys */
  guint32 n_filter;   /* words of FILTER, at least 1 */
  guint32 n_chains;   /* words of CHAINS, at least PF_LINE_WORDS */
  guint32 n_groups;   /* of TABLE that keys belong to, at least 1 */
  guint32 min_token;  /* bytes of the shortest first token in ASCII; 0: none */
  guint32 max_token;  /* bytes of the longest first token, folded */
  guint32 max_tokens; /* of a term */
  guint32 has_chains; /* some term has several tokens */
  guint32 gaps[PF_GAP_WORDS];
  guint32 rules[PF_RULE_BITS_MAX / 32]; /* the rule bits that items have */
} PfIndexNumbers;

typedef struct {
  PfIndexNumbers numbers;
  const guint64 *filter; /* n_filter words */
  const guint64 *chains; /* n_chains words */
  const guint32 *table;  /* pf_table_words of them */
  PfSpan items;
  const PfShape *shapes; /* those that are not { 0, 0 }, ascending */
  gsize n_shapes;
  const guint32 *loose; /* entry numbers, ascending */
  gsize n_loose;
} PfIndex;

/* Three bits of one word in each filter. */
static inline guint64
pf_filter_mask (guint64 key)
{
  return (guint64)1 << (key & 63) | (guint64)1 << (key >> 6 & 63) |
         (guint64)1 << (key >> 12 & 63);
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

  return (guint)(word >> (key & 63) & word >> (key >> 6 & 63) &
                 word >> (key >> 12 & 63) & 1);
}

/* What is asked about a chain (PF_NEXT_*) stands in one cache line of CHAINS,
 * whose words these are. */
#define PF_LINE_WORDS 8

static inline gsize
pf_chain_line (guint64 chain, guint32 n_words)
{
  return pf_filter_word (chain, n_words / PF_LINE_WORDS) * PF_LINE_WORDS;
}

/* The word with the bits of KEY, which is of CHAIN (pf_chain_next). */
static inline gsize
pf_chain_word (guint64 chain, guint64 key, guint32 n_words)
{
  return pf_chain_line (chain, n_words) + (key >> 32) % PF_LINE_WORDS;
}

/* How many tokens deep CHAINS goes; beyond, it is as if all were there. */
#define PF_CHAIN_DEPTH 4

/* The key of a chain with a shape. */
static inline guint64
pf_shaped_key (guint64 chain, guint64 before, guint64 after)
{
  return pf_chain_token (pf_chain_token (chain ^ PF_TOKEN_K1, before), after);
}

/* In CHAINS: some term of this chain has a shape, and behind its tokens this
 * byte comes first, ' ' for white space, or nothing: PF_AFTER_NOTHING. */
#define PF_AFTER_NOTHING 0x100u
#define PF_NEXT_SHAPE(after) (PF_NEXT_OTHER | (after))
/* Likewise, by the number of characters behind its tokens. */
#define PF_NEXT_AFTER(n) (PF_NEXT_OTHER | 0x200u | MIN (n, 255u))

/* Whether some term may go on from CHAIN with WHAT, a PF_NEXT_*: 0 or 1. */
static inline guint
pf_index_leads_on (const PfIndex *self, guint64 chain, guint what)
{
  guint64 key = pf_chain_next (chain, what);
  guint64 mask = pf_filter_mask (key);

  return (self->chains[pf_chain_word (chain, key, self->numbers.n_chains)] &
          mask) == mask;
}

/* Whether some term may begin with CHAIN, of two tokens or more: 0 or 1. */
static inline guint
pf_index_has_chain (const PfIndex *self, guint64 chain)
{
  return pf_filter_has (self->chains, self->numbers.n_chains, chain);
}

#define PF_GROUP_SLOTS 8
#define PF_GROUP_WORDS (2 * PF_GROUP_SLOTS)
/* How far a key may be passed on, in groups; so many stand behind the last
 * one that keys belong to. */
#define PF_GROUP_STEPS 32

static inline gsize
pf_table_words (guint32 n_groups)
{
  return ((gsize)n_groups + PF_GROUP_STEPS) * PF_GROUP_WORDS;
}

/* Group and tag of a key come from other bits than the filters use. */
static inline guint64
pf_key_spread (guint64 key)
{
  key = (key ^ key >> 29) * PF_TOKEN_K0;
  return key ^ key >> 32;
}

static inline guint32
pf_key_group (guint64 spread, guint32 n_groups)
{
  return (guint32)((guint64)(guint32)spread * n_groups >> 32);
}

/* Never 0, which is an empty slot. */
static inline guint32
pf_key_tag (guint64 spread)
{
  guint32 tag = (guint32)(spread >> 32);

  return tag + (tag == 0);
}

/* One bit for each slot of GROUP with this tag; 0 asks for empty ones. */
static inline guint
pf_group_mask (const guint32 *group, guint32 tag)
{
#if defined __AVX2__
  __m256i tags = _mm256_loadu_si256 ((const __m256i *)(gconstpointer)group);
  __m256i same = _mm256_cmpeq_epi32 (tags, _mm256_set1_epi32 ((gint32)tag));

  return (guint)_mm256_movemask_ps (_mm256_castsi256_ps (same));
#elif defined __SSE2__
  const __m128i *tags = (const __m128i *)(gconstpointer)group;
  __m128i wanted = _mm_set1_epi32 ((gint32)tag);
  __m128i low = _mm_cmpeq_epi32 (_mm_loadu_si128 (tags), wanted);
  __m128i high = _mm_cmpeq_epi32 (_mm_loadu_si128 (tags + 1), wanted);
  __m128i both = _mm_packs_epi32 (low, high);

  return (guint)_mm_movemask_epi8 (_mm_packs_epi16 (both, both)) & 0xFF;
#else
  guint mask = 0;

  for (guint i = 0; i < PF_GROUP_SLOTS; i++)
    mask |= (guint)(group[i] == tag) << i;
  return mask;
#endif
}

/* A search for a key: the groups that may hold it, one after the other. */
typedef struct {
  guint32 group, steps, tag;
  guint mask; /* slots of GROUP to be looked at */
} PfIndexSearch;

/* Where the items of the next slot with the key's tag begin; FALSE where there
 * is no more. */
static inline gboolean
pf_index_next (const PfIndex *self, PfIndexSearch *search, gsize *at)
{
  const guint32 *group = self->table + (gsize)search->group * PF_GROUP_WORDS;

  while (search->mask == 0) {
    if (pf_group_mask (group, 0) != 0 || ++search->steps > PF_GROUP_STEPS)
      return FALSE;
    search->group++;
    group += PF_GROUP_WORDS;
    search->mask = pf_group_mask (group, search->tag);
  }
  *at = group[PF_GROUP_SLOTS + __builtin_ctz (search->mask)];
  search->mask &= search->mask - 1;
  return TRUE;
}

static inline PfIndexSearch
pf_index_search (const PfIndex *self, guint64 spread)
{
  PfIndexSearch search = { .group =
                               pf_key_group (spread, self->numbers.n_groups),
                           .tag = pf_key_tag (spread) };

  search.mask = pf_group_mask (
      self->table + (gsize)search.group * PF_GROUP_WORDS, search.tag);
  return search;
}

#define PF_ITEM_HEAD 8
#define PF_ITEM_LEN_BITS 13
#define PF_ITEM_LEN_MAX ((1u << PF_ITEM_LEN_BITS) - 1)
#define PF_ITEM_TWIN (1u << 30) /* another item has the same term */
#define PF_ITEM_MORE (1u << 31) /* another item with this key follows */

typedef struct {
  guint32 entry;
  PfRuleBits rules;
  gboolean twin; /* another item has the same term */
  gboolean more; /* another item with this key follows */
  PfSpan term;
} PfItemView;

/* FLAGS: PF_ITEM_TWIN and PF_ITEM_MORE. */
static inline guint32
pf_item_word (gsize len, PfRuleBits rules, guint32 flags)
{
  return (guint32)len | (guint32)rules << PF_ITEM_LEN_BITS | flags;
}

/* Reads the item at *AT and moves on; FALSE where there is none. */
static inline gboolean
pf_index_item (const PfIndex *self, gsize *at, PfItemView *view)
{
  const guint8 *p;
  guint32 head[2];
  gsize left = self->items.len - *at, len;

  if (*at > self->items.len || left < PF_ITEM_HEAD)
    return FALSE;
  p = self->items.data + *at;
  memcpy (head, p, sizeof head);
  len = head[1] & PF_ITEM_LEN_MAX;
  if (left - PF_ITEM_HEAD < len)
    return FALSE;
  view->entry = head[0];
  view->rules = (PfRuleBits)(head[1] >> PF_ITEM_LEN_BITS & 0x3F);
  view->twin = (head[1] & PF_ITEM_TWIN) != 0;
  view->more = (head[1] & PF_ITEM_MORE) != 0;
  view->term = (PfSpan){ p + PF_ITEM_HEAD, len };
  *at += PF_ITEM_HEAD + len;
  return TRUE;
}
