#include "sched/fork_join.h"

#include <uv.h>

#include "sched/blocked.h"

#define ITEMS_MAX 2000
#define LISTS_MAX 9

/* What the workers of one run saw. */
typedef struct {
  atomic_uint times[ITEMS_MAX]; /* by serial: how often it was worked */
  guint worker[ITEMS_MAX];      /* by serial; whoever worked it, once */
  guint order[ITEMS_MAX];       /* by serial: its place in the whole */
  atomic_uint n_worked;
  guint32 seeds[LISTS_MAX]; /* each its worker's */
} Log;

static void
note (Log *self, guint64 serial, guint worker)
{
  g_assert_cmpuint (serial, <, ITEMS_MAX);
  atomic_fetch_add (&self->times[serial], 1);
  self->worker[serial] = worker;
  self->order[serial] = atomic_fetch_add (&self->n_worked, 1);
}

static gboolean
work_and_note (guint64 serial, guint worker, gpointer user)
{
  Log *self = user;

  note (self, serial, worker);
  self->seeds[worker] = pf_thread_dawdle (self->seeds[worker]);
  return TRUE;
}

/* Deals serials at random, but ascending in each list. */
static guint *
deal (PfWorklist *lists, guint n_lists, guint n_items)
{
  guint *list_of = g_new0 (guint, n_items + 1);

  for (guint i = 0; i < n_lists; i++)
    lists[i] = (PfWorklist){ g_new (guint64, n_items + 1), 0 };
  for (guint serial = 0; serial < n_items; serial++) {
    guint to = (guint)g_test_rand_int_range (0, (gint32)n_lists);

    lists[to].serials[lists[to].n++] = serial;
    list_of[serial] = to;
  }
  return list_of;
}

static void
lists_clear (PfWorklist *lists, guint n_lists)
{
  for (guint i = 0; i < n_lists; i++)
    g_free (lists[i].serials);
}

static Log *
log_new (void)
{
  Log *self = g_new0 (Log, 1);

  for (guint i = 0; i < LISTS_MAX; i++)
    self->seeds[i] = (guint32)g_test_rand_int ();
  return self;
}

/* What the workers counted is what the log says. */
static void
check_stats (const Log *log, const PfForkJoin *plan, const guint *list_of,
             guint n_items)
{
  PfForkJoinStats seen[LISTS_MAX] = { { 0 } };

  for (guint serial = 0; serial < n_items; serial++) {
    PfForkJoinStats *worker = &seen[log->worker[serial]];

    worker->items++;
    worker->steals += list_of[serial] != log->worker[serial];
  }
  for (guint i = 0; i < plan->n_lists; i++) {
    g_assert_cmpuint (plan->stats[i].items, ==, seen[i].items);
    g_assert_cmpuint (plan->stats[i].steals, ==, seen[i].steals);
  }
}

static void
check_each_once (guint n_lists, guint n_items, gboolean stealing)
{
  PfWorklist lists[LISTS_MAX];
  g_autofree guint *list_of = deal (lists, n_lists, n_items);
  PfForkJoinStats stats[LISTS_MAX];
  g_autofree Log *log = log_new ();
  PfForkJoin plan = { .lists = lists,
                      .n_lists = n_lists,
                      .stealing = stealing,
                      .work = work_and_note,
                      .user = log,
                      .stats = stats };

  g_assert_true (pf_fork_join (&plan, NULL));
  check_stats (log, &plan, list_of, n_items);
  g_assert_cmpuint (atomic_load (&log->n_worked), ==, n_items);
  for (guint serial = 0; serial < n_items; serial++) {
    g_assert_cmpuint (atomic_load (&log->times[serial]), ==, 1);
    g_assert_cmpuint (log->worker[serial], <, n_lists);
    if (!stealing)
      g_assert_cmpuint (log->worker[serial], ==, list_of[serial]);
  }
  lists_clear (lists, n_lists);
}

