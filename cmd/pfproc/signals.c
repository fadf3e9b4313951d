#include "signals.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>
#include <uv.h>

/* How long what goes on may take to end, in milliseconds. */
#define GRACE 500
/* What a loop with signals opens. */
#define LOOP_DESCRIPTORS 6

/* Those that end the process. */
static const int watched[] = { SIGINT, SIGTERM, SIGHUP };

struct Signals {
  PfRun *run;
  Reload *reload;
  uv_thread_t thread;
  uv_loop_t loop;
  uv_async_t finish; /* the only handle that another thread touches */
  uv_timer_t grace;
  uv_signal_t handles[G_N_ELEMENTS (watched)];
  uv_signal_t reload_handle;
  int received; /* the watcher's until the join */
};

static gboolean
is_ignored (int number)
{
  struct sigaction old;

  return sigaction (number, NULL, &old) == 0 && old.sa_handler == SIG_IGN;
}

static sigset_t
watched_set (void)
{
  sigset_t set;

  sigemptyset (&set);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    sigaddset (&set, watched[i]);
  return set;
}

static void
mask_reload (int how)
{
  sigset_t set;

  sigemptyset (&set);
  sigaddset (&set, SIGUSR1);
  pthread_sigmask (how, &set, NULL);
}

void
signals_hold_reload (void)
{
  mask_reload (SIG_BLOCK);
}

void
signals_hold (void)
{
  sigset_t set = watched_set ();

  pthread_sigmask (SIG_BLOCK, &set, NULL);
}

static void
let_go (void)
{
  sigset_t set = watched_set ();

  pthread_sigmask (SIG_UNBLOCK, &set, NULL);
}

/* Ends the process as the signal would have. */
static void
die (const Signals *self)
{
  pf_run_discard (self->run);
  signal (self->received, SIG_DFL);
  let_go ();
  raise (self->received);
  /* The first process of a container has no default that ends it. */
  _exit (128 + self->received);
}

static void
on_grace_over (uv_timer_t *handle)
{
  die (handle->data);
}

static void
on_signal (uv_signal_t *handle, int number)
{
  Signals *self = handle->data;
  gboolean second = self->received != 0;

  self->received = number;
  if (second)
    die (self);
  uv_timer_start (&self->grace, on_grace_over, GRACE, 0);
  pf_run_cancel (self->run);
  reload_abandon (self->reload);
}

static void
on_reload (uv_signal_t *handle, int number G_GNUC_UNUSED)
{
  const Signals *self = handle->data;

  reload_request (self->reload);
}

static void
close_handle (uv_handle_t *handle, void *user G_GNUC_UNUSED)
{
  uv_close (handle, NULL);
}

static void
on_finish (uv_async_t *handle)
{
  /* Without its handler SIGUSR1 would end the process. */
  signals_hold_reload ();
  uv_walk (handle->loop, close_handle, NULL);
}

static void
watch (void *data)
{
  Signals *self = data;

  let_go ();
  mask_reload (SIG_UNBLOCK);
  uv_run (&self->loop, UV_RUN_DEFAULT);
}

/* libuv ends the process where it cannot have the descriptors for its signal
 * pipe, so it is asked for them only where they are there. */
static int
find_descriptors (void)
{
  int fds[LOOP_DESCRIPTORS], failed = 0;

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++) {
    fds[i] = dup (STDERR_FILENO);
    if (fds[i] < 0)
      failed = -errno;
  }
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    if (fds[i] >= 0)
      close (fds[i]);
  return failed;
}

static int
add_signal (Signals *self, uv_signal_t *handle, uv_signal_cb func, int number)
{
  int failed = uv_signal_init (&self->loop, handle);

  handle->data = self;
  return failed == 0 && !is_ignored (number)
             ? uv_signal_start (handle, func, number)
             : failed;
}

static int
add_handles (Signals *self)
{
  int failed = uv_async_init (&self->loop, &self->finish, on_finish);

  if (failed == 0)
    failed = uv_timer_init (&self->loop, &self->grace);
  self->grace.data = self;
  for (guint i = 0; failed == 0 && i < G_N_ELEMENTS (watched); i++)
    failed = add_signal (self, &self->handles[i], on_signal, watched[i]);
  if (failed == 0)
    failed = add_signal (self, &self->reload_handle, on_reload, SIGUSR1);
  return failed;
}

static int
start (Signals *self)
{
  int failed = find_descriptors ();

  if (failed == 0)
    failed = uv_loop_init (&self->loop);
  if (failed != 0)
    return failed;
  failed = add_handles (self);
  if (failed == 0)
    failed = uv_thread_create (&self->thread, watch, self);
  if (failed != 0) {
    uv_walk (&self->loop, close_handle, NULL);
    uv_run (&self->loop, UV_RUN_DEFAULT);
    uv_loop_close (&self->loop);
  }
  return failed;
}

static PfStatus
status_of (int failed)
{
  return failed == UV_EMFILE || failed == UV_ENFILE ? PF_STATUS_TEMPORARY
                                                    : PF_STATUS_OS;
}

Signals *
signals_watch (PfRun *run, Reload *reload, GError **error)
{
  Signals *self = g_new0 (Signals, 1);
  int failed;

  self->run = run;
  self->reload = reload;
  failed = start (self);
  if (failed == 0)
    return self;
  g_set_error (error, PF_ERROR, status_of (failed),
               "cannot watch for signals: %s", uv_strerror (failed));
  g_free (self);
  return NULL;
}

void
signals_finish (Signals *self)
{
  if (self == NULL)
    return;
  uv_async_send (&self->finish);
  uv_thread_join (&self->thread);
  if (self->received != 0)
    die (self);
  let_go ();
  uv_loop_close (&self->loop);
  g_free (self);
}
