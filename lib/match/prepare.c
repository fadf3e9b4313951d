/* Between filter and verification: loops over the candidates of a block, each
 * of which asks for the memory that the next one needs, so that cache misses
 * of many candidates run at the same time.
 *
 *   merge    whole hashes; asks for groups of the table and for chains
 *   gate     may a chain or a shape go on from here?
 *   locate   looks into the table; asks for items           (kernel.h)
 *   compare  compares first items with the text; lets go of those that come
 *            to nothing                                     (kernel.h)
 *   lookup   looks at all items of a key, for the few that are left
 */
#include "match/words_private.h"

/* What the loops below work on. */
typedef struct {
  const PfWords *words;
  const PfBitmaps *maps;
  const guint8 *text;
  gsize len; /* of the block; nothing is known of what stands behind */
} Block;

/* How many of the first eight bytes at P, from the first one on, are blank. */
static inline guint
count_blanks (const guint8 *p)
{
  const guint64 ones = 0x0101010101010101u, tops = 0x80 * ones;
  guint64 word = pf_load64 (p), low = word & ~tops;
  guint64 from_tab = low + (0x80 - '\t') * ones;
  guint64 above_return = low + (0x80 - '\r' - 1) * ones;
  guint64 not_space = (low ^ (' ' * ones)) + 0x7F * ones;
  guint64 others = ((~from_tab | above_return) & not_space) | word;

  others &= tops;
  return others == 0 ? 8 : (guint)__builtin_ctzll (others) / 8;
}

/* The end of the first unit of the gap at AT. */
static inline gsize
unit_end (const Block *block, gsize at)
{
  guint n;

  if (block->words->unit_of[block->text[at]] != ' ')
    return at + 1;
  do {
    n = count_blanks (block->text + at);
    at += n;
  } while (n == 8 && at < block->len);
  return MIN (at, block->len);
}

/* What stands behind the first unit of the gap behind P, as terms have it, or
 * PF_GAP_UNKNOWN. */
static inline guint8
second_of (const Block *block, const PfPrepared *p)
{
  gsize at = unit_end (block, p->end);
  guint8 second = block->words->unit_of[block->text[at]];

  return at < block->len ? second : PF_GAP_UNKNOWN;
}

static inline void
take (const Block *block, PfPrepared *to, const PfCandidates *from, guint i,
      guint64 hash)
{
  const PfIndex *index = block->words->index;
  guint64 spread = pf_key_spread (hash);

  to->hash = hash;
  to->at = pf_key_group (spread, index->numbers.n_groups);
  to->tag = pf_key_tag (spread);
  to->start = from->start[i];
  to->end = from->end[i];
  to->gap = block->words->gap_of[block->text[to->end]];
  __builtin_prefetch (index->table + (gsize)to->at * PF_GROUP_WORDS);
  if (block->words->can_lead_on)
    __builtin_prefetch (index->chains +
                        pf_chain_line (hash, index->numbers.n_chains));
}

static inline guint64
ascii_hash (const PfCandidates *ascii, guint i, const guint8 *text)
{
  gsize len = (gsize)(ascii->end[i] - ascii->start[i]);

  return pf_token_hash_whole (ascii->hash[i], text + ascii->start[i], len,
                              PF_TOKEN_FOLD);
}

static void
merge (const Block *block, PfWordsScratch *scratch)
{
  const PfCandidates *ascii = &scratch->ascii, *other = &scratch->other;
  guint a = 0, o = 0, n = 0;

  for (; a < scratch->n_ascii; a++) {
    for (; o < scratch->n_other && other->start[o] < ascii->start[a]; o++)
      take (block, &scratch->prepared[n++], other, o, other->hash[o]);
    take (block, &scratch->prepared[n++], ascii, a,
          ascii_hash (ascii, a, block->text));
  }
  for (; o < scratch->n_other; o++)
    take (block, &scratch->prepared[n++], other, o, other->hash[o]);
  scratch->n_prepared = n;
}

/* The end of the token that begins at AT, by the map of ASCII tokens; AT where
 * there is none. */
static inline gsize
token_end (const Block *block, gsize at)
{
  guint64 bits = block->maps->word[at / 64] >> (at % 64), more;
  guint left = 64 - at % 64;

  more = ~bits;
  if (left == 64 ? more != 0 : (more << at % 64) != 0)
    return at + (gsize)__builtin_ctzll (more);
  at += left;
  while (block->maps->word[at / 64] == G_MAXUINT64)
    at += 64;
  return at + (gsize)__builtin_ctzll (~block->maps->word[at / 64]);
}

/* Whether the filter has the node behind the next token, after a gap of one
 * unit. What is not in ASCII, or not in the block, is left to verify.c. */
static inline gboolean
has_next_node (const Block *block, guint64 hash, gsize at)
{
  const PfIndex *index = block->words->index;
  guint unit = block->words->unit_of[block->text[at]];
  gsize start = unit_end (block, at), end = token_end (block, start);
  const guint8 *p = block->text + start;
  guint64 token, chain;

  if (end == start || end >= block->len || block->text[end] >= 0x80)
    return TRUE;
  token =
      pf_token_hash (p, end - start, PF_TOKEN_FOLD, block->words->filter.keys);
  chain = pf_chain_token (pf_chain_unit (hash, unit), token);
  /* Hardly any come so far, and verify.c looks there. */
  __builtin_prefetch (
      index->table +
      (gsize)pf_key_group (pf_key_spread (chain), index->numbers.n_groups) *
          PF_GROUP_WORDS);
  return pf_index_has_chain (index, chain);
}

