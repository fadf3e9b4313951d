#include "task/document.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/retry_file.h"
#include "text/transcode.h"
#include "text/utf16.h"

#define BLOCK_DEFAULT ((gsize)128 << 10)
#define BINARY_LOOK ((gsize)8 << 10)
#define NO_NUL G_MAXUINT64

typedef enum {
  CODING_UNKNOWN,
  CODING_BYTES,
  CODING_UTF16,
  CODING_GIVEN
} Coding;

struct PfDocument {
  const PfDocumentOptions *options;
  gsize block; /* bytes to read at once */
  int fd;
  const PfDocument *whole; /* of which it is a part, or NULL */
  gboolean borrows;        /* the descriptor is the whole's */
  gboolean holds;          /* it is counted among those that come back soon */
  gboolean gave_up;        /* the next read opens the file anew */
  gboolean is_stream;
  PfByteSource source;     /* where its text comes from, if not from fd */
  PfDocument *file;        /* then: what was opened */
  PfError failure;         /* of the source, behind the window */
  gboolean has_stalled;    /* there is one, which the next read gives */
  guint8 *ahead;           /* the first bytes, where they were looked at */
  gsize n_ahead, ahead_at; /* how many, and where the next read begins */
  gboolean ahead_ended;
  gboolean seeks;     /* its end is not the last that is read of it */
  GString *path;      /* empty: standard input */
  struct stat opened; /* as it was when it was opened */
  PfFileState state;  /* of that */
  guint64 n_read;     /* bytes of it; where the next read begins */
  gboolean read_all;  /* the descriptor has nothing more */
  Coding coding;
  PfUtf16Decoder decoder;
  PfTranscoder *transcoder; /* NULL until an encoding is given */
  guint8 *raw;              /* if decoded: self->block bytes as read */
  guint8 *data;             /* data[begin, end) is the window */
  gsize capacity;
  gsize begin, end;
  guint64 offset; /* of data[begin] in the document */
  guint64 looked; /* how far NULs were looked for */
  guint64 nul_at; /* the first one that makes it binary, or NO_NUL */
  gboolean past_leading_nuls;
};

PfDocument *
pf_document_new (const PfDocumentOptions *options)
{
  PfDocument *self = g_new0 (PfDocument, 1);

  self->options = options;
  self->block = options->block > 0 ? options->block : BLOCK_DEFAULT;
  self->fd = -1;
  self->path = g_string_new (NULL);
  return self;
}

/* Streams depend on somebody outside; nobody counts on them. */
void
pf_document_resume (PfDocument *self)
{
  if (self->file != NULL)
    pf_document_resume (self->file);
  if (self->holds || self->fd <= STDIN_FILENO || self->borrows ||
      self->is_stream)
    return;
  self->holds = TRUE;
  pf_retry_hold (self->options->retry);
}

static void
let_go (PfDocument *self)
{
  if (self->holds)
    pf_retry_let_go (self->options->retry);
  self->holds = FALSE;
}

static void
close_file (PfDocument *self)
{
  if (self->fd > STDIN_FILENO && !self->borrows)
    close (self->fd);
  self->fd = -1;
  let_go (self);
}

gboolean
pf_document_pause (PfDocument *self)
{
  if (self->file != NULL)
    return pf_document_pause (self->file);
  let_go (self);
  if (self->is_stream || self->fd <= STDIN_FILENO || self->borrows ||
      pf_descriptor_may_wait (self->fd))
    return TRUE;
  self->gave_up = TRUE;
  close_file (self);
  return FALSE;
}

void
pf_document_close (PfDocument *self)
{
  close_file (self);
  self->source = (PfByteSource){ 0 };
  self->file = NULL;
  pf_error_clear (&self->failure);
  self->begin = self->end = 0;
  g_clear_pointer (&self->raw, g_free);
  g_clear_pointer (&self->ahead, g_free);
  if (self->capacity > self->block) {
    g_clear_pointer (&self->data, g_free);
    self->capacity = 0;
  }
}

