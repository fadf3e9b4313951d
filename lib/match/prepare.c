/* Between filter and verification: three loops over the candidates of a
 * block, each of which asks for the memory that the next one needs, so that
 * cache misses of many candidates run at the same time.
 *
 *   merge    whole hashes and buckets; asks for bucket bounds
 *   locate   bounds; asks for items; does anything lead on from here?
 *   lookup   compares the items with the text, one candidate at a time
 */
#include "match/words_private.h"

#define FETCH(address) __builtin_prefetch (address)
/* Items of a bucket begin anywhere in a line of the cache and are short, so
 * that two lines have most of them. */
#define LINE 64

/* The next candidate of the kernel or of those that are not ASCII. */
static inline void
take (const PfWords *self, PfPrepared *to, const PfCandidates *from, guint i,
      guint64 hash)
{
  guint64 spread = pf_key_spread (hash);
  guint32 bucket = pf_key_bucket (spread, self->index->numbers.n_buckets);

  FETCH (&self->index->buckets[bucket]);
  to->hash = hash;
  to->items_at = bucket;
  to->tag = pf_key_tag (spread);
  to->start = from->start[i];
  to->end = from->end[i];
}

static inline guint64
ascii_hash (const PfCandidates *ascii, guint i, const guint8 *text)
{
  gsize len = (gsize)(ascii->end[i] - ascii->start[i]);

  return pf_token_hash_whole (ascii->hash[i], text + ascii->start[i], len,
                              PF_TOKEN_FOLD);
}

static void
merge (const PfWords *self, PfWordsScratch *scratch, const guint8 *text)
{
  const PfCandidates *ascii = &scratch->ascii, *other = &scratch->other;
  guint a = 0, o = 0, n = 0;

  for (; a < scratch->n_ascii; a++) {
    for (; o < scratch->n_other && other->start[o] < ascii->start[a]; o++)
      take (self, &scratch->prepared[n++], other, o, other->hash[o]);
    take (self, &scratch->prepared[n++], ascii, a, ascii_hash (ascii, a, text));
  }
  for (; o < scratch->n_other; o++)
    take (self, &scratch->prepared[n++], other, o, other->hash[o]);
  scratch->n_prepared = n;
}

static gboolean
is_blank (guint8 c)
{
  return (guint8)(c - '\t') < 5 || c == ' ';
}

static gboolean
is_word_byte (guint8 c)
{
  return (guint8)((c | 0x20) - 'a') < 26 || (guint8)(c - '0') < 10 || c == '_';
}

/* What the loops below work on. */
typedef struct {
  const PfWords *words;
  const PfBitmaps *maps;
  const guint8 *text;
  gsize len; /* of the block; nothing is known of what stands behind */
} Block;

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

/* Whether a chain may go on behind a token with this hash that ends at AT: it
 * does where the filter has both the gap and the node behind the next token.
 * What is not in ASCII, or not in the block, is left to verify.c. */
static inline gboolean
chain_goes_on (const Block *block, guint64 hash, gsize at)
{
  const PfWords *words = block->words;
  const PfIndex *index = words->index;
  guint32 n = index->numbers.n_chains;
  gsize gap = at, end;
  guint code, unit;
  guint64 token;

  if (at >= block->len || block->text[at] >= 0x80)
    return TRUE;
  unit = is_blank (block->text[at]) ? ' ' : block->text[at];
  gap++;
  while (unit == ' ' && gap < block->len && is_blank (block->text[gap]))
    gap++;
  if (gap >= block->len || block->text[gap] >= 0x80)
    return TRUE;
  end = token_end (block, gap);
  /* A token that is not all ASCII is not in the map. */
  if (end == gap && is_word_byte (block->text[gap]))
    return TRUE;
  code = unit | (end == gap ? PF_GAP_LONG : 0);
  if (!pf_filter_has (index->chains, n, pf_chain_next (hash, code)))
    return FALSE;
  if (end == gap || end >= block->len || block->text[end] >= 0x80)
    return TRUE;
  token = pf_token_hash_whole (pf_token_hash_quick (block->text + gap,
                                                    end - gap, PF_TOKEN_FOLD,
                                                    words->filter.keys),
                               block->text + gap, end - gap, PF_TOKEN_FOLD);
  hash = pf_chain_token (pf_chain_unit (hash, unit), token);
  return pf_filter_has (index->chains, n, hash);
}

static inline gboolean
leads_on (const Block *block, guint64 hash, gsize at)
{
  const PfIndex *index = block->words->index;

  if (index->n_shapes > 0 &&
      pf_filter_has (index->chains, index->numbers.n_chains,
                     pf_shape_flag (hash)))
    return TRUE;
  return block->words->max_tokens > 1 && chain_goes_on (block, hash, at);
}

static void
locate (const Block *block, PfWordsScratch *scratch)
{
  const PfIndex *index = block->words->index;

  for (guint i = 0; i < scratch->n_prepared; i++) {
    PfPrepared *p = &scratch->prepared[i];
    const guint32 *bounds = &index->buckets[p->items_at];

    p->items_at = bounds[0];
    p->items_end = bounds[1];
    if (p->items_at > p->items_end || p->items_end > index->items.len)
      p->items_at = p->items_end = 0;
    FETCH (index->items.data + p->items_at);
    FETCH (index->items.data + p->items_at + LINE);
    p->leads_on = (guint8)leads_on (block, p->hash, p->end);
  }
}

void
pf_words_prepare (const PfWords *self, PfWordsScratch *scratch,
                  const guint8 *text, gsize len)
{
  Block block = { self, &scratch->maps, text, len };

  merge (self, scratch, text);
  locate (&block, scratch);
}

/* Whether A and B differ in the case of ASCII letters only. */
static gboolean
is_folded (PfSpan a, PfSpan b)
{
  if (a.len != b.len)
    return FALSE;
  for (gsize i = 0; i < a.len; i++) {
    guint8 c = a.data[i], lower = c | 0x20;

    if (c != b.data[i] &&
        ((c ^ b.data[i]) != 0x20 || (guint8)(lower - 'a') >= 26))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_ascii (PfSpan span)
{
  guint8 all = 0;

  for (gsize i = 0; i < span.len; i++)
    all |= span.data[i];
  return all < 0x80;
}

/* How many entries ITEM adds: as in pf_words_lookup. */
static guint
check_item (const PfWords *self, const PfItemView *item, PfSpan token)
{
  const PfItemRules *rules = &self->rules[item->rules];

  if (rules->is_anywhere || item->entry >= self->n_entries)
    return 0;
  if (!rules->is_edge)
    return PF_WORDS_MANY;
  if (item->term.len == token.len &&
      memcmp (item->term.data, token.data, token.len) == 0)
    return 1;
  if (!rules->ignores_case)
    return 0;
  if (is_folded (item->term, token))
    return 1;
  return is_ascii (token) && is_ascii (item->term) ? 0 : PF_WORDS_MANY;
}

guint
pf_words_lookup (const PfWords *self, const PfPrepared *prepared, PfSpan token,
                 guint32 *entry)
{
  const guint8 *items = self->index->items.data;
  gsize at = prepared->items_at;
  PfItemView item;
  guint n = 0;

  while (pf_index_item (items, &at, prepared->items_end, &item)) {
    guint more;

    if (item.tag != prepared->tag)
      continue;
    more = check_item (self, &item, token);
    if (more > 0)
      *entry = item.entry;
    n += more;
  }
  return MIN (n, PF_WORDS_MANY);
}
