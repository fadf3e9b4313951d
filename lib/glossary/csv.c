/* csv: RFC 4180, read by libcsv. A row is an entry (glossary/csv_columns.h);
 * a quoted cell may hold delimiters, doubled quotes and line breaks, and white
 * space is kept. Rows end in LF, CRLF or CR; blank ones are passed over.
 *
 *   bytes ──▶ physical lines ──▶ libcsv ──▶ cells ──▶ row ──▶ entry
 *
 * A row that is malformed is skipped, where that is asked for, up to the end of
 * the line that shows it.
 */
#include "glossary/csv_columns.h"
#include "glossary/stream_format.h"

#ifdef HAVE_CSV

#include <csv.h>
#include <errno.h>

#include "base/line_reader.h"
#include "glossary/format.h"

#define CELL_STEP ((gsize)16 << 10)

typedef struct {
  PfStream *stream;
  PfError *error; /* what ended the reading */
  struct csv_parser parser;
  int between_rows; /* the parser's state there */
  gboolean has_columns, failed;
  PfCsvColumns columns;
  GByteArray *text; /* the cells of the row under way, end to end */
  GArray *ends;     /* gsize, where each of them ends in TEXT */
  GArray *cells;    /* PfSpan, of a whole row */
  guint64 line;     /* which is read, from 1 on */
  guint64 row_line; /* where the row under way began */
  gsize row_len;    /* bytes of the lines it takes up */
} Csv;

/* White space is part of a cell. */
static int
is_no_space (unsigned char c G_GNUC_UNUSED)
{
  return 0;
}

static void
drop_row (Csv *self)
{
  g_byte_array_set_size (self->text, 0);
  g_array_set_size (self->ends, 0);
}

static void
start_parser (Csv *self)
{
  csv_init (&self->parser, CSV_STRICT | CSV_STRICT_FINI);
  csv_set_space_func (&self->parser, is_no_space);
  csv_set_delim (&self->parser, pf_csv_delimiter (self->stream->source));
  csv_set_blk_size (&self->parser, CELL_STEP);
  self->between_rows = self->parser.pstate;
}

/* What stands before what is read next is no part of it. */
static void
restart_parser (Csv *self)
{
  csv_free (&self->parser);
  start_parser (self);
  drop_row (self);
}

static void
csv_open (Csv *self, PfStream *stream, PfError *error)
{
  *self = (Csv){ .stream = stream,
                 .error = error,
                 .text = g_byte_array_new (),
                 .ends = g_array_new (FALSE, FALSE, sizeof (gsize)),
                 .cells = g_array_new (FALSE, FALSE, sizeof (PfSpan)) };
  start_parser (self);
}

static void
csv_close (Csv *self)
{
  csv_free (&self->parser);
  g_byte_array_unref (self->text);
  g_array_unref (self->ends);
  g_array_unref (self->cells);
}

/* Takes up what is wrong with a row. FALSE where reading ends. */
static gboolean
note (Csv *self, guint64 line, PfError *what)
{
  if (!pf_stream_malformed (self->stream, line, what, self->error))
    self->failed = TRUE;
  return !self->failed;
}

static PfCsvRow
row_of (Csv *self)
{
  gsize begin = 0;

  g_array_set_size (self->cells, self->ends->len);
  for (guint i = 0; i < self->ends->len; i++) {
    gsize end = g_array_index (self->ends, gsize, i);

    g_array_index (self->cells, PfSpan, i) =
        (PfSpan){ self->text->data + begin, end - begin };
    begin = end;
  }
  return (PfCsvRow){ (const PfSpan *)(gpointer)self->cells->data,
                     self->cells->len, self->row_line };
}

static void
add_entry (Csv *self, const PfCsvRow *row)
{
  g_auto (PfError) what = { 0 };
  PfEntry entry;

  if (!pf_csv_entry (&self->columns, row, &entry, &what))
    note (self, row->line, &what);
  else if (!pf_stream_add (self->stream, &entry, row->line, self->error))
    self->failed = TRUE;
}

static void
take_row (Csv *self, const PfCsvRow *row)
{
  if (row->n == 0 || (row->n == 1 && pf_line_is_blank (row->cells[0])))
    return;
  if (!self->has_columns) {
    self->has_columns = TRUE;
    if (!pf_csv_settle (&self->columns, self->stream->source, row, self->error))
      self->failed = TRUE;
    if (self->failed || self->columns.has_header)
      return;
  }
  add_entry (self, row);
}