void
pf_document_free (PfDocument *self)
{
  if (self == NULL)
    return;
  pf_document_close (self);
  pf_transcoder_free (self->transcoder);
  g_string_free (self->path, TRUE);
  g_free (self->data);
  g_free (self);
}

static Coding
coding_of (const PfDocumentOptions *options)
{
  if (options->encoding != NULL)
    return CODING_GIVEN;
  return options->raw ? CODING_BYTES : CODING_UNKNOWN;
}

/* Everything anew but for the memory. */
static void
reset (PfDocument *self)
{
  close_file (self);
  pf_error_clear (&self->failure);
  g_clear_pointer (&self->raw, g_free);
  g_clear_pointer (&self->ahead, g_free);
  *self = (PfDocument){ .options = self->options,
                        .block = self->block,
                        .fd = -1,
                        .path = self->path,
                        .data = self->data,
                        .capacity = self->capacity,
                        .transcoder = self->transcoder,
                        .coding = coding_of (self->options),
                        .nul_at = NO_NUL };
}

static gboolean
allocate (PfDocument *self, gsize capacity, PfError *error)
{
  if (self->data != NULL && self->capacity == capacity)
    return TRUE;
  g_free (self->data);
  self->data = pf_retry_realloc (self->options->retry, NULL, capacity);
  self->capacity = self->data != NULL ? capacity : 0;
  return self->data != NULL || pf_error_set_errno (error, ENOMEM);
}

static gboolean
prepare_decoding (PfDocument *self, PfError *error)
{
  if (self->coding != CODING_GIVEN)
    return TRUE;
  if (self->transcoder == NULL)
    self->transcoder = pf_transcoder_new (self->options->encoding, error);
  if (self->transcoder == NULL)
    return FALSE;
  pf_transcoder_begin (self->transcoder);
  self->raw = pf_retry_realloc (self->options->retry, NULL, self->block);
  return self->raw != NULL || pf_error_set_errno (error, ENOMEM);
}

static gboolean
refuse_output (const PfDocumentOptions *options, PfError *error)
{
  if (options->forbidden_status == PF_STATUS_USAGE)
    return pf_error_set (error, PF_STATUS_USAGE, "output is also an input");
  return pf_error_set (error, PF_STATUS_IO, "input file is also the output");
}

/* Looks at what was opened, and makes a first window. */
static gboolean
prepare (PfDocument *self, const struct stat *st, PfError *error)
{
  const PfDocumentOptions *o = self->options;
  PfFileId id = pf_file_id_of (st);

  if (S_ISDIR (st->st_mode))
    return pf_error_set_errno (error, EISDIR);
  if (pf_file_id_equal (&id, &o->reserved))
    return pf_error_set (error, PF_STATUS_USAGE,
                         "file for statistics is also an input");
  if (pf_file_id_equal (&id, &o->forbidden))
    return refuse_output (o, error);
  self->is_stream = !S_ISREG (st->st_mode);
  self->opened = *st;
  self->state = pf_file_state_of (st);
  pf_document_resume (self);
  return allocate (self, self->block, error) && prepare_decoding (self, error);
}

/* Without O_NONBLOCK, opening a FIFO would wait for its writer, and nothing
 * could wake the thread. */
static int
open_file (const PfDocument *self, const char *path, struct stat *st)
{
  if (path != NULL)
    return pf_retry_open (self->options->retry, path,
                          O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, st);
  return fstat (STDIN_FILENO, st) == 0 ? STDIN_FILENO : -1;
}

gboolean
pf_document_open (PfDocument *self, const char *path, PfError *error)
{
  struct stat st;

  reset (self);
  g_string_assign (self->path, path != NULL ? path : "");
  self->fd = open_file (self, path, &st);
  if (self->fd < 0)
    return pf_error_set_errno (error, errno);
  if (prepare (self, &st, error))
    return TRUE;
  pf_document_close (self);
  return FALSE;
}

const struct stat *
pf_document_stat (const PfDocument *self)
{
  return &self->opened;
}

guint64
pf_document_size (const PfDocument *self)
{
  return self->state.size;
}

