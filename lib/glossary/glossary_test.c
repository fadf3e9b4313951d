#include "glossary/builder.h"

#include <stdatomic.h>
#include <string.h>
#include <uv.h>

static PfGlossaryBuilder *
begin (const PfSourceRules *rules)
{
  PfGlossaryBuilder *builder = pf_glossary_builder_new ();

  pf_glossary_builder_begin (builder, "one", rules);
  return builder;
}

static PfEntry
entry_of (const char *term, const char *value, const char *label)
{
  return (PfEntry){ .term = pf_span_str (term),
                    .value = pf_span_str (value),
                    .label = pf_span_str (label) };
}

static void
add (PfGlossaryBuilder *builder, const char *term, const char *value,
     const char *label)
{
  PfEntry entry = entry_of (term, value, label);
  g_auto (PfError) error = { 0 };

  if (!pf_glossary_builder_add (builder, &entry, &error))
    g_error ("%s: %s", term, error.message);
}

static PfGlossary *
seal (PfGlossaryBuilder *builder)
{
  PfGlossary *glossary = pf_glossary_builder_seal (builder, NULL);

  pf_glossary_builder_free (builder);
  return glossary;
}

static void
assert_span (PfSpan span, const char *expected)
{
  g_assert_cmpmem (span.data, span.len, expected, strlen (expected));
}

/* Entries keep the order in which they came, and their strings are copies. */
static void
test_order (void)
{
  PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });
  char term[] = "zebra";
  PfGlossary *glossary;

  add (builder, term, "v1", "l1");
  memset (term, 'x', sizeof term - 1);
  add (builder, "apple", "", "");
  pf_glossary_builder_begin (builder, "two", &(PfSourceRules){ 0 });
  add (builder, "mango", "v3", "");
  glossary = seal (builder);
  g_assert_cmpuint (pf_glossary_n_entries (glossary), ==, 3);
  assert_span (pf_glossary_entry (glossary, 0).term, "zebra");
  assert_span (pf_glossary_entry (glossary, 0).value, "v1");
  assert_span (pf_glossary_entry (glossary, 0).label, "l1");
  assert_span (pf_glossary_entry (glossary, 0).glossary, "one");
  assert_span (pf_glossary_entry (glossary, 1).term, "apple");
  assert_span (pf_glossary_entry (glossary, 1).value, "");
  assert_span (pf_glossary_entry (glossary, 1).label, "");
  assert_span (pf_glossary_entry (glossary, 2).term, "mango");
  assert_span (pf_glossary_entry (glossary, 2).glossary, "two");
  pf_glossary_unref (glossary);
}

static void
test_empty (void)
{
  PfGlossary *glossary = seal (pf_glossary_builder_new ());

  g_assert_cmpuint (pf_glossary_n_entries (glossary), ==, 0);
  pf_glossary_unref (glossary);
  pf_glossary_unref (NULL);
  pf_glossary_builder_free (NULL);
}

/* A builder that is given up frees what it has. */
static void
test_not_sealed (void)
{
  PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });

  add (builder, "term", "value", "label");
  pf_glossary_builder_free (builder);
}

/* White space at the ends of a term goes, that inside stays. */
static void
test_trim (void)
{
  PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });
  PfGlossary *glossary;

  add (builder, " \t\u3000new  york\u00A0\r\n", " value ", " label ");
  add (builder, "\u00E9", "", "");
  glossary = seal (builder);
  assert_span (pf_glossary_entry (glossary, 0).term, "new  york");
  assert_span (pf_glossary_entry (glossary, 0).value, " value ");
  assert_span (pf_glossary_entry (glossary, 0).label, " label ");
  assert_span (pf_glossary_entry (glossary, 1).term, "\u00E9");
  pf_glossary_unref (glossary);
}

/* Wholly equal entries of a source collapse; any difference keeps both. */
static void
test_collapse (void)
{
  PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });
  PfEntry strict = entry_of ("cat", "v", "l"), ignore = strict;
  PfGlossary *glossary;

  strict.boundary = PF_BOUNDARY_STRICT;
  ignore.case_rule = PF_CASE_IGNORE;
  add (builder, "cat", "v", "l");
  add (builder, "cat", "v", "l");
  add (builder, " cat ", "v", "l");
  add (builder, "cat", "vl", "");
  add (builder, "cat", "", "vl");
  add (builder, "catv", "", "l");
  add (builder, "Cat", "v", "l");
  g_assert_true (pf_glossary_builder_add (builder, &strict, NULL));
  g_assert_true (pf_glossary_builder_add (builder, &strict, NULL));
  g_assert_true (pf_glossary_builder_add (builder, &ignore, NULL));
  g_assert_cmpuint (pf_glossary_builder_source_size (builder), ==, 10);
  glossary = seal (builder);
  g_assert_cmpuint (pf_glossary_n_entries (glossary), ==, 7);
  pf_glossary_unref (glossary);
}

