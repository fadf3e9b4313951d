#include "base/cancel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

struct PfCancel {
  atomic_bool set;
  int ends[2]; /* a pipe: one byte in it means "set" */
};

static gboolean
open_pipe (int ends[2])
{
  if (pipe (ends) != 0)
    return FALSE;
  for (int i = 0; i < 2; i++)
    if (fcntl (ends[i], F_SETFD, FD_CLOEXEC) != 0)
      return FALSE;
  return TRUE;
}

PfCancel *
pf_cancel_new (PfError *error)
{
  PfCancel *self = g_new0 (PfCancel, 1);

  self->ends[0] = self->ends[1] = -1;
  if (!open_pipe (self->ends)) {
    pf_error_set_errno (error, errno);
    pf_cancel_free (self);
    return NULL;
  }
  return self;
}

void
pf_cancel_free (PfCancel *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < 2; i++)
    if (self->ends[i] >= 0)
      close (self->ends[i]);
  g_free (self);
}

void
pf_cancel_set (PfCancel *self)
{
  ssize_t n;

  if (atomic_exchange_explicit (&self->set, TRUE, memory_order_acq_rel))
    return;
  do
    n = write (self->ends[1], "", 1);
  while (n < 0 && errno == EINTR);
}

gboolean
pf_cancel_is_set (const PfCancel *self)
{
  return atomic_load_explicit (&self->set, memory_order_acquire);
}

gboolean
pf_cancel_wait_readable (const PfCancel *self, int fd, int timeout)
{
  struct pollfd fds[2] = {
    { .fd = fd, .events = POLLIN },
    { .fd = self->ends[0], .events = POLLIN },
  };
  int n;

  do
    n = poll (fds, 2, timeout);
  while (n < 0 && errno == EINTR);
  /* A poll that fails leaves it to the read to find out why. */
  return n < 0 || (fds[1].revents == 0 && fds[0].revents != 0);
}

#define ANY_MOST 4

gboolean
pf_cancel_wait_any (const PfCancel *self, struct pollfd *fds, guint n,
                    int timeout)
{
  struct pollfd all[ANY_MOST + 1] = { 0 };
  int ready;

  g_assert (n <= ANY_MOST);
  memcpy (all, fds, n * sizeof *fds);
  all[n] = (struct pollfd){ .fd = self != NULL ? self->ends[0] : -1,
                            .events = POLLIN };
  do
    ready = poll (all, n + 1, timeout);
  while (ready < 0 && errno == EINTR);
  memcpy (fds, all, n * sizeof *fds);
  return ready > (all[n].revents != 0);
}
