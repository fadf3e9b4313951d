#include "sched/crew.h"

#include <stdatomic.h>

#include "sched/blocked.h"
#include "sched/team.h"

#define MEMBERS 4

/* A job of many steps, of which the owner begins none until others did. */
typedef struct {
  PfCrewJob job;
  atomic_uint left;
  atomic_uint by_member[MEMBERS];
} Steps;

static void
work_steps (guint member, gpointer user)
{
  Steps *self = user;
  guint left = atomic_load (&self->left);

  while (left > 0)
    if (atomic_compare_exchange_weak (&self->left, &left, left - 1))
      atomic_fetch_add (&self->by_member[member], 1);
}

typedef struct {
  PfCrew *crew;
  Steps *steps; /* of the owner, or NULL */
  guint number;
} Member;

static guint
done_by_others (Steps *self)
{
  guint n = 0;

  for (guint i = 1; i < MEMBERS; i++)
    n += atomic_load (&self->by_member[i]);
  return n;
}

/* The owner waits for help before it does anything itself: if nobody came,
 * this would never end. */
static gboolean
run_member (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Member *self = data;

  if (self->steps != NULL) {
    pf_crew_offer (self->crew, &self->steps->job);
    while (done_by_others (self->steps) == 0)
      ;
    work_steps (self->number, self->steps);
    pf_crew_withdraw (self->crew, &self->steps->job);
    g_assert_cmpuint (atomic_load (&self->steps->left), ==, 0);
  }
  pf_crew_finish (self->crew, self->number);
  return TRUE;
}

static void
test_finish (void)
{
  for (guint n = 0; n < 50; n++) {
    g_autoptr (PfCrew) crew = pf_crew_new (MEMBERS);
    g_autoptr (PfTeam) team = pf_team_new ();
    Member members[MEMBERS];
    Steps steps = { .job = { .serial = 5, .help = work_steps } };

    steps.job.user = &steps;
    atomic_init (&steps.left, 1000);
    for (guint i = 0; i < MEMBERS; i++) {
      members[i] = (Member){ crew, i == 0 ? &steps : NULL, i };
      pf_team_add (team, "pf-test", run_member, &members[i]);
    }
    g_assert_true (pf_team_start (team, NULL));
    g_assert_true (pf_team_join (team, NULL));
    g_assert_cmpuint (done_by_others (&steps) + steps.by_member[0], ==, 1000);
  }
}

typedef struct {
  PfCrewJob job;
  GString *log;
} Logged;

static void
log_help (guint member, gpointer user)
{
  Logged *self = user;

  g_string_append_printf (self->log, "%u:%u ", member, (guint)self->job.serial);
}

/* The earliest first, and none that is not before the member's own item. */
static void
test_order (void)
{
  g_autoptr (PfCrew) crew = pf_crew_new (2);
  g_autoptr (GString) log = g_string_new (NULL);
  Logged jobs[3];

  pf_crew_help (crew, 1, 100);
  for (guint i = 0; i < 3; i++) {
    static const guint64 serials[] = { 7, 3, 9 };

    jobs[i].job =
        (PfCrewJob){ .serial = serials[i], .help = log_help, .user = &jobs[i] };
    jobs[i].log = log;
    pf_crew_offer (crew, &jobs[i].job);
  }
  pf_crew_help (crew, 1, 3);
  g_assert_cmpstr (log->str, ==, "");
  pf_crew_help (crew, 1, 9);
  g_assert_cmpstr (log->str, ==, "1:3 1:7 ");
  /* What a helper found exhausted is not asked again. */
  pf_crew_help (crew, 0, 9);
  g_assert_cmpstr (log->str, ==, "1:3 1:7 ");
  pf_crew_withdraw (crew, &jobs[2].job);
  pf_crew_help (crew, 0, 100);
  g_assert_cmpstr (log->str, ==, "1:3 1:7 ");
  pf_crew_withdraw (crew, &jobs[0].job);
  pf_crew_withdraw (crew, &jobs[1].job);
  pf_crew_free (NULL);
}

