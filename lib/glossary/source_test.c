#include "glossary/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "glossary/format.h"

/* How SPEC is understood: "PATH FORMAT", or the status where it is refused. */
static char *
parse (const char *spec)
{
  g_auto (PfError) error = { 0 };
  PfSource source;
  char *shown;

  if (pf_source_parse (&source, spec, &error))
    shown = g_strconcat (source.path, " ",
                         source.is_image         ? "pfg"
                         : source.format != NULL ? source.format->name
                                                 : "-",
                         NULL);
  else
    shown = g_strdup_printf ("refused %d", error.status);
  pf_source_clear (&source);
  return shown;
}

typedef struct {
  const char *given;
  const char *expected;
} Row;

static void
check_specs (const Row *rows, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *shown = parse (rows[i].given);

    g_assert_cmpstr (shown, ==, rows[i].expected);
  }
}

/* The ending names the format unless :FORMAT does. */
static void
test_spec_format (void)
{
  static const Row rows[] = {
    { "words.txt", "words.txt txt" },
    { "words.tsv", "words.tsv tsv" },
    { "fixes.codespell", "fixes.codespell codespell" },
    { "words", "words txt" },
    { "words.pfg", "words.pfg pfg" },
    { "words:pfg", "words pfg" },
    { "words.pfg:txt", "words.pfg txt" },
    { "words.tsv.gz", "words.tsv.gz tsv" },
    { "words.codespell.zst", "words.codespell.zst codespell" },
    { "words.xz", "words.xz txt" },
    { "words.gz.tsv", "words.gz.tsv tsv" },
    { "words.dic", "words.dic txt" },
    { "words.dic:tsv", "words.dic tsv" },
    { "words.tsv:txt", "words.tsv txt" },
    { "dir.tsv/words", "dir.tsv/words txt" },
    { "tsv", "tsv txt" },
    { "-", "- txt" },
    { "-:tsv", "- tsv" },
    { "words.TSV", "words.TSV txt" },
    { "@misspellings", "@misspellings -" },
  };

  check_specs (rows, G_N_ELEMENTS (rows));
}

/* Other colons and commas belong to the name. */
static void
test_spec_names (void)
{
  static const Row rows[] = {
    { "a:b", "a:b txt" },
    { "a:b.tsv", "a:b.tsv tsv" },
    { "a:b:tsv", "a:b tsv" },
    { "a:tsv:txt", "a:tsv txt" },
    { "a:tsv,b", "a:tsv,b txt" },
    { "a,b.tsv", "a,b.tsv tsv" },
    { "a,b=c", "a,b=c txt" },
    { "a,case=", "refused 64" },
    { "a,b=c,case=ignore", "a,b=c txt" },
    { "a,case=ignore,b=c", "a,case=ignore,b=c txt" },
    { "a,b:tsv,label=x", "a,b tsv" },
    { "C:\\words.tsv", "C:\\words.tsv tsv" },
    { "a:", "a: txt" },
    { "a,", "a, txt" },
  };

  check_specs (rows, G_N_ELEMENTS (rows));
}

static void
test_spec_refused (void)
{
  static const Row rows[] = {
    { "", "refused 64" },
    { ":tsv", "refused 64" },
    { ",case=exact", "refused 64" },
    { "a,case=maybe", "refused 64" },
    { "a,boundary=maybe", "refused 64" },
    { "a.tsv,delim=tab", "refused 64" },
    { "a.pfg.gz", "refused 64" },
  };

  check_specs (rows, G_N_ELEMENTS (rows));
}

static void
test_spec_keys (void)
{
  PfSource source;

  g_assert_true (pf_source_parse (
      &source, "w.tsv:txt,case=ignore,boundary=host,label=a:b", NULL));
  g_assert_cmpstr (source.path, ==, "w.tsv");
  g_assert_cmpint (source.rules.case_rule, ==, PF_CASE_IGNORE);
  g_assert_cmpint (source.rules.boundary, ==, PF_BOUNDARY_HOST);
  g_assert_cmpint (source.rules.default_case, ==, PF_CASE_EXACT);
  g_assert_true (pf_span_equal (source.rules.label, pf_span_str ("a:b")));
  pf_source_clear (&source);
  g_assert_true (pf_source_parse (&source, "@misspellings,case=exact", NULL));
  g_assert_null (source.format);
  g_assert_cmpint (source.rules.case_rule, ==, PF_CASE_EXACT);
  g_assert_cmpint (source.rules.default_case, ==, PF_CASE_IGNORE);
  pf_source_clear (&source);
}