static void
check_all_sizes (gboolean stealing)
{
  static const guint sizes[] = { 0, 1, 2, 3, 7, 100, ITEMS_MAX };

  for (guint n_lists = 1; n_lists <= LISTS_MAX; n_lists++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      check_each_once (n_lists, sizes[i], stealing);
}

/* Each item once, by the worker to whom it was dealt. */
static void
test_static (void)
{
  check_all_sizes (FALSE);
}

/* Each item once, by anybody. */
static void
test_stealing (void)
{
  check_all_sizes (TRUE);
}

/* One worker goes through its list in order. */
static void
test_one_worker (void)
{
  for (int stealing = FALSE; stealing <= TRUE; stealing++) {
    guint64 serials[100];
    PfWorklist list = { serials, 100 };
    g_autofree Log *log = log_new ();
    PfForkJoin plan = { .lists = &list,
                        .n_lists = 1,
                        .stealing = stealing,
                        .work = work_and_note,
                        .user = log };

    for (guint serial = 0; serial < 100; serial++)
      serials[serial] = serial;
    g_assert_true (pf_fork_join (&plan, NULL));
    for (guint serial = 0; serial < 100; serial++)
      g_assert_cmpuint (log->order[serial], ==, serial);
  }
}

/* The first items begin only when all of them are taken, and those that are
 * held end only when everything else has begun. */
typedef struct {
  Log *log;
  guint n_first, n_held, n_items;
  atomic_uint n_begun; /* of the first ones */
} Holding;

static gboolean
work_holding (guint64 serial, guint worker, gpointer user)
{
  Holding *self = user;

  note (self->log, serial, worker);
  if (serial >= self->n_first)
    return TRUE;
  atomic_fetch_add (&self->n_begun, 1);
  while (atomic_load (&self->n_begun) < self->n_first)
    sched_yield ();
  while (serial < self->n_held &&
         atomic_load (&self->log->n_worked) < self->n_items)
    sched_yield ();
  return TRUE;
}

/*   list 0:  0 4 7      worker 0:  in 0 ······························
 *   list 1:  1 3 8      worker 1:  in 1 ······························
 *   list 2:  2 5        worker 2:  2   5   steals 3   4   7   8
 *
 * A thief empties its own list, then takes the lowest serial that is at a
 * front.
 */
static void
test_steals_lowest (void)
{
  static guint64 serials[3][3] = { { 0, 4, 7 }, { 1, 3, 8 }, { 2, 5 } };
  static const guint expected[] = { 2, 5, 3, 4, 7, 8 };
  PfWorklist lists[] = { { serials[0], 3 },
                         { serials[1], 3 },
                         { serials[2], 2 } };
  g_autofree Log *log = log_new ();
  Holding holding = { .log = log, .n_first = 3, .n_held = 2, .n_items = 8 };
  PfForkJoinStats stats[3];
  PfForkJoin plan = { .lists = lists,
                      .n_lists = 3,
                      .stealing = TRUE,
                      .work = work_holding,
                      .user = &holding,
                      .stats = stats };

  g_assert_true (pf_fork_join (&plan, NULL));
  g_assert_cmpuint (stats[0].items, ==, 1);
  g_assert_cmpuint (stats[1].steals, ==, 0);
  g_assert_cmpuint (stats[2].items, ==, 6);
  g_assert_cmpuint (stats[2].steals, ==, 4);
  g_assert_cmpuint (log->worker[0], ==, 0);
  g_assert_cmpuint (log->worker[1], ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_assert_cmpuint (log->worker[expected[i]], ==, 2);
    if (i > 0)
      g_assert_cmpuint (log->order[expected[i]], >,
                        log->order[expected[i - 1]]);
  }
}

/*   list 0:  0 1 2 ... 9     worker A in 0, until 1 to 9 are done
 *   list 1:  (empty)         worker B: 1 2 ... 9
 */
static void
test_steals_from_busy (void)
{
  guint64 serials[10];
  PfWorklist lists[] = { { serials, 10 }, { NULL, 0 } };
  g_autofree Log *log = log_new ();
  Holding holding = { .log = log, .n_first = 1, .n_held = 1, .n_items = 10 };
  PfForkJoin plan = { .lists = lists,
                      .n_lists = 2,
                      .stealing = TRUE,
                      .work = work_holding,
                      .user = &holding };

  for (guint i = 0; i < 10; i++)
    serials[i] = i;
  g_assert_true (pf_fork_join (&plan, NULL));
  g_assert_cmpuint (atomic_load (&log->n_worked), ==, 10);
}

/* Item STOP_AT ends the work; another worker's first item waits until the
 * worker that did is gone. */
typedef struct {
  Log *log;
  guint64 stop_at;
  PfThreadId stopper;
} Stopping;

static gboolean
work_stopping (guint64 serial, guint worker, gpointer user)
{
  Stopping *self = user;

  note (self->log, serial, worker);
  if (serial == self->stop_at) {
    pf_thread_announce (&self->stopper);
    return FALSE;
  }
  if (serial % 2 == 1)
    pf_thread_wait_gone (&self->stopper);
  return TRUE;
}

/* One worker: nothing behind the item that said FALSE. */
static void
test_stop (void)
{
  for (int stealing = FALSE; stealing <= TRUE; stealing++) {
    guint64 serials[] = { 0, 2, 4, 6, 8 };
    PfWorklist list = { serials, 5 };
    g_autofree Log *log = log_new ();
    Stopping stopping = { .log = log, .stop_at = 4 };
    PfForkJoin plan = { .lists = &list,
                        .n_lists = 1,
                        .stealing = stealing,
                        .work = work_stopping,
                        .user = &stopping };

    g_assert_true (pf_fork_join (&plan, NULL));
    g_assert_cmpuint (atomic_load (&log->n_worked), ==, 3);
    g_assert_cmpuint (atomic_load (&log->times[6]), ==, 0);
  }
}

/*   worker 0:  0: FALSE   (ends)
 *   worker 1:  1 ···············▶ does not begin 3
 */
static void
test_stop_others (void)
{
  for (int stealing = FALSE; stealing <= TRUE; stealing++) {
    guint64 even[] = { 0, 2, 4 }, odd[] = { 1, 3, 5 };
    PfWorklist lists[] = { { even, 3 }, { odd, 3 } };
    g_autofree Log *log = log_new ();
    Stopping stopping = { .log = log, .stop_at = 0 };
    PfForkJoin plan = { .lists = lists,
                        .n_lists = 2,
                        .stealing = stealing,
                        .work = work_stopping,
                        .user = &stopping };

    g_assert_true (pf_fork_join (&plan, NULL));
    g_assert_cmpuint (atomic_load (&log->times[0]), ==, 1);
    for (guint serial = 2; serial < 6; serial++)
      g_assert_cmpuint (atomic_load (&log->times[serial]), ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fork-join/each-once/static", test_static);
  g_test_add_func ("/fork-join/each-once/stealing", test_stealing);
  g_test_add_func ("/fork-join/in-order", test_one_worker);
  g_test_add_func ("/fork-join/stealing/lowest", test_steals_lowest);
  g_test_add_func ("/fork-join/stealing/from-busy", test_steals_from_busy);
  g_test_add_func ("/fork-join/stop/one-worker", test_stop);
  g_test_add_func ("/fork-join/stop/others", test_stop_others);
  return g_test_run ();
}
