#include "glossary/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/line_reader.h"
#include "base/memory.h"
#include "base/par.h"
#include "base/processors.h"
#include "base/unpack.h"
#include "glossary/builtin.h"
#include "glossary/format.h"
#include "glossary/image.h"
#include "glossary/stream_format.h"

#define PIECE ((gsize)2 << 20)

/* The lines of a file that begin in [from, to). */
typedef struct {
  goffset from, to;
  PfBatch *batch;
  GByteArray *scratch;
  guint64 n_lines;
  guint64 n_malformed;     /* all of them, or the one that ended it */
  guint64 first_malformed; /* number of the line, the first being 1 */
  PfError malformed;       /* what is wrong with it */
  PfError failure;         /* what else ended it */
} Piece;

typedef struct {
  const PfLineFormat *format;
  const PfReadOptions *options;
  const char *path; /* NULL: no file */
  int fd;
  PfFileState state;    /* of the file */
  gboolean is_whole;    /* one piece, read as it comes */
  PfLineReader *first;  /* from the start of the text on */
  PfLineReader *packed; /* where that comes packed */
  PfUnpack *unpack;
  PfByteSource unpacked_bytes;
  Piece *pieces;
  guint n_pieces;
} Reading;

void
pf_read_report_clear (PfReadReport *self)
{
  pf_error_clear (&self->first);
  self->skipped = 0;
}

/* LINE without a byte order mark at the start of the file, without CR. */
static PfSpan
clean_line (PfSpan line, gboolean is_first)
{
  static const guint8 mark[] = { 0xEF, 0xBB, 0xBF };

  if (is_first && line.len >= sizeof mark &&
      memcmp (line.data, mark, sizeof mark) == 0)
    line = pf_span_sub (line, sizeof mark, line.len);
  if (line.len > 0 && line.data[line.len - 1] == '\r')
    line.len--;
  return line;
}

/* Takes up what is wrong with a line. FALSE where that ends the reading. */
static gboolean
note_failure (const Reading *self, Piece *piece, PfError *failure)
{
  if (failure->status != PF_STATUS_DATA) {
    pf_error_move (&piece->failure, failure);
    return FALSE;
  }
  pf_batch_tell_malformed (piece->batch, failure);
  if (piece->n_malformed++ == 0) {
    pf_error_move (&piece->malformed, failure);
    piece->first_malformed = piece->n_lines;
  }
  return self->options->lenient;
}

/* FALSE where the reading of the piece ends here. */
static gboolean
read_line (const Reading *self, Piece *piece, PfSpan line, PfLineResult result)
{
  g_auto (PfError) failure = { 0 };

  line = clean_line (line, piece->from == 0 && piece->n_lines == 0);
  pf_batch_set_line (piece->batch, ++piece->n_lines);
  if (result == PF_LINE_TOO_LONG)
    pf_error_set (&failure, PF_STATUS_DATA, "line too long");
  else if (self->format->parse (piece->batch, line, piece->scratch, &failure))
    return TRUE;
  return note_failure (self, piece, &failure);
}

static PfLineReader *
open_reader (const Reading *self, goffset offset)
{
  PfLineReaderOptions options = { .fd = self->fd,
                                  .delimiter = '\n',
                                  .max = PF_LINE_MAX_BYTES,
                                  .retry = self->options->retry,
                                  .path = self->path,
                                  .state = self->state,
                                  .is_positioned = !self->is_whole,
                                  .offset = offset };

  return pf_line_reader_new (&options);
}

static gboolean
is_line (PfLineResult result)
{
  return result == PF_LINE_OK || result == PF_LINE_TOO_LONG;
}

/* What goes wrong is noted in the piece. */
static void
read_lines_of (const Reading *self, Piece *piece, PfLineReader *reader)
{
  PfLineResult result = PF_LINE_OK;
  PfSpan line;

  /* The line of the byte before this piece began before it. */
  if (piece->from > 0)
    result = pf_line_reader_next (reader, &line, &piece->failure);
  while (is_line (result) && pf_line_reader_offset (reader) < piece->to) {
    result = pf_line_reader_next (reader, &line, &piece->failure);
    if (is_line (result) && !read_line (self, piece, line, result))
      break;
  }
}

static gboolean
read_piece (gsize i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  const Reading *self = user;
  Piece *piece = &self->pieces[i];

  if (piece->from == 0) {
    read_lines_of (self, piece, self->first);
  } else {
    g_autoptr (PfLineReader) reader = open_reader (self, piece->from - 1);

    read_lines_of (self, piece, reader);
  }
  return TRUE;
}

