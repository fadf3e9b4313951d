/* All time is charged, to the stage it was spent in, and to the thread that
 * spent it. Nothing is said of how long anything takes: times that were taken
 * inside and outside of a stage are its bounds.
 */
#include "base/stage_clock.h"

#include <time.h>
#include <uv.h>

/* A stage's time on the processor is known to a few stretches. */
#define SLACK (8 * PF_STAGE_STRETCH)

static guint64
now (clockid_t id)
{
  struct timespec time;

  clock_gettime (id, &time);
  return (guint64)time.tv_sec * G_GUINT64_CONSTANT (1000000000) +
         (guint64)time.tv_nsec;
}

static PfTimeSpent
time_here (void)
{
  return (PfTimeSpent){ now (CLOCK_MONOTONIC), now (CLOCK_THREAD_CPUTIME_ID) };
}

/* Keeps the processor busy until this thread used some of it; returns how
 * much. */
static PfTimeSpent
work (void)
{
  PfTimeSpent from = time_here (), to;

  do
    to = time_here ();
  while (to.cpu_ns - from.cpu_ns < 4 * SLACK);
  return pf_time_between (from, to);
}

static PfTimeSpent
sum (const PfStageClock *clock)
{
  PfTimeSpent all = { 0 };

  for (guint i = 0; i < PF_N_STAGES; i++)
    all = pf_time_add (all, clock->spent[i]);
  return all;
}

static void
assert_at_least (PfTimeSpent found, PfTimeSpent least)
{
  g_assert_cmpuint (found.wall_ns, >=, least.wall_ns);
  g_assert_cmpuint (found.cpu_ns + SLACK, >=, least.cpu_ns);
}

static void
test_stages (void)
{
  PfStageClock clock = { 0 };
  PfTimeSpent before = time_here (), read, match, outside, other;

  pf_stage_clock_start (&clock, PF_STAGE_WAIT);
  pf_stage_enter (PF_STAGE_READ);
  read = work ();
  g_assert_cmpint (pf_stage_enter (PF_STAGE_MATCH), ==, PF_STAGE_READ);
  match = work ();
  g_assert_cmpint (pf_stage_enter (PF_STAGE_READ), ==, PF_STAGE_MATCH);
  read = pf_time_add (read, work ());
  pf_stage_clock_stop ();
  outside = pf_time_between (before, time_here ());

  assert_at_least (clock.spent[PF_STAGE_READ], read);
  assert_at_least (clock.spent[PF_STAGE_MATCH], match);
  assert_at_least (outside, sum (&clock));
  /* What was spent inside one stage is in no other. */
  other = pf_time_between (read, outside);
  assert_at_least (other, clock.spent[PF_STAGE_MATCH]);
  g_assert_cmpuint (clock.spent[PF_STAGE_WRITE].wall_ns, ==, 0);
  g_assert_cmpuint (clock.spent[PF_STAGE_LIST].cpu_ns, ==, 0);
}

/* Many changes that are too quick for the processor's clock: nothing is lost,
 * and the longer stage comes out as the longer one. */
static void
test_quick_changes (void)
{
  PfStageClock clock = { 0 };
  PfTimeSpent before = time_here (), inside, outside;

  pf_stage_clock_start (&clock, PF_STAGE_READ);
  inside = time_here ();
  for (guint i = 0; i < 2000; i++) {
    pf_stage_enter (PF_STAGE_READ);
    pf_stage_enter (PF_STAGE_MATCH);
    for (guint n = 0; n < 20; n++)
      now (CLOCK_MONOTONIC);
  }
  inside = pf_time_between (inside, time_here ());
  pf_stage_clock_stop ();
  outside = pf_time_between (before, time_here ());
  g_assert_cmpuint (sum (&clock).cpu_ns, >=, inside.cpu_ns);
  g_assert_cmpuint (sum (&clock).cpu_ns, <=, outside.cpu_ns);
  g_assert_cmpuint (clock.spent[PF_STAGE_MATCH].cpu_ns, >,
                    clock.spent[PF_STAGE_READ].cpu_ns);
  for (guint i = 0; i < PF_N_STAGES; i++)
    g_assert_cmpuint (clock.laps[i], ==, 0);
}

