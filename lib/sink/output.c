#include "sink/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/append.h"
#include "base/atomic_file.h"
#include "base/write.h"

#define BUFFER ((gsize)128 << 10)
#define SMALL ((gsize)16 << 10)

struct PfOutput {
  char *shown;        /* as the user named it */
  PfAtomicFile *file; /* NULL: standard output, or a file in place */
  int in_place;       /* its descriptor, or -1 */
  GString *buffer;
};

PfOutput *
pf_output_open (const char *path, PfError *error)
{
  g_autoptr (PfOutput) self = g_new0 (PfOutput, 1);

  self->buffer = g_string_sized_new (BUFFER);
  self->in_place = -1;
  self->shown = g_strdup (path != NULL ? path : "standard output");
  if (path == NULL)
    return g_steal_pointer (&self);
  self->file = pf_atomic_file_open (path, error);
  if (self->file != NULL)
    return g_steal_pointer (&self);
  pf_error_prefix (error, path);
  return NULL;
}

PfOutput *
pf_output_open_in_place (const char *path, PfError *error)
{
  g_autoptr (PfOutput) self = g_new0 (PfOutput, 1);
  struct stat st;

  self->buffer = g_string_sized_new (BUFFER);
  self->shown = g_strdup (path);
  self->in_place =
      open (path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
  if (self->in_place < 0 || fstat (self->in_place, &st) != 0)
    pf_error_set_system (error, PF_STATUS_CANT_CREATE, errno);
  else if (!S_ISREG (st.st_mode))
    pf_error_set (error, PF_STATUS_CANT_CREATE,
                  "not a regular file, which a journal needs");
  else
    return g_steal_pointer (&self);
  pf_error_prefix (error, path);
  return NULL;
}

gboolean
pf_output_cut (PfOutput *self, guint64 length, PfError *error)
{
  struct stat st;

  if (fstat (self->in_place, &st) != 0)
    pf_error_set_system (error, PF_STATUS_IO, errno);
  else if ((guint64)st.st_size < length)
    pf_error_set (error, PF_STATUS_DATA, "shorter than its journal says");
  else if (ftruncate (self->in_place, (off_t)length) != 0 ||
           lseek (self->in_place, (off_t)length, SEEK_SET) < 0)
    pf_error_set_system (error, PF_STATUS_IO, errno);
  else
    return TRUE;
  pf_error_prefix (error, self->shown);
  return FALSE;
}

void
pf_output_discard (PfOutput *self)
{
  if (self->file != NULL)
    pf_atomic_file_discard (self->file);
}

void
pf_output_free (PfOutput *self)
{
  if (self == NULL)
    return;
  pf_atomic_file_free (self->file);
  if (self->in_place >= 0)
    close (self->in_place);
  g_string_free (self->buffer, TRUE);
  g_free (self->shown);
  g_free (self);
}

static gboolean
fail (const PfOutput *self, PfError *error)
{
  pf_error_prefix (error, self->shown);
  return FALSE;
}

static gboolean
write_all (PfOutput *self, PfSpan bytes, PfError *error)
{
  int fd = self->in_place >= 0  ? self->in_place
           : self->file != NULL ? pf_atomic_file_fd (self->file)
                                : STDOUT_FILENO;

  return bytes.len == 0 || pf_write_all (fd, bytes, error) ||
         fail (self, error);
}

/* What is buffered, and BYTES behind it. */
static gboolean
write_out (PfOutput *self, PfSpan bytes, PfError *error)
{
  PfSpan buffered = { (const guint8 *)self->buffer->str, self->buffer->len };
  gboolean written =
      write_all (self, buffered, error) && write_all (self, bytes, error);

  g_string_truncate (self->buffer, 0);
  return written;
}

gboolean
pf_output_flush (PfOutput *self, PfError *error)
{
  return write_out (self, pf_span_str (""), error);
}

gboolean
pf_output_write (PfOutput *self, PfSpan bytes, PfError *error)
{
  /* What is not small is not worth copying. */
  if (bytes.len >= SMALL || self->buffer->len + bytes.len > BUFFER)
    return write_out (self, bytes, error);
  pf_append_span (self->buffer, bytes);
  return TRUE;
}

/* Standard output stays open for others. */
gboolean
pf_output_commit (PfOutput *self, PfError *error)
{
  if (!pf_output_flush (self, error))
    return FALSE;
  if (self->in_place >= 0) {
    int fd = self->in_place;

    self->in_place = -1;
    if (close (fd) == 0)
      return TRUE;
    pf_error_set_system (error, PF_STATUS_IO, errno);
    return fail (self, error);
  }
  return self->file == NULL ||
         pf_atomic_file_commit (self->file, FALSE, error) || fail (self, error);
}
