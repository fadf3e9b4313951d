/* The passes of a build, each over all entries or all groups, shared by
 * several threads where there is much to do:
 *
 *   measure   the chain of each term: its key, and how large the filters get
 *   sort      by key; repeated entries are dropped       (place.c)
 *   unmeasure what was dropped: sizes are those of what is left
 *   fill      the bits of both filters
 *   number    what remains
 *   place     items and table                            (place.c)
 *
 * A group belongs to one thread, so its entries are in the same order however
 * many threads there are; filters are set bit by bit, in any order.
 */
#include "glossary/compile_private.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/large.h"
#include "base/parallel.h"
#include "glossary/term_chain.h"

#define ENTRIES_PER_JOB 50000
#define SEEDS 8
/* Beside its strings, an entry may take so many bits of an image: 40 bytes, but
 * for a little that each image takes. */
#define ENTRY_BITS ((guint64)40 * 8 - 3)
/* Bits a key: the more, the fewer candidates come to nothing, but a filter is
 * to stay in the nearer caches: in 512 KiB, while that is enough. */
#define KEY_BITS_MOST 32
#define CHAIN_BITS_MOST 16 /* a term has many such keys */
#define KEY_BITS_LEAST 12
#define NEAR_BITS ((guint64)512 * 1024 * 8)

static PfSpan
term_of (const PfBuild *self, gsize raw)
{
  const PfRawEntry *entry = &self->entries[raw];

  return (PfSpan){ entry->term, entry->term_len };
}

gboolean
pf_build_out_of_memory (PfError *error)
{
  return pf_error_set (error, PF_STATUS_TEMPORARY,
                       "not enough memory for the glossary");
}

gboolean
pf_build_run (PfBuild *self, gboolean (*pass) (guint, gpointer, PfError *),
              PfError *error)
{
  return pf_parallel (self->jobs, pass, self, error);
}

static gboolean
is_loose (const PfTermChain *chain, PfRuleBits rules)
{
  return chain->n_tokens == 0 || pf_rule_boundary (rules) == PF_BOUNDARY_NONE;
}

static gboolean
has_shape (const PfTermChain *chain)
{
  return chain->shape.before > 0 || chain->shape.after > 0;
}

static int
compare_shapes (const void *a, const void *b)
{
  const PfShape *x = a, *y = b;

  if (x->before != y->before)
    return x->before < y->before ? -1 : 1;
  return x->after < y->after ? -1 : x->after > y->after;
}

/* Ascending, each once. */
static void
sort_shapes (GArray *shapes)
{
  PfShape *all = (PfShape *)(gpointer)shapes->data;
  guint n = 0;

  if (shapes->len > 0)
    qsort (all, shapes->len, sizeof *all, compare_shapes);
  for (guint i = 0; i < shapes->len; i++)
    if (n == 0 || compare_shapes (&all[n - 1], &all[i]) != 0)
      all[n++] = all[i];
  g_array_set_size (shapes, n);
}

static void
note_shape (PfBuildPart *part, PfShape shape)
{
  if (part->shapes->len > 0 &&
      compare_shapes (
          &g_array_index (part->shapes, PfShape, part->shapes->len - 1),
          &shape) == 0)
    return;
  g_array_append_val (part->shapes, shape);
  /* There are many terms, but few shapes. */
  if (part->shapes->len % 4096 == 0)
    sort_shapes (part->shapes);
}

/* Its keys in the chains section. */
static guint
n_chain_keys (const PfTermChain *chain)
{
  return 2 * pf_term_chain_gaps (chain) + pf_term_chain_nodes (chain) - 1 +
         2 * has_shape (chain);
}

static void
measure_term (PfBuildPart *part, const PfTermChain *chain)
{
  if (chain->first_ascii)
    part->min_token = MIN (part->min_token, (guint32)chain->first_len);
  part->max_token = MAX (part->max_token, (guint32)chain->first_len);
  part->max_tokens = MAX (part->max_tokens, chain->n_tokens);
  if (chain->n_tokens > 1)
    part->gaps[chain->next[0] / 32] |= 1u << chain->next[0] % 32;
  part->n_chains += n_chain_keys (chain);
  if (has_shape (chain))
    note_shape (part, chain->shape);
}

