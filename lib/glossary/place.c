/* From entries and their keys to items and table.
 *
 *   count    entries and bytes of each group of the table
 *   scatter  entries by group, in order of their numbers
 *   settle   each group by key; repeated entries are dropped
 *   regroup  where there were any: what is left has fewer groups
 *   write    items, in that order
 *   fill     the table, group by group; what a full one cannot hold moves on
 */
#include "glossary/compile_private.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/large.h"

/* From here on, equal entries of a key are found by hashing them. */
#define MANY_ENTRIES 24

static guint32
item_size (const PfBuild *self, gsize raw)
{
  return PF_ITEM_HEAD + self->entries[raw].term_len;
}

/* The groups [FROM, TO), of which no other thread has any. */
static void
count_groups (PfBuild *self, gsize from, gsize to)
{
  guint32 n_groups = self->made->numbers.n_groups;

  for (gsize i = 0; i < self->n; i++) {
    guint32 group = pf_key_group (self->spread[i], n_groups);

    if (group < from || group >= to)
      continue;
    self->group_ends[group]++;
    self->group_size[group] += item_size (self, i);
  }
}

/* From counts to the places where the groups begin. */
static void
sum_groups (PfBuild *self)
{
  guint32 sum = 0;

  for (guint32 g = 0; g < self->made->numbers.n_groups; g++) {
    guint32 count = self->group_ends[g];

    self->group_ends[g] = sum;
    sum += count;
  }
}

/* Afterwards group_ends is what it says. */
static void
scatter (PfBuild *self, gsize from, gsize to)
{
  guint32 n_groups = self->made->numbers.n_groups;

  for (gsize i = 0; i < self->n; i++) {
    guint32 group = pf_key_group (self->spread[i], n_groups);

    if (group >= from && group < to)
      self->order[self->group_ends[group]++] = (guint32)i;
  }
}

/* Raw numbers side by side in ORDER. */
typedef struct {
  guint32 *raw;
  guint n;
} Run;

static Run
group_at (const PfBuild *self, guint32 g)
{
  guint32 from = g > 0 ? self->group_ends[g - 1] : 0;

  return (Run){ self->order + from, self->group_ends[g] - from };
}

/* Takes the entries of the first key off GROUP. */
static Run
take_key (const PfBuild *self, Run *group)
{
  Run key = { group->raw, 1 };

  while (key.n < group->n &&
         self->spread[key.raw[key.n]] == self->spread[key.raw[0]])
    key.n++;
  group->raw += key.n;
  group->n -= key.n;
  return key;
}

static PfSpan
term_of (const PfBuild *self, guint32 raw)
{
  return (PfSpan){ self->entries[raw].term, self->entries[raw].term_len };
}

/* Groups are ranges of the lower half, so that keys in this order are in the
 * order of their groups, however many there are. */
static guint64
key_order (guint64 spread)
{
  return spread << 32 | spread >> 32;
}

/* By key, then by term, descending, then by number. */
static int
compare_keys (gconstpointer a, gconstpointer b, gpointer user)
{
  const PfBuild *self = user;
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  int terms;

  if (self->spread[x] != self->spread[y])
    return key_order (self->spread[x]) < key_order (self->spread[y]) ? -1 : 1;
  terms = pf_span_compare (term_of (self, y), term_of (self, x));
  return terms != 0 ? terms : x < y ? -1 : x > y;
}

static void
sort_small (const PfBuild *self, Run group)
{
  for (guint i = 1; i < group.n; i++) {
    guint32 raw = group.raw[i];
    guint k = i;

    for (; k > 0 && compare_keys (&group.raw[k - 1], &raw, (gpointer)self) > 0;
         k--)
      group.raw[k] = group.raw[k - 1];
    group.raw[k] = raw;
  }
}

