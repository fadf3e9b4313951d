/* The linker's --wrap turns calls of F into calls of __wrap_F, and __real_F is
 * then the function itself. */
#include "base/test_faults.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FD 1024

typedef struct {
  guint calls;
  guint first, last; /* numbers of the calls that fail; 0: none */
  int errnum;
} Plan;

static Plan plans[PF_N_CALLS];
static gboolean is_stale[MAX_FD];

int __real_open (const char *path, int flags, ...);
int __real_fstat (int fd, struct stat *st);
int __real_stat (const char *path, struct stat *st);
int __real_lstat (const char *path, struct stat *st);
ssize_t __real_read (int fd, void *to, size_t len);
ssize_t __real_pread (int fd, void *to, size_t len, off_t offset);
DIR *__real_opendir (const char *path);
struct dirent *__real_readdir (DIR *dir);
gpointer __real_g_try_realloc (gpointer memory, gsize size);

int __wrap_open (const char *path, int flags, ...);
int __wrap_fstat (int fd, struct stat *st);
int __wrap_stat (const char *path, struct stat *st);
int __wrap_lstat (const char *path, struct stat *st);
ssize_t __wrap_read (int fd, void *to, size_t len);
ssize_t __wrap_pread (int fd, void *to, size_t len, off_t offset);
DIR *__wrap_opendir (const char *path);
struct dirent *__wrap_readdir (DIR *dir);
gpointer __wrap_g_try_realloc (gpointer memory, gsize size);

void
pf_test_faults_clear (void)
{
  for (guint i = 0; i < PF_N_CALLS; i++)
    plans[i] = (Plan){ 0 };
  for (guint i = 0; i < MAX_FD; i++)
    is_stale[i] = FALSE;
}

void
pf_test_fail (PfCall call, guint before, guint n, int errnum)
{
  Plan *plan = &plans[call];

  plan->first = plan->calls + before + 1;
  plan->last = plan->first + n - 1;
  plan->errnum = errnum;
}

guint
pf_test_calls (PfCall call)
{
  return plans[call].calls;
}

void
pf_test_go_stale (void)
{
  for (guint i = 0; i < MAX_FD; i++)
    is_stale[i] = TRUE;
}

static gboolean
fails (PfCall call)
{
  Plan *plan = &plans[call];

  plan->calls++;
  if (plan->calls < plan->first || plan->calls > plan->last)
    return FALSE;
  errno = plan->errnum;
  return TRUE;
}

static gboolean
fd_fails (PfCall call, int fd)
{
  if (fails (call))
    return TRUE;
  if (!is_stale[fd])
    return FALSE;
  errno = ESTALE;
  return TRUE;
}

int
__wrap_open (const char *path, int flags, ...)
{
  int fd = fails (PF_CALL_OPEN) ? -1 : __real_open (path, flags, 0666);

  if (fd >= 0)
    is_stale[fd] = FALSE;
  return fd;
}

int
__wrap_fstat (int fd, struct stat *st)
{
  return fd_fails (PF_CALL_FSTAT, fd) ? -1 : __real_fstat (fd, st);
}

int
__wrap_stat (const char *path, struct stat *st)
{
  return fails (PF_CALL_STAT) ? -1 : __real_stat (path, st);
}

int
__wrap_lstat (const char *path, struct stat *st)
{
  return fails (PF_CALL_STAT) ? -1 : __real_lstat (path, st);
}

ssize_t
__wrap_read (int fd, void *to, size_t len)
{
  return fd_fails (PF_CALL_READ, fd) ? -1 : __real_read (fd, to, len);
}

ssize_t
__wrap_pread (int fd, void *to, size_t len, off_t offset)
{
  return fd_fails (PF_CALL_READ, fd) ? -1 : __real_pread (fd, to, len, offset);
}

DIR *
__wrap_opendir (const char *path)
{
  return fails (PF_CALL_OPENDIR) ? NULL : __real_opendir (path);
}

struct dirent *
__wrap_readdir (DIR *dir)
{
  return fails (PF_CALL_READDIR) ? NULL : __real_readdir (dir);
}

gpointer
__wrap_g_try_realloc (gpointer memory, gsize size)
{
  return fails (PF_CALL_REALLOC) ? NULL : __real_g_try_realloc (memory, size);
}
