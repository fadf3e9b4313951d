#include "task/document_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_DEFAULT ((gsize)128 << 10)

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

void
pf_document_close_file (PfDocument *self)
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
  pf_document_close_file (self);
  return FALSE;
}

void
pf_document_close (PfDocument *self)
{
  pf_document_close_file (self);
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
  pf_document_close_file (self);
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
                        .nul_at = PF_NO_NUL };
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
  gboolean divisible =
      !self->is_stream && !self->read_all && self->fd > STDIN_FILENO &&
      self->whole == NULL && self->coding == CODING_BYTES &&
      self->nul_at == PF_NO_NUL && pf_descriptor_may_wait (self->fd);

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
  self->looked = PF_BINARY_LOOK;
  return allocate (self, room, error);
}

gboolean
pf_document_open_source (PfDocument *self, const PfByteSource *source,
                         PfByteWait wait, PfDocument *file, PfError *error)
{
  reset (self);
  self->source = *source;
  self->source_wait = wait;
  self->is_stream = wait != NULL;
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

PfSpan
pf_document_window (const PfDocument *self)
{
  PfSpan window = { self->data + self->begin, self->end - self->begin };

  /* Of a stream, lines before a NUL are already out when it comes; so that
   * they are always the same lines, the window ends before it. */
  if (self->nul_at != PF_NO_NUL && self->nul_at < self->offset + window.len)
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
  return self->read_all && self->nul_at == PF_NO_NUL &&
         !pf_document_has_failed (self);
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
  return self->nul_at != PF_NO_NUL;
}
