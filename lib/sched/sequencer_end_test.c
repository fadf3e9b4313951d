/* Sequences that end before their items do. */
#include "sched/sequencer.h"

#include "sched/test_sequencer.h"

/* The numbers that were released, in order. */
typedef struct {
  guint n;
  guint numbers[9];
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

  g_assert_cmpuint (self->n, <, G_N_ELEMENTS (self->numbers));
  self->numbers[self->n++] = GPOINTER_TO_UINT (result) - 1;
}

static void
assert_log (const Log *log, const guint *expected, guint n)
{
  g_assert_cmpuint (log->n, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (log->numbers[i], ==, expected[i]);
}

static guint n_destroyed; /* the main thread's */

static void
count_destroyed (gpointer result G_GNUC_UNUSED)
{
  n_destroyed++;
}

/*   limit 9
 *   put 1, 4     wait for their turns
 *   end after 2  4 is destroyed
 *   put 3        destroyed as it comes
 *   put 0        released, and 1 with it
 *   put 2        released; nobody's turn comes after it
 *   put 5        destroyed
 */
static void
test_end (void)
{
  static const guint expected[] = { 0, 1, 2 };
  Log log = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (9, release, count_destroyed, &log);

  for (guint serial = 0; serial < 6; serial++)
    g_assert_true (pf_sequencer_admit (sequencer, serial, NULL));
  n_destroyed = 0;
  pf_sequencer_put (sequencer, 1, result_of (1), NULL);
  pf_sequencer_put (sequencer, 4, result_of (4), NULL);
  pf_sequencer_end_after (sequencer, 2);
  g_assert_cmpuint (n_destroyed, ==, 1);
  pf_sequencer_put (sequencer, 3, result_of (3), NULL);
  g_assert_cmpuint (n_destroyed, ==, 2);
  pf_sequencer_put (sequencer, 0, result_of (0), NULL);
  g_assert_true (pf_sequencer_is_turn (sequencer, 2));
  pf_sequencer_put (sequencer, 2, result_of (2), NULL);
  g_assert_false (pf_sequencer_is_turn (sequencer, 3));
  g_assert_false (pf_sequencer_wait_turn (sequencer, 3, NULL));
  g_assert_false (pf_sequencer_wait_turn (sequencer, 5, NULL));
  pf_sequencer_put (sequencer, 5, result_of (5), NULL);
  assert_log (&log, expected, 3);
  pf_sequencer_free (sequencer);
  g_assert_cmpuint (n_destroyed, ==, 3);
}

/* The lowest end counts, in whatever order they are found. */
static void
test_end_lowest (void)
{
  static const guint expected[] = { 0, 1 };
  Log log = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (9, release, NULL, &log);
  const PfCutoff *cutoff = pf_sequencer_cutoff (sequencer);

  g_assert_false (pf_cutoff_is_past (cutoff, G_MAXUINT64));
  for (guint serial = 0; serial < 4; serial++)
    g_assert_true (pf_sequencer_admit (sequencer, serial, NULL));
  pf_sequencer_end_after (sequencer, 3);
  g_assert_false (pf_cutoff_is_past (cutoff, 3));
  pf_sequencer_end_after (sequencer, 1);
  pf_sequencer_end_after (sequencer, 2);
  g_assert_false (pf_cutoff_is_past (cutoff, 1));
  g_assert_true (pf_cutoff_is_past (cutoff, 2));
  for (guint serial = 4; serial > 0; serial--)
    pf_sequencer_put (sequencer, serial - 1, result_of (serial - 1), NULL);
  assert_log (&log, expected, 2);
  pf_sequencer_free (sequencer);
}

/*   limit 2
 *   main:     admit 0, 1                        end after 0
 *   waiters:  admit 2, admit 3 (wait) ··········▶ TRUE, though there is no room
 *             wait_turn 1, wait_turn 2 (wait) ··▶ FALSE
 */
static void
test_end_wakes_later (void)
{
  static const guint expected[] = { 0 };
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
  pf_sequencer_end_after (sequencer, 0);
  join (team);
  for (guint i = 0; i < G_N_ELEMENTS (waiters); i++)
    g_assert_true (waiters[i].answer == (i < 2));
  for (guint serial = 4; serial > 0; serial--)
    pf_sequencer_put (sequencer, serial - 1, result_of (serial - 1), NULL);
  assert_log (&log, expected, 1);
  pf_sequencer_free (sequencer);
}

/*   limit 2
 *   main:     admit 0, 2                       2 is dropped
 *   waiter:   admit 1 (no room, not its turn) ·▶ TRUE
 *
 * 2 is dropped where it waits for its turn, or where it comes too late for it;
 * both give room to those who still count. */
static void
check_end_gives_room (gboolean put_first)
{
  Log log = { 0 };
  PfSequencer *sequencer = pf_sequencer_new (2, release, NULL, &log);
  Waiter waiter = { sequencer, .wait = pf_sequencer_admit, .serial = 1 };
  PfTeam *team;

  g_assert_true (pf_sequencer_admit (sequencer, 0, NULL));
  g_assert_true (pf_sequencer_admit (sequencer, 2, NULL));
  team = start_waiters (&waiter, 1);
  if (put_first)
    pf_sequencer_put (sequencer, 2, result_of (2), NULL);
  pf_sequencer_end_after (sequencer, 1);
  if (!put_first)
    pf_sequencer_put (sequencer, 2, result_of (2), NULL);
  join (team);
  g_assert_true (waiter.answer);
  pf_sequencer_free (sequencer);
}

static void
test_end_gives_room (void)
{
  check_end_gives_room (TRUE);
  check_end_gives_room (FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sequencer/end/after", test_end);
  g_test_add_func ("/sequencer/end/lowest", test_end_lowest);
  g_test_add_func ("/sequencer/end/wakes-later", test_end_wakes_later);
  g_test_add_func ("/sequencer/end/gives-room", test_end_gives_room);
  return g_test_run ();
}
