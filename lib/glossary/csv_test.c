/* What is read from csv, however its bytes come. */
#include "glossary/stream_format.h"

#include <string.h>

#include "base/test_feed.h"
#include "glossary/format.h"

#ifdef HAVE_CSV

/* "term|value|label|rules" for each entry. */
static void
show (GString *out, const PfBatch *batch)
{
  const PfRawEntry *entries = pf_batch_entries (batch);

  for (gsize i = 0; i < pf_batch_size (batch); i++) {
    const PfRawEntry *e = &entries[i];
    const char *text = (const char *)e->term;

    g_string_append_len (out, text, e->term_len);
    g_string_append_c (out, '|');
    g_string_append_len (out, text + e->term_len, e->value_len);
    g_string_append_c (out, '|');
    g_string_append_len (out, text + e->term_len + e->value_len, e->label_len);
    g_string_append_printf (out, "|%x\n", e->rules);
  }
}

/* All that came of TEXT, which comes STEP bytes at a time. */
static char *
read_text (PfSpan text, const char *keys, gsize step, gboolean lenient)
{
  g_autofree char *spec = g_strconcat ("x.csv", keys, NULL);
  g_autoptr (PfBatch) batch = pf_batch_new ();
  g_auto (PfError) error = { 0 };
  PfReadReport report = { 0 };
  PfTestFeed from = { .data = text, .step = step };
  GString *out = g_string_new (NULL);
  PfSource source;
  PfStream stream = { .source = &source,
                      .bytes = { pf_test_feed, &from },
                      .batch = batch,
                      .lenient = lenient,
                      .report = &report };

  g_assert_true (pf_source_parse (&source, spec, NULL));
  g_assert_cmpint (source.stream->read (&stream, &error), ==,
                   !pf_error_is_set (&error));
  show (out, batch);
  if (pf_error_is_set (&error))
    g_string_append_printf (out, "%d %s\n", error.status, error.message);
  if (report.skipped > 0)
    g_string_append_printf (out, "skipped %" G_GUINT64_FORMAT ", %s\n",
                            report.skipped, report.first.message);
  pf_read_report_clear (&report);
  pf_source_clear (&source);
  return g_string_free (out, FALSE);
}

typedef struct {
  const char *keys, *text, *expected;
} Row;

static void
check_rows (const Row *rows, gsize n, gboolean lenient)
{
  static const gsize steps[] = { 1, 2, 3, 7, 1000000 };

  for (gsize i = 0; i < n; i++)
    for (guint k = 0; k < G_N_ELEMENTS (steps); k++) {
      g_autofree char *seen = read_text (pf_span_str (rows[i].text),
                                         rows[i].keys, steps[k], lenient);

      g_assert_cmpstr (seen, ==, rows[i].expected);
    }
}

static void
test_cells (void)
{
  static const Row rows[] = {
    { "", "", "" },
    { "", "a", "a|||0\n" },
    { "", "a,v,l\nb,,\n", "a|v|l|0\nb|||0\n" },
    { "", "a,v,l\r\nb,w\r\n", "a|v|l|0\nb|w||0\n" },
    { "", "a,v\rb,w\r", "a|v||0\nb|w||0\n" },
    { "", "\xEF\xBB\xBF\"a\",v\n", "a|v||0\n" },
    { "", "\n\r\n  \na\n\n", "a|||0\n" },
    { "", "\"a, b\",\"say \"\"hi\"\"\"\n", "a, b|say \"hi\"||0\n" },
    { "", "a,\"x\ny\r\nz\"\nb\n", "a|x\ny\r\nz||0\nb|||0\n" },
    { "", "a, v ,\tl\n", "a| v |\tl|0\n" },
    { "", "# a,v\n", "# a|v||0\n" },
    { "", "a,\"\",\"\"\n", "a|||0\n" },
    { ",delim=semicolon", "a;v,w\n", "a|v,w||0\n" },
    { ",delim=;", "a;v,w\n", "a|v,w||0\n" },
    { ",delim=tab", "a\tv\n", "a|v||0\n" },
    { ",delim=pipe", "a|v\n", "a|v||0\n" },
  };

  check_rows (rows, G_N_ELEMENTS (rows), FALSE);
  check_rows (rows, G_N_ELEMENTS (rows), TRUE);
}

