#include "sink/format.h"

static const PfRecordStyle plain = { 0 };
static const PfRecordStyle terminal = { .terminal = TRUE };
static const PfRecordStyle exact = { .exact_space = TRUE };

static GString *
name_of (const char *path, const PfRecordStyle *style)
{
  GString *name = g_string_new (NULL);

  pf_record_format_text.name (name, pf_span_str (path), style);
  return name;
}

/* A match of TEXT at 7:3 with entries of these values, NULL at their end. */
static void
check_match (const char *path, const char *text, const char *const *values,
             const PfRecordStyle *style, const char *expected)
{
  g_autoptr (GString) out = g_string_new ("before\n");
  g_autofree char *whole = g_strconcat ("before\n", expected, NULL);
  PfEntry entries[4] = { 0 };
  g_autoptr (GString) name = name_of (path, style);
  PfMatchRecord record = { .name = { (guint8 *)name->str, name->len },
                           .line = 7,
                           .column = 3,
                           .offset = 100,
                           .text = pf_span_str (text),
                           .entries = entries };

  for (; values[record.n_entries] != NULL; record.n_entries++) {
    entries[record.n_entries].term = pf_span_str ("term");
    entries[record.n_entries].value = pf_span_str (values[record.n_entries]);
  }
  pf_record_format_text.match (out, &record, style);
  g_assert_cmpstr (out->str, ==, whole);
}

static void
check_text (const char *text, const PfRecordStyle *style, const char *expected)
{
  static const char *const none[] = { "", NULL };
  g_autofree char *line = g_strconcat ("f:7:3: ", expected, "\n", NULL);

  check_match ("f", text, none, style, line);
}

static void
test_match (void)
{
  static const char *const none[] = { "", NULL };
  static const char *const one[] = { "the", NULL };

  check_match ("a/b.c", "teh", none, &plain, "a/b.c:7:3: teh\n");
  check_match ("a/b.c", "teh", one, &plain, "a/b.c:7:3: teh -> the\n");
}

/* Several are joined; empty ones and repeated ones say nothing. */
static void
test_values (void)
{
  static const char *const several[] = { "this", "thus", NULL };
  static const char *const empty[] = { "", "thus", "", NULL };
  static const char *const same[] = { "this", "thus", "this", NULL };
  static const char *const nasty[] = { "a\tb\nc\x1B", NULL };
  static const char *const spaced[] = { "a  b", NULL };

  check_match ("f", "ths", several, &plain, "f:7:3: ths -> this, thus\n");
  check_match ("f", "ths", empty, &plain, "f:7:3: ths -> thus\n");
  check_match ("f", "ths", same, &plain, "f:7:3: ths -> this, thus\n");
  check_match ("f", "x", nasty, &plain, "f:7:3: x -> a\\tb\\nc\\x1b\n");
  check_match ("f", "x", spaced, &plain, "f:7:3: x -> a  b\n");
}

/* Many values, of which few are different: each once, in the order in which
 * they came. */
static void
test_many_values (void)
{
  enum { MANY = 20000 };
  g_autofree PfEntry *entries = g_new0 (PfEntry, MANY);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new ("f:1:1: x -> 0");
  PfMatchRecord record = { .name = pf_span_str ("f"),
                           .line = 1,
                           .column = 1,
                           .text = pf_span_str ("x"),
                           .entries = entries,
                           .n_entries = MANY };

  for (guint i = 0; i < MANY; i++) {
    char *value = g_strdup_printf ("%u", i % 7000 / 2);

    g_ptr_array_add (values, value);
    entries[i].value = pf_span_str (i % 3 == 2 ? "" : value);
    if (i > 1 && i < 7000 && i % 2 == 0)
      g_string_append_printf (expected, ", %u", i / 2);
  }
  pf_record_format_text.match (out, &record, &plain);
  g_string_append_c (expected, '\n');
  g_assert_cmpstr (out->str, ==, expected->str);
}

/* A run of white space is one space; with exact space it is what it is, but
 * one match is always one line. */
static void
test_space (void)
{
  check_text ("new \r\n\tyork", &plain, "new york");
  check_text ("new\u3000york", &plain, "new york");
  check_text ("new  york", &exact, "new  york");
  check_text ("new\r\n\tyork", &exact, "new\\r\\n\\tyork");
  check_text ("a\x1B"
              "b",
              &plain,
              "a\\x1b"
              "b");
}

static void
test_names (void)
{
  static const char *const none[] = { "", NULL };

  check_match ("a\nb:c", "x", none, &plain, "a\\nb:c:7:3: x\n");
  check_match ("a\x1B[1m", "x", none, &plain, "a\x1B[1m:7:3: x\n");
  check_match ("a\x1B[1m", "x", none, &terminal, "a\\x1b[1m:7:3: x\n");
}

static void
test_color (void)
{
  static const char *const values[] = { "v", NULL };
  static const PfRecordStyle colored = { .color = TRUE };
  g_autoptr (GString) out = g_string_new (NULL);

  check_match ("f", "x y", values, &colored,
               "\33[35m\33[Kf\33[m\33[K\33[36m\33[K:\33[m\33[K"
               "\33[32m\33[K7\33[m\33[K\33[36m\33[K:\33[m\33[K"
               "\33[32m\33[K3\33[m\33[K\33[36m\33[K:\33[m\33[K"
               " \33[01;31m\33[Kx y\33[m\33[K -> v\n");
  pf_record_format_text.path (out, pf_span_str ("f"), &colored);
  g_assert_cmpstr (out->str, ==, "\33[35m\33[Kf\33[m\33[K\n");
}

static void
test_counts (void)
{
  const PfRecordFormat *format = &pf_record_format_text;
  g_autoptr (GString) out = g_string_new (NULL);

  format->count (out, pf_span_str ("a\\nb"), 42);
  format->term_count (out, pf_span_str ("f"), pf_span_str ("x\ty"), 7);
  format->total (out, pf_span_str ("new york"), G_MAXUINT64, 3);
  format->total (out, pf_span_str ("x\ny"), 1, 1);
  g_assert_cmpstr (out->str, ==,
                   "a\\nb:42\n"
                   "f\tx\\ty\t7\n"
                   "new york\t18446744073709551615\t3\n"
                   "x\\ny\t1\t1\n");
}

/* Lists of names are for other programs, but on a terminal. */
static void
test_path (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  pf_record_format_text.path (out, pf_span_str ("a b\tc\x1B"), &plain);
  pf_record_format_text.path (out, pf_span_str ("a b\tc\x1B"), &terminal);
  g_assert_cmpstr (out->str, ==, "a b\tc\x1B\na b\\tc\\x1b\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/match", test_match);
  g_test_add_func ("/text/match/values", test_values);
  g_test_add_func ("/text/match/many-values", test_many_values);
  g_test_add_func ("/text/match/space", test_space);
  g_test_add_func ("/text/match/names", test_names);
  g_test_add_func ("/text/color", test_color);
  g_test_add_func ("/text/counts", test_counts);
  g_test_add_func ("/text/path", test_path);
  return g_test_run ();
}
