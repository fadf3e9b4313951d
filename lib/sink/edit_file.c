#include "sink/edit_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/write.h"
#include "sink/placed_file.h"

#define ACL "system.posix_acl_access"
#define COPY_BLOCK ((gsize)128 << 10)
#define SET_IDS ((mode_t)(S_ISUID | S_ISGID))

struct PfEditFile {
  const PfEditOptions *options;
  PfPlacedFile *file;
  char *path; /* without symbolic links; NULL: nothing is edited */
  char *name; /* in its folder */
  int folder; /* -1: none */
  struct stat was;
};

PfEditFile *
pf_edit_file_new (const PfEditOptions *options)
{
  PfEditFile *self = g_new0 (PfEditFile, 1);

  self->options = options;
  self->file = pf_placed_file_new ();
  self->folder = -1;
  return self;
}

void
pf_edit_file_close (PfEditFile *self)
{
  pf_placed_file_drop (self->file);
  if (self->folder >= 0)
    close (self->folder);
  self->folder = -1;
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->name, g_free);
}

void
pf_edit_file_free (PfEditFile *self)
{
  if (self == NULL)
    return;
  pf_edit_file_close (self);
  pf_placed_file_free (self->file);
  g_free (self);
}

static gboolean
fail (PfError *error, PfStatus status)
{
  if (pf_status_from_errno (errno) == PF_STATUS_TEMPORARY)
    status = PF_STATUS_TEMPORARY;
  return pf_error_set_system (error, status, errno);
}

static gboolean
fail_as_changed (PfError *error)
{
  return pf_error_set (error, PF_STATUS_IO,
                       "not edited: the file changed while it was read");
}

/* Where the file itself is, whatever leads there. */
static gboolean
find_folder (PfEditFile *self, const char *path, PfError *error)
{
  g_autofree char *folder = NULL;
  char *real = realpath (path, NULL);

  if (real == NULL)
    return fail (error, PF_STATUS_IO);
  self->path = g_strdup (real);
  free (real);
  self->name = g_path_get_basename (self->path);
  folder = g_path_get_dirname (self->path);
  self->folder = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  /* A folder may be written and not read. */
  if (self->folder < 0 && errno == EACCES)
    self->folder = open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  return self->folder >= 0 || fail (error, PF_STATUS_CANT_CREATE);
}

static char *
backup_name (const PfEditFile *self)
{
  return g_strconcat (self->name, self->options->suffix, NULL);
}