static void
test_columns (void)
{
  static const Row rows[] = {
    { "", "Id,TERM,Note, Value \n1,a,x,v\n", "a|v||0\n" },
    { "", "label,term\nl,a\n", "a||l|0\n" },
    { "", "a,term\nx,y\n", "y|||0\n" },
    { "", "term\nterm\n", "term|||0\n" },
    { "", "\n\nterm\na\n", "a|||0\n" },
    { ",term=2", "x,a\ny,b\n", "a|||0\nb|||0\n" },
    { ",term=2", "x,term\ny,b\n", "b|||0\n" },
    { ",value=2", "a,v,l\n", "a|v||0\n" },
    { ",term=word,value=3", "n,Word,v\n1,a,w\n", "a|w||0\n" },
    { ",value=x", "term,value,x,label\na,v,w,l\n", "a|w||0\n" },
    { ",label=2", "a,l,x\n", "a||l|0\n" },
    { ",term=1,label=3,value=2", "a,v,l\n", "a|v|l|0\n" },
    { ",term=x,delim=;", "w;x\n1;a,b\n", "a,b|||0\n" },
  };

  check_rows (rows, G_N_ELEMENTS (rows), FALSE);
}

static void
test_rules (void)
{
  PfRuleBits ignore = pf_rule_bits (PF_CASE_IGNORE, PF_BOUNDARY_UNSET, FALSE);
  PfRuleBits both = pf_rule_bits (PF_CASE_EXACT, PF_BOUNDARY_NONE, FALSE);
  g_autofree char *expected =
      g_strdup_printf ("a|||%x\nb|||%x\nc|||0\n", ignore, both);
  const Row rows[] = {
    { "", "a,,,case=ignore\nb,,,boundary=none,case=exact,\nc\n", expected },
    { "", "term,case,boundary\na,ignore,\nb, exact,none \nc,,\n", expected },
  };

  check_rows (rows, G_N_ELEMENTS (rows), FALSE);
}

static void
test_malformed (void)
{
  static const Row rows[] = {
    { "", "a\nb\"c\nd\n", "a|||0\n65 2: misplaced quote\n" },
    { "", "a\n\"b\"c\n", "a|||0\n65 2: misplaced quote\n" },
    { "", "a\n\n\"b\n\n\"c\n",
      "a|||0\n65 3: misplaced quote, in line 5 of the same row\n" },
    { "", "a\n\"b\nc\n",
      "a|||0\n65 2: quote without an end, in line 3 of the "
      "same row\n" },
    { "", "\"x\ny\"\n,v\n", "x\ny|||0\n65 3: empty term\n" },
    { ",term=2", "a,b\nc\n",
      "b|||0\n65 2: no column 2, which is to hold the term\n" },
    { ",term=x", "a,b\nc\n", "65 1: no column is called x\n" },
    { ",value=3", "a,b\nc,d\n",
      "65 1: no column 3, which is to hold the value\n" },
    { ",term=x,label=4", "\nx,y,z\na,b,c,d\n",
      "65 2: no column 4, which is to hold the label\n" },
    { ",value=2,label=3", "a,b,c\nd,e\nf\n", "a|b|c|0\nd|e||0\nf|||0\n" },
    { "", "value,term,Value\na,b,c\n", "65 1: two columns are called value\n" },
    { ",term=x", "x,y,x \na,b,c\n", "65 1: two columns are called x\n" },
    { ",term=x", "x,y,y\na,b,c\n", "a|||0\n" },
    { ",value=x", "a,b\nc\n", "65 1: no column is called term\n" },
    { "", "a,,,x\n", "65 1: unknown rule in a column after the label: x\n" },
    { "", "term,case\na,x\n", "65 2: unknown rule in column case: x\n" },
    { "", "term,boundary\na,x\n",
      "65 2: unknown rule in column boundary: x\n" },
    { "", "a\xFF\n", "65 1: term is not valid UTF-8\n" },
  };

  check_rows (rows, G_N_ELEMENTS (rows), FALSE);
}