/* Of a key given twice the last counts, as everywhere on a command line. */
static void
test_spec_keys_twice (void)
{
  PfSource source;

  g_assert_true (pf_source_parse (
      &source, "w,case=exact,label=one,label=two,case=ignore", NULL));
  g_assert_cmpstr (source.path, ==, "w");
  g_assert_cmpint (source.rules.case_rule, ==, PF_CASE_IGNORE);
  g_assert_true (pf_span_equal (source.rules.label, pf_span_str ("two")));
  pf_source_clear (&source);
}

static void
test_spec_defaults (void)
{
  PfSource source;

  g_assert_true (pf_source_parse (&source, "w.codespell", NULL));
  g_assert_cmpint (source.rules.default_case, ==, PF_CASE_IGNORE);
  g_assert_cmpint (source.rules.case_rule, ==, PF_CASE_UNSET);
  g_assert_cmpint (source.rules.boundary, ==, PF_BOUNDARY_UNSET);
  g_assert_cmpuint (source.rules.label.len, ==, 0);
  pf_source_clear (&source);
}

/* A file with some bytes in it, gone when it is cleared. */
static char *
write_temporary (const char *bytes, gsize len)
{
  char *path = NULL;
  int fd = g_file_open_tmp ("pf-source-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, bytes, len), ==, len);
  close (fd);
  return path;
}

/* The entries of GLOSSARY, each as "TERM=VALUE/LABEL" and its own rules. */
static char *
show (const PfGlossary *glossary)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < pf_glossary_n_entries (glossary); i++) {
    PfEntry entry = pf_glossary_entry (glossary, i);

    g_string_append_printf (
        out, "%s%.*s=%.*s/%.*s", i > 0 ? " | " : "", (int)entry.term.len,
        (const char *)entry.term.data, (int)entry.value.len,
        (const char *)entry.value.data, (int)entry.label.len,
        (const char *)entry.label.data);
    if (entry.case_rule != PF_CASE_UNSET)
      g_string_append_printf (out, " %s", pf_case_name (entry.case_rule));
    if (entry.boundary != PF_BOUNDARY_UNSET)
      g_string_append_printf (out, " %s", pf_boundary_name (entry.boundary));
  }
  return g_string_free (out, FALSE);
}

/* Reads the file at PATH, in the format of that name; shows what was in it, or
 * the message. */
static char *
read_path (const char *path, const char *format, const PfReadOptions *options,
           PfReadReport *report)
{
  g_autofree char *spec = g_strconcat (path, ":", format, NULL);
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_auto (PfError) error = { 0 };
  PfGlossary *glossary;
  PfSource source;
  char *shown;

  g_assert_true (pf_source_parse (&source, spec, NULL));
  if (pf_source_read (&source, builder, options, report, &error)) {
    glossary = pf_glossary_builder_seal (builder, NULL);
    shown = show (glossary);
    pf_glossary_unref (glossary);
  } else {
    g_assert_cmpint (error.status, ==, PF_STATUS_DATA);
    shown = g_strdup (error.message);
  }
  pf_source_clear (&source);
  return shown;
}

static char *
read_bytes (const char *format, const char *bytes, gsize len,
            const PfReadOptions *options, PfReadReport *report)
{
  g_autofree char *path = write_temporary (bytes, len);
  char *shown = read_path (path, format, options, report);

  unlink (path);
  return shown;
}

static void
check_reads (const char *format, const Row *rows, gsize n)
{
  PfReadOptions options = { .allow_empty = FALSE };

  for (gsize i = 0; i < n; i++) {
    g_autofree char *shown = read_bytes (
        format, rows[i].given, strlen (rows[i].given), &options, NULL);

    g_assert_cmpstr (shown, ==, rows[i].expected);
  }
}