/* Whether the other name is the backup of an edit that was broken off. */
static gboolean
is_own_backup (const PfEditFile *self)
{
  g_autofree char *name = NULL;
  struct stat st;

  if (self->options->suffix == NULL || self->was.st_nlink > 2)
    return FALSE;
  name = backup_name (self);
  return fstatat (self->folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
         st.st_dev == self->was.st_dev && st.st_ino == self->was.st_ino;
}

static gboolean
check_names (const PfEditFile *self, PfError *error)
{
  if (self->was.st_nlink <= 1 || self->options->force || is_own_backup (self))
    return TRUE;
  return pf_error_set (error, PF_STATUS_CANT_CREATE,
                       "not edited: the file has %lu names (hard links)",
                       (unsigned long)self->was.st_nlink);
}

static gboolean
open_once (PfEditFile *self, const char *path, PfError *error)
{
  return find_folder (self, path, error) && check_names (self, error) &&
         pf_placed_file_open (self->file, self->folder, self->name,
                              self->was.st_mode & 0700, error);
}

/* Who tries again keeps nothing meanwhile that another may be waiting for; so
 * what was opened on the way to a failure comes back soon, too. */
gboolean
pf_edit_file_open (PfEditFile *self, const char *path, const struct stat *st,
                   PfError *error)
{
  PfTries tries = { 0 };

  self->was = *st;
  for (;;) {
    g_auto (PfError) failure = { 0 };
    gboolean opened;

    pf_retry_hold (self->options->retry);
    opened = open_once (self, path, &failure);
    if (!opened)
      pf_edit_file_close (self);
    pf_retry_let_go (self->options->retry);
    if (opened)
      return TRUE;
    if (pf_retry_again (self->options->retry, &tries, failure.errnum))
      continue;
    pf_error_move (error, &failure);
    return FALSE;
  }
}

gboolean
pf_edit_file_is_open (const PfEditFile *self)
{
  return pf_placed_file_is_open (self->file);
}

/* Copies up to LEN bytes; how many, 0 at the end, or -1. */
static gssize
copy_some (PfEditFile *self, int from, guint8 *buffer, gsize len,
           PfError *error)
{
  ssize_t n;

  do
    n = read (from, buffer, len);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    fail (error, PF_STATUS_IO);
  else if (!pf_edit_file_write (self, (PfSpan){ buffer, (gsize)n }, error))
    n = -1;
  return n;
}

gboolean
pf_edit_file_copy (PfEditFile *self, guint64 len, PfError *error)
{
  int from = len > 0 ? openat (self->folder, self->name,
                               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
                     : -1;
  g_autofree guint8 *buffer = len > 0 ? g_malloc (COPY_BLOCK) : NULL;
  gssize n = 1;

  if (len > 0 && from < 0)
    return fail (error, PF_STATUS_IO);
  for (; len > 0 && n > 0; len -= (guint64)MAX (n, 0))
    n = copy_some (self, from, buffer, (gsize)MIN (len, COPY_BLOCK), error);
  if (from >= 0)
    close (from);
  return n > 0 || (n == 0 && fail_as_changed (error));
}

gboolean
pf_edit_file_write (PfEditFile *self, PfSpan bytes, PfError *error)
{
  return pf_write_all (pf_placed_file_fd (self->file), bytes, error);
}

/* As far as the process may; who gives files away without being allowed to
 * keeps what is not given. FALSE where the new file has another owner or group.
 */
static gboolean
keep_owner (const PfEditFile *self)
{
  int fd = pf_placed_file_fd (self->file);
  struct stat st;

  if (fstat (fd, &st) == 0 && st.st_uid == self->was.st_uid &&
      st.st_gid == self->was.st_gid)
    return TRUE;
  if (fchown (fd, self->was.st_uid, self->was.st_gid) == 0)
    return TRUE;
  /* Then at least the group. */
  if (fchown (fd, (uid_t)-1, self->was.st_gid) != 0)
    return FALSE;
  return FALSE;
}

/* Labels that the system gives to files by its own rules may be refused. */
static gboolean
may_be_lost (const char *name)
{
  return g_str_has_prefix (name, "security.") &&
         (errno == EPERM || errno == EACCES || errno == ENOTSUP);
}

static gboolean
copy_attribute (const PfEditFile *self, const char *name)
{
  int fd = pf_placed_file_fd (self->file);
  ssize_t size = lgetxattr (self->path, name, NULL, 0);
  g_autofree char *value = NULL;

  if (size < 0)
    return may_be_lost (name);
  value = g_malloc ((gsize)size + 1);
  size = lgetxattr (self->path, name, value, (gsize)size);
  return (size >= 0 && fsetxattr (fd, name, value, (gsize)size, 0) == 0) ||
         may_be_lost (name);
}

/* The names of the old file's, one behind the other; *LEN is 0 where it has
 * none, or there are no such things. */
static char *
list_attributes (const PfEditFile *self, gsize *len)
{
  ssize_t size = llistxattr (self->path, NULL, 0);
  char *names;

  *len = 0;
  if (size <= 0)
    return NULL;
  names = g_malloc ((gsize)size + 1);
  size = llistxattr (self->path, names, (gsize)size);
  *len = (gsize)MAX (size, 0);
  names[*len] = '\0';
  return names;
}

static gboolean
fail_to_keep (PfError *error, const char *what)
{
  pf_error_set_system (error, PF_STATUS_CANT_CREATE, errno);
  pf_error_prefix (error, what);
  pf_error_prefix (error, "not edited, as this would be lost");
  return FALSE;
}

static gboolean
keep_attributes (const PfEditFile *self, PfError *error)
{
  gsize len;
  g_autofree char *names = list_attributes (self, &len);
  gboolean has_acl = FALSE;

  for (gsize at = 0; at < len; at += strlen (names + at) + 1) {
    has_acl = has_acl || strcmp (names + at, ACL) == 0;
    if (!copy_attribute (self, names + at))
      return fail_to_keep (error, names + at);
  }
  /* The folder may give one to each new file. */
  if (!has_acl)
    fremovexattr (pf_placed_file_fd (self->file), ACL);
  return TRUE;
}

static gboolean
keep_mode (const PfEditFile *self, gboolean same_owner, PfError *error)
{
  mode_t mode = self->was.st_mode & 07777;

  if (!same_owner)
    mode &= ~SET_IDS;
  return fchmod (pf_placed_file_fd (self->file), mode) == 0 ||
         fail_to_keep (error, "permissions");
}

/* Some file systems cannot be told to. */
static gboolean
sync_fd (int fd)
{
  return fsync (fd) == 0 || errno == EINVAL || errno == ENOTSUP;
}

/* A change of the owner takes away some of what is set behind it. */
gboolean
pf_edit_file_settle (PfEditFile *self, PfError *error)
{
  gboolean same_owner = keep_owner (self);

  return keep_attributes (self, error) && keep_mode (self, same_owner, error) &&
         (sync_fd (pf_placed_file_fd (self->file)) ||
          fail (error, PF_STATUS_IO));
}

static gboolean
is_same_time (const struct timespec *a, const struct timespec *b)
{
  return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* What happens to another name of the file changes its ctime, too. */
static gboolean
is_as_it_was (const PfEditFile *self, const struct stat *is)
{
  const struct stat *was = &self->was;

  return is->st_dev == was->st_dev && is->st_ino == was->st_ino &&
         is->st_size == was->st_size &&
         is_same_time (&is->st_mtim, &was->st_mtim) &&
         (was->st_nlink > 1 || is_same_time (&is->st_ctim, &was->st_ctim));
}

static gboolean
check_unchanged (const PfEditFile *self, PfError *error)
{
  struct stat st;

  if (fstatat (self->folder, self->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
    return fail (error, PF_STATUS_IO);
  return is_as_it_was (self, &st) || fail_as_changed (error);
}

/* An older backup goes first: who is killed between the two has neither, but
 * the file is still the old one. */
static gboolean
make_backup (const PfEditFile *self, PfError *error)
{
  g_autofree char *name = NULL;

  if (self->options->suffix == NULL)
    return TRUE;
  name = backup_name (self);
  if (linkat (self->folder, self->name, self->folder, name, 0) == 0)
    return TRUE;
  if (errno == EEXIST && unlinkat (self->folder, name, 0) == 0 &&
      linkat (self->folder, self->name, self->folder, name, 0) == 0)
    return TRUE;
  fail (error, PF_STATUS_CANT_CREATE);
  pf_error_prefix (error, name);
  pf_error_prefix (error, "not edited: backup");
  return FALSE;
}

gboolean
pf_edit_file_stat (const PfEditFile *self, struct stat *st, PfError *error)
{
  return fstat (pf_placed_file_fd (self->file), st) == 0 ||
         fail (error, PF_STATUS_IO);
}

gboolean
pf_edit_file_replace (PfEditFile *self, PfError *error)
{
  return check_unchanged (self, error) && make_backup (self, error) &&
         pf_placed_file_place (self->file, error);
}

gboolean
pf_edit_file_sync (PfEditFile *self, PfError *error)
{
  /* One that cannot be read cannot be told to. */
  return sync_fd (self->folder) || errno == EBADF || fail (error, PF_STATUS_IO);
}

void
pf_edit_file_discard (PfEditFile *self)
{
  pf_placed_file_discard (self->file);
}
