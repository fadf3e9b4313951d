#include "base/par.h"

#include <errno.h>
#include <stdatomic.h>
#include <uv.h>

#include "base/test_refusal.h"
#include "base/thread.h"
#include "sched/blocked.h"

#define TURNS_MAX 3000
#define THREADS_MAX 5

/* What the turns of one loop did. */
typedef struct {
  atomic_uint times[TURNS_MAX];
  gboolean fails[TURNS_MAX];
  guint order[TURNS_MAX]; /* by index: its place in the whole */
  atomic_uint n_begun, n_ended;
  PfCancel *cancel; /* set by the first turn; may be NULL */
} Log;

static gboolean
work (gsize i, gpointer user, PfError *error)
{
  Log *self = user;

  g_assert_cmpuint (i, <, TURNS_MAX);
  atomic_fetch_add (&self->times[i], 1);
  self->order[i] = atomic_fetch_add (&self->n_begun, 1);
  if (self->cancel != NULL)
    pf_cancel_set (self->cancel);
  pf_thread_dawdle ((guint32)i + self->order[i]);
  atomic_fetch_add (&self->n_ended, 1);
  return !self->fails[i] || pf_error_set (error, PF_STATUS_IO, "%u", (guint)i);
}

static void
check_once (const Log *log, gsize n)
{
  g_assert_cmpuint (atomic_load (&log->n_ended), ==, n);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint (atomic_load (&log->times[i]), ==, 1);
}

static void
test_each_once (void)
{
  static const gsize sizes[] = { 0, 1, 2, 3, 7, 64, 100, TURNS_MAX };
  static const gsize grains[] = { 0, 1, 3, 1000, G_MAXSIZE };

  for (guint threads = 1; threads <= THREADS_MAX; threads++) {
    g_autoptr (PfPar) par = pf_par_new (threads, NULL);

    g_assert_cmpuint (pf_par_n_threads (par), ==, threads);
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
      for (guint g = 0; g < G_N_ELEMENTS (grains); g++) {
        g_autofree Log *log = g_new0 (Log, 1);
        PfParLoop loop = {
          .n = sizes[s], .grain = grains[g], .body = work, .user = log
        };

        g_assert_true (pf_par_for (par, &loop, NULL));
        check_once (log, sizes[s]);
      }
  }
}

/* Many short loops: threads fall asleep and wake up at every instant. */
static void
test_many_loops (void)
{
  g_autoptr (PfPar) par = pf_par_new (3, NULL);
  g_autofree Log *log = g_new0 (Log, 1);

  for (guint n = 0; n < 5000; n++) {
    PfParLoop loop = { .n = n % 7, .grain = 1, .body = work, .user = log };

    memset (log, 0, sizeof *log);
    g_assert_true (pf_par_for (par, &loop, NULL));
    check_once (log, loop.n);
  }
}

static gboolean
meet (gsize i G_GNUC_UNUSED, gpointer user, PfError *error G_GNUC_UNUSED)
{
  uv_barrier_wait (user);
  return TRUE;
}

/* All threads take part: each turn waits for all others. */
static void
test_at_once (void)
{
  g_autoptr (PfPar) par = pf_par_new (THREADS_MAX, NULL);
  PfParLoop loop = { .n = THREADS_MAX, .body = meet };
  uv_barrier_t meeting;

  g_assert_cmpint (uv_barrier_init (&meeting, THREADS_MAX), ==, 0);
  loop.user = &meeting;
  g_assert_true (pf_par_for (par, &loop, NULL));
  uv_barrier_destroy (&meeting);
}

/* Turn 0 ends last, and no other begins before it. */
static gboolean
hold_first (gsize i, gpointer user, PfError *error)
{
  Log *self = user;
  gboolean done;

  while (i > 0 && atomic_load (&self->times[0]) == 0)
    sched_yield ();
  done = work (i, user, error);
  while (i == 0 && atomic_load (&self->n_ended) < 8)
    sched_yield ();
  return done;
}

/*   thread 0:  [0 1 2 3]  in 0 ···························· ends
 *                deque: [1] [2 3]
 *   thread 1:  [4 5 6 7]  4 5 6 7  steals [2 3]: 2 3  steals [1]: 1
 *
 * Each thread works its own range upwards, and then the oldest, largest range
 * of the other.
 */
static void
test_steals_oldest (void)
{
  static const guint expected[] = { 0, 4, 5, 6, 7, 2, 3, 1 };
  g_autoptr (PfPar) par = pf_par_new (2, NULL);
  g_autofree Log *log = g_new0 (Log, 1);
  PfParLoop loop = { .n = 8, .grain = 1, .body = hold_first, .user = log };

  g_assert_true (pf_par_for (par, &loop, NULL));
  for (guint i = 0; i < 8; i++)
    g_assert_cmpuint (log->order[expected[i]], ==, i);
  g_assert_cmpuint (pf_par_steals (par), ==, 2);
}