/* Entries of two sources never collapse: each says where it came from. */
static void
test_collapse_by_source (void)
{
  PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });
  PfGlossary *glossary;

  add (builder, "cat", "v", "l");
  pf_glossary_builder_begin (builder, "two", &(PfSourceRules){ 0 });
  g_assert_cmpuint (pf_glossary_builder_source_size (builder), ==, 0);
  add (builder, "cat", "v", "l");
  glossary = seal (builder);
  g_assert_cmpuint (pf_glossary_n_entries (glossary), ==, 2);
  assert_span (pf_glossary_entry (glossary, 1).glossary, "two");
  pf_glossary_unref (glossary);
}

/* Equal terms have one number, that of the first of them, over all sources. */
static void
test_term_ids (void)
{
  PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });
  static const guint32 expected[] = { 0, 1, 0, 1, 4 };
  PfGlossary *glossary;

  add (builder, "cat", "1", "");
  add (builder, "Cat", "2", "");
  add (builder, " cat", "3", "");
  pf_glossary_builder_begin (builder, "two", &(PfSourceRules){ 0 });
  add (builder, "Cat", "2", "");
  add (builder, "dog", "", "");
  glossary = seal (builder);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_assert_cmpuint (pf_glossary_entry (glossary, i).term_id, ==, expected[i]);
    g_assert_cmpuint (pf_glossary_entry_term_id (glossary, i), ==, expected[i]);
  }
  assert_span (pf_glossary_term (glossary, 0), "cat");
  assert_span (pf_glossary_term (glossary, 1), "Cat");
  assert_span (pf_glossary_term (glossary, 4), "dog");
  pf_glossary_unref (glossary);
}

/* The entry's own rules and label win over those of its source. */
static void
test_source_rules (void)
{
  char label[] = "given";
  PfSourceRules rules = { .case_rule = PF_CASE_IGNORE,
                          .boundary = PF_BOUNDARY_HOST,
                          .default_case = PF_CASE_IGNORE,
                          .label = pf_span_str (label) };
  PfGlossaryBuilder *builder = begin (&rules);
  PfEntry own = { .term = pf_span_str ("own"),
                  .label = pf_span_str ("mine"),
                  .case_rule = PF_CASE_EXACT,
                  .boundary = PF_BOUNDARY_NONE };
  PfGlossary *glossary;
  PfEntry entry;

  add (builder, "plain", "", "");
  g_assert_true (pf_glossary_builder_add (builder, &own, NULL));
  memset (label, 'x', sizeof label - 1);
  pf_glossary_builder_begin (builder, "two", &(PfSourceRules){ 0 });
  add (builder, "free", "", "");
  glossary = seal (builder);
  entry = pf_glossary_entry (glossary, 0);
  g_assert_cmpint (entry.case_rule, ==, PF_CASE_IGNORE);
  g_assert_cmpint (entry.boundary, ==, PF_BOUNDARY_HOST);
  assert_span (entry.label, "given");
  entry = pf_glossary_entry (glossary, 1);
  g_assert_cmpint (entry.case_rule, ==, PF_CASE_EXACT);
  g_assert_cmpint (entry.boundary, ==, PF_BOUNDARY_NONE);
  assert_span (entry.label, "mine");
  entry = pf_glossary_entry (glossary, 2);
  g_assert_cmpint (entry.case_rule, ==, PF_CASE_UNSET);
  g_assert_cmpint (entry.boundary, ==, PF_BOUNDARY_UNSET);
  assert_span (entry.label, "");
  g_assert_cmpint (pf_glossary_default_case (glossary, 0), ==, PF_CASE_IGNORE);
  g_assert_cmpint (pf_glossary_default_case (glossary, 2), ==, PF_CASE_EXACT);
  pf_glossary_unref (glossary);
}

static gboolean
try_add (gsize term, gsize value, gsize label)
{
  PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });
  g_autofree char *t = g_strnfill (term, 't'), *v = g_strnfill (value, 'v');
  g_autofree char *l = g_strnfill (label, 'l');
  PfEntry entry = entry_of (t, v, l);
  g_auto (PfError) error = { 0 };
  gboolean added = pf_glossary_builder_add (builder, &entry, &error);

  g_assert_cmpint (error.status, ==, added ? PF_STATUS_OK : PF_STATUS_DATA);
  g_assert_cmpuint (pf_glossary_builder_source_size (builder), ==, added);
  pf_glossary_builder_free (builder);
  return added;
}

