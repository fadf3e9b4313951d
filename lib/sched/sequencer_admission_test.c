/* Who is admitted first, where many wait. */
#include "sched/sequencer.h"

#include "sched/blocked.h"
#include "sched/team.h"

#define LIMIT 4
#define WAITERS 6

typedef struct {
  PfSequencer *sequencer;
  atomic_uint *n_admitted;
  guint64 serial;
  PfThreadId id;
  atomic_bool admitted;
} Waiter;

static void
release (gpointer result G_GNUC_UNUSED, gpointer user G_GNUC_UNUSED)
{
}

static gboolean
wait_for_admission (gpointer data, PfError *error)
{
  Waiter *self = data;

  pf_thread_announce (&self->id);
  if (!pf_sequencer_admit (self->sequencer, self->serial, error))
    return FALSE;
  atomic_store (&self->admitted, TRUE);
  atomic_fetch_add (self->n_admitted, 1);
  return TRUE;
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
static void
check_earliest_first (void)
{
  PfSequencer *sequencer = pf_sequencer_new (LIMIT, release, NULL, NULL);
  PfTeam *team = pf_team_new ();
  Waiter waiters[WAITERS] = { 0 };
  atomic_uint n_admitted = 0;

  for (guint64 serial = 0; serial < LIMIT; serial++)
    g_assert_true (pf_sequencer_admit (sequencer, serial, NULL));
  for (guint i = 0; i < WAITERS; i++) {
    waiters[i].sequencer = sequencer;
    waiters[i].n_admitted = &n_admitted;
    waiters[i].serial = LIMIT + WAITERS - 1 - i;
    pf_team_add (team, "waiter", wait_for_admission, &waiters[i]);
  }
  g_assert_true (pf_team_start (team, NULL));
  for (guint i = 0; i < WAITERS; i++)
    pf_thread_wait_blocked (&waiters[i].id);
  for (guint64 serial = LIMIT; serial > 0; serial--)
    put (sequencer, serial - 1);
  while (atomic_load (&n_admitted) < LIMIT)
    sched_yield ();
  for (guint i = 0; i < WAITERS; i++)
    g_assert_true (atomic_load (&waiters[i].admitted) ==
                   (waiters[i].serial < LIMIT * 2));
  for (guint64 serial = LIMIT; serial < LIMIT * 2; serial++)
    put (sequencer, serial);
  g_assert_true (pf_team_join (team, NULL));
  pf_team_free (team);
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