static gsize
source_of (const PfBuild *self, gsize raw)
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
same_term (const PfBuild *self, guint32 a, guint32 b)
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
same_entry (const PfBuild *self, guint32 a, guint32 b)
{
  const PfRawEntry *x = &self->entries[a], *y = &self->entries[b];

  return same_term (self, a, b) && x->rules == y->rules &&
         x->value_len == y->value_len && x->label_len == y->label_len &&
         memcmp (x->term, y->term, raw_len (x)) == 0 &&
         source_of (self, a) == source_of (self, b);
}

static void
drop (PfBuild *self, PfBuildEqual *found, guint32 raw)
{
  found->n_dropped++;
  atomic_fetch_or_explicit ((_Atomic guint8 *)&self->made->dropped[raw / 8],
                            (guint8)(1u << raw % 8), memory_order_relaxed);
}

/* RAW has the term of FIRST; REPEATED: all of another entry. */
static void
note_equal (PfBuild *self, PfBuildEqual *found, guint32 raw, guint32 first,
            gboolean repeated)
{
  self->equal[raw] = first + 1;
  if (repeated)
    drop (self, found, raw);
  else
    found->any_equal = TRUE;
}

static void
collapse_few (PfBuild *self, PfBuildEqual *found, Run key)
{
  for (guint i = 1; i < key.n; i++) {
    guint32 raw = key.raw[i], first;
    guint k = 0;

    while (k < i && !same_term (self, key.raw[k], raw))
      k++;
    if (k == i)
      continue;
    first = key.raw[k];
    while (k < i && !same_entry (self, key.raw[k], raw))
      k++;
    note_equal (self, found, raw, first, k < i);
  }
}