static void
make_pieces (Reading *self, PfBatch *batch, const PfSourceRules *rules,
             goffset size)
{
  guint n = self->n_pieces;

  self->pieces = g_new0 (Piece, n);
  for (guint i = 0; i < n; i++) {
    Piece *piece = &self->pieces[i];

    piece->from = size / n * i;
    /* Whatever has been added by then belongs to the last. */
    piece->to = i + 1 < n ? size / n * (i + 1) : G_MAXOFFSET;
    piece->scratch = g_byte_array_new ();
    piece->batch = i == 0 ? batch : pf_batch_new ();
    pf_batch_set_rules (piece->batch, rules);
  }
}

static void
free_pieces (Reading *self)
{
  for (guint i = 0; i < self->n_pieces; i++) {
    Piece *piece = &self->pieces[i];

    g_byte_array_unref (piece->scratch);
    if (i > 0)
      pf_batch_free (piece->batch);
    pf_error_clear (&piece->malformed);
    pf_error_clear (&piece->failure);
  }
  g_free (self->pieces);
}

/* Tells of the malformed lines of PIECE, which BEFORE lines precede. FALSE
 * where they are an error. */
static gboolean
tell_malformed (const Reading *self, Piece *piece, guint64 before,
                PfReadReport *report, PfError *error)
{
  char number[24];

  if (piece->n_malformed == 0)
    return TRUE;
  g_snprintf (number, sizeof number, "%" G_GUINT64_FORMAT,
              before + piece->first_malformed);
  pf_error_prefix (&piece->malformed, number);
  if (!self->options->lenient) {
    pf_error_move (error, &piece->malformed);
    return FALSE;
  }
  if (report == NULL)
    return TRUE;
  if (report->skipped == 0)
    pf_error_move (&report->first, &piece->malformed);
  report->skipped += piece->n_malformed;
  return TRUE;
}

/* Puts the pieces together again, in the order of the file. */
static gboolean
join_pieces (Reading *self, PfReadReport *report, PfError *error)
{
  guint64 before = 0;

  for (guint i = 0; i < self->n_pieces; i++) {
    Piece *piece = &self->pieces[i];

    if (!tell_malformed (self, piece, before, report, error))
      return FALSE;
    if (pf_error_is_set (&piece->failure)) {
      pf_error_move (error, &piece->failure);
      return FALSE;
    }
    if (i > 0 && !pf_batch_append (self->pieces[0].batch, piece->batch, error))
      return FALSE;
    before += piece->n_lines;
  }
  return TRUE;
}

/* How many pieces are worth their threads. */
static guint
count_pieces (const PfReadOptions *options, goffset size)
{
  guint jobs = options->jobs > 0 ? options->jobs : pf_usable_processors ();
  gsize piece = options->piece > 0 ? options->piece : PIECE;

  return (guint)CLAMP ((guint64)size / piece, 1, jobs);
}

static gboolean
read_builtin (Reading *self, PfError *error G_GNUC_UNUSED)
{
  PfSpan text = pf_builtin_text ();

  while (text.len > 0) {
    const guint8 *end = memchr (text.data, '\n', text.len);
    gsize len = end != NULL ? (gsize)(end - text.data) : text.len;

    if (!read_line (self, self->pieces, pf_span_sub (text, 0, len), PF_LINE_OK))
      break;
    text = pf_span_sub (text, MIN (len + 1, text.len), text.len);
  }
  return TRUE;
}

static gboolean
read_pieces (Reading *self, PfError *error)
{
  g_autoptr (PfPar) par = pf_par_new (self->n_pieces, error);
  PfParLoop loop = {
    .n = self->n_pieces, .grain = 1, .body = read_piece, .user = self
  };

  return par != NULL && pf_par_for (par, &loop, error);
}

static gboolean
open_file (Reading *self, const char *path, goffset *size, PfError *error)
{
  struct stat st;

  *size = 0;
  self->is_whole = strcmp (path, "-") == 0;
  if (self->is_whole) {
    self->fd = STDIN_FILENO;
    return TRUE;
  }
  self->fd =
      pf_retry_open (self->options->retry, path, O_RDONLY | O_CLOEXEC, &st);
  if (self->fd < 0)
    return pf_error_set_errno (error, errno);
  self->path = path;
  self->state = pf_file_state_of (&st);
  self->is_whole = !S_ISREG (st.st_mode);
  if (!self->is_whole)
    *size = st.st_size;
  return TRUE;
}

static guint64
memory_for (const PfReadOptions *options)
{
  return options->memory > 0 ? options->memory : pf_available_memory ();
}

/* A file whose text alone does not fit is not begun. */
static gboolean
check_memory (const PfReadOptions *options, goffset size, PfError *error)
{
  guint64 there = memory_for (options);

  return (guint64)size <= there ||
         pf_error_set (
             error, PF_STATUS_TEMPORARY,
             "not enough memory for the glossary: it has %" G_GUINT64_FORMAT
             " MiB, and %" G_GUINT64_FORMAT " MiB are available",
             (guint64)size >> 20, there >> 20);
}

