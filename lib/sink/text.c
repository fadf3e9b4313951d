/* text: PATH:LINE:COL: TEXT -> VALUE, the form that editors read. One match is
 * one line, whatever is in names, text and values. */
#include "base/escape.h"
#include "sink/color.h"
#include "sink/format.h"

/* So many values are compared with each other; more are hashed. */
#define FEW_VALUES 16

static gboolean
is_value_before (const PfMatchRecord *record, guint i)
{
  for (guint k = 0; k < i; k++)
    if (pf_span_equal (record->entries[k].value, record->entries[i].value))
      return TRUE;
  return FALSE;
}

static guint
hash_value (gconstpointer entry)
{
  return pf_span_hash (((const PfEntry *)entry)->value);
}

static gboolean
equal_values (gconstpointer a, gconstpointer b)
{
  return pf_span_equal (((const PfEntry *)a)->value,
                        ((const PfEntry *)b)->value);
}

/* Each value once, in the order of their first appearance. */
static void
append_values (GString *out, const PfMatchRecord *record)
{
  g_autoptr (GHashTable) seen = NULL;
  const char *separator = " -> ";

  if (record->n_entries > FEW_VALUES)
    seen = g_hash_table_new (hash_value, equal_values);
  for (guint i = 0; i < record->n_entries; i++) {
    gpointer entry = (gpointer)&record->entries[i];

    if (record->entries[i].value.len == 0)
      continue;
    if (seen != NULL ? !g_hash_table_add (seen, entry)
                     : is_value_before (record, i))
      continue;
    g_string_append (out, separator);
    pf_escape_controls (out, record->entries[i].value);
    separator = ", ";
  }
}

static void
name (GString *out, PfSpan path, const PfRecordStyle *style)
{
  pf_color_put (out, PF_COLOR_NAME, style->color);
  pf_escape_name (out, path, style->terminal);
  pf_color_put (out, PF_COLOR_END, style->color);
}

static void
append_text (GString *out, const PfMatchRecord *record,
             const PfRecordStyle *style)
{
  if (style->exact_space)
    pf_escape_controls (out, record->text);
  else
    pf_escape_folded_space (out, record->text);
}

static void
match_in_color (GString *out, const PfMatchRecord *record,
                const PfRecordStyle *style)
{
  pf_append_span (out, record->name);
  pf_color_append_char (out, ':', TRUE);
  pf_color_append_number (out, record->line, TRUE);
  pf_color_append_char (out, ':', TRUE);
  pf_color_append_number (out, record->column, TRUE);
  pf_color_append_char (out, ':', TRUE);
  pf_append_char (out, ' ');
  pf_color_put (out, PF_COLOR_MATCH, TRUE);
  append_text (out, record, style);
  pf_color_put (out, PF_COLOR_END, TRUE);
  append_values (out, record);
  pf_append_char (out, '\n');
}

static void
match (GString *out, const PfMatchRecord *record, const PfRecordStyle *style)
{
  char *to;

  if (style->color) {
    match_in_color (out, record, style);
    return;
  }
  to = pf_append_begin (out, record->name.len + 2 * PF_NUMBER_MAX + 4);
  to = pf_put_char (pf_put_span (to, record->name), ':');
  to = pf_put_char (pf_put_number (to, record->line), ':');
  to = pf_put_char (pf_put_number (to, record->column), ':');
  pf_append_end (out, pf_put_char (to, ' '));
  append_text (out, record, style);
  append_values (out, record);
  pf_append_char (out, '\n');
}

static void
count (GString *out, PfSpan name, guint64 n)
{
  pf_append_span (out, name);
  pf_append_char (out, ':');
  pf_append_number (out, n);
  pf_append_char (out, '\n');
}

static void
total (GString *out, PfSpan term, guint64 n, guint64 files)
{
  pf_escape_controls (out, term);
  pf_append_char (out, '\t');
  pf_append_number (out, n);
  pf_append_char (out, '\t');
  pf_append_number (out, files);
  pf_append_char (out, '\n');
}

static void
term_count (GString *out, PfSpan name, PfSpan term, guint64 n)
{
  pf_append_span (out, name);
  pf_append_char (out, '\t');
  pf_escape_controls (out, term);
  pf_append_char (out, '\t');
  pf_append_number (out, n);
  pf_append_char (out, '\n');
}

/* A list of names is read by other programs: only a terminal is protected. */
static void
path (GString *out, PfSpan name, const PfRecordStyle *style)
{
  pf_color_put (out, PF_COLOR_NAME, style->color);
  if (style->terminal)
    pf_escape_name (out, name, TRUE);
  else
    pf_append_span (out, name);
  pf_color_put (out, PF_COLOR_END, style->color);
  pf_append_char (out, '\n');
}

const PfRecordFormat pf_record_format_text = { name,  match, count, term_count,
                                               total, path,  TRUE };
