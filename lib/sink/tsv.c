/* tsv: one row for each entry of a match; tab, LF, CR and backslash in a
 * column are escaped. */
#include "base/append.h"
#include "base/escape.h"
#include "sink/format.h"

static void
name (GString *out, PfSpan path, const PfRecordStyle *style)
{
  if (style->terminal)
    pf_escape_name (out, path, TRUE);
  else
    pf_escape_column (out, path);
}

static void
append_column (GString *out, PfSpan text)
{
  pf_append_char (out, '\t');
  pf_escape_column (out, text);
}

static char *
put_number_column (char *to, guint64 n)
{
  return pf_put_number (pf_put_char (to, '\t'), n);
}

static void
append_number_column (GString *out, guint64 n)
{
  char *to = pf_append_begin (out, PF_NUMBER_MAX + 1);

  pf_append_end (out, put_number_column (to, n));
}

/* What the rows of a match have in common: the columns up to its text. */
static void
append_place (GString *out, const PfMatchRecord *record)
{
  char *to = pf_append_begin (out, record->name.len + 4 * (PF_NUMBER_MAX + 1));

  to = pf_put_span (to, record->name);
  to = put_number_column (to, record->line);
  to = put_number_column (to, record->column);
  to = put_number_column (to, record->offset);
  to = put_number_column (to, record->text.len);
  pf_append_end (out, to);
}

static void
match (GString *out, const PfMatchRecord *record,
       const PfRecordStyle *style G_GNUC_UNUSED)
{
  for (guint i = 0; i < record->n_entries; i++) {
    const PfEntry *entry = &record->entries[i];

    append_place (out, record);
    append_column (out, record->text);
    append_column (out, entry->term);
    append_column (out, entry->value);
    append_column (out, entry->label);
    append_column (out, entry->glossary);
    pf_append_char (out, '\n');
  }
}

static void
count (GString *out, PfSpan name, guint64 n)
{
  pf_append_span (out, name);
  append_number_column (out, n);
  pf_append_char (out, '\n');
}

static void
term_count (GString *out, PfSpan name, PfSpan term, guint64 n)
{
  pf_append_span (out, name);
  append_column (out, term);
  append_number_column (out, n);
  pf_append_char (out, '\n');
}

static void
total (GString *out, PfSpan term, guint64 n, guint64 files)
{
  pf_escape_column (out, term);
  append_number_column (out, n);
  append_number_column (out, files);
  pf_append_char (out, '\n');
}

static void
path (GString *out, PfSpan path, const PfRecordStyle *style)
{
  name (out, path, style);
  pf_append_char (out, '\n');
}

static void
header (GString *out, PfRecordKind kind)
{
  static const char *const columns[] = {
    [PF_RECORD_MATCH] = ("path\tline\tcolumn\toffset\tlength\ttext\tterm\tvalue"
                         "\tlabel\tglossary\n"),
    [PF_RECORD_COUNT] = "path\tcount\n",
    [PF_RECORD_TERM_COUNT] = "path\tterm\tcount\n",
    [PF_RECORD_TOTAL] = "term\tcount\tfiles\n",
    [PF_RECORD_GROUP] = "group\tcount\tfiles\n",
    [PF_RECORD_PATH] = "path\n"
  };

  g_string_append (out, columns[kind]);
}

const PfRecordFormat pf_record_format_tsv = { .name = name,
                                              .match = match,
                                              .count = count,
                                              .term_count = term_count,
                                              .total = total,
                                              .path = path,
                                              .header = header };
