/* jsonl, github and sarif; what they look like as a whole is shown by the tests
 * of the program. */
#include "sink/format.h"
#include "sink/sarif.h"

static const PfRecordStyle plain = { 0 };

/* One match of two entries that goes on in another line. */
static void
append_match (GString *out, const PfRecordFormat *format, const char *path,
              const char *text, guint64 end_line)
{
  PfEntry entries[] = { { .term = pf_span_str ("t"),
                          .value = pf_span_str ("v%"),
                          .glossary = pf_span_str ("g") },
                        { .term = pf_span_str ("T"),
                          .label = pf_span_str ("l\xFF"),
                          .glossary = pf_span_str ("h") } };
  g_autoptr (GString) name = g_string_new (NULL);
  PfMatchExtent extent = { .end_line = end_line,
                           .end_column = 9,
                           .utf16_column = 2,
                           .utf16_end_column = 5 };
  PfMatchRecord record = { .line = 7,
                           .column = 3,
                           .offset = 100,
                           .text = pf_span_str (text),
                           .entries = entries,
                           .n_entries = 2,
                           .extent = &extent };

  format->name (name, pf_span_str (path), &plain);
  record.name = (PfSpan){ (const guint8 *)name->str, name->len };
  format->match (out, &record, &plain);
}

static void
test_jsonl (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  append_match (out, &pf_record_format_jsonl, "p\xE9", "t\nu", 8);
  g_assert_cmpstr (
      out->str, ==,
      "{\"type\":\"match\",\"path\":{\"bytes\":\"cOk=\"},\"line\":7,"
      "\"column\":3,\"end_line\":8,\"end_column\":9,\"offset\":100,"
      "\"length\":3,\"text\":{\"text\":\"t\\nu\"},\"term\":{\"text\":\"t\"},"
      "\"entries\":[{\"term\":{\"text\":\"t\"},\"value\":{\"text\":\"v%\"},"
      "\"label\":{\"text\":\"\"},\"glossary\":{\"text\":\"g\"}},"
      "{\"term\":{\"text\":\"T\"},\"value\":{\"text\":\"\"},"
      "\"label\":{\"bytes\":\"bP8=\"},\"glossary\":{\"text\":\"h\"}}]}\n");
}

static void
test_github (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  append_match (out, &pf_record_format_github, "a:b,c%\nd", "t", 7);
  g_assert_cmpstr (out->str, ==,
                   "::warning file=a%3Ab%2Cc%25%0Ad,line=7,col=3,endColumn=8,"
                   "title=g::t -> v%25\n");
  g_string_truncate (out, 0);
  append_match (out, &pf_record_format_github, "a", "t\nu", 8);
  g_assert_cmpstr (out->str, ==,
                   "::warning file=a,line=7,endLine=8,title=g::t u -> v%25\n");
}

static void
check_uri (const char *path, const char *uri)
{
  g_autoptr (GString) out = g_string_new (NULL);

  pf_record_format_sarif.name (out, pf_span_str (path), &plain);
  g_assert_cmpstr (out->str, ==, uri);
}

static void
test_uri (void)
{
  check_uri ("a/b-c_d.e~f", "\"a/b-c_d.e~f\"");
  check_uri ("./././a", "\"a\"");
  check_uri (".//a", "\"a\"");
  check_uri ("../a", "\"../a\"");
  check_uri ("a:b c%\xE9\"", "\"a%3Ab%20c%25%E9%22\"");
  check_uri ("/a/b", "\"file:///a/b\"");
}

static void
test_sarif_match (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  append_match (out, &pf_record_format_sarif, "a", "{t}", 7);
  g_assert_cmpstr (
      out->str, ==,
      "{\"ruleId\":\"g\",\"level\":\"warning\",\"message\":{\"text\":"
      "\"{{t}} -> v%\"},\"locations\":[{\"physicalLocation\":{"
      "\"artifactLocation\":{\"uri\":\"a\"},\"region\":{\"startLine\":7,"
      "\"startColumn\":2,\"endLine\":7,\"endColumn\":5,\"byteOffset\":100,"
      "\"byteLength\":3}}}]}\n");
}

static guint
count_of (const char *text, const char *part)
{
  guint n = 0;

  for (; (text = strstr (text, part)) != NULL; text++)
    n++;
  return n;
}

/* As many results as there may be, and one more. */
static void
check_limit (guint n, guint shown, guint left_out)
{
  PfSpan names[] = { pf_span_str ("g"), pf_span_str ("h"), pf_span_str ("g") };
  PfSarif *sarif = pf_sarif_new (names, 3);
  g_autoptr (GString) out = g_string_new (NULL);
  PfRecordSummary summary = { .complete = TRUE };

  pf_sarif_begin (sarif, out);
  g_assert_cmpuint (count_of (out->str, "\"id\":"), ==, 2);
  for (guint i = 0; i < n; i += 2)
    pf_sarif_add (sarif, out, pf_span_str (i + 1 < n ? "{r}\n{r}\n" : "{r}\n"));
  pf_sarif_end (sarif, out, &summary);
  g_assert_cmpuint (pf_sarif_left_out (sarif), ==, left_out);
  g_assert_cmpuint (count_of (out->str, "\n{r}"), ==, shown);
  g_assert_cmpuint (count_of (out->str, "{r},\n{r}"), ==,
                    shown > 0 ? shown - 1 : 0);
  g_assert_cmpuint (count_of (out->str, " results are in this log"), ==,
                    left_out > 0);
  g_assert_cmpuint (count_of (out->str, "\"executionSuccessful\":true"), ==, 1);
  pf_sarif_free (sarif);
}

static void
test_sarif_limit (void)
{
  check_limit (0, 0, 0);
  check_limit (1, 1, 0);
  check_limit (PF_SARIF_RESULTS, PF_SARIF_RESULTS, 0);
  check_limit (PF_SARIF_RESULTS + 1, PF_SARIF_RESULTS, 1);
}

/* Failures are kept, but no more than results. */
static void
test_sarif_failures (void)
{
  PfSarif *sarif = pf_sarif_new (NULL, 0);
  g_autoptr (GString) out = g_string_new (NULL);
  PfRecordSummary summary = { .failed = 1 };

  for (guint i = 0; i < PF_SARIF_RESULTS + 5; i++)
    pf_sarif_fail (sarif, pf_span_str ("f"), pf_span_str ("bad"));
  pf_sarif_end (sarif, out, &summary);
  g_assert_cmpuint (count_of (out->str, "\"text\":\"bad\""), ==,
                    PF_SARIF_RESULTS);
  g_assert_nonnull (strstr (out->str, "25000 of 25005 failed files"));
  g_assert_nonnull (strstr (out->str, "\"executionSuccessful\":false"));
  g_assert_null (strstr (out->str, "exitCode"));
  pf_sarif_free (sarif);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/formats/jsonl", test_jsonl);
  g_test_add_func ("/formats/github", test_github);
  g_test_add_func ("/formats/sarif/uri", test_uri);
  g_test_add_func ("/formats/sarif/match", test_sarif_match);
  g_test_add_func ("/formats/sarif/limit", test_sarif_limit);
  g_test_add_func ("/formats/sarif/failures", test_sarif_failures);
  return g_test_run ();
}
