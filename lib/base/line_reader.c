#include "base/line_reader.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define BLOCK ((gsize)64 << 10)
/* What is given of a record that is too long; the same however it arrived. */
#define SHOWN_BYTES ((gsize)64)

struct PfLineReader {
  PfLineReaderOptions options;
  guint8 *data;
  gsize capacity;
  gsize begin, end; /* data[begin, end) was read and not given out yet */
  goffset read_end; /* of the bytes that were read */
  gboolean ended;
  int own_fd; /* in place of a stale one, or -1 */
};

PfLineReader *
pf_line_reader_new (const PfLineReaderOptions *options)
{
  PfLineReader *self = g_new0 (PfLineReader, 1);

  self->options = *options;
  self->read_end = options->is_positioned ? options->offset : 0;
  self->capacity = BLOCK;
  self->data = g_malloc (self->capacity);
  self->own_fd = -1;
  return self;
}

void
pf_line_reader_free (PfLineReader *self)
{
  if (self == NULL)
    return;
  if (self->own_fd >= 0)
    close (self->own_fd);
  g_free (self->data);
  g_free (self);
}

/* Makes room behind what is there: moves it to the front, or grows. */
static void
make_room (PfLineReader *self)
{
  gsize kept = self->end - self->begin;

  if (self->end < self->capacity)
    return;
  memmove (self->data, self->data + self->begin, kept);
  self->begin = 0;
  self->end = kept;
  if (kept > self->capacity / 2) {
    self->capacity *= 2;
    self->data = g_realloc (self->data, self->capacity);
  }
}

static int
descriptor (const PfLineReader *self)
{
  return self->own_fd >= 0 ? self->own_fd : self->options.fd;
}

static ssize_t
read_some (PfLineReader *self)
{
  guint8 *to = self->data + self->end;
  gsize room = self->capacity - self->end;

  if (self->options.is_positioned)
    return pread (descriptor (self), to, room, self->read_end);
  return read (descriptor (self), to, room);
}

/* Where no descriptor can be had, the next read fails as the last one did. */
static void
reopen (PfLineReader *self)
{
  const PfLineReaderOptions *o = &self->options;
  int fd =
      o->path != NULL ? pf_reopen (o->path, &o->state, self->read_end) : -1;

  if (fd < 0)
    return;
  if (self->own_fd >= 0)
    close (self->own_fd);
  self->own_fd = fd;
}

/* Of a regular file, EAGAIN is no matter of waiting for data. */
static gboolean
can_be_polled (const PfLineReader *self)
{
  struct stat st;

  return fstat (descriptor (self), &st) == 0 && !S_ISREG (st.st_mode);
}

/* Whether a read that failed is to be tried again. */
static gboolean
recover (PfLineReader *self, PfTries *tries, int errnum)
{
  struct pollfd fd = { .fd = descriptor (self), .events = POLLIN };

  if (errnum == EINTR)
    return TRUE;
  if (errnum == EAGAIN && can_be_polled (self)) {
    /* With a cancel flag, the caller waits for both. */
    if (self->options.cancel == NULL)
      poll (&fd, 1, -1);
    return TRUE;
  }
  if (!pf_retry_again (self->options.retry, tries, errnum))
    return FALSE;
  if (errnum == ESTALE)
    reopen (self);
  return TRUE;
}

/* N bytes were read, none at the end. */
static PfLineResult
take_up (PfLineReader *self, gssize n)
{
  if (n < 0)
    return PF_LINE_ERROR;
  self->ended = n == 0;
  self->end += (gsize)n;
  self->read_end += n;
  return PF_LINE_OK;
}

/* PF_LINE_OK where there is more, or the end was found. */
static PfLineResult
fill (PfLineReader *self, PfError *error)
{
  const PfLineReaderOptions *o = &self->options;
  PfTries tries = { 0 };
  ssize_t n;

  make_room (self);
  if (o->on_wait != NULL)
    o->on_wait (o->user);
  if (o->bytes != NULL)
    return take_up (self,
                    pf_byte_source_read (o->bytes, self->data + self->end,
                                         self->capacity - self->end, error));
  do {
    if (o->cancel != NULL &&
        !pf_cancel_wait_readable (o->cancel, descriptor (self), -1))
      return PF_LINE_CANCELLED;
    n = read_some (self);
  } while (n < 0 && recover (self, &tries, errno));
  if (n < 0)
    pf_error_set_errno (error, errno);
  return take_up (self, n);
}

static PfLineResult
take (PfLineReader *self, gsize len, gsize delimiter, PfSpan *line)
{
  gboolean too_long = len > self->options.max;

  *line = (PfSpan){ self->data + self->begin,
                    too_long ? MIN (len, SHOWN_BYTES) : len };
  self->begin += len + delimiter;
  return too_long ? PF_LINE_TOO_LONG : PF_LINE_OK;
}

/* Drops the rest of a record whose first bytes stand at the front. */
static PfLineResult
drop_long (PfLineReader *self, PfSpan *line, PfError *error)
{
  gsize kept = MIN (self->options.max, SHOWN_BYTES);

  memmove (self->data, self->data + self->begin, kept);
  self->begin = 0;
  self->end = kept;
  for (;;) {
    const guint8 *found;
    PfLineResult result = fill (self, error);

    if (result != PF_LINE_OK)
      return result;
    found =
        memchr (self->data + kept, self->options.delimiter, self->end - kept);
    if (found != NULL || self->ended) {
      *line = (PfSpan){ self->data, kept };
      self->begin = found != NULL ? (gsize)(found - self->data) + 1 : self->end;
      return PF_LINE_TOO_LONG;
    }
    self->end = kept;
  }
}

PfLineResult
pf_line_reader_next (PfLineReader *self, PfSpan *line, PfError *error)
{
  gsize seen = 0;

  for (;;) {
    gsize there = self->end - self->begin;
    const guint8 *from = self->data + self->begin;
    const guint8 *found =
        memchr (from + seen, self->options.delimiter, there - seen);
    PfLineResult result;

    if (found != NULL)
      return take (self, (gsize)(found - from), 1, line);
    if (self->ended)
      return there > 0 ? take (self, there, 0, line) : PF_LINE_END;
    if (there > self->options.max)
      return drop_long (self, line, error);
    seen = there;
    result = fill (self, error);
    if (result != PF_LINE_OK)
      return result;
  }
}

PfLineResult
pf_line_reader_peek (PfLineReader *self, gsize n, PfSpan *bytes, PfError *error)
{
  PfLineResult result = PF_LINE_OK;

  while (result == PF_LINE_OK && self->end - self->begin < n && !self->ended)
    result = fill (self, error);
  *bytes = (PfSpan){ self->data + self->begin, self->end - self->begin };
  return result;
}

static gssize
read_bytes (gpointer user, guint8 *to, gsize room, PfError *error)
{
  PfLineReader *self = user;
  PfSpan there;
  gsize n;

  if (pf_line_reader_peek (self, 1, &there, error) != PF_LINE_OK)
    return -1;
  n = MIN (room, there.len);
  if (n > 0)
    memcpy (to, there.data, n);
  self->begin += n;
  return (gssize)n;
}

PfByteSource
pf_line_reader_bytes (PfLineReader *self)
{
  return (PfByteSource){ read_bytes, self };
}

goffset
pf_line_reader_offset (const PfLineReader *self)
{
  return self->read_end - (goffset)(self->end - self->begin);
}
