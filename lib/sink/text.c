/* text: PATH:LINE:COL: TEXT -> VALUE, the form that editors read. One match is
 * one line, whatever is in names, text and values. */
#include "base/escape.h"
#include "sink/format.h"

static gboolean
is_value_before (const PfMatchRecord *record, guint i)
{
  for (guint k = 0; k < i; k++)
    if (pf_span_equal (record->entries[k].value, record->entries[i].value))
      return TRUE;
  return FALSE;
}

static void
append_values (GString *out, const PfMatchRecord *record)
{
  const char *separator = " -> ";

  for (guint i = 0; i < record->n_entries; i++) {
    if (record->entries[i].value.len == 0 || is_value_before (record, i))
      continue;
    g_string_append (out, separator);
    pf_escape_controls (out, record->entries[i].value);
    separator = ", ";
  }
}

static void
match (GString *out, const PfMatchRecord *record, const PfRecordStyle *style)
{
  pf_escape_name (out, record->path, style->terminal);
  g_string_append_c (out, ':');
  pf_append_number (out, record->line);
  g_string_append_c (out, ':');
  pf_append_number (out, record->column);
  g_string_append (out, ": ");
  if (style->exact_space)
    pf_escape_controls (out, record->text);
  else
    pf_escape_folded_space (out, record->text);
  append_values (out, record);
  g_string_append_c (out, '\n');
}

static void
count (GString *out, PfSpan path, guint64 n, const PfRecordStyle *style)
{
  pf_escape_name (out, path, style->terminal);
  g_string_append_c (out, ':');
  pf_append_number (out, n);
  g_string_append_c (out, '\n');
}

static void
term_count (GString *out, PfSpan path, PfSpan term, guint64 n,
            const PfRecordStyle *style)
{
  pf_escape_name (out, path, style->terminal);
  g_string_append_c (out, '\t');
  pf_escape_controls (out, term);
  g_string_append_c (out, '\t');
  pf_append_number (out, n);
  g_string_append_c (out, '\n');
}

static void
total (GString *out, PfSpan term, guint64 n, guint64 files,
       const PfRecordStyle *style G_GNUC_UNUSED)
{
  pf_escape_controls (out, term);
  g_string_append_c (out, '\t');
  pf_append_number (out, n);
  g_string_append_c (out, '\t');
  pf_append_number (out, files);
  g_string_append_c (out, '\n');
}

/* A list of names is read by other programs: only a terminal is protected. */
static void
path (GString *out, PfSpan name, const PfRecordStyle *style)
{
  if (style->terminal)
    pf_escape_name (out, name, TRUE);
  else
    g_string_append_len (out, (const char *)name.data, (gssize)name.len);
  g_string_append_c (out, '\n');
}

const PfRecordFormat pf_record_format_text = { match, count, term_count, total,
                                               path };
