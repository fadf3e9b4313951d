#include "base/line_reader.h"

#include <errno.h>
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
};

PfLineReader *
pf_line_reader_new (const PfLineReaderOptions *options)
{
  PfLineReader *self = g_new0 (PfLineReader, 1);

  self->options = *options;
  self->read_end = options->is_positioned ? options->offset : 0;
  self->capacity = BLOCK;
  self->data = g_malloc (self->capacity);
  return self;
}

void
pf_line_reader_free (PfLineReader *self)
{
  if (self == NULL)
    return;
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

static ssize_t
read_some (PfLineReader *self)
{
  guint8 *to = self->data + self->end;
  gsize room = self->capacity - self->end;

  if (self->options.is_positioned)
    return pread (self->options.fd, to, room, self->read_end);
  return read (self->options.fd, to, room);
}

/* PF_LINE_OK where there is more, or the end was found. */
static PfLineResult
fill (PfLineReader *self, PfError *error)
{
  const PfLineReaderOptions *o = &self->options;
  ssize_t n;

  make_room (self);
  if (o->on_wait != NULL)
    o->on_wait (o->user);
  do {
    if (o->cancel != NULL && !pf_cancel_wait_readable (o->cancel, o->fd, -1))
      return PF_LINE_CANCELLED;
    n = read_some (self);
  } while (n < 0 && (errno == EINTR || (errno == EAGAIN && o->cancel != NULL)));
  if (n < 0) {
    pf_error_set_errno (error, errno);
    return PF_LINE_ERROR;
  }
  self->ended = n == 0;
  self->end += (gsize)n;
  self->read_end += n;
  return PF_LINE_OK;
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

goffset
pf_line_reader_offset (const PfLineReader *self)
{
  return self->read_end - (goffset)(self->end - self->begin);
}