/* One thread goes through all indices in order. */
static void
test_one_thread (void)
{
  g_autoptr (PfPar) par = pf_par_new (1, NULL);
  g_autofree Log *log = g_new0 (Log, 1);
  PfParLoop loop = { .n = 100, .body = work, .user = log };

  g_assert_true (pf_par_for (par, &loop, NULL));
  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (log->order[i], ==, i);
  g_assert_cmpuint (pf_par_steals (par), ==, 0);
}

static gsize
fail_some (Log *log, gsize n, guint one_in)
{
  gsize first = G_MAXSIZE;

  for (gsize i = n; i-- > 0;) {
    log->fails[i] = g_test_rand_int_range (0, (gint32)one_in) == 0;
    first = log->fails[i] ? i : first;
  }
  return first;
}

/* The error of the lowest index that fails, and all below it have run. */
static void
check_first_error (PfPar *par, gsize n, guint one_in)
{
  g_autofree Log *log = g_new0 (Log, 1);
  g_auto (PfError) error = { 0 };
  PfParLoop loop = { .n = n, .grain = 1, .body = work, .user = log };
  gsize first = fail_some (log, n, one_in);
  gboolean done = pf_par_for (par, &loop, &error);

  g_assert_cmpint (done, ==, first == G_MAXSIZE);
  g_assert_cmpint (pf_error_is_set (&error), ==, !done);
  if (!done)
    g_assert_cmpuint (g_ascii_strtoull (error.message, NULL, 10), ==, first);
  for (gsize i = 0; i < MIN (first, n); i++)
    g_assert_cmpuint (atomic_load (&log->times[i]), ==, 1);
}

static void
test_first_error (void)
{
  for (guint threads = 1; threads <= THREADS_MAX; threads++) {
    g_autoptr (PfPar) par = pf_par_new (threads, NULL);
    PfParLoop loop = { .n = 4, .body = work };
    g_autofree Log *log = g_new0 (Log, 1);

    for (guint round = 0; round < 200; round++)
      check_first_error (par, 100, 1u << round % 8);
    /* Nobody wants to know; nothing leaks. */
    loop.user = log;
    log->fails[1] = log->fails[3] = TRUE;
    g_assert_false (pf_par_for (par, &loop, NULL));
  }
}

/* One thread: nothing above the failure runs. */
static void
test_stops_at_error (void)
{
  g_autoptr (PfPar) par = pf_par_new (1, NULL);
  g_autofree Log *log = g_new0 (Log, 1);
  PfParLoop loop = { .n = 100, .body = work, .user = log };

  log->fails[6] = TRUE;
  g_assert_false (pf_par_for (par, &loop, NULL));
  g_assert_cmpuint (atomic_load (&log->n_ended), ==, 7);
}

static void
test_all_errors (void)
{
  for (guint threads = 1; threads <= THREADS_MAX; threads++) {
    g_autoptr (PfPar) par = pf_par_new (threads, NULL);
    g_autoptr (GArray) errors = pf_par_errors_new ();
    g_autofree Log *log = g_new0 (Log, 1);
    g_auto (PfError) error = { 0 };
    PfParLoop loop = {
      .n = 1000, .grain = 1, .body = work, .user = log, .errors = errors
    };
    guint found = 0;

    g_assert_true (pf_par_for (par, &loop, &error));
    memset (log, 0, sizeof *log);
    fail_some (log, 1000, 10);
    log->fails[999] = TRUE;
    g_assert_false (pf_par_for (par, &loop, &error));
    g_assert_false (pf_error_is_set (&error));
    check_once (log, 1000);
    for (gsize i = 0; i < 1000; i++) {
      if (!log->fails[i])
        continue;
      g_assert_cmpuint (g_array_index (errors, PfParError, found).index, ==, i);
      found++;
    }
    g_assert_cmpuint (found, ==, errors->len);
  }
}

