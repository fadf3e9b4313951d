/* An index as it is compiled: every term is found under its key, in order, and
 * what comes out does not depend on the number of threads. */
#include "glossary/compile.h"
#include "glossary/term_chain.h"

typedef struct {
  GPtrArray *bytes; /* char *, owned: term and value side by side */
  GArray *entries;  /* PfRawEntry */
  GArray *sources;  /* gsize */
  PfCompiled made;
  PfIndex index;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  self->bytes = g_ptr_array_new_with_free_func (g_free);
  self->entries = g_array_new (FALSE, FALSE, sizeof (PfRawEntry));
  self->sources = g_array_new (FALSE, TRUE, sizeof (gsize));
  g_array_set_size (self->sources, 1);
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_compiled_clear (&self->made);
  g_array_unref (self->entries);
  g_array_unref (self->sources);
  g_ptr_array_unref (self->bytes);
}

#define TEST(name)                                                             \
  static void test_##name (Fixture *self, gconstpointer data G_GNUC_UNUSED)

static void
add_rules (Fixture *self, const char *term, const char *value, PfRuleBits rules)
{
  char *bytes = g_strconcat (term, value, NULL);
  PfRawEntry entry = { .term = (const guint8 *)bytes,
                       .term_len = (guint16)strlen (term),
                       .value_len = (guint32)strlen (value),
                       .rules = rules };

  g_ptr_array_add (self->bytes, bytes);
  g_array_append_val (self->entries, entry);
}

static void
add (Fixture *self, const char *term)
{
  add_rules (self, term, "", 0);
}

static void
add_number (Fixture *self, const char *format, guint i)
{
  g_autofree char *term = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  term = g_strdup_printf (format, i);
#pragma GCC diagnostic pop
  add (self, term);
}

static void
begin_source (Fixture *self)
{
  g_array_append_val (self->sources, (gsize){ self->entries->len });
}

static void
compile_into (const Fixture *self, guint jobs, PfCompiled *made)
{
  g_auto (PfError) error = { 0 };

  if (!pf_compile (made, (const PfRawEntry *)(gpointer)self->entries->data,
                   self->entries->len,
                   (const gsize *)(gpointer)self->sources->data,
                   self->sources->len, jobs, &error))
    g_error ("%s", error.message);
}

static void
compile (Fixture *self)
{
  PfCompiled *made = &self->made;

  pf_compiled_clear (made);
  compile_into (self, 2, made);
  self->index = (PfIndex){ .numbers = made->numbers,
                           .filter = made->filter,
                           .chains = made->chains,
                           .table = made->table,
                           .items = { made->items, made->items_len },
                           .shapes = made->shapes,
                           .n_shapes = made->n_shapes,
                           .loose = made->loose,
                           .n_loose = made->n_loose };
}

static PfSpan
term_at (const Fixture *self, guint raw)
{
  const PfRawEntry *entry = &g_array_index (self->entries, PfRawEntry, raw);

  return (PfSpan){ entry->term, entry->term_len };
}

static gboolean
is_bit (const guint8 *bits, guint i)
{
  return (bits[i / 8] >> i % 8 & 1) != 0;
}

static gboolean
is_dropped (const Fixture *self, guint raw)
{
  return self->made.dropped != NULL && is_bit (self->made.dropped, raw);
}

/* Descending by term, then ascending by number; marked where terms are equal.
 */
static void
check_order (const PfItemView *before, const PfItemView *item)
{
  gboolean equal = pf_span_equal (before->term, item->term);

  if (equal) {
    g_assert_cmpuint (before->entry, <, item->entry);
    g_assert_true (before->twin);
    g_assert_true (item->twin);
  } else {
    g_assert_cmpint (pf_span_compare (before->term, item->term), >, 0);
  }
}

/* How many items of the key SPREAD are ENTRY's, with this term and rules. All
 * items of the key are seen to stand in order. */
static guint
count_items (const Fixture *self, guint64 spread, guint32 entry,
             const PfRawEntry *raw, guint *n_seen)
{
  PfIndexSearch search = pf_index_search (&self->index, spread);
  PfSpan term = { raw->term, raw->term_len };
  guint n = 0;
  gsize at;

  while (pf_index_next (&self->index, &search, &at)) {
    PfItemView item = { .more = TRUE }, before = { 0 };

    for (guint i = 0; item.more; i++) {
      g_assert_true (pf_index_item (&self->index, &at, &item));
      if (i > 0)
        check_order (&before, &item);
      n += item.entry == entry && item.rules == raw->rules &&
           pf_span_equal (item.term, term);
      before = item;
      ++*n_seen;
    }
  }
  return n;
}

