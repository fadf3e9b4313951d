/* Lint by the public face. What it says of two entries is held against what a
 * scanner finds. */
#include "pfproc.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#include "base/test_folder.h"
#include "base/test_random.h"

#define N_TEXTS 60

static const char *const terms[] = { "ab",   "Ab",   "AB",   "a b",
                                     "a  B", "(ab)", "(AB)", "(ab",
                                     "(Ab",  "ab)",  "Ab)" };
static const char *const cases[] = { "", "\tcase=exact", "\tcase=ignore" };
static const char *const boundaries[] = { "",
                                          "\tboundary=word",
                                          "\tboundary=strict",
                                          "\tboundary=host",
                                          "\tboundary=prefix",
                                          "\tboundary=subword",
                                          "\tboundary=none" };

typedef struct {
  guint said[5][5]; /* by line and by the line it is hidden by, or repeats */
} Findings;

static void
on_finding (const PfFinding *finding, gpointer user)
{
  Findings *self = user;
  const char *other = strstr (finding->text, "line ");

  if (finding->kind == PF_FINDING_WARNING && other != NULL)
    self->said[finding->line][atoi (other + strlen ("line "))]++;
}

static void
lint (const char *path, Findings *findings)
{
  PfGlossaryOptions options = { 0 };
  GError *error = NULL;

  *findings = (Findings){ 0 };
  pf_glossary_lint (path, &options, on_finding, findings, &error);
  g_assert_no_error (error);
}

static const char *
draw (const char *const *words, gsize n)
{
  return words[pf_test_draw ((guint)n)];
}
#define DRAW(words) draw (words, G_N_ELEMENTS (words))

/* Two entries that say the same, one a line. */
static void
write_glossary (const char *path)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < 2; i++)
    g_string_append_printf (text, "%s\tv\t%s%s\n", DRAW (terms), DRAW (cases),
                            DRAW (boundaries));
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  g_string_free (text, TRUE);
}

/* Terms with all kinds of neighbours. (transfer full) */
static char *
write_text (void)
{
  static const char *const between[] = {
    " ", ".", "-", "x", "", "\n", ".x", "_"
  };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < 12; i++) {
    g_string_append (text, DRAW (between));
    g_string_append (text, DRAW (terms));
    g_string_append (text, DRAW (between));
  }
  return g_string_free (text, FALSE);
}

typedef struct {
  const PfGlossary *glossary;
  PfEntry entries[2];
  gsize alone[2]; /* matches that only this entry has */
} Found;

static gboolean
on_match (gsize start G_GNUC_UNUSED, gsize end G_GNUC_UNUSED,
          const PfEntry *entries, guint n, gpointer user)
{
  Found *self = user;

  for (guint i = 0; n == 1 && i < 2; i++)
    self->alone[i] += pf_span_equal (entries[0].term, self->entries[i].term) &&
                      entries[0].case_rule == self->entries[i].case_rule &&
                      entries[0].boundary == self->entries[i].boundary;
  return TRUE;
}

/* How often each entry is found without the other. */
static void
scan_texts (PfGlossary *glossary, Found *found)
{
  PfMatchOptions options = { .overlapping = TRUE };
  PfScanner *scanner = pf_scanner_new (glossary, &options, NULL);

  *found = (Found){ .glossary = glossary };
  for (guint i = 0; i < 2; i++)
    found->entries[i] = pf_glossary_entry (glossary, i);
  for (guint i = 0; i < N_TEXTS; i++) {
    g_autofree char *text = write_text ();

    pf_scanner_scan (scanner, pf_span_str (text), on_match, found);
  }
  pf_scanner_free (scanner);
}

/* Who is hidden is never found alone. Who is not, and has the same text, is,
 * where the texts are many. */
static void
test_hidden (PfTestFolder *folder G_GNUC_UNUSED,
             gconstpointer data G_GNUC_UNUSED)
{
  guint n_hidden = 0, n_not = 0;

  for (guint round = 0; round < pf_test_rounds (600); round++) {
    const char *path = "g.tsv";
    PfGlossaryOptions options = { .sources = &path, .n_sources = 1 };
    g_autoptr (PfGlossary) glossary = NULL;
    Findings findings;
    Found found;

    write_glossary (path);
    if (g_test_verbose ()) {
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_test_message ("%s", text);
    }
    lint (path, &findings);
    glossary = pf_glossary_load (&options, NULL);
    if (pf_glossary_n_entries (glossary) < 2) {
      g_assert_cmpuint (findings.said[2][1], ==, 1);
      continue;
    }
    scan_texts (glossary, &found);
    for (guint i = 0; i < 2; i++)
      if (findings.said[i + 1][2 - i] > 0)
        g_assert_cmpuint (found.alone[i], ==, 0);
    if (findings.said[1][2] + findings.said[2][1] > 0) {
      n_hidden++;
    } else {
      n_not++;
      g_assert_cmpuint (found.alone[0], >, 0);
      g_assert_cmpuint (found.alone[1], >, 0);
    }
  }
  g_assert_cmpuint (n_hidden, >, 0);
  g_assert_cmpuint (n_not, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/lint/hidden", PfTestFolder, NULL, pf_test_folder_enter,
              test_hidden, pf_test_folder_leave);
  return g_test_run ();
}