static inline gboolean
leads_on (const Block *block, const PfPrepared *p)
{
  guint8 second;

  if (p->gap == 0)
    return FALSE;
  if (p->end >= block->len || p->gap == PF_GAP_UNKNOWN)
    return TRUE;
  second = second_of (block, p);
  if (second == PF_GAP_UNKNOWN)
    return TRUE;
  return pf_index_leads_on (block->words->index, p->hash,
                            PF_NEXT_PAIR (p->gap, second)) &&
         has_next_node (block, p->hash, p->end);
}

static inline gboolean
may_have_shape (const Block *block, const PfPrepared *p)
{
  const PfIndex *index = block->words->index;
  guint8 unit = block->words->unit_of[block->text[p->end]];

  return (p->end >= block->len) | (unit == PF_GAP_UNKNOWN) |
         pf_index_leads_on (index, p->hash, PF_NEXT_SHAPE (unit)) |
         pf_index_leads_on (index, p->hash, PF_NEXT_SHAPE (PF_AFTER_NOTHING));
}

static void
gate (const Block *block, PfPrepared *prepared, guint n)
{
  gboolean has_shapes = block->words->index->n_shapes > 0;

  for (guint i = 0; i < n; i++) {
    PfPrepared *p = &prepared[i];

    p->leads_on =
        leads_on (block, p) || (has_shapes && may_have_shape (block, p));
  }
}

/* What is not ASCII is compared by others, and so is all where not all entries
 * are of one kind. */
static guint
compare (const PfWords *self, PfPrepared *prepared, guint n, gboolean is_ascii,
         const guint8 *text)
{
  PfComparison how = self->comparison;

  how.text = text;
  if (self->can_compare && (is_ascii || how.fold == 0))
    return self->kernel->compare (self->index, &how, prepared, n);
  for (guint i = 0; i < n; i++)
    prepared[i].gap = PF_STATE_UNKNOWN;
  return n;
}

void
pf_words_prepare (const PfWords *self, PfWordsScratch *scratch,
                  const guint8 *text, gsize len)
{
  Block block = { self, &scratch->maps, text, len };
  PfPrepared *prepared = scratch->prepared;

  merge (&block, scratch);
  gate (&block, prepared, scratch->n_prepared);
  self->kernel->locate (self->index, prepared, scratch->n_prepared);
  scratch->n_prepared = compare (self, prepared, scratch->n_prepared,
                                 scratch->n_other == 0, text);
}

/* Whether A and B, of LEN bytes each, are the same. Eight bytes can be read at
 * both whatever LEN is. */
static inline gboolean
is_same (const guint8 *a, const guint8 *b, gsize len)
{
  gsize tail = len > 8 ? len - 8 : 0;
  guint shift = len < 8 ? 64 - 8 * (guint)len : 0;
  guint64 first = pf_load64 (a) ^ pf_load64 (b);
  guint64 last = pf_load64 (a + tail) ^ pf_load64 (b + tail);

  if (((first | last) << shift) != 0)
    return FALSE;
  return len <= 16 || memcmp (a + 8, b + 8, len - 16) == 0;
}

/* Whether A and B differ in the case of ASCII letters only. */
static gboolean
is_folded (const guint8 *a, const guint8 *b, gsize len)
{
  for (gsize i = 0; i < len; i++) {
    guint8 lower = a[i] | 0x20;

    if (a[i] != b[i] && ((a[i] ^ b[i]) != 0x20 || (guint8)(lower - 'a') >= 26))
      return FALSE;
  }
  return TRUE;
}

/* Of items that ignore case. */
static guint
check_folded (const PfItemView *item, PfSpan token)
{
  if (item->term.len == token.len &&
      is_folded (item->term.data, token.data, token.len))
    return 1;
  return pf_words_is_ascii (token) && pf_words_is_ascii (item->term)
             ? 0
             : PF_WORDS_MANY;
}

/* How many entries ITEM adds: as in pf_words_lookup. */
static inline guint
check_item (const PfWords *self, const PfItemView *item, PfSpan token)
{
  const PfItemRules *rules = &self->rules[item->rules];
  const guint8 *end = self->index->items.data + self->index->items.len;
  const guint8 *term = item->term.data;
  gboolean is_exact = item->term.len == token.len;

  if (!rules->is_edge || item->entry >= self->n_entries)
    return rules->is_anywhere || item->entry >= self->n_entries ? 0
                                                                : PF_WORDS_MANY;
  if (is_exact)
    is_exact = end - term >= 8 ? is_same (term, token.data, token.len)
                               : memcmp (term, token.data, token.len) == 0;
  if (is_exact)
    return 1;
  return rules->ignores_case ? check_folded (item, token) : 0;
}

guint
pf_words_lookup (const PfWords *self, const PfPrepared *prepared,
                 const guint8 *text, guint32 *entry)
{
  PfSpan token = { text + prepared->start,
                   (gsize)(prepared->end - prepared->start) };
  gsize at = prepared->at;
  PfItemView item = { .more = prepared->has_item };
  guint n = 0;

  while (item.more && pf_index_item (self->index, &at, &item)) {
    guint more = check_item (self, &item, token);

    *entry = more > 0 ? item.entry : *entry;
    n += more;
  }
  /* What holds has this very key, so that nothing holds elsewhere, too. */
  return n == 0 && prepared->is_open ? PF_WORDS_MANY : MIN (n, PF_WORDS_MANY);
}