/* The filters, too, must let the term pass. */
static void
check_filters (const Fixture *self, const PfTermChain *chain, PfRuleBits rules)
{
  const PfIndexNumbers *numbers = &self->index.numbers;

  if (chain->n_tokens == 0 || pf_rule_boundary (rules) == PF_BOUNDARY_NONE)
    return;
  g_assert_true (
      pf_filter_has (self->index.filter, numbers->n_filter, chain->first));
  for (guint k = 0; k + 1 < chain->n_tokens && k < PF_CHAIN_DEPTH; k++) {
    guint next = PF_NEXT_PAIR (chain->next[k], chain->second[k]);

    g_assert_true (pf_index_leads_on (&self->index, chain->nodes[k], next));
    g_assert_true (pf_index_leads_on (&self->index, chain->nodes[k],
                                      PF_NEXT_GAP (chain->next[k])));
  }
  for (guint k = 1; k < MIN (chain->n_tokens, PF_CHAIN_DEPTH); k++)
    g_assert_true (pf_index_has_chain (&self->index, chain->nodes[k]));
  if (chain->shape.before > 0 || chain->shape.after > 0) {
    g_assert_true (pf_index_leads_on (&self->index, chain->chain,
                                      PF_NEXT_SHAPE (chain->after_first)));
    g_assert_true (pf_index_leads_on (&self->index, chain->chain,
                                      PF_NEXT_AFTER (chain->shape.after)));
  }
  g_assert_cmpuint (chain->first_len, <=, numbers->max_token);
  g_assert_cmpuint (chain->n_tokens, <=, numbers->max_tokens);
}

/* Each entry has one item, under its key; returns how many items were looked
 * at, which many entries of a key would make many. */
static guint
check_all (const Fixture *self)
{
  PfTokenKeys keys = pf_token_keys (self->index.numbers.seed);
  guint32 number = 0;
  guint n_seen = 0;

  for (guint raw = 0; raw < self->entries->len; raw++) {
    const PfRawEntry *entry = &g_array_index (self->entries, PfRawEntry, raw);
    PfTermChain chain;
    guint64 spread;

    if (is_dropped (self, raw))
      continue;
    pf_term_chain (&chain, term_at (self, raw), keys);
    spread = pf_key_spread (pf_term_key (&chain, term_at (self, raw)));
    g_assert_cmpuint (count_items (self, spread, number, entry, &n_seen), ==,
                      1);
    check_filters (self, &chain, entry->rules);
    number++;
  }
  g_assert_cmpuint (number, ==, self->made.n_entries);
  return n_seen;
}

static void
assert_same (gconstpointer a, gconstpointer b, gsize len)
{
  if (len > 0)
    g_assert_cmpmem (a, len, b, len);
}

static void
assert_same_index (const PfCompiled *a, const PfCompiled *b, gsize n_raw)
{
  assert_same (&a->numbers, &b->numbers, sizeof a->numbers);
  assert_same (a->filter, b->filter, 8 * (gsize)a->numbers.n_filter);
  assert_same (a->chains, b->chains, 8 * (gsize)a->numbers.n_chains);
  assert_same (a->table, b->table, 4 * pf_table_words (a->numbers.n_groups));
  g_assert_cmpuint (a->items_len, ==, b->items_len);
  assert_same (a->items, b->items, a->items_len);
  g_assert_cmpuint (a->n_shapes, ==, b->n_shapes);
  assert_same (a->shapes, b->shapes, a->n_shapes * sizeof *a->shapes);
  g_assert_cmpuint (a->n_loose, ==, b->n_loose);
  assert_same (a->loose, b->loose, 4 * a->n_loose);
  g_assert_cmpuint (a->n_entries, ==, b->n_entries);
  assert_same (a->item_of, b->item_of, 4 * (gsize)a->n_entries);
  g_assert_cmpint (a->dropped == NULL, ==, b->dropped == NULL);
  if (a->dropped != NULL)
    assert_same (a->dropped, b->dropped, n_raw / 8 + 1);
  g_assert_cmpint (a->first_equal == NULL, ==, b->first_equal == NULL);
  if (a->first_equal != NULL)
    assert_same (a->first_equal, b->first_equal, 4 * (gsize)a->n_entries);
}

TEST (empty)
{
  compile (self);
  g_assert_cmpuint (check_all (self), ==, 0);
  g_assert_cmpuint (self->made.items_len, ==, 0);
}

