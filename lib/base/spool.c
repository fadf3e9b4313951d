#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/append.h"

#define MEMORY_DEFAULT ((gsize)1 << 20)
/* What is read of the file at once. */
#define BLOCK ((gsize)64 << 10)
/* So much is dropped from the file before its room is given back. */
#define HOLE ((guint64)1 << 20)

struct PfSpool {
  gsize limit;
  int fd;         /* -1: there is no file yet */
  guint64 begin;  /* in the file: of what was not dropped */
  guint64 end;    /* of what the file has */
  guint64 hole;   /* up to there its room was given back */
  GString *bytes; /* what comes behind that */
  guint8 *block;  /* what was read last, or NULL */
};

PfSpool *
pf_spool_new (gsize memory)
{
  PfSpool *self = g_new0 (PfSpool, 1);

  self->limit = memory > 0 ? memory : MEMORY_DEFAULT;
  self->fd = -1;
  self->bytes = g_string_new (NULL);
  return self;
}

void
pf_spool_free (PfSpool *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_string_free (self->bytes, TRUE);
  g_free (self->block);
  g_free (self);
}

guint64
pf_spool_size (const PfSpool *self)
{
  return self->end - self->begin + self->bytes->len;
}

static gboolean
fail (PfError *error, const char *what)
{
  pf_error_set_system (error, PF_STATUS_IO, errno);
  pf_error_prefix (error, what);
  return FALSE;
}

static gboolean
make_file (PfSpool *self, PfError *error)
{
  g_autofree char *name = NULL;

  if (self->fd >= 0)
    return TRUE;
  /* Without a name where that can be had: who is killed leaves nothing. */
  self->fd =
      open (g_get_tmp_dir (), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
  if (self->fd >= 0)
    return TRUE;
  name = g_build_filename (g_get_tmp_dir (), ".pfproc-XXXXXX", NULL);
  self->fd = mkostemp (name, O_CLOEXEC);
  if (self->fd < 0)
    return fail (error, "temporary file");
  unlink (name);
  return TRUE;
}

/* Moves what is in memory to the file. */
static gboolean
move_to_file (PfSpool *self, PfError *error)
{
  gsize done = 0;

  if (!make_file (self, error))
    return FALSE;
  while (done < self->bytes->len) {
    ssize_t n = pwrite (self->fd, self->bytes->str + done,
                        self->bytes->len - done, (off_t)(self->end + done));

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return fail (error, "temporary file");
    done += (gsize)n;
  }
  self->end += done;
  g_string_truncate (self->bytes, 0);
  return TRUE;
}

gboolean
pf_spool_add (PfSpool *self, PfSpan bytes, PfError *error)
{
  if (self->bytes->len > 0 && self->bytes->len + bytes.len > self->limit &&
      !move_to_file (self, error))
    return FALSE;
  pf_append_span (self->bytes, bytes);
  return TRUE;
}

PfSpan
pf_spool_peek (PfSpool *self, guint64 at, PfError *error)
{
  guint64 place = self->begin + at;
  PfSpan memory = { (const guint8 *)self->bytes->str, self->bytes->len };
  ssize_t n;

  if (place >= self->end)
    return pf_span_sub (memory, (gsize)(place - self->end), memory.len);
  if (self->block == NULL)
    self->block = g_malloc (BLOCK);
  do
    n = pread (self->fd, self->block, (gsize)MIN (BLOCK, self->end - place),
               (off_t)place);
  while (n < 0 && errno == EINTR);
  if (n > 0)
    return (PfSpan){ self->block, (gsize)n };
  if (n == 0)
    errno = EIO;
  fail (error, "temporary file");
  return pf_span_str ("");
}

/* Gives room back, where the file system can: else it stays until the end. */
static void
dig (PfSpool *self)
{
  if (self->begin == self->end) {
    if (ftruncate (self->fd, 0) == 0)
      self->begin = self->end = self->hole = 0;
    return;
  }
#ifdef FALLOC_FL_PUNCH_HOLE
  if (self->begin - self->hole >= HOLE) {
    fallocate (self->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
               (off_t)self->hole, (off_t)(self->begin - self->hole));
    self->hole = self->begin;
  }
#endif
}

void
pf_spool_drop (PfSpool *self, guint64 len)
{
  guint64 of_file = MIN (len, self->end - self->begin);

  self->begin += of_file;
  if (of_file > 0)
    dig (self);
  g_string_erase (self->bytes, 0, (gssize)(len - of_file));
}
