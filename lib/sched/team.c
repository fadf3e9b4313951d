#include "sched/team.h"

#include "base/lock.h"
#include "base/owner.h"
#include "base/thread.h"

/* The gate that holds members back until all exist. */
typedef enum { GATE_CLOSED, GATE_OPEN, GATE_ABANDONED } Gate;

typedef struct {
  PfTeam *team;
  const char *name;
  PfTeamFunc func;
  gpointer data;
  PfThread *thread; /* the owner's */
  gboolean ok;      /* written by the member, read after the join */
} Member;

struct PfTeam {
  GPtrArray *members; /* Member; changed before the start only */
  guint running;      /* threads to be joined; the owner's */
  PfOwner owner;      /* constant */
  uv_mutex_t lock;
  uv_cond_t gate_moved; /* gate is not GATE_CLOSED */
  Gate gate;            /* lock */
};

PfTeam *
pf_team_new (void)
{
  PfTeam *self = g_new0 (PfTeam, 1);

  self->members = g_ptr_array_new_with_free_func (g_free);
  pf_owner_set (&self->owner);
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
pf_team_add (PfTeam *self, const char *name, PfTeamFunc func, gpointer data)
{
  Member *member = g_new0 (Member, 1);

  g_assert (pf_owner_is_here (&self->owner));
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

static gpointer
live (gpointer data, PfError *error)
{
  Member *self = data;

  self->ok = !pass_gate (self->team) || self->func (self->data, error);
  return NULL;
}

gboolean
pf_team_start (PfTeam *self, PfError *error)
{
  g_assert (pf_owner_is_here (&self->owner));
  g_assert (self->gate == GATE_CLOSED && self->running == 0);
  for (guint i = 0; i < self->members->len; i++) {
    Member *member = g_ptr_array_index (self->members, i);

    member->thread = pf_spawn (member->name, live, member, error);
    if (member->thread == NULL) {
      move_gate (self, GATE_ABANDONED);
      pf_team_join (self, NULL);
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

  g_assert (pf_owner_is_here (&self->owner));
  for (guint i = 0; i < self->running; i++) {
    Member *member = g_ptr_array_index (self->members, i);
    gboolean joined = pf_join (member->thread, NULL, ok ? error : NULL);

    ok = ok && joined && member->ok;
  }
  self->running = 0;
  return ok;
}