/* Words, phrases, shapes, and what no token leads to. */
TEST (kinds)
{
  static const char *const terms[] = { "cat",
                                       "New York",
                                       "new  york",
                                       "C++",
                                       ".NET",
                                       "#define",
                                       "a - b",
                                       "++",
                                       "\u2026",
                                       "caf\u00E9",
                                       "k",
                                       "\u212A",
                                       "one two three four five",
                                       "(x, y)" };

  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    add (self, terms[i]);
  add_rules (self, "cat", "",
             pf_rule_bits (PF_CASE_UNSET, PF_BOUNDARY_NONE, FALSE));
  compile (self);
  check_all (self);
  g_assert_cmpuint (self->made.n_entries, ==, G_N_ELEMENTS (terms) + 1);
  g_assert_cmpuint (self->made.n_loose, ==, 3);
  g_assert_cmpuint (self->made.loose[0], ==, 7);
  g_assert_cmpuint (self->made.loose[1], ==, 8);
  g_assert_cmpuint (self->made.loose[2], ==, 14);
  g_assert_cmpuint (self->made.numbers.min_token, ==, 1);
  g_assert_cmpuint (self->made.numbers.max_tokens, ==, 5);
}

/* Twins by number, and spellings of one key by their bytes, whatever the order
 * in which they come. */
TEST (order)
{
  static const char *const terms[] = { "CAT", "cat", "Cat", "cAT",  "\u212A",
                                       "k",   "K",   "a b", "a\tb", "A  B" };

  for (guint i = 0; i < 2000; i++) {
    guint k = (guint)g_test_rand_int_range (0, G_N_ELEMENTS (terms));
    g_autofree char *value = g_strdup_printf ("%u", i);

    add_rules (self, terms[k], value, 0);
  }
  compile (self);
  check_all (self);
  g_assert_cmpuint (self->made.n_entries, ==, 2000);
}

/* First, those that are wholly equal go; each other one stays. */
TEST (dropped)
{
  add (self, "a");
  add_rules (self, "a", "x", 0);
  add (self, "b");
  add (self, "a");
  add_rules (self, "a", "", PF_CASE_IGNORE);
  add_rules (self, "a", "x", 0);
  add (self, "A");
  begin_source (self);
  add (self, "a");
  add (self, "a");
  compile (self);
  check_all (self);
  g_assert_cmpuint (self->made.n_entries, ==, 6);
  g_assert_cmphex (self->made.dropped[0], ==, 1 << 3 | 1 << 5);
  g_assert_cmphex (self->made.dropped[1] & 1, ==, 1);
  for (guint32 i = 0; i < 6; i++) {
    static const guint32 first[] = { 0, 0, 2, 0, 4, 0 };

    g_assert_cmpuint (self->made.first_equal[i], ==, first[i]);
  }
}

/* What is left has a term of its own each, and needs no list of equal ones. */
TEST (dropped_all)
{
  for (guint i = 0; i < 100; i++)
    add (self, i % 10 == 0 ? "a" : "b");
  compile (self);
  check_all (self);
  g_assert_cmpuint (self->made.n_entries, ==, 2);
  g_assert_null (self->made.first_equal);
}

/* Also where there are so many of a key that they are hashed. */
TEST (dropped_many)
{
  for (guint i = 0; i < 300; i++) {
    g_autofree char *value = g_strdup_printf ("%u", i % 100);

    add_rules (self, i % 2 == 0 ? "Cat" : "cat", value, 0);
  }
  compile (self);
  check_all (self);
  g_assert_cmpuint (self->made.n_entries, ==, 100);
  for (guint raw = 0; raw < 300; raw++)
    g_assert_cmpint (is_dropped (self, raw), ==, raw >= 100);
  for (guint32 i = 0; i < 100; i++)
    g_assert_cmpuint (self->made.first_equal[i], ==, i % 2);
}

/* Terms of all kinds, some of them several times. */
static void
add_many (Fixture *self, guint n)
{
  static const char *const formats[] = { "word%u", "%u words", "Word%u",
                                         "c%u++",  ".%u",      "a - %u",
                                         "+ %u",   "word%u" };

  for (guint i = 0; i < n; i++) {
    if (i == n / 2)
      begin_source (self);
    add_number (self, formats[i % G_N_ELEMENTS (formats)], i % (n / 4));
  }
  add (self, "++");
}

