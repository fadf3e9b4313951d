#include "base/par.h"

#include <stdatomic.h>

#include "base/deque.h"
#include "base/lock.h"
#include "base/thread.h"
#include "base/worklist.h"

/* A range is halved at most 32 times before one unit is left. */
#define DEQUE_CAPACITY 64
/* Grains for each thread where the loop does not say how large they are: so
 * many that the last one is short, so few that they cost nothing. */
#define GRAINS_PER_THREAD 32

/* A loop under way. Its indices are worked in units of a grain, of which there
 * are less than 2^32: the two ends of a range fit into one value of a deque. */
typedef struct {
  const PfParLoop *plan;
  gsize grain, n_units;
  /* The lowest index that failed; turns above it need not run. Written under
   * the pool's lock. Reading it orders nothing: a turn that runs though it need
   * not does no harm. */
  _Atomic gsize lowest_failed;
  atomic_bool cut_short; /* by the cancel flag; read when all have left */
  PfError first;         /* the pool's lock: the error of LOWEST_FAILED */
  gboolean ended;        /* the pool's lock: nothing is left to begin */
} Loop;

/* Units [from, to). */
typedef struct {
  guint32 from, to;
} Range;

typedef struct {
  PfPar *par;
  guint number;
  PfDeque *ranges;  /* its owner is this worker, or who begins a loop */
  PfThread *thread; /* NULL: the caller's */
  guint64 steals;   /* the worker's, inside a loop */
} Worker;

struct PfPar {
  Worker *workers;
  guint n_workers;
  uv_mutex_t lock;
  uv_cond_t begun;  /* is_called (): a loop to join, or the pool ends */
  uv_cond_t found;  /* may_go_on (): a range to steal, or the loop has ended */
  uv_cond_t left;   /* n_helpers == 0: nobody but the caller is inside */
  Loop *loop;       /* lock; NULL between loops */
  guint64 n_loops;  /* lock; loops that have begun */
  guint n_helpers;  /* lock; inside the loop, besides the caller */
  atomic_uint idle; /* written under the lock; threads that wait for FOUND */
  gboolean ending;  /* lock */
};

/* The pool inside whose loop this thread is. */
static _Thread_local const PfPar *inside;

static guint64
pack (Range range)
{
  return (guint64)range.from << 32 | range.to;
}

static Range
unpack (guint64 value)
{
  return (Range){ (guint32)(value >> 32), (guint32)value };
}

static void
note_failure (PfPar *self, Loop *loop, gsize i, PfError *error)
{
  gsize lowest;

  uv_mutex_lock (&self->lock);
  lowest = atomic_load_explicit (&loop->lowest_failed, memory_order_relaxed);
  if (i < lowest) {
    atomic_store_explicit (&loop->lowest_failed, i, memory_order_relaxed);
    pf_error_clear (&loop->first);
    pf_error_move (&loop->first, error);
  }
  uv_mutex_unlock (&self->lock);
  pf_error_clear (error);
}

static void
collect_failure (PfPar *self, Loop *loop, gsize i, PfError *error)
{
  PfParError failure = { .index = i };

  pf_error_move (&failure.error, error);
  uv_mutex_lock (&self->lock);
  g_array_append_val (loop->plan->errors, failure);
  uv_mutex_unlock (&self->lock);
}

static gboolean
is_cancelled (const PfParLoop *plan)
{
  return plan->cancel != NULL && pf_cancel_is_set (plan->cancel);
}

static void
run_turns (PfPar *self, Loop *loop, gsize from, gsize to)
{
  const PfParLoop *plan = loop->plan;
  PfError error = { 0 };

  for (gsize i = from; i < to; i++) {
    if (is_cancelled (plan)) {
      atomic_store_explicit (&loop->cut_short, TRUE, memory_order_relaxed);
      return;
    }
    if (i > atomic_load_explicit (&loop->lowest_failed, memory_order_relaxed))
      return;
    if (plan->body (i, plan->user, &error))
      continue;
    if (plan->errors != NULL)
      collect_failure (self, loop, i, &error);
    else
      note_failure (self, loop, i, &error);
  }
}

static void
push (Worker *self, Range range)
{
  PfPar *par = self->par;
  gboolean has_room = pf_deque_push (self->ranges, pack (range));

  g_assert (has_room);
  /* Either this sees that somebody waits, or who is about to wait sees the
   * range: both happen in the one order of sequential consistency. */
  if (atomic_load_explicit (&par->idle, memory_order_seq_cst) == 0)
    return;
  uv_mutex_lock (&par->lock);
  uv_cond_signal (&par->found);
  uv_mutex_unlock (&par->lock);
}

