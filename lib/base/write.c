#include "base/write.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

static void
wait_writable (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };

  poll (&poll_fd, 1, -1);
}

gboolean
pf_write_all (int fd, PfSpan bytes, PfError *error)
{
  while (bytes.len > 0) {
    ssize_t n = write (fd, bytes.data, bytes.len);

    if (n < 0 && errno == EAGAIN)
      wait_writable (fd);
    else if (n < 0 && errno != EINTR)
      return pf_error_set_system (error, PF_STATUS_IO, errno);
    if (n > 0)
      bytes = pf_span_sub (bytes, (gsize)n, bytes.len);
  }
  return TRUE;
}