/* Jobs get 50,000 entries each at least, so that there are eight of them. */
TEST (jobs)
{
  static const guint jobs[] = { 2, 3, 8 };
  gsize n;

  add_many (self, 400000);
  n = self->entries->len;
  compile (self);
  check_all (self);
  g_assert_cmpuint (self->made.n_entries, <, n);
  pf_compiled_clear (&self->made);
  compile_into (self, 1, &self->made);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++) {
    PfCompiled other;

    compile_into (self, jobs[i], &other);
    assert_same_index (&self->made, &other, n);
    pf_compiled_clear (&other);
  }
}

static void
remove_dropped (Fixture *self, const guint8 *dropped)
{
  PfRawEntry *entries = (PfRawEntry *)(gpointer)self->entries->data;
  gsize *second = &g_array_index (self->sources, gsize, 1);
  guint n = 0, n_before = 0;

  for (guint raw = 0; raw < self->entries->len; raw++) {
    n_before += raw < *second && !is_bit (dropped, raw);
    if (!is_bit (dropped, raw))
      entries[n++] = entries[raw];
  }
  *second = n_before;
  g_array_set_size (self->entries, n);
}

/* An entry that was repeated is as if it had been there once, also where the
 * index has another size then. */
TEST (repeated)
{
  PfCompiled all;

  add_many (self, 200000);
  add (self, "++");
  compile (self);
  all = self->made;
  self->made = (PfCompiled){ 0 };
  remove_dropped (self, all.dropped);
  compile (self);
  g_assert_null (self->made.dropped);
  g_clear_pointer (&all.dropped, g_free);
  assert_same_index (&all, &self->made, 0);
  pf_compiled_clear (&all);
}

/* They differ in what the quick hash does not see. Keys must differ all the
 * same, or each look-up would see them all. */
TEST (middles)
{
  for (guint i = 0; i < 20000; i++)
    add_number (self, "customer_%08u_record", i);
  compile (self);
  g_assert_cmpuint (check_all (self), <, 20100);
}

/* One key: its items are looked at in turn, and it has one slot. */
TEST (one_term)
{
  guint n_slots = 0;

  for (guint i = 0; i < 20000; i++) {
    g_autofree char *value = g_strdup_printf ("%u", i);

    add_rules (self, "cat", value, 0);
  }
  compile (self);
  for (gsize i = 0; i < pf_table_words (self->made.numbers.n_groups); i++)
    n_slots += i % PF_GROUP_WORDS < PF_GROUP_SLOTS && self->made.table[i] != 0;
  g_assert_cmpuint (n_slots, ==, 1);
  g_assert_cmpuint (self->made.n_entries, ==, 20000);
  g_assert_cmpuint (self->made.items_len, ==, 20000 * (PF_ITEM_HEAD + 3));
  for (guint32 i = 0; i < 20000; i++) {
    gsize at = self->made.item_of[i];
    PfItemView item = { 0 };

    g_assert_cmpuint (at, ==, i * (PF_ITEM_HEAD + 3));
    g_assert_true (pf_index_item (&self->index, &at, &item));
    g_assert_cmpuint (item.entry, ==, i);
    g_assert_true (item.twin);
    g_assert_cmpint (item.more, ==, i + 1 < 20000);
    g_assert_cmpuint (self->made.first_equal[i], ==, 0);
  }
}

#define N_CROWD 12000

/* Where keys crowd one part of the table under one seed, another is taken. */
TEST (seeds)
{
  PfTokenKeys keys = pf_token_keys (0);
  guint n = 0;

  for (guint i = 0; n < N_CROWD; i++) {
    g_autofree char *term = g_strdup_printf ("w%u", i);
    PfTermChain chain;
    guint64 spread;

    pf_term_chain (&chain, pf_span_str (term), keys);
    spread = pf_key_spread (pf_term_key (&chain, pf_span_str (term)));
    if ((guint32)spread >> 24 != 0)
      continue;
    add (self, term);
    n++;
  }
  compile (self);
  g_assert_cmpuint (self->made.numbers.seed, >, 0);
  check_all (self);
}

static void
add_test (const char *path, void (*test) (Fixture *self, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/compile/empty", test_empty);
  add_test ("/compile/kinds", test_kinds);
  add_test ("/compile/order", test_order);
  add_test ("/compile/dropped/few", test_dropped);
  add_test ("/compile/dropped/all", test_dropped_all);
  add_test ("/compile/dropped/many", test_dropped_many);
  add_test ("/compile/dropped/repeated", test_repeated);
  add_test ("/compile/jobs", test_jobs);
  add_test ("/compile/middles", test_middles);
  add_test ("/compile/one-term", test_one_term);
  add_test ("/compile/seeds", test_seeds);
  return g_test_run ();
}
