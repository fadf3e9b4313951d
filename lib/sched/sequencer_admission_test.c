/* Who is admitted first, where many wait. */
#include "sched/sequencer.h"

#include "sched/test_sequencer.h"

#define LIMIT 4
#define WAITERS 6

static void
release (gpointer result G_GNUC_UNUSED, gpointer user G_GNUC_UNUSED)
{
}

static void
put (PfSequencer *sequencer, guint64 serial)
{
  g_assert_true (
      pf_sequencer_put (sequencer, serial, GINT_TO_POINTER (1), NULL));
}

/*   limit 4
 *   main:     admit 0 to 3                put 3, 2, 1, 0: all are released
 *   waiters:  admit 9, 8, 7, 6, 5, 4 ·····▶ 4 to 7
 *
 * Were others let in first, 4 and what follows it would come in one at a time,
 * each when its turn has come, while the others had nothing to do.
 */
static guint
n_ended (Waiter *waiters)
{
  guint n = 0;

  for (guint i = 0; i < WAITERS; i++)
    n += atomic_load (&waiters[i].ended);
  return n;
}

static void
check_earliest_first (void)
{
  PfSequencer *sequencer = pf_sequencer_new (LIMIT, release, NULL, NULL);
  Waiter waiters[WAITERS] = { 0 };
  PfTeam *team;

  for (guint64 serial = 0; serial < LIMIT; serial++)
    g_assert_true (pf_sequencer_admit (sequencer, serial, NULL));
  for (guint i = 0; i < WAITERS; i++) {
    waiters[i].sequencer = sequencer;
    waiters[i].wait = pf_sequencer_admit;
    waiters[i].serial = LIMIT + WAITERS - 1 - i;
  }
  team = start_waiters (waiters, WAITERS);
  for (guint64 serial = LIMIT; serial > 0; serial--)
    put (sequencer, serial - 1);
  while (n_ended (waiters) < LIMIT)
    sched_yield ();
  for (guint i = 0; i < WAITERS; i++)
    g_assert_true (atomic_load (&waiters[i].ended) ==
                   (waiters[i].serial < LIMIT * 2));
  for (guint64 serial = LIMIT; serial < LIMIT * 2; serial++)
    put (sequencer, serial);
  join (team);
  pf_sequencer_free (sequencer);
}

static void
test_earliest_first (void)
{
  for (guint i = 0; i < 20; i++)
    check_earliest_first ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sequencer/admit/earliest-first", test_earliest_first);
  return g_test_run ();
}
