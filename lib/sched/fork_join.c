#include "sched/fork_join.h"

#include <stdatomic.h>

#include "base/deque.h"
#include "sched/team.h"

typedef struct {
  const PfForkJoin *plan;
  PfDeque **deques; /* serials that nobody has taken, by worker */
  atomic_bool stopped;
} Work;

typedef struct {
  Work *work;
  guint number;
  PfForkJoinStats stats; /* the worker's */
} Worker;

static PfDeque *
fill_deque (const PfWorklist *list)
{
  PfDeque *deque = pf_deque_new (list->n);

  for (gsize i = 0; i < list->n; i++)
    pf_deque_push (deque, list->serials[i]);
  return deque;
}

/* The deque whose front has the lowest serial, or NULL where all are empty. */
static PfDeque *
find_victim (const Work *work)
{
  PfDeque *victim = NULL;
  guint64 lowest = G_MAXUINT64, front;

  for (guint i = 0; i < work->plan->n_lists; i++) {
    if (!pf_deque_peek (work->deques[i], &front) || front >= lowest)
      continue;
    lowest = front;
    victim = work->deques[i];
  }
  return victim;
}

static gboolean
steal (Worker *self, guint64 *serial)
{
  PfDeque *victim;

  while ((victim = find_victim (self->work)) != NULL)
    if (pf_deque_take (victim, serial)) {
      self->stats.steals++;
      return TRUE;
    }
  return FALSE;
}

static gboolean
take (Worker *self, guint64 *serial)
{
  gboolean taken = pf_deque_take (self->work->deques[self->number], serial) ||
                   (self->work->plan->stealing && steal (self, serial));

  self->stats.items += taken;
  return taken;
}

static gboolean
run_worker (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Worker *self = data;
  const PfForkJoin *plan = self->work->plan;
  guint64 serial;

  while (!atomic_load_explicit (&self->work->stopped, memory_order_relaxed) &&
         take (self, &serial))
    if (!plan->work (serial, self->number, plan->user))
      atomic_store_explicit (&self->work->stopped, TRUE, memory_order_relaxed);
  if (plan->stats != NULL)
    plan->stats[self->number] = self->stats;
  if (plan->finish != NULL)
    plan->finish (self->number, plan->user);
  return TRUE;
}

gboolean
pf_fork_join (const PfForkJoin *plan, PfError *error)
{
  g_autoptr (PfTeam) team = pf_team_new ();
  g_autofree PfDeque **deques = g_new0 (PfDeque *, plan->n_lists);
  g_autofree Worker *workers = g_new0 (Worker, plan->n_lists);
  Work work = { .plan = plan, .deques = deques };
  gboolean done;

  for (guint i = 0; i < plan->n_lists; i++) {
    deques[i] = fill_deque (&plan->lists[i]);
    workers[i] = (Worker){ .work = &work, .number = i };
    pf_team_add (team, "pf-worker", run_worker, &workers[i]);
  }
  done = pf_team_start (team, error) && pf_team_join (team, error);
  for (guint i = 0; i < plan->n_lists; i++)
    pf_deque_free (deques[i]);
  return done;
}
