#include "base/join.h"

/* A task under way. */
typedef struct {
  PfJoinTask *task;
  PfThread *thread; /* NULL: it was refused, or is the caller's */
  PfError error;    /* of the refusal, or of the caller's own task */
} Branch;

static void
start (Branch *self)
{
  const PfJoinTask *task = self->task;

  self->thread = pf_spawn (task->name != NULL ? task->name : "pf-join",
                           task->func, task->data, &self->error);
}

static void
run_here (Branch *self)
{
  self->task->result = self->task->func (self->task->data, &self->error);
}

/* ERROR is NULL, or what the branches before this one left empty. */
static gboolean
finish (Branch *self, PfError *error)
{
  if (self->thread != NULL)
    pf_join (self->thread, &self->task->result, &self->error);
  self->task->failed = pf_error_is_set (&self->error);
  if (self->task->failed)
    pf_error_move (error, &self->error);
  return !self->task->failed;
}

static gboolean
run (Branch *branches, gsize n, PfError *error)
{
  gboolean done = TRUE;

  for (gsize i = 1; i < n; i++)
    start (&branches[i]);
  if (n > 0)
    run_here (&branches[0]);
  for (gsize i = 0; i < n; i++)
    done &= finish (&branches[i], done ? error : NULL);
  return done;
}

gboolean
pf_join2 (PfJoinTask *first, PfJoinTask *second, PfError *error)
{
  Branch branches[2] = { { .task = first }, { .task = second } };

  first->result = second->result = NULL;
  return run (branches, 2, error);
}

gboolean
pf_join_all (PfJoinTask *tasks, gsize n, PfError *error)
{
  g_autofree Branch *branches = g_new0 (Branch, n);

  for (gsize i = 0; i < n; i++) {
    tasks[i].result = NULL;
    branches[i].task = &tasks[i];
  }
  return run (branches, n, error);
}