static void
test_txt (void)
{
  static const Row rows[] = {
    { "one\ntwo", "one=/ | two=/" },
    { "one\r\ntwo\r\n", "one=/ | two=/" },
    { "\xEF\xBB\xBFone\n\xEF\xBB\xBFtwo\n", "one=/ | \xEF\xBB\xBFtwo=/" },
    { "# comment\n\n \t\r\n\u00A0\none\n#two\n", "one=/" },
    { "\xEF\xBB\xBF# comment\none\n", "one=/" },
    { "\\#one\n\\\\#two\n #three\nfour#\n",
      "#one=/ | \\\\#two=/ | #three=/ | four#=/" },
    { " one \ntwo words\t\n", "one=/ | two words=/" },
    { "a\\tb\nc->d\n", "a\\tb=/ | c->d=/" },
    { "one\rtwo\n", "one\rtwo=/" },
    { "one\none\nONE\n", "one=/ | ONE=/" },
  };

  check_reads ("txt", rows, G_N_ELEMENTS (rows));
}

static void
test_tsv (void)
{
  static const Row rows[] = {
    { "one\nb\tv\nc\tv\tl\n", "one=/ | b=v/ | c=v/l" },
    { "\xEF\xBB\xBF"
      "b\tv\tl\r\n",
      "b=v/l" },
    { "b\t\tl\nc\t\t\n", "b=/l | c=/" },
    { "# b\tv\n\n\t\t\n\\#b\tv\n", "#b=v/" },
    { "a\\tb\tc\\nd\te\\r\\\\f\n", "a\tb=c\nd/e\r\\f" },
    { "a\\x\tb\\\tc\\#\n", "a\\x=b\\/c\\#" },
    { " a \t v \t l \n", "a= v / l " },
    { "a\\\\tb\n", "a\\tb=/" },
    { "a\tv\t#l\n", "a=v/#l" },
  };

  check_reads ("tsv", rows, G_N_ELEMENTS (rows));
}

static void
test_tsv_rules (void)
{
  static const Row rows[] = {
    { "a\tv\tl\tcase=ignore\n", "a=v/l ignore" },
    { "a\tv\tl\tboundary=host\tcase=exact\r\n", "a=v/l exact host" },
    { "a\t\t\tboundary=none\n", "a=/ none" },
    { "a\t\t\t\tboundary=strict\n", "a=/ strict" },
    { "a\tv\tl\tboundary=word\n", "a=v/l word" },
    { "a\tv\tl\tcase=maybe\n",
      "1: unknown rule in a column after the label: case=maybe" },
    { "a\tv\tl\tcase=\n",
      "1: unknown rule in a column after the label: case=" },
    { "a\tv\tl\tx\n", "1: unknown rule in a column after the label: x" },
  };

  check_reads ("tsv", rows, G_N_ELEMENTS (rows));
}

static void
test_codespell (void)
{
  static const Row rows[] = {
    { "teh->the\r\n\nrecieve->receive", "teh=the/ | recieve=receive/" },
    { "\xEF\xBB\xBFteh->the\n", "teh=the/" },
    { "ths->this, thus,\n", "ths=this/ | ths=thus/" },
    { "ths->this, thus, only in prose\n",
      "ths=this/only in prose | ths=thus/only in prose" },
    { "ths->this, disabled\n", "ths=this/disabled" },
    { "ths->this,\n", "ths=this/" },
    { "a->b->c\n", "a=b->c/" },
    { " a -> b \n", "a=b/" },
    { "#define->define\n", "#define=define/ strict" },
    { "two words->twowords\n", "two words=twowords/" },
  };

  check_reads ("codespell", rows, G_N_ELEMENTS (rows));
}

/* Malformed lines are named by their number, comments and blanks counted. */
static void
test_malformed (void)
{
  static const Row txt[] = {
    { "one\n\xFF\n", "2: term is not valid UTF-8" },
    { "#\n\r\none\na\xC3", "4: term is not valid UTF-8" },
  };
  static const Row tsv[] = {
    { "one\n\n#\n\tvalue\n", "4: empty term" },
    { "one\n \tvalue\n", "2: empty term" },
  };
  static const Row codespell[] = {
    { "a->b\nc\n", "2: expected WRONG->RIGHT, found no ->" },
    { "a->b\n\nc->\n", "3: no correction after ->" },
    { "a->,\n", "1: no correction after ->" },
    { "->b\n", "1: empty term" },
  };

  check_reads ("txt", txt, G_N_ELEMENTS (txt));
  check_reads ("tsv", tsv, G_N_ELEMENTS (tsv));
  check_reads ("codespell", codespell, G_N_ELEMENTS (codespell));
}

