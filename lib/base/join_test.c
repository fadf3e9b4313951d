#include "base/join.h"

#include <errno.h>
#include <uv.h>

#include "base/test_refusal.h"
#include "sched/blocked.h"

#define N 5

typedef struct {
  uv_barrier_t *meeting; /* NULL: meets nobody */
  const char *fails;
  gboolean ran; /* read after the join */
} Step;

static gpointer
run_step (gpointer data, PfError *error)
{
  Step *self = data;

  if (self->meeting != NULL)
    uv_barrier_wait (self->meeting);
  self->ran = TRUE;
  if (self->fails != NULL)
    pf_error_set (error, PF_STATUS_IO, "%s", self->fails);
  return self;
}

static void
make_tasks (PfJoinTask *tasks, Step *steps, guint n)
{
  for (guint i = 0; i < n; i++) {
    steps[i] = (Step){ 0 };
    tasks[i] = (PfJoinTask){ .func = run_step, .data = &steps[i] };
  }
}

/* Each once, and the results in the order given. */
static void
test_results (void)
{
  for (guint n = 0; n <= N; n++) {
    PfJoinTask tasks[N];
    Step steps[N];

    make_tasks (tasks, steps, n);
    g_assert_true (pf_join_all (tasks, n, NULL));
    for (guint i = 0; i < n; i++) {
      g_assert_true (steps[i].ran && !tasks[i].failed);
      g_assert_true (tasks[i].result == &steps[i]);
    }
  }
}

/* All are there at once: each waits for all others. */
static void
test_at_once (void)
{
  PfJoinTask tasks[N];
  Step steps[N];
  uv_barrier_t meeting;

  g_assert_cmpint (uv_barrier_init (&meeting, N), ==, 0);
  make_tasks (tasks, steps, N);
  for (guint i = 0; i < N; i++)
    steps[i].meeting = &meeting;
  g_assert_true (pf_join_all (tasks, N, NULL));
  uv_barrier_destroy (&meeting);
}

static void
test_join2 (void)
{
  PfJoinTask first, second;
  Step steps[2] = { { 0 }, { 0 } };
  g_auto (PfError) error = { 0 };
  uv_barrier_t meeting;

  g_assert_cmpint (uv_barrier_init (&meeting, 2), ==, 0);
  make_tasks (&first, &steps[0], 1);
  make_tasks (&second, &steps[1], 1);
  steps[0].meeting = steps[1].meeting = &meeting;
  g_assert_true (pf_join2 (&first, &second, &error));
  g_assert_true (first.result == &steps[0] && second.result == &steps[1]);
  steps[1].fails = "second";
  g_assert_false (pf_join2 (&first, &second, &error));
  g_assert_cmpstr (error.message, ==, "second");
  g_assert_true (!first.failed && second.failed);
  steps[0].fails = "first";
  pf_error_clear (&error);
  g_assert_false (pf_join2 (&first, &second, &error));
  g_assert_cmpstr (error.message, ==, "first");
  g_assert_false (pf_join2 (&first, &second, NULL));
  uv_barrier_destroy (&meeting);
}

/* The error of the first by order wins, and all the same all are waited for
 * and have their results. */
static void
test_first_error (void)
{
  PfJoinTask tasks[N];
  Step steps[N];
  g_auto (PfError) error = { 0 };

  make_tasks (tasks, steps, N);
  steps[2].fails = "two";
  steps[4].fails = "four";
  g_assert_false (pf_join_all (tasks, N, &error));
  g_assert_cmpstr (error.message, ==, "two");
  for (guint i = 0; i < N; i++) {
    g_assert_true (steps[i].ran && tasks[i].result == &steps[i]);
    g_assert_cmpint (tasks[i].failed, ==, i == 2 || i == 4);
  }
  g_assert_false (pf_join_all (tasks, N, NULL));
}

typedef struct {
  PfThreadId *after; /* ends only when this one is gone; NULL: at once */
  PfThreadId id;
  gboolean ended;
} Late;

static gpointer
end_late (gpointer data, PfError *error)
{
  Late *self = data;

  pf_thread_announce (&self->id);
  if (self->after != NULL)
    pf_thread_wait_gone (self->after);
  self->ended = TRUE;
  if (self->after == NULL)
    pf_error_set (error, PF_STATUS_IO, "early");
  return NULL;
}

/*   main:   join ································▶ returns
 *   task 1:   fails, ends                          ▲
 *   task 2:               (1 is gone) ends well ───┘
 *
 * A failure does not cut the waiting short.
 */
static void
test_waits_for_all (void)
{
  Late late[3] = { { .after = &late[1].id }, { 0 }, { .after = &late[1].id } };
  PfJoinTask tasks[3];

  for (guint i = 0; i < 3; i++)
    tasks[i] = (PfJoinTask){ .func = end_late, .data = &late[i] };
  g_assert_false (pf_join_all (tasks, 3, NULL));
  g_assert_true (late[0].ended && late[2].ended);
}

/* A thread that is refused is the error of its task; the others run. */
static void
test_refused (void)
{
  PfJoinTask tasks[N];
  Step steps[N];
  g_auto (PfError) error = { 0 };

  make_tasks (tasks, steps, N);
  pf_test_refuse_at = 2;
  g_assert_false (pf_join_all (tasks, N, &error));
  g_assert_cmpuint (pf_test_refuse_at, ==, 0);
  g_assert_cmpint (error.status, ==, PF_STATUS_OS);
  g_assert_cmpint (error.errnum, ==, EAGAIN);
  for (guint i = 0; i < N; i++) {
    g_assert_cmpint (steps[i].ran, ==, i != 2);
    g_assert_cmpint (tasks[i].failed, ==, i == 2);
  }
  g_assert_null (tasks[2].result);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/join/results", test_results);
  g_test_add_func ("/join/at-once", test_at_once);
  g_test_add_func ("/join/join2", test_join2);
  g_test_add_func ("/join/first-error", test_first_error);
  g_test_add_func ("/join/waits-for-all", test_waits_for_all);
  g_test_add_func ("/join/refused", test_refused);
  return g_test_run ();
}
