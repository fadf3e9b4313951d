#include "glossary/format.h"

#include <string.h>

#include "text/unicode.h"
#include "text/utf8.h"

static const PfLineFormat *const formats[] = { &pf_format_txt, &pf_format_tsv,
                                               &pf_format_codespell,
                                               &pf_format_jsonl };
static const char *const cases[] = { NULL, "exact", "ignore" };
static const char *const boundaries[] = { NULL,   "word",   "strict", "host",
                                          "none", "prefix", "subword" };

const PfLineFormat *
pf_format_find (PfSpan name)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (pf_span_equal (name, pf_span_str (formats[i]->name)))
      return formats[i];
  return NULL;
}

/* The index of TEXT among NAMES, or 0. */
static guint
find_name (PfSpan text, const char *const *names, guint n)
{
  for (guint i = 1; i < n; i++)
    if (pf_span_equal (text, pf_span_str (names[i])))
      return i;
  return 0;
}

gboolean
pf_case_parse (PfSpan text, PfCase *rule)
{
  *rule = (PfCase)find_name (text, cases, G_N_ELEMENTS (cases));
  return *rule != PF_CASE_UNSET;
}

gboolean
pf_boundary_parse (PfSpan text, PfBoundary *rule)
{
  *rule = (PfBoundary)find_name (text, boundaries, G_N_ELEMENTS (boundaries));
  return *rule != PF_BOUNDARY_UNSET;
}

const char *
pf_case_name (PfCase rule)
{
  return cases[rule];
}

const char *
pf_boundary_name (PfBoundary rule)
{
  return boundaries[rule];
}

PfSpan
pf_line_strip (PfSpan text)
{
  while (text.len > 0 && g_ascii_isspace (text.data[0]))
    text = pf_span_sub (text, 1, text.len);
  while (text.len > 0 && g_ascii_isspace (text.data[text.len - 1]))
    text.len--;
  return text;
}

gboolean
pf_line_is_blank (PfSpan line)
{
  const guint8 *p = line.data, *end = line.data + line.len;
  gunichar c;

  while (p < end) {
    p += pf_utf8_next (p, end, &c);
    if (!pf_unicode_is_space (c))
      return FALSE;
  }
  return TRUE;
}

gboolean
pf_line_is_comment (PfSpan line)
{
  return line.len > 0 && line.data[0] == '#';
}

PfSpan
pf_line_unescape_hash (PfSpan line)
{
  if (line.len >= 2 && line.data[0] == '\\' && line.data[1] == '#')
    return pf_span_sub (line, 1, line.len);
  return line;
}