static void
test_limits (void)
{
  g_assert_true (try_add (1, 0, 0));
  g_assert_false (try_add (0, 1, 1));
  g_assert_true (try_add (4096, 0, 0));
  g_assert_false (try_add (4097, 0, 0));
  g_assert_true (try_add (1, 1 << 20, 1 << 20));
  g_assert_false (try_add (1, (1 << 20) + 1, 0));
  g_assert_false (try_add (1, 0, (1 << 20) + 1));
}

/* What is trimmed does not count. */
static void
test_limit_after_trim (void)
{
  PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });
  g_autofree char *term = g_strnfill (4096, 't');
  g_autofree char *spaced = g_strconcat (" \t ", term, "  ", NULL);

  add (builder, spaced, "", "");
  pf_glossary_builder_free (builder);
}

static void
test_refused (void)
{
  static const char *const terms[] = { "",         " ",           "\t\r\n",
                                       "\u00A0",   "\xFF",        "a\xC3",
                                       "\xC0\x80", "\xED\xA0\x80" };

  for (gsize i = 0; i < G_N_ELEMENTS (terms); i++) {
    PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });
    PfEntry entry = entry_of (terms[i], "v", "l");
    g_auto (PfError) error = { 0 };

    g_assert_false (pf_glossary_builder_add (builder, &entry, &error));
    g_assert_cmpint (error.status, ==, PF_STATUS_DATA);
    g_assert_cmpuint (pf_glossary_builder_source_size (builder), ==, 0);
    pf_glossary_builder_free (builder);
  }
}

/* Terms, values and labels may hold any character. */
static void
test_nul (void)
{
  PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });
  PfEntry entry = { .term = { (const guint8 *)"a\0b", 3 },
                    .value = { (const guint8 *)"\0\xFF", 2 } };
  PfGlossary *glossary;

  g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  entry.term.data = (const guint8 *)"a\0c";
  g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  glossary = seal (builder);
  g_assert_cmpuint (pf_glossary_n_entries (glossary), ==, 2);
  g_assert_null (pf_glossary_sections (glossary)->first_equal);
  entry = pf_glossary_entry (glossary, 0);
  g_assert_cmpmem (entry.term.data, entry.term.len, "a\0b", 3);
  g_assert_cmpmem (entry.value.data, entry.value.len, "\0\xFF", 2);
  pf_glossary_unref (glossary);
}

static void
test_many (void)
{
  PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });
  PfGlossary *glossary;
  char term[24], value[24];

  for (guint n = 0; n < 20000; n++) {
    g_snprintf (term, sizeof term, "term-%u", n % 9000);
    g_snprintf (value, sizeof value, "%u", n);
    add (builder, term, value, "");
  }
  glossary = seal (builder);
  g_assert_cmpuint (pf_glossary_n_entries (glossary), ==, 20000);
  for (guint n = 0; n < 20000; n++) {
    PfEntry entry = pf_glossary_entry (glossary, n);

    g_snprintf (term, sizeof term, "term-%u", n % 9000);
    g_snprintf (value, sizeof value, "%u", n);
    g_assert_cmpuint (entry.term_id, ==, n % 9000);
    assert_span (entry.term, term);
    assert_span (entry.value, value);
  }
  pf_glossary_unref (glossary);
}

/* SOURCE has entries of its own, and one that all sources have. */
static void
add_source (PfGlossaryBuilder *builder, const char *source)
{
  PfSourceRules rules = { .label = pf_span_str (source) };

  pf_glossary_builder_begin (builder, source, &rules);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *term = g_strdup_printf ("%s %u", source, i);

    add (builder, term, source, "");
  }
  add (builder, "common", "v", "l");
  add (builder, "common", "v", "l");
}

static void
assert_same_glossary (PfGlossary *a, PfGlossary *b)
{
  gsize n = pf_glossary_n_entries (a);

  g_assert_cmpuint (pf_glossary_n_entries (b), ==, n);
  for (gsize i = 0; i < n; i++) {
    PfEntry x = pf_glossary_entry (a, i), y = pf_glossary_entry (b, i);

    g_assert_true (pf_span_equal (x.term, y.term));
    g_assert_true (pf_span_equal (x.value, y.value));
    g_assert_true (pf_span_equal (x.label, y.label));
    g_assert_true (pf_span_equal (x.glossary, y.glossary));
    g_assert_cmpuint (x.term_id, ==, y.term_id);
  }
}