static gboolean
measure (guint job, gpointer user, PfError *error G_GNUC_UNUSED)
{
  PfBuild *self = user;
  PfBuildPart *part = &self->parts[job];
  gsize end = pf_build_share (self, self->n, job + 1);

  part->min_token = G_MAXUINT32;
  for (gsize i = pf_build_share (self, self->n, job); i < end; i++) {
    PfTermChain chain;

    pf_term_chain (&chain, term_of (self, i), self->keys);
    self->spread[i] = pf_key_spread (pf_term_key (&chain, term_of (self, i)));
    part->rules[self->entries[i].rules / 32] |= 1u
                                                << self->entries[i].rules % 32;
    part->any_text |=
        self->entries[i].value_len + self->entries[i].label_len > 0;
    if (is_loose (&chain, self->entries[i].rules))
      g_array_append_val (part->loose, (guint32){ (guint32)i });
    else
      measure_term (part, &chain);
  }
  return TRUE;
}

/* Each job takes back what it has counted. Whatever else a repeated entry has
 * said, the one that stays says, too. */
static gboolean
unmeasure (guint job, gpointer user, PfError *error G_GNUC_UNUSED)
{
  PfBuild *self = user;
  PfBuildPart *part = &self->parts[job];
  guint32 *loose = (guint32 *)(gpointer)part->loose->data;
  gsize end = pf_build_share (self, self->n, job + 1);
  guint n_loose = 0;

  for (guint i = 0; i < part->loose->len; i++)
    if (!pf_build_is_dropped (self, loose[i]))
      loose[n_loose++] = loose[i];
  g_array_set_size (part->loose, n_loose);
  for (gsize i = pf_build_share (self, self->n, job); i < end; i++) {
    PfTermChain chain;

    if (!pf_build_is_dropped (self, i))
      continue;
    pf_term_chain (&chain, term_of (self, i), self->keys);
    if (!is_loose (&chain, self->entries[i].rules))
      part->n_chains -= n_chain_keys (&chain);
  }
  return TRUE;
}

/* Bits that are yet to be set: the words are asked for some time before, for
 * they are all over a large filter. */
#define PENDING 16

typedef struct {
  guint64 *words[PENDING]; /* NULL: none */
  guint64 keys[PENDING];
  guint next;
} Pending;

/* Several threads set bits of the same words. */
static void
set_bits (guint64 *word, guint64 key)
{
  _Atomic guint64 *shared = (_Atomic guint64 *)word;
  guint64 mask = pf_filter_mask (key);

  /* Most bits are set already, and looking is cheaper than setting. */
  if ((atomic_load_explicit (shared, memory_order_relaxed) & mask) != mask)
    atomic_fetch_or_explicit (shared, mask, memory_order_relaxed);
}

/* Sets what has waited for longest, and lets WORD take its place. */
static void
set_later (Pending *self, guint64 *word, guint64 key)
{
  guint at = self->next++ % PENDING;

  if (self->words[at] != NULL)
    set_bits (self->words[at], self->keys[at]);
  if (word != NULL)
    __builtin_prefetch (word, 1);
  self->words[at] = word;
  self->keys[at] = key;
}

static void
set_pending (Pending *self)
{
  for (guint i = 0; i < PENDING; i++)
    set_later (self, NULL, 0);
}

/* A part of the terms on its way into the filters. */
typedef struct {
  PfCompiled *made;
  Pending pending;
} Fill;

static void
add_key (Fill *self, guint64 *filter, guint32 n_words, guint64 key)
{
  set_later (&self->pending, &filter[pf_filter_word (key, n_words)], key);
}

static void
add_next (Fill *self, guint64 chain, guint what)
{
  guint32 n_words = self->made->numbers.n_chains;
  guint64 key = pf_chain_next (chain, what);

  set_later (&self->pending,
             &self->made->chains[pf_chain_word (chain, key, n_words)], key);
}

static void
fill_term (Fill *self, const PfTermChain *chain)
{
  PfCompiled *made = self->made;

  add_key (self, made->filter, made->numbers.n_filter, chain->first);
  for (guint k = 0; k < pf_term_chain_gaps (chain); k++) {
    guint8 next = chain->next[k];

    add_next (self, chain->nodes[k], PF_NEXT_GAP (next));
    add_next (self, chain->nodes[k], PF_NEXT_PAIR (next, chain->second[k]));
  }
  for (guint k = 1; k < pf_term_chain_nodes (chain); k++)
    add_key (self, made->chains, made->numbers.n_chains, chain->nodes[k]);
  if (!has_shape (chain))
    return;
  add_next (self, chain->chain, PF_NEXT_SHAPE (chain->after_first));
  add_next (self, chain->chain, PF_NEXT_AFTER (chain->shape.after));
}