static void
work_range (Worker *self, Loop *loop, Range range)
{
  gsize from = (gsize)range.from * loop->grain;

  while (range.to - range.from > 1) {
    Range upper = { range.from + (range.to - range.from) / 2, range.to };

    push (self, upper);
    range.to = upper.from;
  }
  run_turns (self->par, loop, from,
             from + MIN (loop->grain, loop->plan->n - from));
}

static gboolean
steal (Worker *self, guint64 *value)
{
  PfPar *par = self->par;

  for (guint i = 1; i < par->n_workers; i++) {
    Worker *victim = &par->workers[(self->number + i) % par->n_workers];

    if (!pf_deque_take (victim->ranges, value))
      continue;
    self->steals++;
    return TRUE;
  }
  return FALSE;
}

static gboolean
is_any_range (const PfPar *self)
{
  for (guint i = 0; i < self->n_workers; i++)
    if (!pf_deque_is_empty (self->workers[i].ranges))
      return TRUE;
  return FALSE;
}

/* The predicate of found. */
static gboolean
may_go_on (const PfPar *self, const Loop *loop)
{
  return loop->ended || is_any_range (self);
}

/* Under the lock. The loop ends where all who are inside have nothing to do:
 * then no deque has anything, nor will any have it. */
static void
wait_idle (PfPar *self, Loop *loop)
{
  guint idle = atomic_fetch_add (&self->idle, 1) + 1;

  while (!may_go_on (self, loop)) {
    if (idle == self->n_helpers + 1) {
      loop->ended = TRUE;
      uv_cond_broadcast (&self->found);
    } else {
      uv_cond_wait (&self->found, &self->lock);
      idle = atomic_load (&self->idle);
    }
  }
  atomic_fetch_sub (&self->idle, 1);
}

/* FALSE where the loop has ended. */
static gboolean
wait_for_range (PfPar *self, Loop *loop)
{
  gboolean ended;

  uv_mutex_lock (&self->lock);
  wait_idle (self, loop);
  ended = loop->ended;
  uv_mutex_unlock (&self->lock);
  return !ended;
}

static void
work_loop (Worker *self, Loop *loop)
{
  guint64 value;

  do
    while (pf_deque_pop (self->ranges, &value) || steal (self, &value))
      work_range (self, loop, unpack (value));
  while (wait_for_range (self->par, loop));
}

/* The predicate of begun. SEEN as in join_loop. */
static gboolean
is_called (const PfPar *self, guint64 seen)
{
  return self->ending || (self->loop != NULL && self->n_loops != seen);
}

/* Under the lock. NULL where the pool ends. *SEEN counts the loops that this
 * helper has joined or missed. */
static Loop *
join_loop (PfPar *self, guint64 *seen)
{
  while (!is_called (self, *seen))
    uv_cond_wait (&self->begun, &self->lock);
  *seen = self->n_loops;
  return self->ending ? NULL : self->loop;
}

/* Under the lock, which is given up meanwhile. */
static void
help (Worker *self, Loop *loop)
{
  PfPar *par = self->par;

  if (loop->ended)
    return;
  par->n_helpers++;
  uv_mutex_unlock (&par->lock);
  work_loop (self, loop);
  uv_mutex_lock (&par->lock);
  if (--par->n_helpers == 0)
    uv_cond_signal (&par->left);
}

static gpointer
live (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Worker *self = data;
  guint64 seen = 0;
  Loop *loop;

  inside = self->par;
  uv_mutex_lock (&self->par->lock);
  while ((loop = join_loop (self->par, &seen)) != NULL)
    help (self, loop);
  uv_mutex_unlock (&self->par->lock);
  return NULL;
}

/* Gives each worker its share: nobody else is inside by now. */
static void
deal (PfPar *self, const Loop *loop)
{
  for (guint i = 0; i < self->n_workers; i++) {
    PfShare share = pf_share (loop->n_units, self->n_workers, i);
    Range range = { (guint32)share.from, (guint32)share.to };

    if (share.from < share.to)
      pf_deque_push (self->workers[i].ranges, pack (range));
  }
}