/* Each thread may be in a turn when the flag is set, and begins no other. */
static void
test_cancel (void)
{
  for (guint threads = 1; threads <= THREADS_MAX; threads++) {
    g_autoptr (PfPar) par = pf_par_new (threads, NULL);
    g_autoptr (PfCancel) cancel = pf_cancel_new (NULL);
    g_autofree Log *log = g_new0 (Log, 1);
    g_auto (PfError) error = { 0 };
    PfParLoop loop = { .n = 1000, .body = work, .user = log, .cancel = cancel };

    log->cancel = cancel;
    g_assert_false (pf_par_for (par, &loop, &error));
    g_assert_false (pf_error_is_set (&error));
    g_assert_cmpuint (atomic_load (&log->n_ended), >=, 1);
    g_assert_cmpuint (atomic_load (&log->n_ended), <=, threads);
    /* It stays set, and there is nothing to cancel in nothing. */
    loop.n = 0;
    g_assert_true (pf_par_for (par, &loop, &error));
  }
}

typedef struct {
  PfPar *par;
  Log *log;
} Nested;

static gboolean
work_inner (gsize i, gpointer user, PfError *error)
{
  Nested *self = user;
  Log *inner = &self->log[i];
  PfParLoop loop = { .n = 50, .grain = 1, .body = work, .user = inner };

  return pf_par_for (self->par, &loop, error);
}

/* A loop inside a loop works, and reports its error. */
static void
test_nested (void)
{
  for (guint threads = 1; threads <= 3; threads++) {
    g_autoptr (PfPar) par = pf_par_new (threads, NULL);
    g_autofree Log *logs = g_new0 (Log, 20);
    g_auto (PfError) error = { 0 };
    Nested nested = { par, logs };
    PfParLoop loop = {
      .n = 20, .grain = 1, .body = work_inner, .user = &nested
    };

    g_assert_true (pf_par_for (par, &loop, NULL));
    for (guint i = 0; i < 20; i++)
      check_once (&logs[i], 50);
    logs[7].fails[33] = TRUE;
    logs[19].fails[1] = TRUE;
    g_assert_false (pf_par_for (par, &loop, &error));
    g_assert_cmpstr (error.message, ==, "33");
  }
}

static gpointer
loop_from_outside (gpointer data, PfError *error)
{
  PfParLoop loop = { .n = 2, .grain = 1, .body = work };
  g_autofree Log *log = g_new0 (Log, 1);

  loop.user = log;
  pf_par_for (data, &loop, error);
  return NULL;
}

static gboolean
let_another_in (gsize i G_GNUC_UNUSED, gpointer user, PfError *error)
{
  return pf_join (pf_spawn ("outsider", loop_from_outside, user, NULL), NULL,
                  error);
}

/* Two threads that use one pool at once are told so. */
static void
test_not_shared (void)
{
  if (g_test_subprocess ()) {
    PfPar *par = pf_par_new (2, NULL);
    PfParLoop loop = { .n = 2, .grain = 1, .body = let_another_in };

    loop.user = par;
    pf_par_for (par, &loop, NULL);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*self->loop == NULL*");
}

/* Nobody spins when there is nothing to do: otherwise this never ends. */
static gboolean
wait_for_sleepers (gsize i, gpointer user G_GNUC_UNUSED,
                   PfError *error G_GNUC_UNUSED)
{
  if (i == 0)
    pf_threads_wait_all_blocked ();
  return TRUE;
}

static void
test_sleeps (void)
{
  g_autoptr (PfPar) par = pf_par_new (3, NULL);
  PfParLoop loop = { .n = 3, .grain = 1, .body = wait_for_sleepers };

  g_assert_true (pf_par_for (par, &loop, NULL));
  pf_threads_wait_all_blocked ();
}

static void
test_refused (void)
{
  for (guint at = 1; at < 4; at++) {
    g_auto (PfError) error = { 0 };

    pf_test_refuse_at = at;
    g_assert_null (pf_par_new (4, &error));
    g_assert_cmpuint (pf_test_refuse_at, ==, 0);
    g_assert_cmpint (error.status, ==, PF_STATUS_OS);
    g_assert_cmpint (error.errnum, ==, EAGAIN);
  }
  pf_par_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/par/each-once", test_each_once);
  g_test_add_func ("/par/many-loops", test_many_loops);
  g_test_add_func ("/par/at-once", test_at_once);
  g_test_add_func ("/par/steals-oldest", test_steals_oldest);
  g_test_add_func ("/par/one-thread", test_one_thread);
  g_test_add_func ("/par/first-error", test_first_error);
  g_test_add_func ("/par/first-error/stops", test_stops_at_error);
  g_test_add_func ("/par/all-errors", test_all_errors);
  g_test_add_func ("/par/cancel", test_cancel);
  g_test_add_func ("/par/nested", test_nested);
  g_test_add_func ("/par/not-shared", test_not_shared);
  g_test_add_func ("/par/sleeps", test_sleeps);
  g_test_add_func ("/par/refused", test_refused);
  return g_test_run ();
}
