/* Reading in pieces gives what reading in one piece gives. */
#include "glossary/source.h"

#include <string.h>
#include <unistd.h>

#include "glossary/format.h"

/* Short, so that cuts fall everywhere in them. */
static const char *const lines[] = {
  "a",
  "bb",
  "a\tv",
  "\r",
  "",
  "# remark",
  "c\t\tl\r",
  "\xFF",
  "\tno term",
  "bb\t",
  "\xC3",
  "\\#d",
  "e\\tf\tv",
  "a\t\t\tx=",
  "g\tv\tl\tcase=ignore",
  " a ",
  "\xEF\xBB\xBFx",
};

static guint32
below (GRand *random, guint n)
{
  return (guint32)g_rand_int_range (random, 0, (gint32)n);
}

/* Lines, of which one in BAD may be malformed; 0: none is. */
static GString *
make_text (GRand *random, guint n, guint bad)
{
  GString *text = g_string_new (below (random, 2) ? "" : "\xEF\xBB\xBF");

  while (n > 0) {
    const char *line = lines[below (random, G_N_ELEMENTS (lines))];
    gboolean is_bad =
        strchr ("\xFF\t\xC3", line[0]) != NULL || strstr (line, "x=") != NULL;

    if (line[0] != '\0' && is_bad && (bad == 0 || below (random, bad) > 0))
      continue;
    g_string_append (text, line);
    if (--n > 0 || below (random, 2))
      g_string_append_c (text, '\n');
  }
  return text;
}

static void
show_entries (GString *out, const PfGlossary *glossary)
{
  for (gsize i = 0; i < pf_glossary_n_entries (glossary); i++) {
    PfEntry entry = pf_glossary_entry (glossary, i);

    pf_tsv_write (out, &entry);
  }
}

/* All that came of reading PATH. */
static char *
read_all (const char *path, const PfReadOptions *options)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_autofree char *spec = g_strconcat (path, ":tsv", NULL);
  g_auto (PfError) error = { 0 };
  PfReadReport report = { 0 };
  GString *out = g_string_new (NULL);
  PfSource source;

  g_assert_true (pf_source_parse (&source, spec, NULL));
  if (pf_source_read (&source, builder, options, &report, &error)) {
    PfGlossary *glossary = pf_glossary_builder_seal (builder, NULL);

    show_entries (out, glossary);
    pf_glossary_unref (glossary);
  }
  g_string_append_printf (out, "%d %s, skipped %" G_GUINT64_FORMAT " %s",
                          error.status, error.message, report.skipped,
                          report.first.message);
  pf_read_report_clear (&report);
  pf_source_clear (&source);
  return g_string_free (out, FALSE);
}

static char *
write_temporary (const GString *text)
{
  char *path = NULL;
  int fd = g_file_open_tmp ("pf-read-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, text->str, text->len), ==, (gssize)text->len);
  close (fd);
  return path;
}

/* Cuts TEXT into 2, 3, ... pieces, down to one a byte. */
static void
check_text (const GString *text, gboolean lenient)
{
  g_autofree char *path = write_temporary (text);
  PfReadOptions whole = { .lenient = lenient, .jobs = 1, .allow_empty = TRUE };
  g_autofree char *expected = read_all (path, &whole);

  for (guint jobs = 2; jobs <= 9; jobs++) {
    PfReadOptions cut = whole;
    g_autofree char *seen = NULL;

    cut.jobs = jobs;
    cut.piece = 1;
    seen = read_all (path, &cut);
    g_assert_cmpstr (seen, ==, expected);
  }
  unlink (path);
}

static void
test_pieces (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  guint n_rounds = g_getenv ("PF_SANITIZER") != NULL ? 30 : 300;

  g_test_message ("seed %u", seed);
  for (guint n = 0; n < n_rounds; n++) {
    GString *text = make_text (random, below (random, 12), below (random, 3));

    check_text (text, FALSE);
    check_text (text, TRUE);
    g_string_free (text, TRUE);
  }
}

/* The first malformed line of the file is named, whichever piece is read
 * first; lines of other pieces count. */
static void
test_first_malformed (void)
{
  GString *text = g_string_new ("a\nb\nc\n\xFF\nd\n\tx\n\xFF\n\n");
  g_autofree char *path = write_temporary (text);
  PfReadOptions options = { .jobs = 4, .piece = 1 };
  g_autofree char *strict = read_all (path, &options), *lenient = NULL;

  g_assert_cmpstr (strict, ==,
                   "65 4: term is not valid UTF-8, skipped 0 (null)");
  options.lenient = TRUE;
  lenient = read_all (path, &options);
  g_assert_cmpstr (lenient, ==,
                   "a\t\t\nb\t\t\nc\t\t\nd\t\t\n0 (null), skipped 3 4: term is "
                   "not valid UTF-8");
  unlink (path);
  g_string_free (text, TRUE);
}

/* A line that is too long is one line, also where it spans several pieces. */
static void
test_long_line (void)
{
  GString *text = g_string_new ("a\n");
  g_autofree char *path = NULL, *shown = NULL;
  PfReadOptions options = { .jobs = 5, .piece = 1, .lenient = TRUE };

  g_string_set_size (text, (gsize)12 << 20);
  memset (text->str + 2, 'x', text->len - 2);
  g_string_append (text, "\nb\n\xFF\n");
  path = write_temporary (text);
  shown = read_all (path, &options);
  g_assert_cmpstr (shown, ==,
                   "a\t\t\nb\t\t\n0 (null), skipped 2 2: line too long");
  unlink (path);
  g_string_free (text, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/read/pieces", test_pieces);
  g_test_add_func ("/read/first-malformed", test_first_malformed);
  g_test_add_func ("/read/long-line", test_long_line);
  return g_test_run ();
}
