#include "sched/fork_join.h"

#include <stdatomic.h>

#include "sched/team.h"

/* A worklist being worked: items[next, n) are still to be taken, by anybody.
 * Taking one orders nothing but the counter itself; what an item needs was
 * there before the threads began. */
typedef struct {
  PfWorklist items;
  atomic_size_t next;
} Queue;

typedef struct {
  const PfForkJoin *plan;
  Queue *queues;
  atomic_bool stopped;
} Work;

typedef struct {
  Work *work;
  guint number;
} Worker;

static gboolean
take_from (Queue *queue, guint64 *serial)
{
  gsize i;

  /* Asking first keeps the counter from running away past the end. */
  if (atomic_load_explicit (&queue->next, memory_order_relaxed) >=
      queue->items.n)
    return FALSE;
  i = atomic_fetch_add_explicit (&queue->next, 1, memory_order_relaxed);
  if (i >= queue->items.n)
    return FALSE;
  *serial = queue->items.serials[i];
  return TRUE;
}

/* The queue whose front has the lowest serial, or NULL where all are empty. */
static Queue *
find_victim (Work *work)
{
  Queue *victim = NULL;
  guint64 lowest = G_MAXUINT64;

  for (guint i = 0; i < work->plan->n_lists; i++) {
    Queue *queue = &work->queues[i];
    gsize next = atomic_load_explicit (&queue->next, memory_order_relaxed);

    if (next < queue->items.n && queue->items.serials[next] < lowest) {
      lowest = queue->items.serials[next];
      victim = queue;
    }
  }
  return victim;
}

static gboolean
take (Worker *self, guint64 *serial)
{
  Queue *victim;

  if (take_from (&self->work->queues[self->number], serial))
    return TRUE;
  if (!self->work->plan->stealing)
    return FALSE;
  while ((victim = find_victim (self->work)) != NULL)
    if (take_from (victim, serial))
      return TRUE;
  return FALSE;
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
  if (plan->finish != NULL)
    plan->finish (self->number, plan->user);
  return TRUE;
}

gboolean
pf_fork_join (const PfForkJoin *plan, PfError *error)
{
  g_autoptr (PfTeam) team = pf_team_new ();
  g_autofree Queue *queues = g_new0 (Queue, plan->n_lists);
  g_autofree Worker *workers = g_new0 (Worker, plan->n_lists);
  Work work = { .plan = plan, .queues = queues };

  for (guint i = 0; i < plan->n_lists; i++) {
    queues[i].items = plan->lists[i];
    workers[i] = (Worker){ &work, i };
    pf_team_add (team, "pf-worker", run_worker, &workers[i]);
  }
  return pf_team_start (team, error) && pf_team_join (team, error);
}