static void
run_shared (PfPar *self, Loop *loop)
{
  const PfPar *outer = inside;

  uv_mutex_lock (&self->lock);
  g_assert (self->loop == NULL); /* or two threads use the pool at once */
  deal (self, loop);
  self->loop = loop;
  self->n_loops++;
  uv_cond_broadcast (&self->begun);
  uv_mutex_unlock (&self->lock);
  inside = self;
  work_loop (&self->workers[0], loop);
  inside = outer;
  uv_mutex_lock (&self->lock);
  while (self->n_helpers > 0)
    uv_cond_wait (&self->left, &self->lock);
  self->loop = NULL;
  uv_mutex_unlock (&self->lock);
}

static Loop
make_loop (const PfPar *self, const PfParLoop *plan)
{
  gsize grain = plan->grain > 0
                    ? plan->grain
                    : plan->n / ((gsize)self->n_workers * GRAINS_PER_THREAD);
  Loop loop = { .plan = plan, .lowest_failed = G_MAXSIZE };

  loop.grain = MAX (MAX (grain, 1), plan->n / G_MAXINT32 + 1);
  loop.n_units = plan->n / loop.grain + (plan->n % loop.grain > 0);
  return loop;
}

static int
compare_errors (gconstpointer a, gconstpointer b)
{
  const PfParError *x = a, *y = b;

  return x->index < y->index ? -1 : x->index > y->index;
}

gboolean
pf_par_for (PfPar *self, const PfParLoop *plan, PfError *error)
{
  Loop loop = make_loop (self, plan);

  g_assert (plan->errors == NULL || plan->errors->len == 0);
  if (self->n_workers == 1 || inside == self || loop.n_units < 2)
    run_turns (self, &loop, 0, plan->n);
  else
    run_shared (self, &loop);
  if (plan->errors != NULL && plan->errors->len > 0) {
    g_array_sort (plan->errors, compare_errors);
    return FALSE;
  }
  if (atomic_load (&loop.lowest_failed) < G_MAXSIZE) {
    pf_error_move (error, &loop.first);
    return FALSE;
  }
  return !atomic_load (&loop.cut_short);
}

static void
par_error_clear (gpointer data)
{
  PfParError *self = data;

  pf_error_clear (&self->error);
}

GArray *
pf_par_errors_new (void)
{
  GArray *errors = g_array_new (FALSE, FALSE, sizeof (PfParError));

  g_array_set_clear_func (errors, par_error_clear);
  return errors;
}

static gboolean
start_workers (PfPar *self, PfError *error)
{
  for (guint i = 1; i < self->n_workers; i++) {
    Worker *worker = &self->workers[i];

    worker->thread = pf_spawn ("pf-par", live, worker, error);
    if (worker->thread == NULL)
      return FALSE;
  }
  return TRUE;
}

PfPar *
pf_par_new (guint n_threads, PfError *error)
{
  PfPar *self = g_new0 (PfPar, 1);

  g_assert (n_threads > 0);
  pf_mutex_init (&self->lock);
  pf_cond_init (&self->begun);
  pf_cond_init (&self->found);
  pf_cond_init (&self->left);
  self->n_workers = n_threads;
  self->workers = g_new0 (Worker, n_threads);
  for (guint i = 0; i < n_threads; i++)
    self->workers[i] =
        (Worker){ self, i, pf_deque_new (DEQUE_CAPACITY), NULL, 0 };
  if (start_workers (self, error))
    return self;
  pf_par_free (self);
  return NULL;
}

static void
end_workers (PfPar *self)
{
  uv_mutex_lock (&self->lock);
  g_assert (self->loop == NULL);
  self->ending = TRUE;
  uv_cond_broadcast (&self->begun);
  uv_mutex_unlock (&self->lock);
  for (guint i = 0; i < self->n_workers; i++) {
    if (self->workers[i].thread != NULL)
      pf_join (self->workers[i].thread, NULL, NULL);
    pf_deque_free (self->workers[i].ranges);
  }
}

void
pf_par_free (PfPar *self)
{
  if (self == NULL)
    return;
  end_workers (self);
  g_free (self->workers);
  uv_cond_destroy (&self->left);
  uv_cond_destroy (&self->found);
  uv_cond_destroy (&self->begun);
  uv_mutex_destroy (&self->lock);
  g_free (self);
}

guint
pf_par_n_threads (const PfPar *self)
{
  return self->n_workers;
}

guint64
pf_par_steals (const PfPar *self)
{
  guint64 sum = 0;

  for (guint i = 0; i < self->n_workers; i++)
    sum += self->workers[i].steals;
  return sum;
}
