/* What matches and the text between them become. */
#include "sink/markup.h"
#include "sink/template.h"

static const PfEntry entries[] = {
  { .term = { (const guint8 *)"t", 1 },
    .value = { (const guint8 *)"a<\"b\n", 5 },
    .label = { (const guint8 *)"l", 1 },
    .glossary = { (const guint8 *)"g", 1 } },
  { .term = { (const guint8 *)"t", 1 },
    .value = { (const guint8 *)"c*", 2 },
    .glossary = { (const guint8 *)"h", 1 } },
  { .term = { (const guint8 *)"t", 1 },
    .value = { (const guint8 *)"c*", 2 },
    .glossary = { (const guint8 *)"g", 1 } },
  { .term = { (const guint8 *)"u", 1 } },
};

static PfMatchRecord
record_of (const char *text, guint first, guint n)
{
  return (PfMatchRecord){ .name = pf_span_str ("p"),
                          .line = 3,
                          .column = 4,
                          .text = pf_span_str (text),
                          .entries = entries + first,
                          .n_entries = n };
}

static void
check_match (const PfMarkup *markup, const PfTemplate *template,
             const char *text, guint first, guint n, const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);
  PfMatchRecord record = record_of (text, first, n);

  markup->match (out, &record, template);
  g_assert_cmpstr (out->str, ==, expected);
}

static void
check_keep (const PfMarkup *markup, const char *text, const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);

  markup->keep (out, pf_span_str (text));
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_html (void)
{
  check_match (&pf_markup_html, NULL, "a&b", 3, 1, "<mark>a&amp;b</mark>");
  check_match (&pf_markup_html, NULL, "x", 0, 3,
               "<abbr title=\"a&lt;&quot;b\n, c*\">x</abbr>");
  check_keep (&pf_markup_html, "<a href=\"x\">&\xFF</a>",
              "&lt;a href=&quot;x&quot;&gt;&amp;\xFF&lt;/a&gt;");
}

static void
test_markdown (void)
{
  check_match (&pf_markup_markdown, NULL, "a*b", 3, 1, "**a*b**");
  check_match (&pf_markup_markdown, NULL, "x", 0, 3, "**x** (a\\<\"b , c\\*)");
  g_assert_null (pf_markup_markdown.keep);
}

static void
test_ansi (void)
{
  check_match (&pf_markup_ansi, NULL, "x\x1B", 3, 1, "\x1B[1;31mx\\x1b\x1B[0m");
  check_match (&pf_markup_ansi, NULL, "x", 1, 2,
               "\x1B[1;31mx\x1B[0m\x1B[2m (c*)\x1B[0m");
  check_keep (&pf_markup_ansi, "a\r\n\t\x1B[1m\xC2\x9B\x7Fz",
              "a\r\n\t\\x1b[1m\\xc2\\x9b\\x7fz");
}

static void
check_template (const char *text, const char *expected)
{
  g_autoptr (PfTemplate) template = pf_template_new (text, NULL);

  g_assert_nonnull (template);
  check_match (&pf_markup_template, template, "x", 0, 3, expected);
}

static void
test_template (void)
{
  check_template ("", "");
  check_template ("[{text}]({value})", "[x](a<\"b\n, c*)");
  check_template ("{term}|{label}|{glossary}|{path}|{line}|{column}",
                  "t|l|g, h|p|3|4");
  check_template ("{{{text}}}\\n\\t\\\\\\x", "{x}\n\t\\\\x");
}

static void
check_refused (const char *text, const char *message)
{
  g_auto (PfError) error = { 0 };

  g_assert_null (pf_template_new (text, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_USAGE);
  g_assert_nonnull (strstr (error.message, message));
}

static void
test_bad_templates (void)
{
  check_refused ("a{text", "{ without }");
  check_refused ("a}b", "} without {");
  check_refused ("{tex}", "{tex} is not one of the fields text, term");
  check_refused ("{}", "{} is not");
  check_refused ("{texts}", "{texts} is not");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markup/html", test_html);
  g_test_add_func ("/markup/markdown", test_markdown);
  g_test_add_func ("/markup/ansi", test_ansi);
  g_test_add_func ("/markup/template", test_template);
  g_test_add_func ("/markup/bad-templates", test_bad_templates);
  return g_test_run ();
}
