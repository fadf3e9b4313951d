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
#include <sys/uio.h>
#include <unistd.h>

#include "base/append.h"

#define BUFFER ((gsize)128 << 10)
#define SMALL ((gsize)16 << 10)

struct PfOutput {
  int fd;
  char *shown;               /* as the user named it */
  char *path;                /* the file in the end, links followed; or NULL */
  gboolean is_renamed;       /* it gets its name when it is whole */
  char *temporary;           /* its name until then; NULL: none yet */
  atomic_bool has_temporary; /* it exists under that name */
  GString *buffer;
};

/* The file that PATH leads to, or will once it exists. */
static char *
resolve (const char *path)
{
  char *real = realpath (path, NULL);
  g_autofree char *target = NULL, *directory = NULL, *next = NULL;
  char *copy;

  /* A link to what is not there yet; one that leads round is ELOOP. */
  if (real == NULL && errno == ENOENT)
    target = g_file_read_link (path, NULL);
  if (target != NULL) {
    directory = g_path_get_dirname (path);
    next = g_path_is_absolute (target)
               ? g_strdup (target)
               : g_build_filename (directory, target, NULL);
    return resolve (next);
  }
  copy = g_strdup (real != NULL ? real : path);
  free (real);
  return copy;
}

/* A name beside PATH; N tells tries apart. */
static char *
temporary_name (const char *path, guint n)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);

  return g_strdup_printf ("%s/.%.200s.pfproc-%ld-%u", directory, name,
                          (long)getpid (), n);
}

/* A file without a name, where the file system has such: nobody finds it, and
 * nothing is left of it however the process ends. */
static int
open_nameless (const char *path)
{
#ifdef O_TMPFILE
  g_autofree char *directory = g_path_get_dirname (path);

  if (access ("/proc/self/fd", X_OK) == 0)
    return open (directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
#endif
  return -1;
}

/* Makes a temporary name with TRY, which returns a negative number where it
 * fails. */
static int
take_name (PfOutput *self, int (*try) (const PfOutput *self, const char *name))
{
  int made = -1;

  for (guint n = 0; made < 0; n++) {
    g_autofree char *name = temporary_name (self->path, n);

    made = try (self, name);
    if (made < 0 && errno != EEXIST)
      return -1;
    if (made >= 0)
      self->temporary = g_steal_pointer (&name);
  }
  atomic_store (&self->has_temporary, TRUE);
  return made;
}

static int
create (const PfOutput *self G_GNUC_UNUSED, const char *name)
{
  return open (name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

static int
link_nameless (const PfOutput *self, const char *name)
{
  g_autofree char *fd_path = g_strdup_printf ("/proc/self/fd/%d", self->fd);

  return linkat (AT_FDCWD, fd_path, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

/* OLD is what stands under that name by now, or NULL. */
static gboolean
open_temporary (PfOutput *self, const struct stat *old, PfError *error)
{
  self->fd = open_nameless (self->path);
  if (self->fd < 0)
    self->fd = take_name (self, create);
  if (self->fd < 0 ||
      (old != NULL && fchmod (self->fd, old->st_mode & 07777) != 0))
    return pf_error_set_system (error, PF_STATUS_CANT_CREATE, errno);
  return TRUE;
}

static gboolean
open_file (PfOutput *self, const char *path, PfError *error)
{
  g_autofree char *name = g_path_get_basename (path);
  struct stat st;
  gboolean exists = stat (path, &st) == 0;

  if (path[0] == '\0')
    return pf_error_set_system (error, PF_STATUS_CANT_CREATE, ENOENT);
  if (!exists && errno != ENOENT)
    return pf_error_set_system (error, PF_STATUS_CANT_CREATE, errno);
  /* A nameless file would find out when it gets its name. */
  if (strlen (name) > NAME_MAX)
    return pf_error_set_system (error, PF_STATUS_CANT_CREATE, ENAMETOOLONG);
  if (exists && S_ISDIR (st.st_mode))
    return pf_error_set_system (error, PF_STATUS_CANT_CREATE, EISDIR);
  self->path = resolve (path);
  self->is_renamed = !exists || S_ISREG (st.st_mode);
  if (self->is_renamed)
    return open_temporary (self, exists ? &st : NULL, error);
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
  self->shown = g_strdup (path != NULL ? path : "standard output");
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
  g_free (self->shown);
  g_free (self->path);
  g_free (self->temporary);
  g_free (self);
}

static gboolean
fail (const PfOutput *self, int errnum, PfError *error)
{
  pf_error_set_system (error, PF_STATUS_IO, errnum);
  pf_error_prefix (error, self->shown);
  return FALSE;
}

static void
wait_writable (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };

  poll (&poll_fd, 1, -1);
}

/* Writes A and B, one behind the other, without putting them together. */
static gboolean
write_both (PfOutput *self, PfSpan a, PfSpan b, PfError *error)
{
  while (a.len + b.len > 0) {
    struct iovec parts[] = { { (void *)a.data, a.len },
                             { (void *)b.data, b.len } };
    ssize_t n = writev (self->fd, parts, G_N_ELEMENTS (parts));
    gsize of_a;

    if (n < 0 && errno == EAGAIN)
      wait_writable (self->fd);
    else if (n < 0 && errno != EINTR)
      return fail (self, errno, error);
    if (n <= 0)
      continue;
    of_a = MIN ((gsize)n, a.len);
    a = pf_span_sub (a, of_a, a.len);
    b = pf_span_sub (b, (gsize)n - of_a, b.len);
  }
  return TRUE;
}

/* What is buffered, and BYTES behind it. */
static gboolean
write_out (PfOutput *self, PfSpan bytes, PfError *error)
{
  PfSpan buffered = { (const guint8 *)self->buffer->str, self->buffer->len };
  gboolean written = write_both (self, buffered, bytes, error);

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

/* Standard output stays open for others; only a file tells at its closing what
 * went wrong with it. */
static gboolean
close_file (PfOutput *self, PfError *error)
{
  int fd = self->fd;

  self->fd = -1;
  return fd <= STDERR_FILENO || close (fd) == 0 || fail (self, errno, error);
}

gboolean
pf_output_commit (PfOutput *self, PfError *error)
{
  if (!pf_output_flush (self, error))
    return FALSE;
  if (self->is_renamed && self->temporary == NULL &&
      take_name (self, link_nameless) < 0)
    return fail (self, errno, error);
  if (!close_file (self, error))
    return FALSE;
  if (!self->is_renamed)
    return TRUE;
  if (rename (self->temporary, self->path) != 0)
    return fail (self, errno, error);
  atomic_store (&self->has_temporary, FALSE);
  return TRUE;
}
