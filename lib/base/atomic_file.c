#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct PfAtomicFile {
  int fd;
  char *path;                /* the file in the end, links followed */
  gboolean is_renamed;       /* it gets its name when it is whole */
  char *temporary;           /* its name until then; NULL: none yet */
  atomic_bool has_temporary; /* it exists under that name */
};

/* Where PATH will be, once it is there; as it is where its folder is not. */
static char *
place_in_folder (const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  char *real = realpath (directory, NULL);
  char *place =
      real != NULL ? g_build_filename (real, name, NULL) : g_strdup (path);

  free (real);
  return place;
}

char *
pf_atomic_file_resolve (const char *path)
{
  char *real = realpath (path, NULL);
  g_autofree char *target = NULL, *directory = NULL, *next = NULL;
  char *found;

  /* A link to what is not there yet; one that leads round is ELOOP. */
  if (real == NULL && errno == ENOENT)
    target = g_file_read_link (path, NULL);
  if (target != NULL) {
    directory = g_path_get_dirname (path);
    next = g_path_is_absolute (target)
               ? g_strdup (target)
               : g_build_filename (directory, target, NULL);
    return pf_atomic_file_resolve (next);
  }
  found = real != NULL ? g_strdup (real) : place_in_folder (path);
  free (real);
  return found;
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
take_name (PfAtomicFile *self,
           int (*try) (const PfAtomicFile *self, const char *name))
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
create (const PfAtomicFile *self G_GNUC_UNUSED, const char *name)
{
  return open (name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

static int
link_nameless (const PfAtomicFile *self, const char *name)
{
  g_autofree char *fd_path = g_strdup_printf ("/proc/self/fd/%d", self->fd);

  return linkat (AT_FDCWD, fd_path, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

/* OLD is what stands under that name by now, or NULL. */
static gboolean
open_temporary (PfAtomicFile *self, const struct stat *old, PfError *error)
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
open_file (PfAtomicFile *self, const char *path, PfError *error)
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
  self->path = pf_atomic_file_resolve (path);
  self->is_renamed = !exists || S_ISREG (st.st_mode);
  if (self->is_renamed)
    return open_temporary (self, exists ? &st : NULL, error);
  self->fd = open (path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
  return self->fd >= 0 ||
         pf_error_set_system (error, PF_STATUS_CANT_CREATE, errno);
}

PfAtomicFile *
pf_atomic_file_open (const char *path, PfError *error)
{
  g_autoptr (PfAtomicFile) self = g_new0 (PfAtomicFile, 1);

  atomic_init (&self->has_temporary, FALSE);
  self->fd = -1;
  return open_file (self, path, error) ? g_steal_pointer (&self) : NULL;
}

void
pf_atomic_file_discard (PfAtomicFile *self)
{
  if (atomic_exchange (&self->has_temporary, FALSE))
    unlink (self->temporary);
}

void
pf_atomic_file_free (PfAtomicFile *self)
{
  if (self == NULL)
    return;
  pf_atomic_file_discard (self);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self->temporary);
  g_free (self);
}

int
pf_atomic_file_fd (const PfAtomicFile *self)
{
  return self->fd;
}

static gboolean
fail (PfError *error)
{
  return pf_error_set_system (error, PF_STATUS_IO, errno);
}

/* Some files and file systems cannot be told to. */
static gboolean
sync_fd (int fd)
{
  return fsync (fd) == 0 || errno == EINVAL || errno == ENOTSUP;
}

/* So that the name outlives a crash, too. */
static gboolean
sync_directory (const PfAtomicFile *self)
{
  g_autofree char *directory = g_path_get_dirname (self->path);
  int fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done;

  /* A directory may be written and not read. */
  if (fd < 0)
    return errno == EACCES;
  done = sync_fd (fd);
  close (fd);
  return done;
}

static gboolean
close_file (PfAtomicFile *self)
{
  int fd = self->fd;

  self->fd = -1;
  return close (fd) == 0;
}

gboolean
pf_atomic_file_commit (PfAtomicFile *self, gboolean durable, PfError *error)
{
  if (durable && !sync_fd (self->fd))
    return fail (error);
  if (self->is_renamed && self->temporary == NULL &&
      take_name (self, link_nameless) < 0)
    return fail (error);
  if (!close_file (self))
    return fail (error);
  if (!self->is_renamed)
    return TRUE;
  if (rename (self->temporary, self->path) != 0)
    return fail (error);
  atomic_store (&self->has_temporary, FALSE);
  return !durable || sync_directory (self) || fail (error);
}
