/* The passes of a build, each over all entries or all groups, shared by the
 * threads of a pool where there is much to do:
 *
 *   measure   the chain of each term: its key, and how large the filters get
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
note_shape (PfBuildFacts *facts, PfShape shape)
{
  if (facts->shapes->len > 0 &&
      compare_shapes (
          &g_array_index (facts->shapes, PfShape, facts->shapes->len - 1),
          &shape) == 0)
    return;
  g_array_append_val (facts->shapes, shape);
  /* There are many terms, but few shapes. */
  if (facts->shapes->len % 4096 == 0)
    sort_shapes (facts->shapes);
}

/* Its keys in the chains section. */
static guint
n_chain_keys (const PfTermChain *chain)
{
  return 2 * pf_term_chain_gaps (chain) + pf_term_chain_nodes (chain) - 1 +
         2 * has_shape (chain);
}

static void
measure_term (PfBuildFacts *facts, const PfTermChain *chain)
{
  if (chain->first_ascii)
    facts->min_token = MIN (facts->min_token, (guint32)chain->first_len);
  facts->max_token = MAX (facts->max_token, (guint32)chain->first_len);
  facts->max_tokens = MAX (facts->max_tokens, chain->n_tokens);
  if (chain->n_tokens > 1)
    facts->gaps[chain->next[0] / 32] |= 1u << chain->next[0] % 32;
  facts->n_chains += n_chain_keys (chain);
  if (has_shape (chain))
    note_shape (facts, chain->shape);
}

static void
facts_init (PfBuildFacts *self)
{
  *self = (PfBuildFacts){ .min_token = G_MAXUINT32 };
  self->shapes = g_array_new (FALSE, FALSE, sizeof (PfShape));
  self->loose = g_array_new (FALSE, FALSE, sizeof (guint32));
}

static void
facts_clear (gpointer facts, gpointer user G_GNUC_UNUSED)
{
  PfBuildFacts *self = facts;

  g_clear_pointer (&self->shapes, g_array_unref);
  g_clear_pointer (&self->loose, g_array_unref);
}

static void
measure_entry (PfBuild *self, PfBuildFacts *facts, gsize raw)
{
  const PfRawEntry *entry = &self->entries[raw];
  PfTermChain chain;

  pf_term_chain (&chain, term_of (self, raw), self->keys);
  self->spread[raw] = pf_key_spread (pf_term_key (&chain, term_of (self, raw)));
  facts->rules[entry->rules / 32] |= 1u << entry->rules % 32;
  facts->any_text |= entry->value_len + entry->label_len > 0;
  if (is_loose (&chain, entry->rules))
    g_array_append_val (facts->loose, (guint32){ (guint32)raw });
  else
    measure_term (facts, &chain);
}

/* The map of measure. */
static gboolean
measure_range (gsize from, gsize to, gpointer facts, gpointer user,
               PfError *error G_GNUC_UNUSED)
{
  facts_init (facts);
  for (gsize i = from; i < to; i++)
    measure_entry (user, facts, i);
  return TRUE;
}

static void
append_all (GArray *to, const GArray *from)
{
  g_array_append_vals (to, from->data, from->len);
}

/* Its reduction. */
static void
join_facts (gpointer into, gpointer facts, gpointer user G_GNUC_UNUSED)
{
  PfBuildFacts *self = into;
  const PfBuildFacts *other = facts;

  self->min_token = MIN (self->min_token, other->min_token);
  self->max_token = MAX (self->max_token, other->max_token);
  self->max_tokens = MAX (self->max_tokens, other->max_tokens);
  self->n_chains += other->n_chains;
  self->any_text |= other->any_text;
  for (guint k = 0; k < PF_GAP_WORDS; k++)
    self->gaps[k] |= other->gaps[k];
  for (guint k = 0; k < PF_RULE_BITS_MAX / 32; k++)
    self->rules[k] |= other->rules[k];
  append_all (self->shapes, other->shapes);
  append_all (self->loose, other->loose);
}

static gboolean
measure (PfBuild *self, PfError *error)
{
  PfParReduction plan = { .n = self->n,
                          .size = sizeof (PfBuildFacts),
                          .map = measure_range,
                          .reduce = join_facts,
                          .clear = facts_clear,
                          .user = self };

  facts_init (&self->facts);
  return pf_par_map_reduce (self->par, &plan, &self->facts, error);
}

/* The map of unmeasure: counts the keys of what was dropped. */
static gboolean
count_dropped_keys (gsize from, gsize to, gpointer count, gpointer user,
                    PfError *error G_GNUC_UNUSED)
{
  PfBuild *self = user;

  for (gsize i = from; i < to; i++) {
    PfTermChain chain;

    if (!pf_build_is_dropped (self, i))
      continue;
    pf_term_chain (&chain, term_of (self, i), self->keys);
    if (!is_loose (&chain, self->entries[i].rules))
      *(guint64 *)count += n_chain_keys (&chain);
  }
  return TRUE;
}

static void
add_counts (gpointer into, gpointer count, gpointer user G_GNUC_UNUSED)
{
  *(guint64 *)into += *(guint64 *)count;
}

static void
forget_loose (PfBuild *self)
{
  GArray *loose = self->facts.loose;
  guint n = 0;

  for (guint i = 0; i < loose->len; i++) {
    guint32 raw = g_array_index (loose, guint32, i);

    if (!pf_build_is_dropped (self, raw))
      g_array_index (loose, guint32, n++) = raw;
  }
  g_array_set_size (loose, n);
}

/* Whatever else a repeated entry has said, the one that stays says, too. */
static gboolean
unmeasure (PfBuild *self, PfError *error)
{
  PfParReduction plan = { .n = self->n,
                          .size = sizeof (guint64),
                          .map = count_dropped_keys,
                          .reduce = add_counts,
                          .user = self };
  guint64 n_keys = 0;

  if (!pf_par_map_reduce (self->par, &plan, &n_keys, error))
    return FALSE;
  self->facts.n_chains -= n_keys;
  forget_loose (self);
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

static void
fill (PfBuild *self, gsize from, gsize to)
{
  Fill part = { .made = self->made };

  for (gsize i = from; i < to; i++) {
    PfTermChain chain;

    pf_term_chain (&chain, term_of (self, i), self->keys);
    if (!is_loose (&chain, self->entries[i].rules))
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
  if (!measure (self, error) || !pf_build_sort (self, error) ||
      (self->n_kept < self->n && !unmeasure (self, error)) ||
      !make_filters (self, error))
    return FALSE;
  pf_build_run (self, self->n, 0, fill);
  return TRUE;
}

static void
build_clear (PfBuild *self)
{
  facts_clear (&self->facts, NULL);
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

  sort_shapes (shapes);
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