guint64
pf_document_divisible_size (const PfDocument *self)
{
  gboolean divisible = !self->is_stream && !self->read_all &&
                       self->fd > STDIN_FILENO && self->whole == NULL &&
                       self->coding == CODING_BYTES && self->nul_at == NO_NUL &&
                       pf_descriptor_may_wait (self->fd);

  return divisible ? self->state.size : 0;
}

gsize
pf_document_peek (const PfDocument *self, guint64 offset, guint8 *buffer,
                  gsize len)
{
  ssize_t n = pread (self->fd, buffer, len, (off_t)offset);

  return (gsize)MAX (n, 0);
}

gboolean
pf_document_open_part (PfDocument *self, const PfDocument *whole,
                       guint64 offset, gsize room, PfError *error)
{
  reset (self);
  self->fd = whole->fd;
  self->whole = whole;
  self->borrows = TRUE;
  self->state = whole->state;
  self->n_read = self->offset = offset;
  /* What the whole is, is known. */
  self->coding = CODING_BYTES;
  self->looked = BINARY_LOOK;
  return allocate (self, room, error);
}

gboolean
pf_document_open_source (PfDocument *self, const PfByteSource *source,
                         PfDocument *file, PfError *error)
{
  reset (self);
  self->source = *source;
  self->file = file;
  self->opened = file->opened;
  if (allocate (self, self->block, error) && prepare_decoding (self, error))
    return TRUE;
  pf_document_close (self);
  return FALSE;
}

gboolean
pf_document_is_stream (const PfDocument *self)
{
  return self->is_stream;
}

gboolean
pf_document_is_whole (const PfDocument *self)
{
  return self->read_all;
}

static gboolean
wait_for_file (const PfDocument *self, int timeout)
{
  if (self->read_all || self->options->cancel == NULL)
    return TRUE;
  return pf_cancel_wait_readable (self->options->cancel, self->fd, timeout);
}

gboolean
pf_document_wait (const PfDocument *self, int timeout)
{
  return self->ahead_at < self->n_ahead || self->ahead_ended ||
         wait_for_file (self, timeout);
}

/* Makes room for ROOM bytes behind the window. */
static gboolean
make_room (PfDocument *self, gsize room, PfError *error)
{
  gsize len = self->end - self->begin, capacity = self->capacity;
  guint8 *data;

  if (capacity - self->end >= room)
    return TRUE;
  memmove (self->data, self->data + self->begin, len);
  self->begin = 0;
  self->end = len;
  while (capacity - len < room)
    capacity *= 2;
  if (capacity == self->capacity)
    return TRUE;
  data = pf_retry_realloc (self->options->retry, self->data, capacity);
  if (data == NULL)
    return pf_error_set_errno (error, ENOMEM);
  self->data = data;
  self->capacity = capacity;
  return TRUE;
}

/* What is wholly in memory holds no descriptor: documents that are loaded
 * ahead may be many. */
static void
end_reading (PfDocument *self)
{
  self->read_all = TRUE;
  if (!self->seeks)
    close_file (self);
}

/* Whether a read of N bytes where there was room for LEN came to the end of a
 * file that has the size which was told. Files of /proc tell none. */
static gboolean
is_end_known (const PfDocument *self, gsize n, gsize len)
{
  return !self->is_stream && self->state.size > 0 && n < len &&
         self->n_read == self->state.size;
}

/* A new descriptor for what was read so far. */
static int
open_where_it_stood (const PfDocument *self)
{
  const PfDocument *file = self->whole != NULL ? self->whole : self;

  return pf_reopen (file->path->str, &file->state, (goffset)self->n_read);
}

/* After pf_document_pause gave the descriptor up. */
static gboolean
take_up (PfDocument *self, PfError *error)
{
  PfTries tries = { 0 };

  if (!self->gave_up)
    return TRUE;
  do
    self->fd = open_where_it_stood (self);
  while (self->fd < 0 && pf_retry_again (self->options->retry, &tries, errno));
  if (self->fd < 0)
    return pf_error_set_errno (error, errno);
  self->gave_up = FALSE;
  pf_document_resume (self);
  return TRUE;
}

