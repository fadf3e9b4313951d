/* The passes of a build, each over all entries or all buckets, shared by
 * several threads where there is much to do:
 *
 *   measure   the chain of each term: its key, and how large the filters get
 *   fill      the bits of both filters
 *   sort      the entries of each bucket, in entry order
 *   collapse  repeated entries, and who has whose term
 *   number    what remains
 *   write     items
 *
 * A bucket belongs to one thread, so its entries are in the same order however
 * many threads there are; filters are set bit by bit, in any order.
 */
#include "glossary/compile.h"

#include <errno.h>
#include <stdatomic.h>

#include "base/parallel.h"
#include "glossary/glossary.h"
#include "glossary/term_chain.h"

#define ENTRIES_PER_JOB 50000
#define ENTRIES_PER_BUCKET 1
#define SEEDS 8
/* More keys than this in one bucket, and another seed is tried. */
#define BUCKET_KEYS_MAX 48
/* From here on, equal entries of a bucket are found by hashing them. */
#define BUCKET_LARGE 24
#define SMALL_FILTER 65536 /* keys */

/* What one job has measured. */
typedef struct {
  guint32 min_token, max_token, max_tokens;
  guint64 n_chains;   /* keys for the chains section */
  GArray *shapes;     /* PfShape, unsorted, with few repetitions */
  GArray *loose;      /* guint32, raw numbers */
  guint worst_bucket; /* distinct keys */
  gboolean any_dropped, any_equal;
} Part;

typedef struct {
  PfCompiled *made;
  const PfRawEntry *entries;
  gsize n;
  const gsize *sources;
  gsize n_sources;
  guint jobs;
  PfTokenKeys keys;
  guint64 *spread;      /* by raw number: pf_key_spread of its key */
  guint32 *bucket_ends; /* of ORDER; n_buckets + 1 */
  guint32 *order;       /* raw numbers, by bucket */
  guint32 *equal;       /* by raw number: 1 + the first with this term, or 0 */
  guint32 *numbers;     /* by raw number: its entry number; NULL: the same */
  Part *parts;          /* one a job */
} Build;

static PfSpan
term_of (const Build *self, gsize raw)
{
  const PfRawEntry *entry = &self->entries[raw];

  return (PfSpan){ entry->term, entry->term_len };
}

/* The share of job I in N things. */
static gsize
share (const Build *self, guint64 n, guint i)
{
  return (gsize)(n * i / self->jobs);
}

static gboolean
out_of_memory (PfError *error)
{
  return pf_error_set (error, PF_STATUS_TEMPORARY,
                       "not enough memory for the glossary");
}

static gboolean
is_loose (const PfTermChain *chain, PfRuleBits rules)
{
  return chain->n_tokens == 0 || pf_rule_boundary (rules) == PF_BOUNDARY_NONE;
}