static gboolean
fill (guint job, gpointer user, PfError *error G_GNUC_UNUSED)
{
  PfBuild *self = user;
  gsize end = pf_build_share (self, self->n, job + 1);
  Fill part = { .made = self->made };

  for (gsize i = pf_build_share (self, self->n, job); i < end; i++) {
    PfTermChain chain;

    pf_term_chain (&chain, term_of (self, i), self->keys);
    if (!is_loose (&chain, self->entries[i].rules))
      fill_term (&part, &chain);
  }
  set_pending (&part.pending);
  return TRUE;
}

static gboolean
number_entries (PfBuild *self, PfError *error)
{
  guint32 n = 0;

  self->numbers = g_try_new (guint32, self->n);
  if (self->numbers == NULL)
    return pf_build_out_of_memory (error);
  for (gsize i = 0; i < self->n; i++)
    self->numbers[i] = pf_build_is_dropped (self, i) ? n : n++;
  self->made->n_entries = n;
  return TRUE;
}

/* From raw numbers to entry numbers; a first entry is never dropped. */
static void
finish_equal (PfBuild *self)
{
  for (gsize i = 0; i < self->n; i++) {
    gsize first = self->equal[i] > 0 ? self->equal[i] - 1 : i;

    if (!pf_build_is_dropped (self, i))
      self->equal[pf_build_number (self, i)] = pf_build_number (self, first);
  }
  self->made->first_equal = g_steal_pointer (&self->equal);
}

/* What of an entry's bits is left for filters. */
static guint64
spare_bits (const PfBuild *self)
{
  guint64 table = PF_GROUP_WORDS * 32 / PF_KEYS_PER_GROUP + 1;
  guint64 taken = table + PF_ITEM_HEAD * 8 + 32; /* where its item is */
  gboolean any_text = FALSE, any_equal = FALSE;

  for (guint i = 0; i < self->jobs; i++) {
    any_text |= self->parts[i].any_text;
    any_equal |= self->parts[i].any_equal;
  }
  taken += any_text ? 64 : 0;  /* where its value and label are */
  taken += any_equal ? 32 : 0; /* the first entry with its term */
  return ENTRY_BITS - taken;
}

/* A filter of N keys, in at most ALL bits and whole cache lines. */
static guint64 *
new_filter (guint64 n, guint64 each_most, guint64 all, guint32 *n_words)
{
  guint64 each = CLAMP (NEAR_BITS / MAX (n, 1), KEY_BITS_LEAST, each_most);

  all = MIN (MIN (all, n * each) / 64 + 1, G_MAXUINT32 - PF_LINE_WORDS);
  *n_words = (guint32)((all + PF_LINE_WORDS - 1) & -(guint64)PF_LINE_WORDS);
  return pf_large_try_new0 ((gsize)*n_words * sizeof (guint64));
}

static gboolean
make_filters (PfBuild *self, PfError *error)
{
  PfCompiled *made = self->made;
  PfIndexNumbers *numbers = &made->numbers;
  guint64 n_chains = 0, n_loose = 0, spare = self->n_kept * spare_bits (self);

  numbers->min_token = G_MAXUINT32;
  for (guint i = 0; i < self->jobs; i++) {
    const PfBuildPart *part = &self->parts[i];

    numbers->min_token = MIN (numbers->min_token, part->min_token);
    numbers->max_token = MAX (numbers->max_token, part->max_token);
    numbers->max_tokens = MAX (numbers->max_tokens, part->max_tokens);
    n_chains += part->n_chains;
    for (guint k = 0; k < PF_GAP_WORDS; k++)
      numbers->gaps[k] |= part->gaps[k];
    for (guint k = 0; k < PF_RULE_BITS_MAX / 32; k++)
      numbers->rules[k] |= part->rules[k];
    n_loose += part->loose->len;
  }
  if (numbers->min_token == G_MAXUINT32)
    numbers->min_token = 0;
  made->filter =
      new_filter (self->n_kept - n_loose, KEY_BITS_MOST,
                  n_chains > 0 ? spare / 2 : spare, &numbers->n_filter);
  spare -= MIN (spare, (guint64)numbers->n_filter * 64);
  made->chains =
      new_filter (n_chains, CHAIN_BITS_MOST, spare, &numbers->n_chains);
  return (made->filter != NULL && made->chains != NULL) ||
         pf_build_out_of_memory (error);
}

/* Everything that depends on the seed but items and table. */
static gboolean
try_seed (PfBuild *self, guint32 seed, PfError *error)
{
  self->made->numbers.seed = seed;
  self->keys = pf_token_keys (seed);
  self->spread = g_try_new (guint64, self->n + 1);
  if (self->spread == NULL)
    return pf_build_out_of_memory (error);
  return pf_build_run (self, measure, error) && pf_build_sort (self, error) &&
         (self->n_kept == self->n || pf_build_run (self, unmeasure, error)) &&
         make_filters (self, error) && pf_build_run (self, fill, error);
}