/* Another descriptor in place of one that went stale. Where that cannot be had,
 * the next read fails as the last one did. A part leaves the whole's descriptor
 * alone, since others read by it. */
static void
reopen (PfDocument *self)
{
  int fd = open_where_it_stood (self);

  if (fd < 0)
    return;
  if (!self->borrows && self->fd > STDIN_FILENO)
    close (self->fd);
  self->fd = fd;
  self->borrows = FALSE;
}

/* Whether a read that failed is to be tried again where it stood. */
static gboolean
recover (PfDocument *self, PfTries *tries, int errnum)
{
  if (errnum == EINTR || (errnum == EAGAIN && self->is_stream))
    return TRUE;
  if (!pf_retry_again (self->options->retry, tries, errnum))
    return FALSE;
  if (errnum == ESTALE)
    reopen (self);
  return TRUE;
}

static void
count_read (const PfDocument *self, gssize n)
{
  PfReadCounters *reads = self->options->reads;

  if (reads == NULL)
    return;
  pf_counter_add (&reads->calls, 1);
  pf_counter_add (&reads->bytes, (guint64)MAX (n, 0));
}

/* Reads into P. -1 with ERROR, or, without one, where the run was cancelled.
 * A descriptor that would block is waited for. */
static gssize
read_file (PfDocument *self, guint8 *p, gsize len, PfError *error)
{
  PfTries tries = { 0 };

  if (!take_up (self, error))
    return -1;
  for (;;) {
    ssize_t n;

    if (self->is_stream && !wait_for_file (self, -1))
      return -1;
    n = self->whole != NULL ? pread (self->fd, p, len, (off_t)self->n_read)
                            : read (self->fd, p, len);
    count_read (self, n);
    if (n >= 0) {
      self->n_read += (guint64)n;
      return n;
    }
    if (recover (self, &tries, errno))
      continue;
    pf_error_set_errno (error, errno);
    return -1;
  }
}

/* What was looked at before the first read. */
static gsize
take_ahead (PfDocument *self, guint8 *p, gsize len)
{
  gsize n = MIN (len, self->n_ahead - self->ahead_at);

  memcpy (p, self->ahead + self->ahead_at, n);
  self->ahead_at += n;
  return n;
}

/* Text that stands before a failure is given out first. */
static gssize
read_source (PfDocument *self, guint8 *p, gsize len, PfError *error)
{
  gssize n = -1;

  if (!pf_error_is_set (&self->failure))
    n = pf_byte_source_read (&self->source, p, len, &self->failure);
  self->read_all = n == 0;
  if (n >= 0)
    return n;
  if (pf_error_is_set (&self->failure) && self->end > self->begin &&
      !self->has_stalled) {
    self->has_stalled = TRUE;
    return 0;
  }
  if (pf_error_is_set (&self->failure))
    pf_error_move (error, &self->failure);
  return -1;
}

static gssize
read_some (PfDocument *self, guint8 *p, gsize len, PfError *error)
{
  gssize n;

  if (self->source.read != NULL)
    return read_source (self, p, len, error);
  if (self->ahead_at < self->n_ahead)
    n = (gssize)take_ahead (self, p, len);
  else
    n = self->ahead_ended ? 0 : read_file (self, p, len, error);
  if (n == 0 || (n > 0 && self->ahead_at == self->n_ahead &&
                 is_end_known (self, (gsize)n, len)))
    end_reading (self);
  return n;
}

gboolean
pf_document_look (PfDocument *self, PfSpan *begin, gboolean *ended,
                  PfError *error)
{
  gsize room = PF_DOCUMENT_AHEAD - self->n_ahead;
  gssize n;

  if (self->ahead == NULL)
    self->ahead = g_malloc (PF_DOCUMENT_AHEAD);
  n = room > 0 && !self->ahead_ended && !self->read_all
          ? read_file (self, self->ahead + self->n_ahead, room, error)
          : 0;
  if (n < 0)
    return FALSE;
  self->n_ahead += (gsize)n;
  self->ahead_ended = self->ahead_ended || (n == 0 && room > 0);
  *begin = (PfSpan){ self->ahead, self->n_ahead };
  *ended = n == 0 || self->n_ahead == PF_DOCUMENT_AHEAD;
  return TRUE;
}

