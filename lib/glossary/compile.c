/* The passes of a build, each over all entries or all groups, shared by the
 * threads of a pool where there is much to do:
 *
 *   measure   the chain of each term: its key, and how large the filters get
 *                                                        (measure.c)
 *   sort      by key; repeated entries are dropped       (place.c)
 *   unmeasure what was dropped: sizes are those of what is left
 *   fill      the bits of both filters
 *   number    what remains
 *   place     items                                      (place.c)
 *   finish    the table, by one thread                   (place.c)
 *
 * A group belongs to one thread, so its entries are in the same order however
 * many threads there are; filters are set bit by bit, in any order; what is
 * counted or gathered is put together in the order of the entries.
 */
#include "glossary/compile_private.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/large.h"
#include "base/worklist.h"
#include "glossary/term_chain.h"

#define ENTRIES_PER_JOB 50000
#define RANGES_PER_THREAD 16
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

gboolean
pf_build_out_of_memory (PfError *error)
{
  return pf_error_set (error, PF_STATUS_TEMPORARY,
                       "not enough memory for the glossary");
}

/* A pass being run. */
typedef struct {
  PfBuild *build;
  PfBuildPass pass;
  gsize n;
  guint n_ranges;
} Pass;

static gboolean
run_range (gsize i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Pass *self = user;
  PfShare share = pf_share (self->n, self->n_ranges, (guint)i);

  self->pass (self->build, share.from, share.to);
  return TRUE;
}

void
pf_build_run (PfBuild *self, gsize n, guint n_ranges, PfBuildPass pass)
{
  guint n_threads = pf_par_n_threads (self->par);
  Pass range = { .build = self, .pass = pass, .n = n, .n_ranges = n_ranges };
  PfParLoop loop = { .grain = 1, .body = run_range, .user = &range };

  if (n_ranges == 0)
    range.n_ranges = n_threads > 1 ? n_threads * RANGES_PER_THREAD : 1;
  loop.n = range.n_ranges;
  pf_par_for (self->par, &loop, NULL);
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
  if (!pf_build_has_shape (chain))
    return;
  add_next (self, chain->chain, PF_NEXT_SHAPE (chain->after_first));
  add_next (self, chain->chain, PF_NEXT_AFTER (chain->shape.after));
}

static void
fill (PfBuild *self, gsize from, gsize to)
{
  Fill part = { .made = self->made };

  for (gsize i = from; i < to; i++) {
    PfTermChain chain;

    pf_term_chain (&chain, pf_build_term (self, i), self->keys);
    if (!pf_build_is_loose (&chain, self->entries[i].rules))
      fill_term (&part, &chain);
  }
  set_pending (&part.pending);
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

  taken += self->facts.any_text ? 64 : 0; /* where its value and label are */
  taken += self->any_equal ? 32 : 0;      /* the first entry with its term */
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

static void
take_numbers (PfBuild *self)
{
  const PfBuildFacts *facts = &self->facts;
  PfIndexNumbers *numbers = &self->made->numbers;

  numbers->min_token = facts->min_token == G_MAXUINT32 ? 0 : facts->min_token;
  numbers->max_token = facts->max_token;
  numbers->max_tokens = facts->max_tokens;
  memcpy (numbers->gaps, facts->gaps, sizeof facts->gaps);
  memcpy (numbers->rules, facts->rules, sizeof facts->rules);
}

static gboolean
make_filters (PfBuild *self, PfError *error)
{
  PfCompiled *made = self->made;
  PfIndexNumbers *numbers = &made->numbers;
  guint64 n_chains = self->facts.n_chains;
  guint64 spare = self->n_kept * spare_bits (self);

  take_numbers (self);
  made->filter =
      new_filter (self->n_kept - self->facts.loose->len, KEY_BITS_MOST,
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
  if (!pf_build_measure (self, error) || !pf_build_sort (self, error) ||
      (self->n_kept < self->n && !pf_build_unmeasure (self, error)) ||
      !make_filters (self, error))
    return FALSE;
  pf_build_run (self, self->n, 0, fill);
  return TRUE;
}

static void
build_clear (PfBuild *self)
{
  pf_build_facts_clear (&self->facts, NULL);
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
    if (!try_seed (self, seed, error))
      return FALSE;
    if (pf_build_fits (self))
      return TRUE;
  }
  return pf_error_set (error, PF_STATUS_DATA,
                       "the glossary cannot be indexed: too many of its terms "
                       "have the same hash");
}

/* What was gathered, in one piece each. */
static void
take_gathered (PfBuild *self)
{
  PfCompiled *made = self->made;
  const GArray *loose = self->facts.loose;
  GArray *shapes = self->facts.shapes;

  pf_build_sort_shapes (shapes);
  made->n_shapes = shapes->len;
  made->shapes = g_memdup2 (shapes->data, shapes->len * sizeof (PfShape));
  made->n_loose = loose->len;
  made->loose = g_memdup2 (loose->data, loose->len * sizeof (guint32));
}

/* Everything but table and first_equal. */
static gboolean
start (PfBuild *self, PfError *error)
{
  PfCompiled *made = self->made;

  if (!find_seed (self, error))
    return FALSE;
  take_gathered (self);
  made->n_entries = (guint32)self->n;
  made->numbers.has_chains = made->numbers.max_tokens > 1;
  if (self->n_kept == self->n)
    g_clear_pointer (&made->dropped, g_free);
  else if (!number_entries (self, error))
    return FALSE;
  for (gsize i = 0; i < made->n_loose; i++)
    made->loose[i] = pf_build_number (self, made->loose[i]);
  return pf_build_place (self, error);
}

PfCompilation *
pf_compile_start (PfCompiled *made, const PfRawEntry *entries, gsize n,
                  const gsize *sources, gsize n_sources, guint jobs,
                  PfError *error)
{
  PfBuild *self;

  *made = (PfCompiled){ 0 };
  if (n >= G_MAXUINT32) {
    pf_error_set (error, PF_STATUS_DATA,
                  "the glossary has more than 4 billion entries");
    return NULL;
  }
  self = g_new0 (PfBuild, 1);
  *self = (PfBuild){ .made = made,
                     .entries = entries,
                     .n = n,
                     .sources = sources,
                     .n_sources = n_sources };
  self->par = pf_par_new ((guint)CLAMP (n / ENTRIES_PER_JOB, 1, jobs), error);
  if (self->par != NULL && start (self, error)) {
    g_clear_pointer (&self->par, pf_par_free);
    return self;
  }
  pf_compilation_free (self);
  pf_compiled_clear (made);
  return NULL;
}

gboolean
pf_compile_finish (PfCompilation *self, PfError *error)
{
  if (!pf_build_fill_table (self, error))
    return FALSE;
  if (self->any_equal)
    finish_equal (self);
  return TRUE;
}

void
pf_compilation_free (PfCompilation *self)
{
  if (self == NULL)
    return;
  pf_par_free (self->par);
  build_clear (self);
  g_free (self);
}

gboolean
pf_compile (PfCompiled *self, const PfRawEntry *entries, gsize n,
            const gsize *sources, gsize n_sources, guint jobs, PfError *error)
{
  PfCompilation *build =
      pf_compile_start (self, entries, n, sources, n_sources, jobs, error);
  gboolean done = build != NULL && pf_compile_finish (build, error);

  if (!done && build != NULL)
    pf_compiled_clear (self);
  pf_compilation_free (build);
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
