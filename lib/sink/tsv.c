/* tsv: one row for each entry of a match; tab, LF, CR and backslash in a
 * column are escaped. */
#include "base/escape.h"
#include "sink/format.h"

static void
append_name (GString *out, PfSpan name, const PfRecordStyle *style)
{
  if (style->terminal)
    pf_escape_name (out, name, TRUE);
  else
    pf_escape_column (out, name);
}

static void
append_column (GString *out, PfSpan text)
{
  g_string_append_c (out, '\t');
  pf_escape_column (out, text);
}

static void
append_number_column (GString *out, guint64 n)
{
  g_string_append_c (out, '\t');
  pf_append_number (out, n);
}

static void
match (GString *out, const PfMatchRecord *record, const PfRecordStyle *style)
{
  for (guint i = 0; i < record->n_entries; i++) {
    const PfEntry *entry = &record->entries[i];

    append_name (out, record->path, style);
    append_number_column (out, record->line);
    append_number_column (out, record->column);
    append_number_column (out, record->offset);
    append_number_column (out, record->text.len);
    append_column (out, record->text);
    append_column (out, entry->term);
    append_column (out, entry->value);
    append_column (out, entry->label);
    append_column (out, entry->glossary);
    g_string_append_c (out, '\n');
  }
}

static void
count (GString *out, PfSpan path, guint64 n, const PfRecordStyle *style)
{
  append_name (out, path, style);
  append_number_column (out, n);
  g_string_append_c (out, '\n');
}

static void
term_count (GString *out, PfSpan path, PfSpan term, guint64 n,
            const PfRecordStyle *style)
{
  append_name (out, path, style);
  append_column (out, term);
  append_number_column (out, n);
  g_string_append_c (out, '\n');
}

static void
total (GString *out, PfSpan term, guint64 n, guint64 files,
       const PfRecordStyle *style G_GNUC_UNUSED)
{
  pf_escape_column (out, term);
  append_number_column (out, n);
  append_number_column (out, files);
  g_string_append_c (out, '\n');
}

static void
path (GString *out, PfSpan name, const PfRecordStyle *style)
{
  append_name (out, name, style);
  g_string_append_c (out, '\n');
}

const PfRecordFormat pf_record_format_tsv = { match, count, term_count, total,
                                              path };
