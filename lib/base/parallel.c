#include "base/parallel.h"

#include <uv.h>

typedef struct {
  PfParallelFunc func;
  gpointer user;
  guint i;
  uv_thread_t thread;
  gboolean failed; /* written by the thread, read after it was joined */
  PfError error;   /* likewise */
} Part;

static void
run_part (void *data)
{
  Part *self = data;

  self->failed = !self->func (self->i, self->user, &self->error);
}

/* Starts all but the first; how many parts there are to wait for. */
static guint
start (Part *parts, guint n)
{
  for (guint i = 1; i < n; i++) {
    int refused = uv_thread_create (&parts[i].thread, run_part, &parts[i]);

    if (refused == 0)
      continue;
    parts[i].failed = TRUE;
    pf_error_set_system (&parts[i].error, PF_STATUS_OS, -refused);
    pf_error_prefix (&parts[i].error, "cannot start a thread");
    return i;
  }
  return n;
}

static gboolean
finish (Part *parts, guint n, PfError *error)
{
  gboolean done = TRUE;

  for (guint i = 0; i < n; i++) {
    if (parts[i].failed && done)
      pf_error_move (error, &parts[i].error);
    done = done && !parts[i].failed;
    pf_error_clear (&parts[i].error);
  }
  return done;
}

gboolean
pf_parallel (guint n, PfParallelFunc func, gpointer user, PfError *error)
{
  g_autofree Part *parts = g_new0 (Part, n);
  guint started;

  if (n == 0)
    return TRUE;
  for (guint i = 0; i < n; i++)
    parts[i] = (Part){ .func = func, .user = user, .i = i };
  started = start (parts, n);
  run_part (&parts[0]);
  for (guint i = 1; i < started; i++)
    uv_thread_join (&parts[i].thread);
  return finish (parts, n, error);
}
