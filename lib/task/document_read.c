/* The bytes of a document: from a descriptor, which may have to be waited for
 * or opened again, or from a source. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "task/document_private.h"

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
  if (self->source.read != NULL)
    return self->source_wait == NULL || self->read_all ||
           pf_error_is_set (&self->failure) ||
           self->source_wait (self->source.user, timeout);
  return self->ahead_at < self->n_ahead || self->ahead_ended ||
         wait_for_file (self, timeout);
}

/* Makes room for ROOM bytes behind the window. */
gboolean
pf_document_make_room (PfDocument *self, gsize room, PfError *error)
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
    pf_document_close_file (self);
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

gssize
pf_document_read_some (PfDocument *self, guint8 *p, gsize len, PfError *error)
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

gssize
pf_document_drop (PfDocument *self, PfError *error)
{
  self->begin = self->end = 0;
  return self->read_all
             ? 0
             : pf_document_read_some (self, self->data, self->capacity, error);
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

  return self->read_all ? 0 : pf_document_read_some (self, to, room, error);
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