/* Up to the end of the line that shows it. */
static void
test_lenient (void)
{
  static const Row rows[] = {
    { "", "a\nb\"c,d\ne\n", "a|||0\ne|||0\nskipped 1, 2: misplaced quote\n" },
    { "", "\"a\nb\"c\nd\n,v\n",
      "d|||0\nskipped 2, 1: misplaced quote, in line 2 of the same row\n" },
    { "", "a\n\"b\nc\n",
      "a|||0\nskipped 1, 2: quote without an end, in line 3 "
      "of the same row\n" },
    { "", "a,,,x\nb\n",
      "b|||0\nskipped 1, 1: unknown rule in a column after "
      "the label: x\n" },
    { ",term=x", "a,b\nc\n", "65 1: no column is called x\n" },
  };

  check_rows (rows, G_N_ELEMENTS (rows), TRUE);
}

/* A quote that never ends does not fill the memory, nor hides what follows. */
static void
test_too_long (void)
{
  GString *text = g_string_new ("a\n\"b\n");
  g_autofree char *seen = NULL;

  while (text->len <= PF_LINE_MAX_BYTES + 1000)
    g_string_append (text, "one more line of the cell\n");
  g_string_append (text, "c,d\n");
  seen = read_text ((PfSpan){ (const guint8 *)text->str, text->len }, "",
                    100000, FALSE);
  g_assert_cmpstr (seen, ==, "a|||0\n65 2: row too long\n");
  g_free (seen);
  seen = read_text ((PfSpan){ (const guint8 *)text->str, text->len }, "",
                    100000, TRUE);
  g_assert_true (g_str_has_suffix (seen, "\nc|d||0\nskipped 1, 2: row too "
                                         "long\n"));
  g_string_free (text, TRUE);
}

static void
test_refused (void)
{
  static const char *const specs[] = {
    "x.csv,term=0",    "x.csv,value=",   "x.csv,delim=",   "x.csv,delim=ab",
    "x.csv,delim=\"",  "x.tsv,delim=;",  "x.txt,term=1",   "x.pfg,value=2",
    "x.csv,delim=\n",  "x.csv,case=odd", "x.csv,label=00", "x.csv,delim=\xC3",
    "x.csv:tsv,term=1"
  };

  for (guint i = 0; i < G_N_ELEMENTS (specs); i++) {
    g_auto (PfError) error = { 0 };
    PfSource source;

    g_test_message ("%s", specs[i]);
    g_assert_false (pf_source_parse (&source, specs[i], &error));
    g_assert_cmpint (error.status, ==, PF_STATUS_USAGE);
    pf_source_clear (&source);
  }
}

static void
add_tests (void)
{
  g_test_add_func ("/csv/cells", test_cells);
  g_test_add_func ("/csv/columns", test_columns);
  g_test_add_func ("/csv/rules", test_rules);
  g_test_add_func ("/csv/malformed", test_malformed);
  g_test_add_func ("/csv/lenient", test_lenient);
  g_test_add_func ("/csv/too-long", test_too_long);
  g_test_add_func ("/csv/refused", test_refused);
}

#else

static void
test_lacking (void)
{
  g_auto (PfError) error = { 0 };
  PfSource source;

  g_assert_false (pf_source_parse (&source, "x.csv", &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_USAGE);
  g_assert_cmpstr (error.message, ==,
                   "glossary format csv needs libcsv, which this build lacks");
  pf_source_clear (&source);
}

static void
add_tests (void)
{
  g_test_add_func ("/csv/lacking", test_lacking);
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_tests ();
  return g_test_run ();
}