static void
close_file (Reading *self)
{
  g_clear_pointer (&self->first, pf_line_reader_free);
  g_clear_pointer (&self->unpack, pf_unpack_free);
  g_clear_pointer (&self->packed, pf_line_reader_free);
  if (self->fd > STDERR_FILENO)
    close (self->fd);
}

static gboolean
read_in_pieces (Reading *self, const PfSource *source, PfBatch *batch,
                goffset size, PfReadReport *report, PfError *error)
{
  gboolean done;

  self->n_pieces = count_pieces (self->options, size);
  make_pieces (self, batch, &source->rules, size);
  done = self->first == NULL ? read_builtin (self, error)
                             : read_pieces (self, error);
  done = done && join_pieces (self, report, error);
  free_pieces (self);
  return done;
}

static gboolean
read_stream (Reading *self, const PfSource *source, PfBatch *batch,
             PfReadReport *report, PfError *error)
{
  PfStream stream = { .source = source,
                      .bytes = pf_line_reader_bytes (self->first),
                      .batch = batch,
                      .lenient = self->options->lenient,
                      .report = report };

  return source->stream->read (&stream, error);
}

static gboolean
is_builtin (const PfSource *source)
{
  return source->format == NULL && source->stream == NULL;
}

/* The text that is packed in what FIRST reads becomes what FIRST reads. */
static gboolean
unpack (Reading *self, PfPacking packing, PfError *error)
{
  PfUnpackOptions options = { .packing = packing,
                              .most = memory_for (self->options) };
  PfLineReaderOptions text = { .bytes = &self->unpacked_bytes,
                               .delimiter = '\n',
                               .max = PF_LINE_MAX_BYTES };

  self->packed = g_steal_pointer (&self->first);
  options.bytes = pf_line_reader_bytes (self->packed);
  self->unpack = pf_unpack_new (&options, error);
  if (self->unpack == NULL)
    return FALSE;
  self->unpacked_bytes = pf_unpack_bytes (self->unpack);
  self->first = pf_line_reader_new (&text);
  return TRUE;
}

/* Whether the file is packed shows in its first bytes. *SIZE becomes 0 where it
 * cannot be cut. */
static gboolean
begin_text (Reading *self, goffset *size, PfError *error)
{
  PfPacking packing;
  PfSpan bytes;

  self->first = open_reader (self, 0);
  if (pf_line_reader_peek (self->first, PF_PACKING_BYTES, &bytes, error) !=
      PF_LINE_OK)
    return FALSE;
  packing = pf_packing_of (bytes);
  if (packing == PF_PACKING_NONE)
    return TRUE;
  *size = 0;
  return unpack (self, packing, error);
}

static gboolean
read_source (Reading *self, const PfSource *source, PfBatch *batch,
             PfReadReport *report, PfError *error)
{
  goffset size = 0;

  if (is_builtin (source))
    return read_in_pieces (self, source, batch, size, report, error);
  if (!open_file (self, source->path, &size, error) ||
      !check_memory (self->options, size, error) ||
      !begin_text (self, &size, error))
    return FALSE;
  if (source->stream != NULL)
    return read_stream (self, source, batch, report, error);
  return read_in_pieces (self, source, batch, size, report, error);
}

guint64
pf_source_size (const PfSource *self)
{
  struct stat st;

  return stat (self->path, &st) == 0 && S_ISREG (st.st_mode)
             ? (guint64)st.st_size
             : 0;
}

static gboolean
read_image (const PfSource *source, PfGlossaryBuilder *builder, PfRetry *retry,
            PfError *error)
{
  PfGlossary *image =
      pf_image_open (source->path, &source->rules, retry, error);
  gboolean done = image != NULL && pf_image_add (image, builder, error);

  pf_glossary_unref (image);
  return done;
}

static gboolean
read_text (const PfSource *source, PfGlossaryBuilder *builder,
           const PfReadOptions *options, PfReadReport *report, PfError *error)
{
  Reading reading = { .format = source->format != NULL ? source->format
                                                       : &pf_format_tsv,
                      .options = options,
                      .fd = -1 };
  gboolean done;

  pf_glossary_builder_begin (builder, source->path, &source->rules);
  done = read_source (&reading, source, pf_glossary_builder_batch (builder),
                      report, error);
  close_file (&reading);
  return done;
}

gboolean
pf_source_read (const PfSource *self, PfGlossaryBuilder *builder,
                const PfReadOptions *options, PfReadReport *report,
                PfError *error)
{
  const PfBatch *batch = pf_glossary_builder_batch (builder);
  gsize before = pf_batch_size (batch);

  if (!(self->is_image ? read_image (self, builder, options->retry, error)
                       : read_text (self, builder, options, report, error))) {
    pf_source_explain_missing (self, error);
    return FALSE;
  }
  return pf_batch_size (batch) > before || options->allow_empty ||
         pf_error_set (error, PF_STATUS_DATA, "glossary has no entries");
}
