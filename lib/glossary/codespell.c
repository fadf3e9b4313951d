/* codespell: "wrong->right", or "wrong->right1, right2," with several
 * corrections, each of which becomes an entry. What stands behind the last
 * comma is a remark, and becomes the label.
 *
 * A term that begins or ends with another than a word character, as "doesn'",
 * must not touch a word there either: in "doesn't" it is no misspelling.
 */
#include "glossary/format.h"

#include <string.h>

#include "base/span.h"
#include "text/unicode.h"
#include "text/utf8.h"

static const guint8 *
find_arrow (PfSpan line)
{
  for (gsize i = 0; i + 1 < line.len; i++)
    if (line.data[i] == '-' && line.data[i + 1] == '>')
      return line.data + i;
  return NULL;
}

PfBoundary
pf_codespell_boundary (PfSpan term)
{
  const guint8 *end = pf_span_end (term);
  gunichar first = 0, last = 0;

  if (term.len == 0)
    return PF_BOUNDARY_UNSET;
  pf_utf8_next (term.data, end, &first);
  pf_utf8_prev (term.data, end, &last);
  return pf_unicode_is_word (first) && pf_unicode_is_word (last)
             ? PF_BOUNDARY_UNSET
             : PF_BOUNDARY_STRICT;
}

/* Adds an entry for each of the corrections in LIST, separated by commas. */
static gboolean
add_each (PfBatch *batch, PfEntry *entry, PfSpan list, PfError *error)
{
  while (list.len > 0) {
    const guint8 *comma = memchr (list.data, ',', list.len);
    gsize len = comma != NULL ? (gsize)(comma - list.data) : list.len;

    entry->value = pf_line_strip (pf_span_sub (list, 0, len));
    list = pf_span_sub (list, MIN (len + 1, list.len), list.len);
    if (entry->value.len > 0 && !pf_batch_add (batch, entry, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
parse (PfBatch *batch, PfSpan line, GByteArray *scratch G_GNUC_UNUSED,
       PfError *error)
{
  PfEntry entry = { 0 };
  PfSpan right;
  const guint8 *arrow;
  gsize comma;

  if (pf_line_is_blank (line))
    return TRUE;
  arrow = find_arrow (line);
  if (arrow == NULL)
    return pf_error_set (error, PF_STATUS_DATA,
                         "expected WRONG->RIGHT, found no ->");
  entry.term =
      pf_line_strip (pf_span_sub (line, 0, (gsize)(arrow - line.data)));
  entry.boundary = pf_codespell_boundary (entry.term);
  right = pf_line_strip (
      pf_span_sub (line, (gsize)(arrow - line.data) + 2, line.len));
  comma = pf_span_find_last (right, ',');
  if (comma < right.len) {
    entry.label = pf_line_strip (pf_span_sub (right, comma + 1, right.len));
    right.len = comma;
  }
  if (pf_line_strip (right).len == 0)
    return pf_error_set (error, PF_STATUS_DATA, "no correction after ->");
  return add_each (batch, &entry, right, error);
}

const PfLineFormat pf_format_codespell = { "codespell", PF_CASE_IGNORE, parse,
                                           NULL };
