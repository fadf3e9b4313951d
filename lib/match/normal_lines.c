/* Holds normal form to NormalizationTest.txt of the Unicode Character Database,
 * for scripts/test/unicode_tables.bats: reads it on standard input, prints each
 * line that does not hold, and then how many there are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/view.h"
#include "text/normal.h"

/* The first three columns are canonical equivalents, and the second is in
 * Normalization Form C. */
#define COLUMNS 3

/* Code points in hexadecimal. (transfer full) */
static GString *
characters (const char *column)
{
  GString *text = g_string_new (NULL);
  g_auto (GStrv) codes = g_strsplit (column, " ", -1);

  for (guint i = 0; codes[i] != NULL; i++)
    g_string_append_unichar (text, (gunichar)strtoul (codes[i], NULL, 16));
  return text;
}

static gboolean
is_mapped_to (const GString *text, const GString *wanted)
{
  const PfViewRules rules = { .normalize = TRUE };
  PfSpan span = { (const guint8 *)text->str, text->len };
  GString *seen = pf_view_map (&rules, span);
  gboolean is = g_string_equal (seen != NULL ? seen : text, wanted);

  if (seen != NULL)
    g_string_free (seen, TRUE);
  return is;
}

/* COMPOSED with plain quotes and hyphens, and no soft hyphen by itself. */
static GString *
plain (const GString *composed)
{
  GString *text = g_string_new (NULL);

  if (strcmp (composed->str, "\u00AD") == 0)
    return text;
  for (const char *p = composed->str; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (text, pf_normal_plain (g_utf8_get_char (p)));
  return text;
}

static gboolean
holds (const char *line)
{
  g_auto (GStrv) columns = g_strsplit (line, ";", COLUMNS + 1);
  g_autoptr (GString) composed = characters (columns[1]);
  g_autoptr (GString) wanted = plain (composed);
  gboolean all = TRUE;

  for (guint i = 0; i < COLUMNS; i++) {
    g_autoptr (GString) text = characters (columns[i]);

    all = is_mapped_to (text, wanted) && all;
  }
  return all;
}

int
main (void)
{
  char line[4096];
  guint lines = 0, bad = 0;

  while (fgets (line, sizeof line, stdin) != NULL) {
    if (!g_ascii_isxdigit (line[0]))
      continue;
    lines++;
    if (holds (line))
      continue;
    bad++;
    fputs (line, stdout);
  }
  printf ("%u lines, %u do not hold\n", lines, bad);
  return bad > 0;
}
