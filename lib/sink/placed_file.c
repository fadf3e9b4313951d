#include "sink/placed_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lock.h"

#define MARK ".pfproc-"

struct PfPlacedFile {
  int fd; /* -1: none is open */
  int folder;
  GString *name;
  gboolean names_only; /* files without a name are not to be had */

  uv_mutex_t lock;
  GString *temporary; /* lock, as all below; the name until it is placed */
  gboolean is_named;  /* the folder has that name */
  gboolean is_dead;   /* nothing is to be made any more */
};

PfPlacedFile *
pf_placed_file_new (void)
{
  PfPlacedFile *self = g_new0 (PfPlacedFile, 1);

  self->fd = self->folder = -1;
  self->name = g_string_new (NULL);
  self->temporary = g_string_new (NULL);
  self->names_only = access ("/proc/self/fd", X_OK) != 0;
  pf_mutex_init (&self->lock);
  return self;
}

/* Under the lock. */
static void
remove_temporary (PfPlacedFile *self)
{
  if (self->is_named)
    unlinkat (self->folder, self->temporary->str, 0);
  self->is_named = FALSE;
}

void
pf_placed_file_drop (PfPlacedFile *self)
{
  uv_mutex_lock (&self->lock);
  remove_temporary (self);
  uv_mutex_unlock (&self->lock);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

void
pf_placed_file_free (PfPlacedFile *self)
{
  if (self == NULL)
    return;
  pf_placed_file_drop (self);
  uv_mutex_destroy (&self->lock);
  g_string_free (self->name, TRUE);
  g_string_free (self->temporary, TRUE);
  g_free (self);
}

void
pf_placed_file_discard (PfPlacedFile *self)
{
  uv_mutex_lock (&self->lock);
  self->is_dead = TRUE;
  remove_temporary (self);
  uv_mutex_unlock (&self->lock);
}

gboolean
pf_placed_file_is_temporary (const char *name)
{
  const char *mark = g_strrstr (name, MARK);
  char *end;

  return name[0] == '.' && mark != NULL &&
         strtol (mark + strlen (MARK), &end, 10) == (long)getpid () &&
         *end == '-';
}

/* Gives the file a temporary name by TRY, which returns a negative number where
 * it fails. Under the lock. */
static int
take_name (PfPlacedFile *self,
           int (*try) (const PfPlacedFile *self, mode_t mode), mode_t mode)
{
  int made = -1;

  errno = EINTR;
  for (guint n = 0; made < 0 && !self->is_dead; n++) {
    g_string_printf (self->temporary, ".%.200s" MARK "%ld-%u", self->name->str,
                     (long)getpid (), n);
    made = try (self, mode);
    if (made < 0 && errno != EEXIST)
      return -1;
  }
  if (made >= 0)
    self->is_named = TRUE;
  return made;
}

static int
create (const PfPlacedFile *self, mode_t mode)
{
  return openat (self->folder, self->temporary->str,
                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
}

static int
link_as (const PfPlacedFile *self, const char *name)
{
  char path[64];

  snprintf (path, sizeof path, "/proc/self/fd/%d", self->fd);
  return linkat (AT_FDCWD, path, self->folder, name, AT_SYMLINK_FOLLOW);
}

static int
link_nameless (const PfPlacedFile *self, mode_t mode G_GNUC_UNUSED)
{
  return link_as (self, self->temporary->str);
}

static int
open_nameless (PfPlacedFile *self, mode_t mode)
{
  int fd = -1;

#ifdef O_TMPFILE
  fd = openat (self->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
  /* What a system or a file system says that does not know them. */
  self->names_only = fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR ||
                                errno == EINVAL || errno == ENOENT);
#else
  self->names_only = TRUE;
#endif
  return fd;
}

static int
open_once (PfPlacedFile *self, mode_t mode)
{
  int fd = self->names_only ? -1 : open_nameless (self, mode);

  if (fd >= 0 || !self->names_only)
    return fd;
  uv_mutex_lock (&self->lock);
  fd = take_name (self, create, mode);
  uv_mutex_unlock (&self->lock);
  return fd;
}

static gboolean
fail_to_open (PfError *error)
{
  PfStatus status = pf_status_from_errno (errno) == PF_STATUS_TEMPORARY
                        ? PF_STATUS_TEMPORARY
                        : PF_STATUS_CANT_CREATE;

  return pf_error_set_system (error, status, errno);
}

gboolean
pf_placed_file_open (PfPlacedFile *self, int folder, const char *name,
                     mode_t mode, PfError *error)
{
  self->folder = folder;
  g_string_assign (self->name, name);
  errno = ENAMETOOLONG;
  if (strlen (name) > NAME_MAX)
    return fail_to_open (error);
  self->fd = open_once (self, mode);
  return self->fd >= 0 || fail_to_open (error);
}

gboolean
pf_placed_file_is_open (const PfPlacedFile *self)
{
  return self->fd >= 0;
}

int
pf_placed_file_fd (const PfPlacedFile *self)
{
  return self->fd;
}

/* A server may say only now that it could not write. */
static int
close_file (PfPlacedFile *self)
{
  int fd = self->fd;

  self->fd = -1;
  return close (fd);
}

/* Under the lock. */
static int
rename_temporary (PfPlacedFile *self)
{
  if (renameat (self->folder, self->temporary->str, self->folder,
                self->name->str) != 0)
    return -1;
  self->is_named = FALSE;
  return 0;
}

/* Under the lock. What has no name yet needs no other where its own is free. */
static int
give_name (PfPlacedFile *self)
{
  errno = EINTR;
  if (self->is_dead)
    return -1;
  if (!self->is_named) {
    if (link_as (self, self->name->str) == 0)
      return 0;
    if (errno != EEXIST || take_name (self, link_nameless, 0) < 0)
      return -1;
  } else if (close_file (self) != 0)
    return -1;
  return rename_temporary (self);
}

gboolean
pf_placed_file_place (PfPlacedFile *self, PfError *error)
{
  int done, errnum;

  uv_mutex_lock (&self->lock);
  done = give_name (self);
  errnum = errno;
  uv_mutex_unlock (&self->lock);
  pf_placed_file_drop (self);
  return done == 0 ||
         pf_error_set_system (
             error, errnum == EISDIR ? PF_STATUS_CANT_CREATE : PF_STATUS_IO,
             errnum);
}
