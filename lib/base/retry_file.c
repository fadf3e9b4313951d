#include "base/retry_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

static int
open_once (const char *path, int flags, struct stat *st)
{
  int fd, errnum;

  /* A server or a device that is slow may be interrupted. */
  do
    fd = open (path, flags);
  while (fd < 0 && errno == EINTR);
  if (fd < 0 || fstat (fd, st) == 0)
    return fd;
  errnum = errno;
  close (fd);
  errno = errnum;
  return -1;
}

int
pf_retry_open (PfRetry *self, const char *path, int flags, struct stat *st)
{
  PfTries tries = { 0 };
  int fd;

  do
    fd = open_once (path, flags, st);
  while (fd < 0 && pf_retry_again (self, &tries, errno));
  return fd;
}

int
pf_retry_stat (PfRetry *self, const char *path, gboolean follow,
               struct stat *st)
{
  PfTries tries = { 0 };
  int result;

  do
    result = follow ? stat (path, st) : lstat (path, st);
  while (result != 0 && pf_retry_again (self, &tries, errno));
  return result;
}

gpointer
pf_retry_realloc (PfRetry *self, gpointer memory, gsize size)
{
  PfTries tries = { 0 };
  gpointer larger;

  do
    larger = g_try_realloc (memory, size);
  while (larger == NULL && size > 0 && pf_retry_again (self, &tries, ENOMEM));
  return larger;
}

PfFileState
pf_file_state_of (const struct stat *st)
{
  gboolean is_regular = S_ISREG (st->st_mode);

  return (PfFileState){ .size = is_regular ? (guint64)MAX (st->st_size, 0) : 0,
                        .modified = st->st_mtim,
                        .is_regular = is_regular };
}

static gboolean
is_as_it_was (const struct stat *st, const PfFileState *was)
{
  PfFileState is = pf_file_state_of (st);

  return is.is_regular && was->is_regular && is.size == was->size &&
         is.modified.tv_sec == was->modified.tv_sec &&
         is.modified.tv_nsec == was->modified.tv_nsec;
}

int
pf_reopen (const char *path, const PfFileState *was, goffset offset)
{
  struct stat st;
  /* Whatever stands there by now, it must not be waited for. */
  int fd = open_once (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, &st);

  if (fd < 0)
    return -1;
  if (is_as_it_was (&st, was) && lseek (fd, (off_t)offset, SEEK_SET) >= 0)
    return fd;
  close (fd);
  errno = ESTALE;
  return -1;
}

gboolean
pf_descriptor_may_wait (int fd)
{
  struct rlimit limit;

  return getrlimit (RLIMIT_NOFILE, &limit) != 0 ||
         limit.rlim_cur == RLIM_INFINITY || (rlim_t)fd < limit.rlim_cur / 2;
}
