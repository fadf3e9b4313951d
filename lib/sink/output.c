#include "sink/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER ((gsize)128 << 10)

struct PfOutput {
  int fd;
  char *path;      /* the file in the end, links followed; NULL: no renaming */
  char *temporary; /* likewise */
  atomic_bool has_temporary; /* it exists under that name */
  GString *buffer;
};

/* The permissions of a new file; only read, but there is no other way. */
static mode_t
default_mode (void)
{
  mode_t mask = umask (0);

  umask (mask);
  return 0666 & ~mask;
}

/* The file that PATH leads to, or will once it exists. */
static char *
resolve (const char *path)
{
  char *real = realpath (path, NULL), *copy;

  copy = g_strdup (real != NULL ? real : path);
  free (real);
  return copy;
}

static gboolean
open_temporary (PfOutput *self, mode_t mode, PfError *error)
{
  g_autofree char *directory = g_path_get_dirname (self->path);
  g_autofree char *name = g_path_get_basename (self->path);

  self->temporary =
      g_strdup_printf ("%s/.%.200s.pfproc-XXXXXX", directory, name);
  self->fd = mkostemp (self->temporary, O_CLOEXEC);
  if (self->fd < 0)
    return pf_error_set_system (error, PF_STATUS_CANT_CREATE, errno);
  atomic_store (&self->has_temporary, TRUE);
  if (fchmod (self->fd, mode) != 0)
    return pf_error_set_system (error, PF_STATUS_CANT_CREATE, errno);
  return TRUE;
}

static gboolean
open_file (PfOutput *self, const char *path, PfError *error)
{
  struct stat st;
  gboolean exists = stat (path, &st) == 0;

  if (path[0] == '\0')
    return pf_error_set_system (error, PF_STATUS_CANT_CREATE, ENOENT);
  if (exists && S_ISDIR (st.st_mode))
    return pf_error_set_system (error, PF_STATUS_CANT_CREATE, EISDIR);
  if (!exists || S_ISREG (st.st_mode)) {
    self->path = resolve (path);
    return open_temporary (self, exists ? st.st_mode & 07777 : default_mode (),
                           error);
  }
  self->fd = open (path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
  return self->fd >= 0 ||
         pf_error_set_system (error, PF_STATUS_CANT_CREATE, errno);
}

PfOutput *
pf_output_open (const char *path, PfError *error)
{
  g_autoptr (PfOutput) self = g_new0 (PfOutput, 1);

  atomic_init (&self->has_temporary, FALSE);
  self->buffer = g_string_sized_new (BUFFER);
  self->fd = STDOUT_FILENO;
  if (path != NULL && !open_file (self, path, error)) {
    pf_error_prefix (error, path);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
pf_output_discard (PfOutput *self)
{
  if (atomic_exchange (&self->has_temporary, FALSE))
    unlink (self->temporary);
}

void
pf_output_free (PfOutput *self)
{
  if (self == NULL)
    return;
  pf_output_discard (self);
  if (self->fd > STDERR_FILENO)
    close (self->fd);
  g_string_free (self->buffer, TRUE);
  g_free (self->path);
  g_free (self->temporary);
  g_free (self);
}

static const char *
shown_name (const PfOutput *self)
{
  return self->path != NULL ? self->path : "standard output";
}

static gboolean
fail (const PfOutput *self, int errnum, PfError *error)
{
  pf_error_set_system (error, PF_STATUS_IO, errnum);
  pf_error_prefix (error, shown_name (self));
  return FALSE;
}

static void
wait_writable (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };

  poll (&poll_fd, 1, -1);
}

static gboolean
write_all (PfOutput *self, PfSpan bytes, PfError *error)
{
  while (bytes.len > 0) {
    ssize_t n = write (self->fd, bytes.data, bytes.len);

    if (n < 0 && errno == EAGAIN)
      wait_writable (self->fd);
    else if (n < 0 && errno != EINTR)
      return fail (self, errno, error);
    if (n > 0)
      bytes = pf_span_sub (bytes, (gsize)n, bytes.len);
  }
  return TRUE;
}

gboolean
pf_output_flush (PfOutput *self, PfError *error)
{
  PfSpan bytes = { (const guint8 *)self->buffer->str, self->buffer->len };
  gboolean written = write_all (self, bytes, error);

  g_string_truncate (self->buffer, 0);
  return written;
}

gboolean
pf_output_write (PfOutput *self, PfSpan bytes, PfError *error)
{
  if (self->buffer->len + bytes.len > BUFFER && !pf_output_flush (self, error))
    return FALSE;
  if (bytes.len >= BUFFER)
    return write_all (self, bytes, error);
  g_string_append_len (self->buffer, (const char *)bytes.data,
                       (gssize)bytes.len);
  return TRUE;
}

gboolean
pf_output_commit (PfOutput *self, PfError *error)
{
  int fd = self->fd;

  if (!pf_output_flush (self, error))
    return FALSE;
  /* Standard output stays open for others; only a file tells at its closing
   * what went wrong with it. */
  self->fd = -1;
  if (fd > STDERR_FILENO && close (fd) != 0)
    return fail (self, errno, error);
  if (self->temporary == NULL)
    return TRUE;
  if (rename (self->temporary, self->path) != 0)
    return fail (self, errno, error);
  atomic_store (&self->has_temporary, FALSE);
  return TRUE;
}
