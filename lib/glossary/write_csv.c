/* csv: RFC 4180 with a header, which also lets a term be "term". It holds any
 * entry.
 */
#include "glossary/format.h"
#include "glossary/writer.h"

static void
begin (GString *out)
{
  g_string_append (out, "term,value,label,case,boundary\n");
}

static gboolean
needs_quotes (PfSpan cell)
{
  for (gsize i = 0; i < cell.len; i++)
    switch (cell.data[i]) {
    case ',':
    case '"':
    case '\n':
    case '\r':
      return TRUE;
    }
  return FALSE;
}

static void
write_cell (GString *out, PfSpan cell)
{
  if (!needs_quotes (cell)) {
    pf_writer_put (out, cell);
    return;
  }
  g_string_append_c (out, '"');
  for (gsize i = 0; i < cell.len; i++) {
    if (cell.data[i] == '"')
      g_string_append_c (out, '"');
    g_string_append_c (out, (char)cell.data[i]);
  }
  g_string_append_c (out, '"');
}

static void
write_row (GString *out, const PfEntry *entry)
{
  const PfSpan cells[] = { entry->term, entry->value, entry->label,
                           pf_span_str (pf_case_name (entry->case_rule)),
                           pf_span_str (pf_boundary_name (entry->boundary)) };

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++) {
    if (i > 0)
      g_string_append_c (out, ',');
    write_cell (out, cells[i]);
  }
  g_string_append_c (out, '\n');
}

static void
write_entries (GString *out, const PfEntry *entries, gsize n)
{
  for (gsize i = 0; i < n; i++)
    write_row (out, &entries[i]);
}

const PfFormatWriter pf_writer_csv = { .name = "csv",
                                       .begin = begin,
                                       .write = write_entries };