/* Sources that were read into builders of their own are as if they had been
 * read into one. */
static void
test_append (void)
{
  static const char *const sources[] = { "one", "two", "three", "four" };
  PfGlossaryBuilder *whole = pf_glossary_builder_new ();
  PfGlossaryBuilder *parts[4];
  PfGlossary *expected, *glossary;

  for (guint i = 0; i < 4; i++) {
    add_source (whole, sources[i]);
    parts[i] = pf_glossary_builder_new ();
    add_source (parts[i], sources[i]);
  }
  /* In two steps: a builder of two sources behind one of two. */
  g_assert_true (pf_glossary_builder_append (parts[0], parts[1], NULL));
  g_assert_true (pf_glossary_builder_append (parts[2], parts[3], NULL));
  g_assert_true (pf_glossary_builder_append (parts[0], parts[2], NULL));
  for (guint i = 1; i < 4; i++)
    pf_glossary_builder_free (parts[i]);
  expected = seal (whole);
  glossary = seal (parts[0]);
  g_assert_cmpuint (pf_glossary_n_entries (glossary), ==, 16);
  assert_same_glossary (expected, glossary);
  pf_glossary_unref (expected);
  pf_glossary_unref (glossary);
}

/* What would not fit is not begun. */
static void
test_memory (void)
{
  PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });
  g_auto (PfError) error = { 0 };

  for (guint i = 0; i < 100; i++) {
    g_autofree char *term = g_strdup_printf ("term %060u", i);

    add (builder, term, "", "");
  }
  pf_glossary_builder_set_memory (builder, 4096);
  g_assert_null (pf_glossary_builder_seal (builder, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_TEMPORARY);
  pf_glossary_builder_free (builder);
}

#define N_THREADS 4

typedef struct {
  PfGlossary *glossary; /* a reference of the thread's own */
  atomic_uint *n_wrong;
} User;

/* Takes and gives references, and reads as long as it has its own. */
static void
use_glossary (void *data)
{
  User *self = data;

  for (guint n = 0; n < 2000; n++) {
    PfGlossary *mine = pf_glossary_ref (self->glossary);
    PfSpan term = pf_glossary_entry (mine, n % 2).term;

    if (term.len != 3 || term.data[0] != (n % 2 == 0 ? 'c' : 'd'))
      atomic_fetch_add (self->n_wrong, 1);
    pf_glossary_unref (mine);
  }
  pf_glossary_unref (self->glossary);
}

/*   main:      ref, ref, ... unref
 *   threads:   ref unref ref unref ...  unref; the last one frees
 *
 * Whoever is last, nothing is freed twice, or read after that, or left.
 */
static void
test_refcount (void)
{
  for (guint round = 0; round < 5; round++) {
    PfGlossaryBuilder *builder = begin (&(PfSourceRules){ 0 });
    atomic_uint n_wrong = 0;
    uv_thread_t threads[N_THREADS];
    User users[N_THREADS];
    PfGlossary *glossary;

    add (builder, "cat", "", "");
    add (builder, "dog", "", "");
    glossary = seal (builder);
    for (guint i = 0; i < N_THREADS; i++)
      users[i] = (User){ pf_glossary_ref (glossary), &n_wrong };
    for (guint i = 0; i < N_THREADS; i++)
      g_assert_cmpint (uv_thread_create (&threads[i], use_glossary, &users[i]),
                       ==, 0);
    pf_glossary_unref (glossary);
    for (guint i = 0; i < N_THREADS; i++)
      uv_thread_join (&threads[i]);
    g_assert_cmpuint (atomic_load (&n_wrong), ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/glossary/order", test_order);
  g_test_add_func ("/glossary/empty", test_empty);
  g_test_add_func ("/glossary/not-sealed", test_not_sealed);
  g_test_add_func ("/glossary/trim", test_trim);
  g_test_add_func ("/glossary/collapse", test_collapse);
  g_test_add_func ("/glossary/collapse/by-source", test_collapse_by_source);
  g_test_add_func ("/glossary/term-ids", test_term_ids);
  g_test_add_func ("/glossary/source-rules", test_source_rules);
  g_test_add_func ("/glossary/limits", test_limits);
  g_test_add_func ("/glossary/limits/after-trim", test_limit_after_trim);
  g_test_add_func ("/glossary/refused", test_refused);
  g_test_add_func ("/glossary/nul", test_nul);
  g_test_add_func ("/glossary/many", test_many);
  g_test_add_func ("/glossary/append", test_append);
  g_test_add_func ("/glossary/memory", test_memory);
  g_test_add_func ("/glossary/refcount", test_refcount);
  return g_test_run ();
}
