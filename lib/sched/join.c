#include "sched/join.h"

#include <pthread.h>

#include "base/lock.h"

/* The gate that holds members back until all exist. */
typedef enum { GATE_CLOSED, GATE_OPEN, GATE_ABANDONED } Gate;

typedef struct {
  PfTeam *team;
  const char *name;
  PfThreadFunc func;
  gpointer data;
  uv_thread_t thread;
  gboolean ok;   /* written by the member, read after the join */
  PfError error; /* likewise */
} Member;

struct PfTeam {
  GPtrArray *members; /* Member; changed before the start only */
  guint running;      /* threads to be joined; the owner's */
  uv_mutex_t lock;
  uv_cond_t gate_moved;
  Gate gate; /* lock */
};

PfTeam *
pf_team_new (void)
{
  PfTeam *self = g_new0 (PfTeam, 1);

  self->members = g_ptr_array_new_with_free_func (g_free);
  pf_mutex_init (&self->lock);
  pf_cond_init (&self->gate_moved);
  return self;
}

void
pf_team_free (PfTeam *self)
{
  if (self == NULL)
    return;
  g_assert (self->running == 0); /* or the team was never joined */
  g_ptr_array_unref (self->members);
  uv_cond_destroy (&self->gate_moved);
  uv_mutex_destroy (&self->lock);
  g_free (self);
}

void
pf_team_add (PfTeam *self, const char *name, PfThreadFunc func, gpointer data)
{
  Member *member = g_new0 (Member, 1);

  g_assert (self->gate == GATE_CLOSED && self->running == 0);
  member->team = self;
  member->name = name;
  member->func = func;
  member->data = data;
  g_ptr_array_add (self->members, member);
}

static gboolean
pass_gate (PfTeam *self)
{
  gboolean open;

  uv_mutex_lock (&self->lock);
  while (self->gate == GATE_CLOSED)
    uv_cond_wait (&self->gate_moved, &self->lock);
  open = self->gate == GATE_OPEN;
  uv_mutex_unlock (&self->lock);
  return open;
}

static void
move_gate (PfTeam *self, Gate gate)
{
  uv_mutex_lock (&self->lock);
  self->gate = gate;
  uv_cond_broadcast (&self->gate_moved);
  uv_mutex_unlock (&self->lock);
}

static void
live (void *data)
{
  Member *self = data;

#ifdef HAVE_PTHREAD_SETNAME_NP
  pthread_setname_np (pthread_self (), self->name);
#endif
  self->ok = !pass_gate (self->team) || self->func (self->data, &self->error);
}

gboolean
pf_team_start (PfTeam *self, PfError *error)
{
  g_assert (self->gate == GATE_CLOSED && self->running == 0);
  for (guint i = 0; i < self->members->len; i++) {
    Member *member = g_ptr_array_index (self->members, i);
    int failed = uv_thread_create (&member->thread, live, member);

    if (failed != 0) {
      move_gate (self, GATE_ABANDONED);
      pf_team_join (self, NULL);
      pf_error_set_system (error, PF_STATUS_OS, -failed);
      pf_error_prefix (error, "cannot start a thread");
      return FALSE;
    }
    self->running++;
  }
  move_gate (self, GATE_OPEN);
  return TRUE;
}

gboolean
pf_team_join (PfTeam *self, PfError *error)
{
  gboolean ok = TRUE;

  for (guint i = 0; i < self->running; i++) {
    Member *member = g_ptr_array_index (self->members, i);

    uv_thread_join (&member->thread);
    if (!member->ok && ok)
      pf_error_move (error, &member->error);
    else
      pf_error_clear (&member->error);
    ok = ok && member->ok;
  }
  self->running = 0;
  return ok;
}
