#include "sink/format.h"

static const PfRecordStyle plain = { 0 };
static const PfRecordStyle terminal = { .terminal = TRUE };

static PfEntry
entry_of (const char *term, const char *value, const char *label,
          const char *glossary)
{
  return (PfEntry){ .term = pf_span_str (term),
                    .value = pf_span_str (value),
                    .label = pf_span_str (label),
                    .glossary = pf_span_str (glossary) };
}

static void
check_match (const PfMatchRecord *record, const PfRecordStyle *style,
             const char *expected)
{
  g_autoptr (GString) out = g_string_new ("before\n");
  g_autofree char *whole = g_strconcat ("before\n", expected, NULL);

  pf_record_format_tsv.match (out, record, style);
  g_assert_cmpstr (out->str, ==, whole);
}

/* A row for each entry; missing values and labels are empty columns. */
static void
test_match (void)
{
  PfEntry entries[] = { entry_of ("new york", "NYC", "city", "g.tsv"),
                        entry_of ("New  York", "", "", "@x") };
  PfMatchRecord record = { .name = pf_span_str ("a/b"),
                           .line = 7,
                           .column = 3,
                           .offset = 100,
                           .text = pf_span_str ("new\n york"),
                           .entries = entries,
                           .n_entries = 2 };

  check_match (&record, &plain,
               "a/b\t7\t3\t100\t9\tnew\\n york\tnew york\tNYC\tcity\tg.tsv\n"
               "a/b\t7\t3\t100\t9\tnew\\n york\tNew  York\t\t\t@x\n");
}

/* Nothing in a column ends it, and nothing else is changed. */
static void
test_escapes (void)
{
  PfEntry entry = entry_of ("a\tb", "c\\d", "e\nf\r", "g\th");
  PfMatchRecord record = { .name = pf_span_str ("p\\tq\\n\\\\"),
                           .line = G_MAXUINT64,
                           .column = 1,
                           .text = pf_span_str ("a\tb\x1B\xFF"),
                           .entries = &entry,
                           .n_entries = 1 };

  check_match (&record, &plain,
               "p\\tq\\n\\\\\t18446744073709551615\t1\t0\t5\ta\\tb\x1B\xFF\t"
               "a\\tb\tc\\\\d\te\\nf\\r\tg\\th\n");
}

static void
check_name (const char *path, const PfRecordStyle *style, const char *expected)
{
  g_autoptr (GString) name = g_string_new (NULL);

  pf_record_format_tsv.name (name, pf_span_str (path), style);
  g_assert_cmpstr (name->str, ==, expected);
}

/* A name is one column, and cannot drive a terminal. */
static void
test_name (void)
{
  check_name ("p\tq\n\\\x1B", &plain, "p\\tq\\n\\\\\x1B");
  check_name ("p\x1B[1m", &terminal, "p\\x1b[1m");
}

static void
test_counts (void)
{
  const PfRecordFormat *format = &pf_record_format_tsv;
  g_autoptr (GString) out = g_string_new (NULL);

  format->count (out, pf_span_str ("a\\nb"), 42);
  format->term_count (out, pf_span_str ("a\\tb"), pf_span_str ("x\\y"), 7);
  format->total (out, pf_span_str ("x\ty"), 9, 3);
  format->path (out, pf_span_str ("a\tb"), &plain);
  format->path (out, pf_span_str ("a\x1B"), &terminal);
  g_assert_cmpstr (out->str, ==,
                   "a\\nb\t42\n"
                   "a\\tb\tx\\\\y\t7\n"
                   "x\\ty\t9\t3\n"
                   "a\\tb\n"
                   "a\\x1b\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tsv/match", test_match);
  g_test_add_func ("/tsv/match/escapes", test_escapes);
  g_test_add_func ("/tsv/name", test_name);
  g_test_add_func ("/tsv/counts", test_counts);
  return g_test_run ();
}