static void
check_long_term (gsize len, const char *expected)
{
  g_autofree char *term = g_strnfill (len, 'x');
  g_autofree char *text = g_strconcat ("one\n", term, NULL);
  g_autofree char *shown =
      read_bytes ("txt", text, strlen (text), &(PfReadOptions){ 0 }, NULL);

  if (expected != NULL)
    g_assert_cmpstr (shown, ==, expected);
  else
    g_assert_cmpuint (strlen (shown), ==, len + strlen ("one=/ | =/"));
}

static void
test_long (void)
{
  check_long_term (PF_TERM_MAX, NULL);
  check_long_term (PF_TERM_MAX + 1,
                   "2: term of 4097 bytes is longer than 4096");
  check_long_term ((gsize)9 << 20, "2: line too long");
}

/* --lenient skips what is malformed, counts it and keeps the first. */
static void
test_lenient (void)
{
  static const char text[] = "one\n\xFF\n#\ntwo\nb\xC3\n";
  PfReadOptions options = { .lenient = TRUE };
  PfReadReport report = { 0 };
  g_autofree char *shown =
      read_bytes ("txt", text, sizeof text - 1, &options, &report);
  g_autofree char *unreported =
      read_bytes ("txt", text, sizeof text - 1, &options, NULL);

  g_assert_cmpstr (shown, ==, "one=/ | two=/");
  g_assert_cmpstr (unreported, ==, "one=/ | two=/");
  g_assert_cmpuint (report.skipped, ==, 2);
  g_assert_cmpstr (report.first.message, ==, "2: term is not valid UTF-8");
  g_assert_cmpint (report.first.status, ==, PF_STATUS_DATA);
  pf_read_report_clear (&report);
  g_assert_cmpuint (report.skipped, ==, 0);
}

static void
test_empty (void)
{
  static const char *const texts[] = { "", "\n", "# comment\n\n",
                                       "\xEF\xBB\xBF" };
  PfReadOptions strict = { 0 }, allowed = { .allow_empty = TRUE };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    gsize len = strlen (texts[i]);
    g_autofree char *refused = read_bytes ("tsv", texts[i], len, &strict, NULL);
    g_autofree char *taken = read_bytes ("tsv", texts[i], len, &allowed, NULL);

    g_assert_cmpstr (refused, ==, "glossary has no entries");
    g_assert_cmpstr (taken, ==, "");
  }
}

/* With --lenient, a source of which nothing is left is empty. */
static void
test_empty_lenient (void)
{
  PfReadOptions options = { .lenient = TRUE };
  g_autofree char *shown = read_bytes ("txt", "\xFF\n", 2, &options, NULL);

  g_assert_cmpstr (shown, ==, "glossary has no entries");
}

static void
check_missing (const char *path, PfStatus status)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_auto (PfError) error = { 0 };
  PfReadOptions options = { 0 };
  PfSource source;

  g_assert_true (pf_source_parse (&source, path, NULL));
  g_assert_false (pf_source_read (&source, builder, &options, NULL, &error));
  g_assert_cmpint (error.status, ==, status);
  g_assert_cmpint (error.errnum, !=, 0);
  pf_source_clear (&source);
}

static void
test_unreadable (void)
{
  check_missing ("/nonexistent/words", PF_STATUS_NO_INPUT);
  check_missing ("/", PF_STATUS_NO_INPUT);
}

/* "-" is standard input, and stays open. */
static void
test_stdin (void)
{
  g_autofree char *path = write_temporary ("one\ntwo\n", 8);
  g_autofree char *shown = NULL;
  int saved = dup (STDIN_FILENO), fd = open (path, O_RDONLY);

  g_assert_cmpint (dup2 (fd, STDIN_FILENO), ==, STDIN_FILENO);
  shown = read_path ("-", "txt", &(PfReadOptions){ 0 }, NULL);
  g_assert_cmpint (fcntl (STDIN_FILENO, F_GETFD), >=, 0);
  dup2 (saved, STDIN_FILENO);
  close (saved);
  close (fd);
  unlink (path);
  g_assert_cmpstr (shown, ==, "one=/ | two=/");
}

