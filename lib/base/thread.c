#include "base/thread.h"

#include <pthread.h>
#include <uv.h>

/* What the kernel keeps of a name, with the NUL. */
#define NAME_SIZE 16

struct PfThread {
  char *name;
  PfSpawnFunc func;
  gpointer data;
  uv_thread_t thread;
  gpointer result; /* written by the thread, read after it was joined */
  PfError error;   /* likewise */
};

/* The handle of the thread that asks; NULL on one that was not spawned here. */
static _Thread_local const PfThread *current;

/* For debuggers, where the system can. */
static void
set_name (const char *name)
{
#ifdef HAVE_PTHREAD_SETNAME_NP
  char kept[NAME_SIZE];

  /* A longer one would be refused as a whole. */
  g_strlcpy (kept, name, sizeof kept);
  pthread_setname_np (pthread_self (), kept);
#else
  (void)name;
#endif
}

static void
live (void *data)
{
  PfThread *self = data;

  current = self;
  set_name (self->name);
  self->result = self->func (self->data, &self->error);
}

static void
thread_free (PfThread *self)
{
  g_free (self->name);
  g_free (self);
}

PfThread *
pf_spawn (const char *name, PfSpawnFunc func, gpointer data, PfError *error)
{
  PfThread *self = g_new0 (PfThread, 1);
  int refused;

  self->name = g_strdup (name);
  self->func = func;
  self->data = data;
  refused = uv_thread_create (&self->thread, live, self);
  if (refused == 0)
    return self;
  pf_error_set_system (error, PF_STATUS_OS, -refused);
  pf_error_prefix (error, "cannot start a thread");
  thread_free (self);
  return NULL;
}

/* Ends the process. */
static void
misuse (const PfThread *self, const char *what)
{
  g_autofree char *message = g_strdup_printf ("thread %s %s", self->name, what);

  g_assertion_message (G_LOG_DOMAIN, __FILE__, __LINE__, G_STRFUNC, message);
}

gboolean
pf_join (PfThread *self, gpointer *result, PfError *error)
{
  gboolean ok;

  if (self == current)
    misuse (self, "joins itself");
  uv_thread_join (&self->thread);
  ok = !pf_error_is_set (&self->error);
  if (result != NULL)
    *result = self->result;
  if (!ok)
    pf_error_move (error, &self->error);
  thread_free (self);
  return ok;
}

void
pf_thread_drop (PfThread *self)
{
  if (self != NULL)
    misuse (self, "was never joined");
}
