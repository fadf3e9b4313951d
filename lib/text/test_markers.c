#include "text/test_markers.h"

#include "base/test_random.h"
#include "text/markers.h"

static gboolean
stands (const GString *text, gsize at, const char *word)
{
  gsize end = at + strlen (word);

  return strncmp (text->str + at, word, strlen (word)) == 0 &&
         !g_ascii_isalnum (text->str[end]) && text->str[end] != '_';
}

/* Of the bytes of TEXT: whether the line that AT is on begins within a region
 * that is off, by all markers of the lines before. */
static gboolean
naive_is_off (const GString *text, gsize line)
{
  gboolean off = FALSE;

  for (gsize at = 0; at < line; at++)
    if (stands (text, at, "pfproc:off"))
      off = TRUE;
    else if (stands (text, at, "pfproc:on"))
      off = FALSE;
  return off;
}

static gsize
line_begin (const GString *text, gsize at)
{
  while (at > 0 && text->str[at - 1] != '\n')
    at--;
  return at;
}

static gsize
line_end (const GString *text, gsize at)
{
  while (at < text->len && text->str[at] != '\n')
    at++;
  return at;
}

gboolean
pf_test_is_silent (const GString *text, gsize start, gsize end)
{
  gsize begin = line_begin (text, start);
  gsize stop = MIN (line_end (text, end), end + PF_MARKER_REACH + 1);

  if (naive_is_off (text, begin))
    return TRUE;
  for (gsize at = begin; at < stop; at++)
    if (stands (text, at, "pfproc:ignore") || stands (text, at, "pfproc:off"))
      return TRUE;
  return FALSE;
}

GString *
pf_test_marked_text (guint n)
{
  static const char *const parts[] = {
    "a",         " ",          "\n",      "ab c", "x\n",    "\r\n",
    "pfproc:on", "pfproc:off", "pfproc:", "pf",   "offset", "pfproc:ignore",
    "_",         "-->",        "f    : f"
  };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    if (pf_test_draw (8) == 0)
      for (guint k = pf_test_draw (2) * 4000 + pf_test_draw (140); k > 0; k--)
        g_string_append_c (text, '.');
    else
      g_string_append (text, parts[pf_test_draw (G_N_ELEMENTS (parts))]);
  return text;
}
