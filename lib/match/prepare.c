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

/* What the chains section is asked about C, the byte behind a token. */
static inline guint8
next_byte (guint8 c)
{
  return (guint8)(c - '\t') < 5 ? ' ' : c;
}

static inline guint
leads_on (const PfWords *self, guint64 hash, guint8 next)
{
  const PfIndex *index = self->index;
  guint32 n = index->numbers.n_chains;
  /* White space and others beyond ASCII are looked at later. */
  guint yes = next >> 7;

  if (self->max_tokens > 1)
    yes |= pf_filter_has (index->chains, n,
                          pf_chain_next (hash, next_byte (next)));
  if (index->n_shapes > 0)
    yes |= pf_filter_has (index->chains, n, pf_shape_flag (hash));
  return yes;
}

static void
locate (const PfWords *self, PfWordsScratch *scratch, const guint8 *text)
{
  const PfIndex *index = self->index;

  for (guint i = 0; i < scratch->n_prepared; i++) {
    PfPrepared *p = &scratch->prepared[i];
    const guint32 *bounds = &index->buckets[p->items_at];

    p->items_at = bounds[0];
    p->items_end = bounds[1];
    if (p->items_at > p->items_end || p->items_end > index->items.len)
      p->items_at = p->items_end = 0;
    FETCH (index->items.data + p->items_at);
    FETCH (index->items.data + p->items_at + LINE);
    p->leads_on = (guint8)leads_on (self, p->hash, text[p->end]);
  }
}

void
pf_words_prepare (const PfWords *self, PfWordsScratch *scratch,
                  const guint8 *text)
{
  merge (self, scratch, text);
  locate (self, scratch, text);
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