/* How deep the chains section leads to this term, in tokens. */
static guint
chain_depth (const PfTermChain *chain)
{
  return MIN (chain->n_tokens, PF_CHAIN_DEPTH);
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
note_shape (Part *part, PfShape shape)
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

static void
measure_term (Part *part, const PfTermChain *chain)
{
  if (chain->first_ascii)
    part->min_token = MIN (part->min_token, (guint32)chain->first_len);
  part->max_token = MAX (part->max_token, (guint32)chain->first_len);
  part->max_tokens = MAX (part->max_tokens, chain->n_tokens);
  part->n_chains += 2 * (chain_depth (chain) - 1) + has_shape (chain);
  if (has_shape (chain))
    note_shape (part, chain->shape);
}

static gboolean
measure (guint job, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Build *self = user;
  Part *part = &self->parts[job];
  gsize end = share (self, self->n, job + 1);

  part->min_token = G_MAXUINT32;
  for (gsize i = share (self, self->n, job); i < end; i++) {
    PfTermChain chain;

    pf_term_chain (&chain, term_of (self, i), self->keys);
    self->spread[i] = pf_key_spread (pf_term_key (&chain, term_of (self, i)));
    if (is_loose (&chain, self->entries[i].rules))
      g_array_append_val (part->loose, (guint32){ (guint32)i });
    else
      measure_term (part, &chain);
  }
  return TRUE;
}

/* Several threads set bits of the same words. */
static void
set_bits (guint64 *filter, guint32 n_words, guint64 key)
{
  gsize word = pf_filter_word (key, n_words);
  guint64 mask = pf_filter_mask (key);

  if ((filter[word] & mask) == mask)
    return;
  atomic_fetch_or_explicit ((_Atomic guint64 *)&filter[word], mask,
                            memory_order_relaxed);
}

static void
fill_term (PfCompiled *made, const PfTermChain *chain)
{
  guint32 n = made->numbers.n_chains;

  set_bits (made->filter, made->numbers.n_filter, chain->first);
  for (guint k = 0; k + 1 < chain_depth (chain); k++) {
    set_bits (made->chains, n, pf_chain_next (chain->nodes[k], chain->next[k]));
    set_bits (made->chains, n, chain->nodes[k + 1]);
  }
  if (has_shape (chain))
    set_bits (made->chains, n, pf_shape_flag (chain->chain));
}

static gboolean
fill (guint job, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Build *self = user;
  gsize end = share (self, self->n, job + 1);

  for (gsize i = share (self, self->n, job); i < end; i++) {
    PfTermChain chain;

    pf_term_chain (&chain, term_of (self, i), self->keys);
    if (!is_loose (&chain, self->entries[i].rules))
      fill_term (self->made, &chain);
  }
  return TRUE;
}

/* Counts entries and bytes of this job's buckets. */
static gboolean
count_buckets (guint job, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Build *self = user;
  guint32 n_buckets = self->made->numbers.n_buckets;
  guint32 from = (guint32)share (self, n_buckets, job);
  guint32 to = (guint32)share (self, n_buckets, job + 1);

  for (gsize i = 0; i < self->n; i++) {
    guint32 bucket = pf_key_bucket (self->spread[i], n_buckets);

    if (bucket < from || bucket >= to)
      continue;
    self->bucket_ends[bucket]++;
    self->made->buckets[bucket + 1] += PF_ITEM_HEAD + self->entries[i].term_len;
  }
  return TRUE;
}

/* From counts to the places where the buckets begin. */
static void
sum_buckets (Build *self)
{
  guint32 sum = 0;

  for (guint32 b = 0; b < self->made->numbers.n_buckets; b++) {
    guint32 count = self->bucket_ends[b];

    self->bucket_ends[b] = sum;
    sum += count;
  }
}

/* Puts the entries of this job's buckets in order; afterwards bucket_ends is
 * what it says. */
static gboolean
scatter (guint job, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Build *self = user;
  guint32 n_buckets = self->made->numbers.n_buckets;
  guint32 from = (guint32)share (self, n_buckets, job);
  guint32 to = (guint32)share (self, n_buckets, job + 1);

  for (gsize i = 0; i < self->n; i++) {
    guint32 bucket = pf_key_bucket (self->spread[i], n_buckets);

    if (bucket >= from && bucket < to)
      self->order[self->bucket_ends[bucket]++] = (guint32)i;
  }
  return TRUE;
}

/* The entries of one bucket. */
typedef struct {
  const guint32 *raw;
  guint n;
} Bucket;

static Bucket
bucket_at (const Build *self, guint32 b)
{
  guint32 from = b > 0 ? self->bucket_ends[b - 1] : 0;

  return (Bucket){ self->order + from, self->bucket_ends[b] - from };
}

static gsize
source_of (const Build *self, gsize raw)
{
  gsize low = 0, high = self->n_sources;

  while (high - low > 1) {
    gsize middle = (low + high) / 2;

    if (self->sources[middle] <= raw)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static gboolean
same_term (const Build *self, guint32 a, guint32 b)
{
  const PfRawEntry *x = &self->entries[a], *y = &self->entries[b];

  return self->spread[a] == self->spread[b] && x->term_len == y->term_len &&
         memcmp (x->term, y->term, x->term_len) == 0;
}

static gsize
raw_len (const PfRawEntry *entry)
{
  return (gsize)entry->term_len + entry->value_len + entry->label_len;
}

/* Wholly equal: also in value, label, rules and source. */
static gboolean
same_entry (const Build *self, guint32 a, guint32 b)
{
  const PfRawEntry *x = &self->entries[a], *y = &self->entries[b];

  return same_term (self, a, b) && x->rules == y->rules &&
         x->value_len == y->value_len && x->label_len == y->label_len &&
         memcmp (x->term, y->term, raw_len (x)) == 0 &&
         source_of (self, a) == source_of (self, b);
}

static void
drop (Build *self, Part *part, guint32 raw)
{
  guint32 bucket =
      pf_key_bucket (self->spread[raw], self->made->numbers.n_buckets);

  part->any_dropped = TRUE;
  atomic_fetch_or_explicit ((_Atomic guint8 *)&self->made->dropped[raw / 8],
                            (guint8)(1u << raw % 8), memory_order_relaxed);
  self->made->buckets[bucket + 1] -= PF_ITEM_HEAD + self->entries[raw].term_len;
}

static gboolean
is_dropped (const Build *self, gsize raw)
{
  return self->made->dropped[raw / 8] >> (raw % 8) & 1;
}

static void
note_equal (Build *self, Part *part, guint32 raw, guint32 first)
{
  part->any_equal = TRUE;
  self->equal[raw] = first + 1;
}

static void
collapse_small (Build *self, Part *part, Bucket bucket)
{
  guint n_keys = 0;

  for (guint i = 0; i < bucket.n; i++) {
    guint32 raw = bucket.raw[i];
    guint k = 0;

    while (k < i && !same_term (self, bucket.raw[k], raw))
      k++;
    n_keys += k == i;
    if (k == i)
      continue;
    note_equal (self, part, raw, bucket.raw[k]);
    while (k < i && !same_entry (self, bucket.raw[k], raw))
      k++;
    if (k < i)
      drop (self, part, raw);
  }
  part->worst_bucket = MAX (part->worst_bucket, n_keys);
}

/* An entry as a key of a hash table that belongs to one thread. */
typedef struct {
  const Build *build;
  guint32 raw;
} EntryKey;

static guint
hash_bytes (const guint8 *p, gsize len)
{
  guint64 hash = len;

  for (gsize i = 0; i < len; i++)
    hash = pf_chain_unit (hash, p[i]);
  return (guint)(hash >> 32);
}

static guint
hash_term (gconstpointer data)
{
  const EntryKey *key = data;

  return (guint)key->build->spread[key->raw];
}

static guint
hash_entry (gconstpointer data)
{
  const EntryKey *key = data;
  const PfRawEntry *entry = &key->build->entries[key->raw];

  return hash_bytes (entry->term, raw_len (entry));
}

static gboolean
equal_terms (gconstpointer a, gconstpointer b)
{
  const EntryKey *x = a, *y = b;

  return same_term (x->build, x->raw, y->raw);
}

static gboolean
equal_entries (gconstpointer a, gconstpointer b)
{
  const EntryKey *x = a, *y = b;

  return same_entry (x->build, x->raw, y->raw);
}

/* A thousand entries may share one term. */
static void
collapse_large (Build *self, Part *part, Bucket bucket)
{
  GHashTable *terms = g_hash_table_new (hash_term, equal_terms);
  GHashTable *entries = g_hash_table_new (hash_entry, equal_entries);
  g_autofree EntryKey *keys = g_new (EntryKey, bucket.n);

  for (guint i = 0; i < bucket.n; i++) {
    const EntryKey *first;

    keys[i] = (EntryKey){ self, bucket.raw[i] };
    first = g_hash_table_lookup (terms, &keys[i]);
    if (first == NULL)
      g_hash_table_add (terms, &keys[i]);
    else
      note_equal (self, part, keys[i].raw, first->raw);
    if (!g_hash_table_add (entries, &keys[i]))
      drop (self, part, keys[i].raw);
  }
  part->worst_bucket = MAX (part->worst_bucket, g_hash_table_size (terms));
  g_hash_table_unref (terms);
  g_hash_table_unref (entries);
}

static gboolean
collapse (guint job, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Build *self = user;
  guint32 n_buckets = self->made->numbers.n_buckets;
  guint32 to = (guint32)share (self, n_buckets, job + 1);

  for (guint32 b = (guint32)share (self, n_buckets, job); b < to; b++) {
    Bucket bucket = bucket_at (self, b);

    if (bucket.n < BUCKET_LARGE)
      collapse_small (self, &self->parts[job], bucket);
    else
      collapse_large (self, &self->parts[job], bucket);
  }
  return TRUE;
}

static guint32
number_of (const Build *self, gsize raw)
{
  return self->numbers != NULL ? self->numbers[raw] : (guint32)raw;
}

static void
write_item (Build *self, guint32 raw, guint32 offset)
{
  const PfRawEntry *entry = &self->entries[raw];
  guint32 head[2] = { number_of (self, raw),
                      pf_key_tag (self->spread[raw]) |
                          (guint32)entry->term_len << PF_TAG_BITS |
                          (guint32)entry->rules << 26 };
  guint8 *out = self->made->items + offset;

  memcpy (out, head, sizeof head);
  memcpy (out + PF_ITEM_HEAD, entry->term, entry->term_len);
  self->made->item_of[head[0]] = offset;
}

static gboolean
write_items (guint job, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Build *self = user;
  guint32 n_buckets = self->made->numbers.n_buckets;
  guint32 to = (guint32)share (self, n_buckets, job + 1);

  for (guint32 b = (guint32)share (self, n_buckets, job); b < to; b++) {
    Bucket bucket = bucket_at (self, b);
    guint32 offset = self->made->buckets[b];

    for (guint i = 0; i < bucket.n; i++) {
      if (is_dropped (self, bucket.raw[i]))
        continue;
      write_item (self, bucket.raw[i], offset);
      offset += PF_ITEM_HEAD + self->entries[bucket.raw[i]].term_len;
    }
  }
  return TRUE;
}

/* From sizes to offsets. */
static gboolean
place_buckets (PfCompiled *made, PfError *error)
{
  guint64 sum = 0;

  for (guint32 b = 0; b < made->numbers.n_buckets; b++) {
    sum += made->buckets[b + 1];
    if (sum > G_MAXUINT32)
      return pf_error_set (error, PF_STATUS_DATA,
                           "the glossary holds more than 4 GiB of terms");
    made->buckets[b + 1] = (guint32)sum;
  }
  made->items_len = (gsize)sum;
  made->items = g_try_malloc (MAX (made->items_len, 1));
  return made->items != NULL || out_of_memory (error);
}

static gboolean
number_entries (Build *self, PfError *error)
{
  guint32 n = 0;

  self->numbers = g_try_new (guint32, self->n);
  if (self->numbers == NULL)
    return out_of_memory (error);
  for (gsize i = 0; i < self->n; i++)
    self->numbers[i] = is_dropped (self, i) ? n : n++;
  self->made->n_entries = n;
  return TRUE;
}

/* From raw numbers to entry numbers; a first entry is never dropped. */
static void
finish_equal (Build *self)
{
  for (gsize i = 0; i < self->n; i++) {
    gsize first = self->equal[i] > 0 ? self->equal[i] - 1 : i;

    if (!is_dropped (self, i))
      self->equal[number_of (self, i)] = number_of (self, first);
  }
  self->made->first_equal = g_steal_pointer (&self->equal);
}

static gboolean
run (Build *self, gboolean (*pass) (guint, gpointer, PfError *), PfError *error)
{
  return pf_parallel (self->jobs, pass, self, error);
}

/* A filter of N keys: a wide one where it still fits the nearest caches. */
static guint64 *
new_filter (guint64 n, guint32 *n_words)
{
  guint64 bits = n * (n <= SMALL_FILTER ? 32 : 16);

  *n_words = (guint32)MIN (bits / 64 + 1, G_MAXUINT32);
  return g_try_new0 (guint64, *n_words);
}

static gboolean
make_filters (Build *self, PfError *error)
{
  PfCompiled *made = self->made;
  PfIndexNumbers *numbers = &made->numbers;
  guint64 n_chains = 0, n_loose = 0;

  numbers->min_token = G_MAXUINT32;
  for (guint i = 0; i < self->jobs; i++) {
    const Part *part = &self->parts[i];

    numbers->min_token = MIN (numbers->min_token, part->min_token);
    numbers->max_token = MAX (numbers->max_token, part->max_token);
    numbers->max_tokens = MAX (numbers->max_tokens, part->max_tokens);
    n_chains += part->n_chains;
    n_loose += part->loose->len;
  }
  if (numbers->min_token == G_MAXUINT32)
    numbers->min_token = 0;
  made->filter = new_filter (self->n - n_loose, &numbers->n_filter);
  made->chains = new_filter (n_chains, &numbers->n_chains);
  return (made->filter != NULL && made->chains != NULL) ||
         out_of_memory (error);
}

static gboolean
make_buckets (Build *self, PfError *error)
{
  PfCompiled *made = self->made;

  made->numbers.n_buckets = (guint32)(self->n / ENTRIES_PER_BUCKET + 1);
  made->buckets = g_try_new0 (guint32, made->numbers.n_buckets + 1);
  made->dropped = g_try_malloc0 (self->n / 8 + 1);
  self->bucket_ends = g_try_new0 (guint32, made->numbers.n_buckets + 1);
  self->order = g_try_new (guint32, self->n + 1);
  self->equal = g_try_new0 (guint32, self->n + 1);
  return (made->buckets != NULL && made->dropped != NULL &&
          self->bucket_ends != NULL && self->order != NULL &&
          self->equal != NULL) ||
         out_of_memory (error);
}

/* Everything that depends on the seed but the items. */
static gboolean
try_seed (Build *self, guint32 seed, PfError *error)
{
  self->made->numbers.seed = seed;
  self->keys = pf_token_keys (seed);
  self->spread = g_try_new (guint64, self->n + 1);
  if (self->spread == NULL)
    return out_of_memory (error);
  if (!run (self, measure, error) || !make_filters (self, error) ||
      !run (self, fill, error) || !make_buckets (self, error) ||
      !run (self, count_buckets, error))
    return FALSE;
  sum_buckets (self);
  return run (self, scatter, error) && run (self, collapse, error);
}

static void
parts_new (Build *self)
{
  self->parts = g_new0 (Part, self->jobs);
  for (guint i = 0; i < self->jobs; i++) {
    self->parts[i].shapes = g_array_new (FALSE, FALSE, sizeof (PfShape));
    self->parts[i].loose = g_array_new (FALSE, FALSE, sizeof (guint32));
  }
}

static void
build_clear (Build *self)
{
  for (guint i = 0; self->parts != NULL && i < self->jobs; i++) {
    g_array_unref (self->parts[i].shapes);
    g_array_unref (self->parts[i].loose);
  }
  g_clear_pointer (&self->parts, g_free);
  g_clear_pointer (&self->spread, g_free);
  g_clear_pointer (&self->bucket_ends, g_free);
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->equal, g_free);
  g_clear_pointer (&self->numbers, g_free);
}

static guint
worst_bucket (const Build *self)
{
  guint worst = 0;

  for (guint i = 0; i < self->jobs; i++)
    worst = MAX (worst, self->parts[i].worst_bucket);
  return worst;
}

static gboolean
find_seed (Build *self, PfError *error)
{
  for (guint32 seed = 0; seed < SEEDS; seed++) {
    build_clear (self);
    pf_compiled_clear (self->made);
    parts_new (self);
    if (!try_seed (self, seed, error))
      return FALSE;
    if (worst_bucket (self) <= BUCKET_KEYS_MAX)
      break;
  }
  return TRUE;
}

/* What the jobs have gathered, in one piece each. */
static void
join_parts (Build *self, gboolean *any_dropped, gboolean *any_equal)
{
  PfCompiled *made = self->made;
  GArray *shapes = self->parts[0].shapes, *loose = self->parts[0].loose;

  for (guint i = 0; i < self->jobs; i++) {
    const Part *part = &self->parts[i];

    *any_dropped |= part->any_dropped;
    *any_equal |= part->any_equal;
    if (i == 0)
      continue;
    g_array_append_vals (shapes, part->shapes->data, part->shapes->len);
    g_array_append_vals (loose, part->loose->data, part->loose->len);
  }
  sort_shapes (shapes);
  made->n_shapes = shapes->len;
  made->shapes = g_memdup2 (shapes->data, shapes->len * sizeof (PfShape));
  made->loose = g_new (guint32, loose->len + 1);
  for (guint i = 0; i < loose->len; i++) {
    guint32 raw = g_array_index (loose, guint32, i);

    if (!is_dropped (self, raw))
      made->loose[made->n_loose++] = raw;
  }
}

static gboolean
finish (Build *self, PfError *error)
{
  PfCompiled *made = self->made;
  gboolean any_dropped = FALSE, any_equal = FALSE;

  join_parts (self, &any_dropped, &any_equal);
  made->n_entries = (guint32)self->n;
  made->numbers.has_chains = made->numbers.max_tokens > 1;
  if (any_dropped && !number_entries (self, error))
    return FALSE;
  for (gsize i = 0; i < made->n_loose; i++)
    made->loose[i] = number_of (self, made->loose[i]);
  made->item_of = g_try_new (guint32, made->n_entries + 1);
  if (made->item_of == NULL)
    return out_of_memory (error);
  if (!place_buckets (made, error) || !run (self, write_items, error))
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
  Build build = { .made = self,
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
  g_free (self->buckets);
  g_free (self->items);
  g_free (self->shapes);
  g_free (self->loose);
  g_free (self->dropped);
  g_free (self->item_of);
  g_free (self->first_equal);
  *self = (PfCompiled){ 0 };
}