static void
parts_new (PfBuild *self)
{
  self->parts = g_new0 (PfBuildPart, self->jobs);
  for (guint i = 0; i < self->jobs; i++) {
    self->parts[i].shapes = g_array_new (FALSE, FALSE, sizeof (PfShape));
    self->parts[i].loose = g_array_new (FALSE, FALSE, sizeof (guint32));
  }
}

static void
build_clear (PfBuild *self)
{
  for (guint i = 0; self->parts != NULL && i < self->jobs; i++) {
    g_array_unref (self->parts[i].shapes);
    g_array_unref (self->parts[i].loose);
  }
  g_clear_pointer (&self->parts, g_free);
  g_clear_pointer (&self->spread, g_free);
  g_clear_pointer (&self->group_ends, g_free);
  g_clear_pointer (&self->group_size, g_free);
  g_clear_pointer (&self->group_keys, g_free);
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->equal, g_free);
  g_clear_pointer (&self->numbers, g_free);
}

static gboolean
find_seed (PfBuild *self, PfError *error)
{
  for (guint32 seed = 0; seed < SEEDS; seed++) {
    build_clear (self);
    pf_compiled_clear (self->made);
    parts_new (self);
    if (!try_seed (self, seed, error))
      return FALSE;
    if (pf_build_fits (self))
      return TRUE;
  }
  return pf_error_set (error, PF_STATUS_DATA,
                       "the glossary cannot be indexed: too many of its terms "
                       "have the same hash");
}

/* What the jobs have gathered, in one piece each. */
static void
join_parts (PfBuild *self, gboolean *any_equal)
{
  PfCompiled *made = self->made;
  GArray *shapes = self->parts[0].shapes, *loose = self->parts[0].loose;

  for (guint i = 0; i < self->jobs; i++) {
    const PfBuildPart *part = &self->parts[i];

    *any_equal |= part->any_equal;
    if (i == 0)
      continue;
    g_array_append_vals (shapes, part->shapes->data, part->shapes->len);
    g_array_append_vals (loose, part->loose->data, part->loose->len);
  }
  sort_shapes (shapes);
  made->n_shapes = shapes->len;
  made->shapes = g_memdup2 (shapes->data, shapes->len * sizeof (PfShape));
  made->n_loose = loose->len;
  made->loose = g_memdup2 (loose->data, loose->len * sizeof (guint32));
}

static gboolean
finish (PfBuild *self, PfError *error)
{
  PfCompiled *made = self->made;
  gboolean any_dropped = self->n_kept < self->n, any_equal = FALSE;

  join_parts (self, &any_equal);
  made->n_entries = (guint32)self->n;
  made->numbers.has_chains = made->numbers.max_tokens > 1;
  if (any_dropped && !number_entries (self, error))
    return FALSE;
  for (gsize i = 0; i < made->n_loose; i++)
    made->loose[i] = pf_build_number (self, made->loose[i]);
  if (!pf_build_place (self, error))
    return FALSE;
  if (any_equal)
    finish_equal (self);
  if (!any_dropped)
    g_clear_pointer (&made->dropped, g_free);
  return TRUE;
}

gboolean
pf_compile (PfCompiled *self, const PfRawEntry *entries, gsize n,
            const gsize *sources, gsize n_sources, guint jobs, PfError *error)
{
  PfBuild build = { .made = self,
                    .entries = entries,
                    .n = n,
                    .sources = sources,
                    .n_sources = n_sources,
                    .jobs = (guint)CLAMP (n / ENTRIES_PER_JOB, 1, jobs) };
  gboolean done;

  *self = (PfCompiled){ 0 };
  if (n >= G_MAXUINT32)
    return pf_error_set (error, PF_STATUS_DATA,
                         "the glossary has more than 4 billion entries");
  done = find_seed (&build, error) && finish (&build, error);
  build_clear (&build);
  if (!done)
    pf_compiled_clear (self);
  return done;
}

void
pf_compiled_clear (PfCompiled *self)
{
  g_free (self->filter);
  g_free (self->chains);
  g_free (self->table);
  g_free (self->items);
  g_free (self->shapes);
  g_free (self->loose);
  g_free (self->dropped);
  g_free (self->item_of);
  g_free (self->first_equal);
  *self = (PfCompiled){ 0 };
}