/* Called by libcsv for each cell ... */
static void
on_cell (void *text, size_t len, void *user)
{
  Csv *self = user;
  gsize end;

  if (len > 0)
    g_byte_array_append (self->text, text, (guint)len);
  end = self->text->len;
  g_array_append_val (self->ends, end);
}

/* ... and at the end of each row. */
static void
on_row (int terminator G_GNUC_UNUSED, void *user)
{
  Csv *self = user;
  PfCsvRow row = row_of (self);

  if (!self->failed)
    take_row (self, &row);
  drop_row (self);
  self->row_line = self->line;
}

static gboolean
note_parser (Csv *self, const char *words)
{
  g_auto (PfError) what = { 0 };

  if (csv_error (&self->parser) != CSV_EPARSE)
    pf_error_set_system (&what, PF_STATUS_TEMPORARY, ENOMEM);
  else if (self->row_line == self->line)
    pf_error_set (&what, PF_STATUS_DATA, "%s", words);
  else
    pf_error_set (&what, PF_STATUS_DATA,
                  "%s, in line %" G_GUINT64_FORMAT " of the same row", words,
                  self->line);
  return note (self, self->row_line, &what);
}

static gboolean
note_too_long (Csv *self, const char *words)
{
  g_auto (PfError) what = { 0 };

  pf_error_set (&what, PF_STATUS_DATA, "%s", words);
  restart_parser (self);
  return note (self, self->row_line, &what);
}

static gboolean
parse (Csv *self, PfSpan text)
{
  return csv_parse (&self->parser, text.data, text.len, on_cell, on_row,
                    self) == text.len;
}

static PfSpan
without_mark (PfSpan line)
{
  static const guint8 mark[] = { 0xEF, 0xBB, 0xBF };

  if (line.len >= sizeof mark && memcmp (line.data, mark, sizeof mark) == 0)
    line = pf_span_sub (line, sizeof mark, line.len);
  return line;
}

/* FALSE where reading ends. */
static gboolean
read_line (Csv *self, PfSpan line, gboolean too_long)
{
  if (self->line++ == 0)
    line = without_mark (line);
  if (self->parser.pstate == self->between_rows) {
    self->row_line = self->line;
    self->row_len = 0;
  }
  self->row_len += line.len + 1;
  if (too_long || self->row_len > PF_LINE_MAX_BYTES)
    return note_too_long (self, too_long ? "line too long" : "row too long");
  if (parse (self, line) && parse (self, pf_span_str ("\n")))
    return !self->failed;
  note_parser (self, "misplaced quote");
  restart_parser (self);
  return !self->failed;
}

static gboolean
finish (Csv *self)
{
  if (self->parser.pstate == self->between_rows)
    return TRUE;
  csv_fini (&self->parser, on_cell, on_row, self);
  return note_parser (self, "quote without an end");
}

static gboolean
read_lines (Csv *self, PfLineReader *reader)
{
  PfLineResult result = PF_LINE_OK;
  PfSpan line;

  while (result != PF_LINE_END) {
    result = pf_line_reader_next (reader, &line, self->error);
    if (result == PF_LINE_ERROR || result == PF_LINE_CANCELLED)
      return FALSE;
    if (result != PF_LINE_END &&
        !read_line (self, line, result == PF_LINE_TOO_LONG))
      return FALSE;
  }
  return finish (self);
}

static gboolean
read_csv (PfStream *stream, PfError *error)
{
  PfLineReaderOptions options = { .bytes = &stream->bytes,
                                  .delimiter = '\n',
                                  .max = PF_LINE_MAX_BYTES };
  g_autoptr (PfLineReader) reader = pf_line_reader_new (&options);
  gboolean done;
  Csv csv;

  csv_open (&csv, stream, error);
  done = read_lines (&csv, reader);
  csv_close (&csv);
  return done;
}

#else
#define read_csv NULL
#endif

const PfStreamFormat pf_format_csv = {
  "csv", PF_CASE_EXACT, "libcsv", pf_csv_keys, pf_csv_check_keys, read_csv
};