static gssize
read_raw (gpointer user, guint8 *to, gsize room, PfError *error)
{
  PfDocument *self = user;

  return self->read_all ? 0 : read_some (self, to, room, error);
}

PfByteSource
pf_document_bytes (PfDocument *self)
{
  return (PfByteSource){ read_raw, self };
}

gboolean
pf_document_seek (PfDocument *self, guint64 at)
{
  self->seeks = TRUE;
  if (self->is_stream || (self->fd < 0 && !self->gave_up) ||
      (self->fd >= 0 && lseek (self->fd, (off_t)at, SEEK_SET) < 0))
    return FALSE;
  self->n_read = at;
  self->n_ahead = self->ahead_at = 0;
  self->ahead_ended = self->read_all = FALSE;
  return TRUE;
}

int
pf_document_descriptor (PfDocument *self, PfError *error)
{
  return take_up (self, error) ? self->fd : -1;
}

static gboolean
read_bytes (PfDocument *self, PfError *error)
{
  gssize n;

  /* What is nearly full grows, or a window that must grow would do so by a
   * few bytes at a time. */
  if (self->end == self->capacity &&
      !make_room (self, MAX (self->capacity / 2, 1), error))
    return FALSE;
  n = read_some (self, self->data + self->end, self->capacity - self->end,
                 error);
  if (n < 0)
    return FALSE;
  self->end += (gsize)n;
  return TRUE;
}

static gboolean
read_utf16 (PfDocument *self, PfError *error)
{
  gssize n;

  if (!make_room (self, pf_utf16_bound (self->block) + PF_UTF16_FINISH_MAX,
                  error))
    return FALSE;
  n = read_some (self, self->raw, self->block, error);
  if (n < 0)
    return FALSE;
  self->end += pf_utf16_decode (&self->decoder, (PfSpan){ self->raw, (gsize)n },
                                self->data + self->end);
  if (self->read_all)
    self->end += pf_utf16_finish (&self->decoder, self->data + self->end);
  return TRUE;
}

static gboolean
read_given (PfDocument *self, PfError *error)
{
  PfSpan in, out;
  gssize n;

  if (pf_transcoder_check (self->transcoder, error))
    return FALSE;
  n = read_some (self, self->raw, self->block, error);
  if (n < 0)
    return FALSE;
  in = (PfSpan){ self->raw, (gsize)n };
  while (pf_transcoder_next (self->transcoder, &in, self->read_all, &out)) {
    if (!make_room (self, out.len, error))
      return FALSE;
    memcpy (self->data + self->end, out.data, out.len);
    self->end += out.len;
  }
  return TRUE;
}

/* What was read so far turns out to be UTF-16: decodes it in place of itself.
 */
static gboolean
begin_utf16 (PfDocument *self, gboolean big_endian, PfError *error)
{
  gsize len = self->end - self->begin;
  gsize capacity = pf_utf16_bound (MAX (len, self->block)) * 2;
  PfRetry *retry = self->options->retry;
  guint8 *bytes = self->data, *text;

  self->raw = pf_retry_realloc (retry, NULL, self->block);
  text = pf_retry_realloc (retry, NULL, capacity);
  if (self->raw == NULL || text == NULL) {
    g_free (text);
    return pf_error_set_errno (error, ENOMEM);
  }
  self->data = text;
  self->capacity = capacity;
  self->coding = CODING_UTF16;
  pf_utf16_decoder_init (&self->decoder, big_endian);
  self->end = pf_utf16_decode (
      &self->decoder, (PfSpan){ bytes + self->begin, len }, self->data);
  self->begin = 0;
  if (self->read_all)
    self->end += pf_utf16_finish (&self->decoder, self->data + self->end);
  g_free (bytes);
  return TRUE;
}

