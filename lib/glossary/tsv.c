/* tsv: term, value, label, then rules (case=..., boundary=...), separated by
 * tabs. Missing columns are empty; \t \n \r \\ in a column are decoded, and
 * any other backslash stands for itself.
 */
#include "glossary/format.h"

#include <string.h>

#include "base/escape.h"

/* Takes the column at the front of *REST; FALSE where there is none left. */
static gboolean
next_column (PfSpan *rest, PfSpan *column)
{
  const guint8 *tab;

  if (rest->data == NULL)
    return FALSE;
  tab = rest->len > 0 ? memchr (rest->data, '\t', rest->len) : NULL;
  *column = *rest;
  if (tab == NULL) {
    *rest = (PfSpan){ NULL, 0 };
    return TRUE;
  }
  column->len = (gsize)(tab - rest->data);
  *rest = pf_span_sub (*rest, column->len + 1, rest->len);
  return TRUE;
}

/* The byte that backslash C stands for, or 0. */
static guint8
escaped_byte (guint8 c)
{
  switch (c) {
  case 't':
    return '\t';
  case 'n':
    return '\n';
  case 'r':
    return '\r';
  case '\\':
    return '\\';
  default:
    return 0;
  }
}

/* COLUMN with its escapes decoded, into OUT, which is large enough. */
static PfSpan
decode (PfSpan column, guint8 *out)
{
  PfSpan decoded = { out, 0 };

  for (gsize i = 0; i < column.len; i++) {
    guint8 c = column.data[i], e = 0;

    if (c == '\\' && i + 1 < column.len)
      e = escaped_byte (column.data[i + 1]);
    out[decoded.len++] = e != 0 ? e : c;
    i += e != 0;
  }
  return decoded;
}

gboolean
pf_rule_parse (PfSpan column, PfEntry *entry, PfError *error)
{
  const PfSpan case_key = pf_span_str ("case=");
  const PfSpan boundary_key = pf_span_str ("boundary=");
  gboolean known = column.len == 0;

  if (column.len > case_key.len &&
      memcmp (column.data, case_key.data, case_key.len) == 0)
    known = pf_case_parse (pf_span_sub (column, case_key.len, column.len),
                           &entry->case_rule);
  else if (column.len > boundary_key.len &&
           memcmp (column.data, boundary_key.data, boundary_key.len) == 0)
    known = pf_boundary_parse (
        pf_span_sub (column, boundary_key.len, column.len), &entry->boundary);
  if (known)
    return TRUE;
  return pf_error_set (error, PF_STATUS_DATA,
                       "unknown rule in a column after the label: %.*s",
                       (int)MIN (column.len, 60), (const char *)column.data);
}

static gboolean
parse (PfBatch *batch, PfSpan line, GByteArray *scratch, PfError *error)
{
  PfEntry entry = { 0 };
  PfSpan *const fields[] = { &entry.term, &entry.value, &entry.label };
  PfSpan rest, column;
  gboolean has_escapes;
  guint8 *out;

  if (pf_line_is_blank (line) || pf_line_is_comment (line))
    return TRUE;
  rest = pf_line_unescape_hash (line);
  has_escapes = memchr (rest.data, '\\', rest.len) != NULL;
  g_byte_array_set_size (scratch, (guint)rest.len);
  out = scratch->data;
  for (guint i = 0; next_column (&rest, &column); i++) {
    if (i >= G_N_ELEMENTS (fields)) {
      if (!pf_rule_parse (column, &entry, error))
        return FALSE;
      continue;
    }
    *fields[i] = has_escapes ? decode (column, out) : column;
    out += fields[i]->len;
  }
  return pf_batch_add (batch, &entry, error);
}

static void
append_rule (GString *out, const char *key, const char *name)
{
  if (name != NULL)
    g_string_append_printf (out, "\t%s=%s", key, name);
}

void
pf_tsv_write (GString *out, const PfEntry *entry)
{
  if (pf_line_is_comment (entry->term))
    g_string_append_c (out, '\\');
  pf_escape_column (out, entry->term);
  g_string_append_c (out, '\t');
  pf_escape_column (out, entry->value);
  g_string_append_c (out, '\t');
  pf_escape_column (out, entry->label);
  append_rule (out, "case", pf_case_name (entry->case_rule));
  append_rule (out, "boundary", pf_boundary_name (entry->boundary));
  g_string_append_c (out, '\n');
}

const PfLineFormat pf_format_tsv = { "tsv", PF_CASE_EXACT, parse, NULL };