/* An entry as a key of a hash table that belongs to one thread. */
typedef struct {
  const PfBuild *build;
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
collapse_many (PfBuild *self, PfBuildEqual *found, Run key)
{
  GHashTable *terms = g_hash_table_new (hash_term, equal_terms);
  GHashTable *entries = g_hash_table_new (hash_entry, equal_entries);
  g_autofree EntryKey *keys = g_new (EntryKey, key.n);

  for (guint i = 0; i < key.n; i++) {
    const EntryKey *first;
    gboolean is_new;

    keys[i] = (EntryKey){ self, key.raw[i] };
    first = g_hash_table_lookup (terms, &keys[i]);
    is_new = g_hash_table_add (entries, &keys[i]);
    if (first == NULL)
      g_hash_table_add (terms, &keys[i]);
    else
      note_equal (self, found, keys[i].raw, first->raw, !is_new);
  }
  g_hash_table_unref (terms);
  g_hash_table_unref (entries);
}

static guint8
settle_group (PfBuild *self, PfBuildEqual *found, Run group)
{
  guint n_keys = 0;

  if (group.n < MANY_ENTRIES)
    sort_small (self, group);
  else
    g_qsort_with_data (group.raw, (gint)group.n, sizeof (guint32), compare_keys,
                       self);
  while (group.n > 0) {
    Run key = take_key (self, &group);

    n_keys++;
    if (key.n < MANY_ENTRIES)
      collapse_few (self, found, key);
    else
      collapse_many (self, found, key);
  }
  return (guint8)MIN (n_keys, G_MAXUINT8);
}

/* The map of settle. */
static gboolean
settle_groups (gsize from, gsize to, gpointer found, gpointer user,
               PfError *error G_GNUC_UNUSED)
{
  PfBuild *self = user;

  for (gsize g = from; g < to; g++)
    self->group_keys[g] =
        settle_group (self, found, group_at (self, (guint32)g));
  return TRUE;
}

/* Its reduction. */
static void
join_equal (gpointer into, gpointer found, gpointer user G_GNUC_UNUSED)
{
  PfBuildEqual *self = into;
  const PfBuildEqual *other = found;

  self->n_dropped += other->n_dropped;
  self->any_equal |= other->any_equal;
}

static gboolean
settle (PfBuild *self, PfBuildEqual *equal, PfError *error)
{
  PfParReduction plan = { .n = self->made->numbers.n_groups,
                          .size = sizeof *equal,
                          .map = settle_groups,
                          .reduce = join_equal,
                          .user = self };

  return pf_par_map_reduce (self->par, &plan, equal, error);
}

static guint32
groups_for (gsize n)
{
  return (guint32)(n / PF_KEYS_PER_GROUP + 1);
}

/* The order goes on being right; only where groups end in it changes. */
static void
regroup (PfBuild *self)
{
  guint32 n_groups = groups_for (self->n_kept), n = 0, last = 0;

  self->made->numbers.n_groups = n_groups;
  memset (self->group_ends, 0, n_groups * sizeof *self->group_ends);
  memset (self->group_size, 0, n_groups * sizeof *self->group_size);
  memset (self->group_keys, 0, n_groups);
  for (gsize i = 0; i < self->n; i++) {
    guint32 raw = self->order[i], g;

    if (pf_build_is_dropped (self, raw))
      continue;
    g = pf_key_group (self->spread[raw], n_groups);
    if (self->group_keys[g] < G_MAXUINT8)
      self->group_keys[g] +=
          n == 0 || self->spread[self->order[n - 1]] != self->spread[raw];
    self->group_size[g] += item_size (self, raw);
    self->order[n++] = raw;
    self->group_ends[g] = n;
  }
  for (guint32 g = 0; g < n_groups; g++)
    self->group_ends[g] = last = MAX (last, self->group_ends[g]);
}

gboolean
pf_build_sort (PfBuild *self, PfError *error)
{
  guint32 n_groups = groups_for (self->n);
  guint n_threads = pf_par_n_threads (self->par);
  PfBuildEqual equal = { 0 };

  self->made->numbers.n_groups = n_groups;
  self->made->dropped = g_try_malloc0 (self->n / 8 + 1);
  self->group_ends = g_try_new0 (guint32, n_groups);
  self->group_size = g_try_new0 (guint32, n_groups);
  self->group_keys = g_try_malloc (n_groups);
  self->order = g_try_new (guint32, self->n + 1);
  self->equal = g_try_new0 (guint32, self->n + 1);
  if (self->made->dropped == NULL || self->group_ends == NULL ||
      self->group_size == NULL || self->group_keys == NULL ||
      self->order == NULL || self->equal == NULL)
    return pf_build_out_of_memory (error);
  /* Each thread goes through all entries, for some of the groups. */
  pf_build_run (self, n_groups, n_threads, count_groups);
  sum_groups (self);
  pf_build_run (self, n_groups, n_threads, scatter);
  if (!settle (self, &equal, error))
    return FALSE;
  self->any_equal = equal.any_equal;
  self->n_kept = self->n - equal.n_dropped;
  if (equal.n_dropped > 0)
    regroup (self);
  return TRUE;
}

gboolean
pf_build_fits (const PfBuild *self)
{
  guint waiting = 0;

  for (guint32 g = 0; g < self->made->numbers.n_groups; g++) {
    waiting += self->group_keys[g];
    waiting -= MIN (waiting, PF_GROUP_SLOTS);
    if (self->group_keys[g] == G_MAXUINT8 ||
        waiting > (PF_GROUP_STEPS - 1) * PF_GROUP_SLOTS)
      return FALSE;
  }
  return TRUE;
}

/* From sizes to offsets. */
static gboolean
place_groups (PfBuild *self, PfError *error)
{
  PfCompiled *made = self->made;
  guint64 sum = 0;

  for (guint32 g = 0; g < made->numbers.n_groups; g++) {
    guint32 size = self->group_size[g];

    self->group_size[g] = (guint32)sum;
    sum += size;
    if (sum > G_MAXUINT32)
      return pf_error_set (error, PF_STATUS_DATA,
                           "the glossary holds more than 4 GiB of terms");
  }
  made->items_len = (gsize)sum;
  made->items = pf_large_try_new0 (made->items_len);
  made->item_of = g_try_new (guint32, made->n_entries + 1);
  return (made->items != NULL && made->item_of != NULL) ||
         pf_build_out_of_memory (error);
}

static guint32
write_item (PfBuild *self, guint32 raw, guint32 flags, guint32 offset)
{
  const PfRawEntry *entry = &self->entries[raw];
  guint32 head[2] = { pf_build_number (self, raw),
                      pf_item_word (entry->term_len, entry->rules, flags) };
  guint8 *out = self->made->items + offset;

  memcpy (out, head, sizeof head);
  memcpy (out + PF_ITEM_HEAD, entry->term, entry->term_len);
  self->made->item_of[head[0]] = offset;
  return offset + PF_ITEM_HEAD + entry->term_len;
}

/* Returns where the next key goes. */
static guint32
write_key (PfBuild *self, Run key, guint32 offset)
{
  for (guint i = 0; i < key.n; i++) {
    guint32 raw = key.raw[i], flags = i + 1 < key.n ? PF_ITEM_MORE : 0;

    if ((i > 0 && same_term (self, key.raw[i - 1], raw)) ||
        (i + 1 < key.n && same_term (self, raw, key.raw[i + 1])))
      flags |= PF_ITEM_TWIN;
    offset = write_item (self, raw, flags, offset);
  }
  return offset;
}

static void
write_items (PfBuild *self, gsize from, gsize to)
{
  for (gsize g = from; g < to; g++) {
    Run group = group_at (self, (guint32)g);
    guint32 offset = self->group_size[g];

    while (group.n > 0)
      offset = write_key (self, take_key (self, &group), offset);
  }
}

typedef struct {
  guint32 tag, offset;
} Slot;

/* Keys that wait for a group with room, the first one in front. */
typedef struct {
  GArray *keys; /* Slot */
  guint front;
} Waiting;

static void
add_keys (const PfBuild *self, guint32 g, Waiting *waiting)
{
  Run group = group_at (self, g);

  while (group.n > 0) {
    Run key = take_key (self, &group);
    Slot slot = { pf_key_tag (self->spread[key.raw[0]]),
                  self->made->item_of[pf_build_number (self, key.raw[0])] };

    g_array_append_val (waiting->keys, slot);
  }
}

static void
fill_group (guint32 *group, Waiting *waiting)
{
  for (guint i = 0; i < PF_GROUP_SLOTS && waiting->front < waiting->keys->len;
       i++) {
    const Slot *slot = &g_array_index (waiting->keys, Slot, waiting->front++);

    group[i] = slot->tag;
    group[PF_GROUP_SLOTS + i] = slot->offset;
  }
  if (waiting->front == waiting->keys->len) {
    g_array_set_size (waiting->keys, 0);
    waiting->front = 0;
  }
}

/* Behind the groups that have keys of their own there are some for those that
 * are passed on from the last. */
gboolean
pf_build_fill_table (PfBuild *self, PfError *error)
{
  PfCompiled *made = self->made;
  guint32 n_home = made->numbers.n_groups;
  gsize n = pf_table_words (n_home) / PF_GROUP_WORDS;
  Waiting waiting = { g_array_new (FALSE, FALSE, sizeof (Slot)), 0 };
  gboolean done;

  made->table = pf_large_try_new0 (n * PF_GROUP_WORDS * sizeof (guint32));
  for (gsize g = 0; made->table != NULL && g < n; g++) {
    if (g < n_home)
      add_keys (self, (guint32)g, &waiting);
    fill_group (made->table + g * PF_GROUP_WORDS, &waiting);
  }
  done = made->table != NULL && waiting.keys->len == 0;
  g_array_unref (waiting.keys);
  return done || pf_build_out_of_memory (error);
}

gboolean
pf_build_place (PfBuild *self, PfError *error)
{
  if (!place_groups (self, error))
    return FALSE;
  pf_build_run (self, self->made->numbers.n_groups, 0, write_items);
  return TRUE;
}
