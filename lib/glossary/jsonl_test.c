/* What is read from a line of jsonl, and what is refused. */
#include <string.h>

#include "glossary/format.h"
#include "glossary/source.h"

#ifdef HAVE_JANSSON

/* "term|value|label|rules" for each entry of LINE, or what is wrong with it. */
static char *
read_line (const char *line)
{
  g_autoptr (PfBatch) batch = pf_batch_new ();
  GString *out = g_string_new (NULL);
  g_auto (PfError) error = { 0 };
  gboolean done =
      pf_format_jsonl.parse (batch, pf_span_str (line), NULL, &error);
  const PfRawEntry *entries = pf_batch_entries (batch);

  g_assert_cmpint (done, ==, !pf_error_is_set (&error));
  for (gsize i = 0; done && i < pf_batch_size (batch); i++) {
    const char *text = (const char *)entries[i].term;

    g_string_append_printf (
        out, "%.*s|%.*s|%.*s|%x ", entries[i].term_len, text,
        (int)entries[i].value_len, text + entries[i].term_len,
        (int)entries[i].label_len,
        text + entries[i].term_len + entries[i].value_len, entries[i].rules);
  }
  if (!done)
    g_string_append_printf (out, "%d %s", error.status, error.message);
  return g_string_free (out, FALSE);
}

typedef struct {
  const char *line, *expected;
} Row;

static void
check_rows (const Row *rows, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *seen = read_line (rows[i].line);

    g_assert_cmpstr (seen, ==, rows[i].expected);
  }
}

static void
test_entries (void)
{
  PfRuleBits bits = pf_rule_bits (PF_CASE_IGNORE, PF_BOUNDARY_HOST, FALSE);
  g_autofree char *rules = g_strdup_printf ("a|||%x ", bits);
  const Row rows[] = {
    { "", "" },
    { " \t", "" },
    { "{\"term\":\"a\"}", "a|||0 " },
    { " { \"label\" : \"l\" , \"value\" : \"v\" , \"term\" : \" a \" } ",
      "a|v|l|0 " },
    { "{\"term\":\"a\",\"value\":[\"v\",\"w\"],\"label\":\"l\"}",
      "a|v|l|0 a|w|l|0 " },
    { "{\"value\":[\"v\",\"w\"],\"term\":\"a\"}", "a|v||0 a|w||0 " },
    { "{\"term\":\"a\",\"value\":[]}", "a|||0 " },
    { "{\"term\":\"a\",\"value\":null,\"label\":null,\"case\":null,"
      "\"boundary\":null}",
      "a|||0 " },
    { "{\"term\":\"a\",\"case\":\"ignore\",\"boundary\":\"host\"}", rules },
    { "{\"term\":\"\\u00e9\\uD83D\\uDE00\\/\\t.\",\"value\":\"\\\"\\\\\\n\"}",
      "\xC3\xA9\xF0\x9F\x98\x80/\t.|\"\\\n||0 " },
  };

  check_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_nul (void)
{
  g_autoptr (PfBatch) batch = pf_batch_new ();
  PfSpan line = pf_span_str ("{\"term\":\"a\",\"value\":\"b\\u0000c\"}");

  g_assert_true (pf_format_jsonl.parse (batch, line, NULL, NULL));
  g_assert_cmpuint (pf_batch_entries (batch)->value_len, ==, 3);
  g_assert_cmpint (memcmp (pf_batch_entries (batch)->term, "ab\0c", 4), ==, 0);
}

static void
test_malformed (void)
{
  static const Row rows[] = {
    { "{}", "65 no term" },
    { "[]", "65 expected an object" },
    { "{\"term\":\"\"}", "65 empty term" },
    { "{\"term\":null}", "65 term must be a string" },
    { "{\"term\":1}", "65 term must be a string" },
    { "{\"term\":\"a\\u0000\"}", "65 term with a NUL character" },
    { "{\"term\":\"a\",\"values\":\"v\"}", "65 unknown key \"values\"" },
    { "{\"term\":\"a\",\"value\":1}",
      "65 value must be a string, or an array of strings" },
    { "{\"term\":\"a\",\"value\":[\"v\",null]}",
      "65 value must be a string, or an array of strings" },
    { "{\"term\":\"a\",\"value\":{}}",
      "65 value must be a string, or an array of strings" },
    { "{\"term\":\"a\",\"label\":[]}", "65 label must be a string" },
    { "{\"term\":\"a\",\"case\":\"odd\"}",
      "65 case must be \"exact\" or \"ignore\"" },
    { "{\"term\":\"a\",\"boundary\":\"odd\"}", "65 boundary is not known" },
  };

  check_rows (rows, G_N_ELEMENTS (rows));
}

/* The words are the library's. */
static void
test_no_json (void)
{
  static const char *const lines[] = { "a",
                                       "{",
                                       "{\"term\":\"a\"",
                                       "{\"term\":\"a\"} x",
                                       "{\"term\":\"a\"}{}",
                                       "{\"term\":\"a\",}",
                                       "{term:\"a\"}",
                                       "{'term':'a'}",
                                       "{\"term\":\"a\",\"term\":\"b\"}",
                                       "{\"term\":\"\\ud83d\"}",
                                       "{\"term\":\"\\ude00\\ud83d\"}",
                                       "{\"term\":\"\\x\"}",
                                       "{\"term\":\"\t\"}",
                                       "{\"term\":\"\xFF\"}",
                                       "# a" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree char *seen = read_line (lines[i]);

    g_assert_true (g_str_has_prefix (seen, "65 byte "));
  }
}

static void
test_deep (void)
{
  GString *line = g_string_new ("{\"term\":");
  g_autofree char *seen = NULL;

  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (line, '[');
  seen = read_line (line->str);
  g_assert_true (g_str_has_prefix (seen, "65 byte "));
  g_string_free (line, TRUE);
}

static void
add_tests (void)
{
  g_test_add_func ("/jsonl/entries", test_entries);
  g_test_add_func ("/jsonl/nul", test_nul);
  g_test_add_func ("/jsonl/malformed", test_malformed);
  g_test_add_func ("/jsonl/no-json", test_no_json);
  g_test_add_func ("/jsonl/deep", test_deep);
}

#else

static void
test_lacking (void)
{
  g_auto (PfError) error = { 0 };
  PfSource source;

  g_assert_false (pf_source_parse (&source, "x.jsonl", &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_USAGE);
  g_assert_cmpstr (
      error.message, ==,
      "glossary format jsonl needs jansson, which this build lacks");
  pf_source_clear (&source);
}

static void
add_tests (void)
{
  g_test_add_func ("/jsonl/lacking", test_lacking);
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_tests ();
  return g_test_run ();
}