/* The built-in glossary: all of it reads, and each entry has a correction. */
static void
test_builtin (void)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_auto (PfError) error = { 0 };
  PfReadOptions options = { 0 };
  PfGlossary *glossary;
  PfSource source;
  gsize n;

  g_assert_true (pf_source_parse (&source, PF_BUILTIN_NAME, NULL));
  g_assert_true (pf_source_read (&source, builder, &options, NULL, &error));
  glossary = pf_glossary_builder_seal (builder, NULL);
  n = pf_glossary_n_entries (glossary);
  g_assert_cmpuint (n, >=, 2000);
  for (gsize i = 0; i < n; i++) {
    PfEntry entry = pf_glossary_entry (glossary, i);

    g_assert_cmpuint (entry.value.len, >, 0);
    g_assert_false (pf_span_equal (entry.term, entry.value));
    g_assert_true (
        pf_span_equal (entry.glossary, pf_span_str (PF_BUILTIN_NAME)));
    g_assert_cmpint (pf_glossary_default_case (glossary, i), ==,
                     PF_CASE_IGNORE);
  }
  pf_glossary_unref (glossary);
  pf_source_clear (&source);
}

static void
check_round_trip (const PfEntry *entry)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *shown = NULL, *expected = NULL;
  PfGlossaryBuilder *builder = pf_glossary_builder_new ();
  PfGlossary *glossary;

  pf_tsv_write (line, entry);
  shown = read_bytes ("tsv", line->str, line->len, &(PfReadOptions){ 0 }, NULL);
  pf_glossary_builder_begin (builder, "x", &(PfSourceRules){ 0 });
  g_assert_true (pf_glossary_builder_add (builder, entry, NULL));
  glossary = pf_glossary_builder_seal (builder, NULL);
  pf_glossary_builder_free (builder);
  expected = show (glossary);
  pf_glossary_unref (glossary);
  g_assert_cmpstr (shown, ==, expected);
}

/* What is written as tsv reads back as the same entry. */
static void
test_tsv_round_trip (void)
{
  static const char *const strings[] = {
    "plain", "#hash",     "\\#hash", "a\tb\nc\rd\\e", "\\",          "\\t",
    "\\\\n", "ends in\\", "->",      "\u00E9\u2028x", "case=ignore", "\\\\#x"
  };
  gsize n = G_N_ELEMENTS (strings);

  for (gsize i = 0; i < n; i++)
    for (int rule = 0; rule < 3; rule++) {
      PfEntry entry = { .term = pf_span_str (strings[i]),
                        .value = pf_span_str (strings[(i + 1) % n]),
                        .label = pf_span_str (strings[(i + 5) % n]),
                        .case_rule = (PfCase)rule,
                        .boundary = (PfBoundary)(i % 5) };

      check_round_trip (&entry);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/source/spec/format", test_spec_format);
  g_test_add_func ("/source/spec/names", test_spec_names);
  g_test_add_func ("/source/spec/refused", test_spec_refused);
  g_test_add_func ("/source/spec/keys", test_spec_keys);
  g_test_add_func ("/source/spec/keys-twice", test_spec_keys_twice);
  g_test_add_func ("/source/spec/defaults", test_spec_defaults);
  g_test_add_func ("/source/read/txt", test_txt);
  g_test_add_func ("/source/read/tsv", test_tsv);
  g_test_add_func ("/source/read/tsv-rules", test_tsv_rules);
  g_test_add_func ("/source/read/tsv-round-trip", test_tsv_round_trip);
  g_test_add_func ("/source/read/codespell", test_codespell);
  g_test_add_func ("/source/read/malformed", test_malformed);
  g_test_add_func ("/source/read/long", test_long);
  g_test_add_func ("/source/read/lenient", test_lenient);
  g_test_add_func ("/source/read/empty", test_empty);
  g_test_add_func ("/source/read/empty-lenient", test_empty_lenient);
  g_test_add_func ("/source/read/unreadable", test_unreadable);
  g_test_add_func ("/source/read/stdin", test_stdin);
  g_test_add_func ("/source/read/builtin", test_builtin);
  return g_test_run ();
}
