/* Makes every read of a regular file wait for 2 ms first, as a disk or a server
 * far away would: for a program that this is loaded into before all else, by
 * LD_PRELOAD. Standard input, output and error are left alone, and so is what
 * the C library reads for itself.
 */
#include <dlfcn.h>
#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DELAY ((long)2 * 1000 * 1000) /* nanoseconds */

typedef ssize_t (*ReadFunc) (int fd, void *buffer, size_t n);
typedef ssize_t (*PreadFunc) (int fd, void *buffer, size_t n, off_t offset);

ssize_t read (int fd, void *buffer, size_t n);
ssize_t pread (int fd, void *buffer, size_t n, off_t offset);

static void
delay (int fd)
{
  struct timespec left = { 0, DELAY };
  struct stat st;
  int error = errno;

  if (fd > STDERR_FILENO && fstat (fd, &st) == 0 && S_ISREG (st.st_mode))
    while (nanosleep (&left, &left) != 0)
      ;
  errno = error;
}

ssize_t
read (int fd, void *buffer, size_t n)
{
  static _Atomic (ReadFunc) next;

  if (next == NULL)
    next = (ReadFunc)dlsym (RTLD_NEXT, "read");
  delay (fd);
  return next (fd, buffer, n);
}

ssize_t
pread (int fd, void *buffer, size_t n, off_t offset)
{
  static _Atomic (PreadFunc) next;

  if (next == NULL)
    next = (PreadFunc)dlsym (RTLD_NEXT, "pread");
  delay (fd);
  return next (fd, buffer, n, offset);
}