/* A first byte that may begin a byte order mark must wait for the others. */
static gboolean
is_coding_open (const PfDocument *self)
{
  gsize len = self->end - self->begin;

  return self->coding == CODING_UNKNOWN && !self->read_all &&
         (len == 0 || (len < 3 && self->data[0] >= 0xEF));
}

static gboolean
find_coding (PfDocument *self, PfError *error)
{
  gsize bom_len = 0;
  PfBom bom;

  if (self->coding != CODING_UNKNOWN || is_coding_open (self))
    return TRUE;
  self->coding = CODING_BYTES;
  bom = pf_bom_detect (pf_document_window (self), &bom_len);
  self->begin += bom_len;
  if (bom == PF_BOM_UTF16LE || bom == PF_BOM_UTF16BE)
    return begin_utf16 (self, bom == PF_BOM_UTF16BE, error);
  self->offset += bom_len;
  self->looked = self->offset;
  return TRUE;
}

/* Looks at each byte of the first ones once, as they come. */
static void
look_for_nul (PfDocument *self)
{
  guint64 end = self->offset + (self->end - self->begin);
  const guint8 *p, *stop, *nul = NULL;

  if (self->options->raw || self->nul_at != NO_NUL || is_coding_open (self))
    return;
  end = MIN (end, BINARY_LOOK);
  if (self->looked >= end)
    return;
  p = self->data + self->begin + (self->looked - self->offset);
  stop = p + (end - self->looked);
  while (!self->past_leading_nuls && p < stop && *p == 0)
    p++;
  if (p < stop) {
    self->past_leading_nuls = TRUE;
    nul = memchr (p, 0, (gsize)(stop - p));
  }
  if (nul != NULL)
    self->nul_at = end - (guint64)(stop - nul);
  self->looked = end;
}

static gboolean
fill_once (PfDocument *self, PfError *error)
{
  gboolean filled = self->coding == CODING_GIVEN   ? read_given (self, error)
                    : self->coding == CODING_UTF16 ? read_utf16 (self, error)
                                                   : read_bytes (self, error);

  if (!filled || !find_coding (self, error))
    return FALSE;
  look_for_nul (self);
  return TRUE;
}

/* Whether the text goes on, but cannot be read or decoded. */
static gboolean
has_failed (const PfDocument *self)
{
  return self->has_stalled || (self->coding == CODING_GIVEN &&
                               pf_transcoder_check (self->transcoder, NULL));
}

/* A regular file is read until its buffer is full: then its end is seen, and
 * it is known whether it is binary, before any of it is looked at. */
static gboolean
wants_more (const PfDocument *self)
{
  if (self->is_stream || self->read_all || has_failed (self))
    return FALSE;
  if (!self->options->raw && self->nul_at == NO_NUL &&
      self->looked < BINARY_LOOK)
    return TRUE;
  return self->coding == CODING_BYTES && self->end < self->capacity;
}

gboolean
pf_document_fill (PfDocument *self, PfError *error)
{
  do {
    if (!fill_once (self, error))
      return FALSE;
  } while (is_coding_open (self) || wants_more (self));
  return TRUE;
}

PfSpan
pf_document_window (const PfDocument *self)
{
  PfSpan window = { self->data + self->begin, self->end - self->begin };

  /* Of a stream, lines before a NUL are already out when it comes; so that
   * they are always the same lines, the window ends before it. */
  if (self->nul_at != NO_NUL && self->nul_at < self->offset + window.len)
    window.len = (gsize)(self->nul_at - self->offset);
  return window;
}

guint64
pf_document_offset (const PfDocument *self)
{
  return self->offset;
}

gboolean
pf_document_at_end (const PfDocument *self)
{
  return self->read_all && self->nul_at == NO_NUL && !has_failed (self);
}

void
pf_document_consume (PfDocument *self, gsize len)
{
  self->begin += len;
  self->offset += len;
}

gboolean
pf_document_is_decoded (const PfDocument *self)
{
  return self->coding == CODING_UTF16 || self->coding == CODING_GIVEN;
}

gboolean
pf_document_is_binary (const PfDocument *self)
{
  return self->nul_at != NO_NUL;
}
