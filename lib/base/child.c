#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include "base/unseen.h"

#define SAID_MOST ((gsize)4 << 10)
/* How long a program may take to end once it is told to, in milliseconds. */
#define GRACE 200

struct PfChild {
  PfChildOptions options;
  uv_loop_t loop;
  uv_process_t process;
  gboolean has_loop, has_process, has_exited, has_failed;
  gint64 exit_status;
  int signal; /* that it died of, or 0 */
  int out, err;
  GString *said;
};

static void
close_end (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
note_exit (uv_process_t *process, int64_t status, int number)
{
  PfChild *self = process->data;

  self->has_exited = TRUE;
  self->exit_status = status;
  self->signal = number;
}

/* 0, or the negative of an errno, as libuv has it. WRITERS are the ends of the
 * pipes that the program gets. */
static int
spawn (PfChild *self, const int writers[2])
{
  const PfChildOptions *o = &self->options;
  char *arguments[] = { (char *)o->name, (char *)o->argument, NULL };
  uv_stdio_container_t stdio[3] = {
    { .flags = UV_INHERIT_FD, .data.fd = o->input },
    { .flags = UV_INHERIT_FD, .data.fd = writers[0] },
    { .flags = UV_INHERIT_FD, .data.fd = writers[1] },
  };
  uv_process_options_t options = { .exit_cb = note_exit,
                                   .file = o->program,
                                   .args = arguments,
                                   .flags = UV_PROCESS_DETACHED,
                                   .stdio_count = 3,
                                   .stdio = stdio };
  int failed;

  PF_BEGIN_UNSEEN ();
  failed = uv_loop_init (&self->loop);
  self->has_loop = self->has_process = failed == 0;
  self->process.data = self;
  if (failed == 0)
    failed = uv_spawn (&self->loop, &self->process, &options);
  PF_END_UNSEEN ();
  self->has_exited = failed != 0;
  return failed;
}

/* The reader's end of a pipe, and the WRITER's. */
static gboolean
open_pipe (int *reader, int *writer)
{
  int ends[2];

  if (pipe2 (ends, O_CLOEXEC) != 0)
    return FALSE;
  *reader = ends[0];
  *writer = ends[1];
  return fcntl (*reader, F_SETFL, O_NONBLOCK) == 0;
}

static int
start (PfChild *self)
{
  int writers[2] = { -1, -1 }, failed;

  if (open_pipe (&self->out, &writers[0]) &&
      open_pipe (&self->err, &writers[1]))
    failed = spawn (self, writers);
  else
    failed = -errno;
  close_end (&writers[0]);
  close_end (&writers[1]);
  return failed;
}

static gboolean
is_passing (int errnum)
{
  return errnum == EMFILE || errnum == ENFILE || errnum == ENOMEM;
}

PfChild *
pf_child_new (const PfChildOptions *options, PfError *error)
{
  g_autoptr (PfChild) self = g_new0 (PfChild, 1);
  int failed;

  self->options = *options;
  self->out = self->err = -1;
  self->said = g_string_new (NULL);
  failed = start (self);
  if (failed == 0)
    return g_steal_pointer (&self);
  pf_error_set_system (
      error, is_passing (-failed) ? PF_STATUS_TEMPORARY : PF_STATUS_OS,
      -failed);
  pf_error_prefix (error, options->name);
  return NULL;
}

static void
append_said (PfChild *self, const char *text, gsize len)
{
  len = MIN (len, SAID_MOST - self->said->len);
  for (gsize i = 0; i < len; i++)
    g_string_append_c (self->said, text[i] != '\n' && g_ascii_iscntrl (text[i])
                                       ? ' '
                                   : text[i] == '\0' ? ' '
                                                     : text[i]);
}

/* All that is there now. */
static void
hear (PfChild *self)
{
  char text[1024];
  ssize_t n;

  while (self->err >= 0) {
    n = read (self->err, text, sizeof text);
    if (n > 0) {
      append_said (self, text, (gsize)n);
      continue;
    }
    if (n < 0 && errno == EINTR)
      continue;
    if (n == 0 || errno != EAGAIN)
      close_end (&self->err);
    break;
  }
}

/* Waits until FD can be read, and listens meanwhile. FALSE where that was
 * cancelled, or TIMEOUT milliseconds (-1: never) passed without a word. */
static gboolean
wait_for (PfChild *self, int fd, int timeout)
{
  struct pollfd fds[2] = { { .fd = fd, .events = POLLIN },
                           { .fd = self->err, .events = POLLIN } };

  do {
    fds[1].fd = self->err;
    if (!pf_cancel_wait_any (self->options.cancel, fds, 2, timeout))
      return FALSE;
    hear (self);
  } while (fds[0].revents == 0);
  return TRUE;
}

static gboolean
set_failure (PfChild *self, PfError *error)
{
  const char *end = strchr (self->said->str, '\n');
  gsize len = end != NULL ? (gsize)(end - self->said->str) : self->said->len;
  g_autofree char *line = g_strndup (self->said->str, len);
  const char *mark = len > 0 ? ": " : "";

  self->has_failed = TRUE;
  if (self->signal != 0)
    return pf_error_set (error, PF_STATUS_DATA, "%s: killed by signal %d%s%s",
                         self->options.name, self->signal, mark, line);
  return pf_error_set (error, PF_STATUS_DATA, "%s: exit status %d%s%s",
                       self->options.name, (int)self->exit_status, mark, line);
}

/* After the end of the output. */
static gssize
finish (PfChild *self, PfError *error)
{
  while (!self->has_exited) {
    uv_run (&self->loop, UV_RUN_NOWAIT);
    if (!self->has_exited && !wait_for (self, uv_backend_fd (&self->loop), -1))
      return -1;
  }
  hear (self);
  if (self->exit_status == 0 && self->signal == 0)
    return 0;
  set_failure (self, error);
  return -1;
}

static gssize
read_output (gpointer user, guint8 *to, gsize room, PfError *error)
{
  PfChild *self = user;

  while (self->out >= 0) {
    ssize_t n;

    if (!wait_for (self, self->out, -1))
      return -1;
    n = read (self->out, to, room);
    if (n > 0)
      return n;
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
      continue;
    if (n < 0) {
      pf_error_set_errno (error, errno);
      return -1;
    }
    close_end (&self->out);
  }
  return finish (self, error);
}

/* Waits for the end, for at most TIMEOUT milliseconds (-1: for ever). */
static void
wait_for_exit (PfChild *self, int timeout)
{
  guint64 end = uv_hrtime () + (guint64)MAX (timeout, 0) * 1000000;

  for (;;) {
    struct pollfd fd = { .fd = uv_backend_fd (&self->loop), .events = POLLIN };
    guint64 now = uv_hrtime ();

    uv_run (&self->loop, UV_RUN_NOWAIT);
    if (self->has_exited || (timeout >= 0 && now >= end))
      return;
    poll (&fd, 1, timeout < 0 ? -1 : (int)((end - now) / 1000000) + 1);
  }
}

static void
stop (PfChild *self)
{
  close_end (&self->out);
  uv_run (&self->loop, UV_RUN_NOWAIT);
  if (!self->has_exited) {
    kill (-self->process.pid, SIGTERM);
    wait_for_exit (self, GRACE);
  }
  if (!self->has_exited) {
    kill (-self->process.pid, SIGKILL);
    wait_for_exit (self, -1);
  }
}

void
pf_child_free (PfChild *self)
{
  if (self == NULL)
    return;
  if (self->has_process && !self->has_exited)
    stop (self);
  if (self->has_process)
    uv_close ((uv_handle_t *)&self->process, NULL);
  if (self->has_loop) {
    uv_run (&self->loop, UV_RUN_DEFAULT);
    uv_loop_close (&self->loop);
  }
  close_end (&self->out);
  close_end (&self->err);
  g_string_free (self->said, TRUE);
  g_free (self);
}

PfByteSource
pf_child_bytes (PfChild *self)
{
  return (PfByteSource){ read_output, self };
}

gboolean
pf_child_wait (gpointer child, int timeout)
{
  PfChild *self = child;

  return self->out < 0 || wait_for (self, self->out, timeout);
}

const char *
pf_child_said (const PfChild *self)
{
  return self->said->str;
}

gboolean
pf_child_has_failed (const PfChild *self)
{
  return self->has_failed;
}