static void
test_same_stage (void)
{
  PfStageClock clock = { 0 };
  PfTimeSpent spent;

  pf_stage_clock_start (&clock, PF_STAGE_MATCH);
  spent = work ();
  g_assert_cmpint (pf_stage_enter (PF_STAGE_MATCH), ==, PF_STAGE_MATCH);
  spent = pf_time_add (spent, work ());
  /* A second start of one's own clock changes nothing. */
  pf_stage_clock_start (&clock, PF_STAGE_WAIT);
  spent = pf_time_add (spent, work ());
  pf_stage_clock_stop ();
  assert_at_least (clock.spent[PF_STAGE_MATCH], spent);
  g_assert_cmpuint (clock.spent[PF_STAGE_WAIT].wall_ns, ==, 0);
}

static void
test_busy (void)
{
  PfStageClock clock = { 0 };
  PfTimeSpent busy;

  for (guint i = 0; i < PF_N_STAGES; i++)
    clock.spent[i] = (PfTimeSpent){ 1 << (2 * i), 2 << (2 * i) };
  busy = pf_stage_clock_busy (&clock);
  g_assert_cmpuint (busy.wall_ns, ==, 4 + 16 + 64 + 256);
  g_assert_cmpuint (busy.cpu_ns, ==, 2 * (4 + 16 + 64 + 256));
}

static void
test_no_clock (void)
{
  g_assert_cmpint (pf_stage_enter (PF_STAGE_READ), ==, PF_STAGE_READ);
  pf_stage_clock_stop ();
  pf_stage_clock_start (NULL, PF_STAGE_READ);
  g_assert_cmpint (pf_stage_enter (PF_STAGE_MATCH), ==, PF_STAGE_MATCH);
}

typedef struct {
  PfStageClock clock;
  PfTimeSpent worked;
} Thread;

static void
run_thread (void *data)
{
  Thread *self = data;

  pf_stage_clock_start (&self->clock, PF_STAGE_MATCH);
  self->worked = work ();
  /* This one ends without stopping its clock. */
  pf_stage_enter (PF_STAGE_WAIT);
}

/* Threads charge their own clocks only; one without a clock charges none. */
static void
test_threads (void)
{
  Thread threads[3] = { 0 };
  uv_thread_t ids[3];
  PfStageClock own = { 0 };

  pf_stage_clock_start (&own, PF_STAGE_WAIT);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (uv_thread_create (&ids[i], run_thread, &threads[i]), ==,
                     0);
  for (guint i = 0; i < 3; i++)
    uv_thread_join (&ids[i]);
  pf_stage_clock_stop ();
  for (guint i = 0; i < 3; i++) {
    assert_at_least (threads[i].clock.spent[PF_STAGE_MATCH], threads[i].worked);
    g_assert_cmpuint (threads[i].clock.spent[PF_STAGE_READ].wall_ns, ==, 0);
  }
  g_assert_cmpuint (own.spent[PF_STAGE_MATCH].wall_ns, ==, 0);
}

static void
test_process (void)
{
  PfTimeSpent before = pf_time_of_process (), worked = work ();

  assert_at_least (pf_time_between (before, pf_time_of_process ()), worked);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stage-clock/stages", test_stages);
  g_test_add_func ("/stage-clock/quick-changes", test_quick_changes);
  g_test_add_func ("/stage-clock/same-stage", test_same_stage);
  g_test_add_func ("/stage-clock/busy", test_busy);
  g_test_add_func ("/stage-clock/no-clock", test_no_clock);
  g_test_add_func ("/stage-clock/threads", test_threads);
  g_test_add_func ("/stage-clock/process", test_process);
  return g_test_run ();
}