/* A job that lasts until it is let go. */
typedef struct {
  PfCrew *crew;
  PfCrewJob job;
  PfThreadId waiter; /* who withdraws, or finishes */
  atomic_bool inside, may_end, withdrawn;
} Slow;

static void
help_slowly (guint member G_GNUC_UNUSED, gpointer user)
{
  Slow *self = user;

  atomic_store (&self->inside, TRUE);
  while (!atomic_load (&self->may_end))
    sched_yield ();
  g_assert_false (atomic_load (&self->withdrawn));
}

static gboolean
run_helper (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Slow *self = data;

  pf_crew_help (self->crew, 1, 100);
  return TRUE;
}

static gboolean
run_owner (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Slow *self = data;

  while (!atomic_load (&self->inside))
    sched_yield ();
  pf_thread_announce (&self->waiter);
  pf_crew_withdraw (self->crew, &self->job);
  atomic_store (&self->withdrawn, TRUE);
  return TRUE;
}

static void
slow_init (Slow *self, PfCrew *crew)
{
  *self = (Slow){ .crew = crew, .job = { .help = help_slowly } };
  self->job.user = self;
}

/*   helper:  help ........................ (may end)
 *   owner:          withdraw (wait) ·················▶
 */
static void
test_withdraw (void)
{
  g_autoptr (PfCrew) crew = pf_crew_new (2);
  g_autoptr (PfTeam) team = pf_team_new ();
  Slow slow;

  slow_init (&slow, crew);
  pf_crew_offer (crew, &slow.job);
  pf_team_add (team, "helper", run_helper, &slow);
  pf_team_add (team, "owner", run_owner, &slow);
  g_assert_true (pf_team_start (team, NULL));
  pf_thread_wait_blocked (&slow.waiter);
  g_assert_false (atomic_load (&slow.withdrawn));
  atomic_store (&slow.may_end, TRUE);
  g_assert_true (pf_team_join (team, NULL));
  g_assert_true (atomic_load (&slow.withdrawn));
}

static gboolean
run_finisher (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Slow *self = data;

  pf_thread_announce (&self->waiter);
  pf_crew_finish (self->crew, 1);
  return TRUE;
}

/*   member 1:  finish (wait) ··▶ help ··▶ (wait) ··········▶
 *   member 0:               offer    withdraw        finish
 */
static void
test_offer_wakes (void)
{
  g_autoptr (PfCrew) crew = pf_crew_new (2);
  g_autoptr (PfTeam) team = pf_team_new ();
  Slow slow;

  slow_init (&slow, crew);
  atomic_store (&slow.may_end, TRUE);
  pf_team_add (team, "finisher", run_finisher, &slow);
  g_assert_true (pf_team_start (team, NULL));
  pf_thread_wait_blocked (&slow.waiter);
  pf_crew_offer (crew, &slow.job);
  while (!atomic_load (&slow.inside))
    sched_yield ();
  pf_crew_withdraw (crew, &slow.job);
  pf_thread_wait_blocked (&slow.waiter);
  pf_crew_finish (crew, 0);
  g_assert_true (pf_team_join (team, NULL));
}

static void
test_finish_twice (void)
{
  if (g_test_subprocess ()) {
    g_autoptr (PfCrew) crew = pf_crew_new (1);

    pf_crew_finish (crew, 0);
    pf_crew_finish (crew, 0);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*self->at_work > 0*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crew/finish", test_finish);
  g_test_add_func ("/crew/finish-twice", test_finish_twice);
  g_test_add_func ("/crew/order", test_order);
  g_test_add_func ("/crew/withdraw", test_withdraw);
  g_test_add_func ("/crew/offer-wakes", test_offer_wakes);
  return g_test_run ();
}
