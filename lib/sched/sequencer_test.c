#include "sched/sequencer.h"

#include "base/test_random.h"
#include "sched/test_sequencer.h"

#define ITEMS_MAX 2000

/* What was released, and in which order; written by release only. It has no
 * lock on purpose: it must not need one. */
typedef struct {
  guint n;
  guint numbers[ITEMS_MAX];
  atomic_bool inside;   /* somebody is in release */
  atomic_int under_way; /* admitted and not released */
} Log;

/* Results are numbers plus one. */
static gpointer
result_of (guint n)
{
  return GUINT_TO_POINTER (n + 1);
}

static void
release (gpointer result, gpointer user)
{
  Log *self = user;

  g_assert_false (atomic_exchange (&self->inside, TRUE));
  self->numbers[self->n++] = GPOINTER_TO_UINT (result) - 1;
  atomic_fetch_sub (&self->under_way, 1);
  atomic_store (&self->inside, FALSE);
}

static void
assert_log (const Log *log, const guint *expected, guint n)
{
  g_assert_cmpuint (log->n, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (log->numbers[i], ==, expected[i]);
}

/* The first put releases nothing, the last one all. */
static void
test_backwards (void)
{
  Log log = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (5, release, NULL, &log);
  static const guint expected[] = { 0, 1, 2, 3, 4 };

  for (guint serial = 0; serial < 5; serial++)
    g_assert_true (pf_sequencer_admit (sequencer, serial, NULL));
  for (guint serial = 4; serial > 0; serial--) {
    pf_sequencer_put (sequencer, serial, result_of (serial), NULL);
    assert_log (&log, NULL, 0);
    g_assert_true (pf_sequencer_is_turn (sequencer, 0));
    g_assert_false (pf_sequencer_is_turn (sequencer, serial));
  }
  pf_sequencer_put (sequencer, 0, result_of (0), NULL);
  assert_log (&log, expected, 5);
  g_assert_true (pf_sequencer_is_turn (sequencer, 5));
  pf_sequencer_free (sequencer);
}

static void
test_as_they_come (void)
{
  Log log = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (1, release, NULL, &log);

  for (guint serial = 0; serial < 100; serial++) {
    g_assert_true (pf_sequencer_admit (sequencer, serial, NULL));
    pf_sequencer_put (sequencer, serial, result_of (serial), NULL);
    g_assert_cmpuint (log.n, ==, serial + 1);
    g_assert_cmpuint (log.numbers[serial], ==, serial);
  }
  pf_sequencer_free (sequencer);
}

static guint n_destroyed; /* the main thread's */

static void
count_destroyed (gpointer result G_GNUC_UNUSED)
{
  n_destroyed++;
}

/* What waits for its turn in vain is destroyed, and only that. */
static void
test_free (void)
{
  Log log = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (9, release, count_destroyed, &log);

  for (guint serial = 0; serial < 5; serial++)
    pf_sequencer_admit (sequencer, serial, NULL);
  pf_sequencer_put (sequencer, 0, result_of (0), NULL);
  pf_sequencer_put (sequencer, 2, result_of (2), NULL);
  pf_sequencer_put (sequencer, 4, result_of (4), NULL);
  n_destroyed = 0;
  pf_sequencer_free (sequencer);
  g_assert_cmpuint (n_destroyed, ==, 2);
  g_assert_cmpuint (log.n, ==, 1);
  pf_sequencer_free (NULL);
}

/* Workers that take serials in order and finish them in any. */
typedef struct {
  PfSequencer *sequencer;
  Log *log;
  atomic_uint *next;
  guint n_items;
  int limit;
  gboolean in_parts;
  guint32 seed;
} Worker;

static void
finish (Worker *self, guint serial)
{
  if (self->in_parts && serial % 3 == 0) {
    g_assert_true (pf_sequencer_wait_turn (self->sequencer, serial, NULL));
    g_assert_true (pf_sequencer_is_turn (self->sequencer, serial));
    atomic_fetch_add (&self->log->under_way, 1);
    pf_sequencer_put_part (self->sequencer, serial, result_of (serial));
  }
  pf_sequencer_put (self->sequencer, serial, result_of (serial), NULL);
}

static gboolean
work (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Worker *self = data;
  guint serial;

  while ((serial = atomic_fetch_add (self->next, 1)) < self->n_items) {
    g_assert_true (pf_sequencer_admit (self->sequencer, serial, NULL));
    /* LIMIT of them, and the earliest one beyond. */
    g_assert_cmpint (atomic_fetch_add (&self->log->under_way, 1), <=,
                     self->limit + self->in_parts);
    self->seed = pf_thread_dawdle (self->seed);
    finish (self, serial);
  }
  return TRUE;
}

#define N_WORKERS 4

static void
check_workers (guint64 limit, gboolean in_parts, guint n_items)
{
  Log log = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (limit, release, NULL, &log);
  PfTeam *team = pf_team_new ();
  Worker workers[N_WORKERS];
  atomic_uint next = 0;
  guint at = 0;

  for (guint i = 0; i < N_WORKERS; i++) {
    workers[i] = (Worker){ .sequencer = sequencer,
                           .log = &log,
                           .next = &next,
                           .n_items = n_items,
                           .limit = (int)limit,
                           .in_parts = in_parts,
                           .seed = (guint32)g_test_rand_int () };
    pf_team_add (team, "worker", work, &workers[i]);
  }
  g_assert_true (pf_team_start (team, NULL));
  g_assert_true (pf_team_join (team, NULL));
  for (guint serial = 0; serial < n_items; serial++)
    for (int part = 0; part <= (in_parts && serial % 3 == 0); part++)
      g_assert_cmpuint (log.numbers[at++], ==, serial);
  g_assert_cmpuint (log.n, ==, at);
  pf_team_free (team);
  pf_sequencer_free (sequencer);
}

/* In order, one at a time, never more under way than allowed. */
static void
test_workers (void)
{
  for (guint64 limit = 1; limit <= 5; limit++)
    check_workers (limit, FALSE, pf_test_rounds (ITEMS_MAX));
}

static void
test_workers_in_parts (void)
{
  for (guint64 limit = 1; limit <= 5; limit++)
    check_workers (limit, TRUE, pf_test_rounds (ITEMS_MAX / 2));
}

/*   limit 1
 *   main:    admit 1        admit 0   put 0          put 1
 *   waiter:          admit 2 (wait) ·················▶
 *
 * The earliest is admitted beyond the limit; its end makes no room.
 */
static void
test_limit (void)
{
  Log log = { 0 };
  atomic_bool has_room = FALSE;
  PfSequencer *sequencer = pf_sequencer_new (1, release, NULL, &log);
  Waiter waiter = { sequencer, .wait = pf_sequencer_admit, .serial = 2,
                    .watched = &has_room };
  PfTeam *team;

  g_assert_true (pf_sequencer_admit (sequencer, 1, NULL));
  team = start_waiters (&waiter, 1);
  g_assert_true (pf_sequencer_admit (sequencer, 0, NULL));
  pf_sequencer_put (sequencer, 0, result_of (0), NULL);
  pf_thread_wait_blocked (&waiter.id);
  atomic_store (&has_room, TRUE);
  pf_sequencer_put (sequencer, 1, result_of (1), NULL);
  join (team);
  g_assert_true (waiter.answer);
  g_assert_true (waiter.was_set);
  pf_sequencer_put (sequencer, 2, result_of (2), NULL);
  g_assert_cmpuint (log.n, ==, 3);
  pf_sequencer_free (sequencer);
}

/*   limit 2
 *   main:    admit 2, 3, 0                 put 0: the turn is at 1
 *   waiter:                 admit 1 (wait) ······▶
 *
 * One that waits for admission is let in when it has become the earliest,
 * though there is no room.
 */
static void
test_turn_admits (void)
{
  Log log = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (2, release, NULL, &log);
  Waiter waiter = { sequencer, .wait = pf_sequencer_admit, .serial = 1 };
  PfTeam *team;

  g_assert_true (pf_sequencer_admit (sequencer, 2, NULL));
  g_assert_true (pf_sequencer_admit (sequencer, 3, NULL));
  g_assert_true (pf_sequencer_admit (sequencer, 0, NULL));
  team = start_waiters (&waiter, 1);
  pf_sequencer_put (sequencer, 0, result_of (0), NULL);
  join (team);
  g_assert_true (waiter.answer);
  for (guint serial = 3; serial > 0; serial--)
    pf_sequencer_put (sequencer, serial, result_of (serial), NULL);
  g_assert_cmpuint (log.n, ==, 4);
  pf_sequencer_free (sequencer);
}

/*   main:    put 2   part of 0   part of 0   last of 0
 *   waiter:  wait_turn 1 (wait) ·······················▶  part of 1   last of 1
 */
static void
test_parts (void)
{
  static const guint expected[] = { 0, 100, 200, 1, 101, 2 };
  Log log = { 0 };
  atomic_bool last_put = FALSE;
  PfSequencer *sequencer = pf_sequencer_new (3, release, NULL, &log);
  Waiter waiter = { sequencer, .wait = pf_sequencer_wait_turn, .serial = 1,
                    .watched = &last_put };
  PfTeam *team;

  for (guint serial = 0; serial < 3; serial++)
    g_assert_true (pf_sequencer_admit (sequencer, serial, NULL));
  team = start_waiters (&waiter, 1);
  pf_sequencer_put (sequencer, 2, result_of (2), NULL);
  g_assert_true (pf_sequencer_wait_turn (sequencer, 0, NULL));
  pf_sequencer_put_part (sequencer, 0, result_of (0));
  pf_sequencer_put_part (sequencer, 0, result_of (100));
  pf_thread_wait_blocked (&waiter.id);
  atomic_store (&last_put, TRUE);
  pf_sequencer_put (sequencer, 0, result_of (200), NULL);
  join (team);
  g_assert_true (waiter.answer);
  g_assert_true (waiter.was_set);
  pf_sequencer_put_part (sequencer, 1, result_of (1));
  pf_sequencer_put (sequencer, 1, result_of (101), NULL);
  assert_log (&log, expected, G_N_ELEMENTS (expected));
  pf_sequencer_free (sequencer);
}

/* A release of 0 that lasts until somebody lets it end. */
typedef struct {
  Log log;
  atomic_bool begun, may_end, ended;
} SlowLog;

static void
release_slowly (gpointer result, gpointer user)
{
  SlowLog *self = user;

  if (result == result_of (0)) {
    atomic_store (&self->begun, TRUE);
    while (!atomic_load (&self->may_end))
      sched_yield ();
    atomic_store (&self->ended, TRUE);
  }
  release (result, &self->log);
}

static gboolean
put_number (PfSequencer *sequencer, guint64 serial, PfError *error)
{
  return pf_sequencer_put (sequencer, serial, result_of ((guint)serial), error);
}

/*   thread:  put 0: release (0) ........................ (0 ends) release (1)
 *   main:                       put 1 (returns at once)  ▲
 *
 * What is put during a release is released by whoever is at it, and nobody
 * waits.
 */
static void
test_put_during_release (void)
{
  static const guint expected[] = { 0, 1 };
  SlowLog slow = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (2, release_slowly, NULL, &slow);
  Waiter putter = { sequencer, .wait = put_number };
  PfTeam *team = pf_team_new ();

  g_assert_true (pf_sequencer_admit (sequencer, 0, NULL));
  g_assert_true (pf_sequencer_admit (sequencer, 1, NULL));
  pf_team_add (team, "putter", wait_once, &putter);
  g_assert_true (pf_team_start (team, NULL));
  while (!atomic_load (&slow.begun))
    sched_yield ();
  pf_sequencer_put (sequencer, 1, result_of (1), NULL);
  g_assert_false (pf_sequencer_is_turn (sequencer, 1));
  g_assert_false (atomic_load (&slow.ended));
  atomic_store (&slow.may_end, TRUE);
  join (team);
  assert_log (&slow.log, expected, 2);
  pf_sequencer_free (sequencer);
}

/*   thread:  put 0: release (0) .................. (0 ends)
 *   waiter:            wait_turn 1 (wait) ········▶
 *
 * The turn is not at 1 while 0 is being released, or parts would be released
 * by two threads at once.
 */
static void
test_turn_after_release (void)
{
  SlowLog slow = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (2, release_slowly, NULL, &slow);
  Waiter putter = { sequencer, .wait = put_number };
  Waiter waiter = { sequencer, .wait = pf_sequencer_wait_turn, .serial = 1,
                    .watched = &slow.ended };
  PfTeam *putting = pf_team_new (), *waiting;

  g_assert_true (pf_sequencer_admit (sequencer, 0, NULL));
  g_assert_true (pf_sequencer_admit (sequencer, 1, NULL));
  pf_team_add (putting, "putter", wait_once, &putter);
  g_assert_true (pf_team_start (putting, NULL));
  while (!atomic_load (&slow.begun))
    sched_yield ();
  waiting = start_waiters (&waiter, 1);
  atomic_store (&slow.may_end, TRUE);
  join (putting);
  join (waiting);
  g_assert_true (waiter.answer);
  g_assert_true (waiter.was_set);
  pf_sequencer_free (sequencer);
}

/*   limit 2
 *   main:     admit 0, 1                      cancel
 *   waiters:  admit 2, admit 3 (wait) ········▶ FALSE
 *             wait_turn 1, wait_turn 2 (wait) ▶ FALSE
 */
static void
test_cancel_wakes_all (void)
{
  Log log = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (2, release, NULL, &log);
  Waiter waiters[] = {
    { sequencer, .wait = pf_sequencer_admit, .serial = 2 },
    { sequencer, .wait = pf_sequencer_admit, .serial = 3 },
    { sequencer, .wait = pf_sequencer_wait_turn, .serial = 1 },
    { sequencer, .wait = pf_sequencer_wait_turn, .serial = 2 },
  };
  PfTeam *team;

  g_assert_true (pf_sequencer_admit (sequencer, 0, NULL));
  g_assert_true (pf_sequencer_admit (sequencer, 1, NULL));
  team = start_waiters (waiters, G_N_ELEMENTS (waiters));
  pf_sequencer_cancel (sequencer);
  join (team);
  for (guint i = 0; i < G_N_ELEMENTS (waiters); i++) {
    g_assert_false (waiters[i].answer);
    g_assert_cmpint (waiters[i].status, ==, PF_STATUS_OK);
  }
  pf_sequencer_free (sequencer);
}

/* After it nothing is admitted, not even the earliest, and nobody waits for a
 * turn; but what was put is released when its turn comes. */
static void
test_after_cancel (void)
{
  static const guint expected[] = { 0, 1 };
  Log log = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (9, release, count_destroyed, &log);

  for (guint serial = 0; serial < 4; serial++)
    g_assert_true (pf_sequencer_admit (sequencer, serial, NULL));
  pf_sequencer_put (sequencer, 1, result_of (1), NULL);
  pf_sequencer_cancel (sequencer);
  pf_sequencer_cancel (sequencer);
  g_assert_false (pf_sequencer_admit (sequencer, 0, NULL));
  g_assert_false (pf_sequencer_admit (sequencer, 4, NULL));
  g_assert_false (pf_sequencer_wait_turn (sequencer, 1, NULL));
  pf_sequencer_put (sequencer, 3, result_of (3), NULL);
  assert_log (&log, NULL, 0);
  pf_sequencer_put (sequencer, 0, result_of (0), NULL);
  assert_log (&log, expected, 2);
  n_destroyed = 0;
  pf_sequencer_free (sequencer);
  g_assert_cmpuint (n_destroyed, ==, 1);
}

/* The ring grows while results stand in it, at every place of the turn. */
static void
test_far_ahead (void)
{
  for (guint turn = 0; turn < 40; turn++) {
    Log log = { 0 };
    PfSequencer *sequencer = pf_sequencer_new (1000, release, NULL, &log);

    for (guint serial = 0; serial < turn; serial++) {
      g_assert_true (pf_sequencer_admit (sequencer, serial, NULL));
      g_assert_true (put_number (sequencer, serial, NULL));
    }
    for (guint serial = turn; serial < turn + 200; serial++)
      g_assert_true (pf_sequencer_admit (sequencer, serial, NULL));
    for (guint serial = turn + 1; serial < turn + 200; serial += 2)
      g_assert_true (put_number (sequencer, serial, NULL));
    for (guint serial = turn; serial < turn + 200; serial += 2)
      g_assert_true (put_number (sequencer, serial, NULL));
    g_assert_cmpuint (log.n, ==, turn + 200);
    for (guint serial = 0; serial < log.n; serial++)
      g_assert_cmpuint (log.numbers[serial], ==, serial);
    pf_sequencer_free (sequencer);
  }
}

#define ABSURD ((guint64)1 << 60)

/*   limit 2
 *   main:     admit 0, far                      put far: no room for it
 *   waiters:  admit 2, wait_turn 1 (wait) ······▶ the same error
 *
 * After it nothing can be put or begun; cancelling and freeing go on.
 */
static void
test_failure (void)
{
  Log log = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (2, release, count_destroyed, &log);
  Waiter waiters[] = {
    { sequencer, .wait = pf_sequencer_admit, .serial = 2 },
    { sequencer, .wait = pf_sequencer_wait_turn, .serial = 1 },
  };
  g_auto (PfError) error = { 0 };
  PfTeam *team;

  n_destroyed = 0;
  g_assert_true (pf_sequencer_check (sequencer, NULL));
  g_assert_true (pf_sequencer_admit (sequencer, 0, NULL));
  g_assert_true (pf_sequencer_admit (sequencer, ABSURD, NULL));
  team = start_waiters (waiters, G_N_ELEMENTS (waiters));
  g_assert_false (pf_sequencer_put (sequencer, ABSURD, result_of (1), &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_TEMPORARY);
  join (team);
  for (guint i = 0; i < G_N_ELEMENTS (waiters); i++) {
    g_assert_false (waiters[i].answer);
    g_assert_cmpint (waiters[i].status, ==, PF_STATUS_TEMPORARY);
  }
  g_assert_false (pf_sequencer_is_turn (sequencer, 0));
  pf_sequencer_put_part (sequencer, 0, result_of (0));
  g_assert_false (put_number (sequencer, 0, NULL));
  g_assert_cmpuint (n_destroyed, ==, 2);
  g_assert_cmpuint (log.n, ==, 1);
  pf_sequencer_cancel (sequencer);
  g_assert_false (pf_sequencer_check (sequencer, NULL));
  pf_sequencer_free (sequencer);
}

/*   thread:  put 0: release (0) ........ (0 ends)  FALSE, and 1 is not released
 *   main:           put 1     fail
 */
static void
test_failure_during_release (void)
{
  static const guint expected[] = { 0 };
  SlowLog slow = { 0 };
  PfSequencer *sequencer =
      pf_sequencer_new (2, release_slowly, count_destroyed, &slow);
  Waiter putter = { sequencer, .wait = put_number };
  g_auto (PfError) error = { 0 };
  PfTeam *team = pf_team_new ();

  n_destroyed = 0;
  g_assert_true (pf_sequencer_admit (sequencer, 0, NULL));
  g_assert_true (pf_sequencer_admit (sequencer, 1, NULL));
  pf_team_add (team, "putter", wait_once, &putter);
  g_assert_true (pf_team_start (team, NULL));
  while (!atomic_load (&slow.begun))
    sched_yield ();
  g_assert_true (put_number (sequencer, 1, NULL));
  pf_error_set (&error, PF_STATUS_IO, "for a test");
  pf_sequencer_fail (sequencer, &error);
  atomic_store (&slow.may_end, TRUE);
  join (team);
  g_assert_false (putter.answer);
  g_assert_cmpint (putter.status, ==, PF_STATUS_IO);
  assert_log (&slow.log, expected, 1);
  pf_sequencer_free (sequencer);
  g_assert_cmpuint (n_destroyed, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sequencer/order/backwards", test_backwards);
  g_test_add_func ("/sequencer/order/as-they-come", test_as_they_come);
  g_test_add_func ("/sequencer/order/workers", test_workers);
  g_test_add_func ("/sequencer/order/workers-in-parts", test_workers_in_parts);
  g_test_add_func ("/sequencer/free", test_free);
  g_test_add_func ("/sequencer/admit/limit", test_limit);
  g_test_add_func ("/sequencer/admit/turn", test_turn_admits);
  g_test_add_func ("/sequencer/turn/parts", test_parts);
  g_test_add_func ("/sequencer/turn/after-release", test_turn_after_release);
  g_test_add_func ("/sequencer/put/during-release", test_put_during_release);
  g_test_add_func ("/sequencer/cancel/wakes-all", test_cancel_wakes_all);
  g_test_add_func ("/sequencer/cancel/after", test_after_cancel);
  g_test_add_func ("/sequencer/put/far-ahead", test_far_ahead);
  g_test_add_func ("/sequencer/failure/all-are-told", test_failure);
  g_test_add_func ("/sequencer/failure/during-release",
                   test_failure_during_release);
  return g_test_run ();
}
