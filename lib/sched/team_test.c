#include "sched/team.h"

#include <uv.h>

#include "base/thread.h"
#include "sched/blocked.h"

static void
test_empty (void)
{
  g_autoptr (PfTeam) team = pf_team_new ();

  g_assert_true (pf_team_start (team, NULL));
  g_assert_true (pf_team_join (team, NULL));
  pf_team_free (NULL);
}

static gboolean
set_flag (gpointer data, PfError *error G_GNUC_UNUSED)
{
  *(gboolean *)data = TRUE;
  return TRUE;
}

/* A team that is never started runs nothing. */
static void
test_not_started (void)
{
  g_autoptr (PfTeam) team = pf_team_new ();
  gboolean ran = FALSE;

  pf_team_add (team, "idle", set_flag, &ran);
  g_clear_pointer (&team, pf_team_free);
  g_assert_false (ran);
}

#define N_MEMBERS 16

/* Each runs once; plain fields, which the join makes visible. */
static void
test_all_run (void)
{
  g_autoptr (PfTeam) team = pf_team_new ();
  g_auto (PfError) error = { 0 };
  gboolean ran[N_MEMBERS] = { FALSE };

  for (guint i = 0; i < N_MEMBERS; i++)
    pf_team_add (team, "a name of more than fifteen bytes", set_flag, &ran[i]);
  g_assert_true (pf_team_start (team, &error));
  g_assert_true (pf_team_join (team, &error));
  for (guint i = 0; i < N_MEMBERS; i++)
    g_assert_true (ran[i]);
  g_assert_false (pf_error_is_set (&error));
}

static guint
count_threads (void)
{
  GDir *dir = g_dir_open ("/proc/self/task", 0, NULL);
  guint n = 0;

  if (dir == NULL)
    return G_MAXUINT;
  while (g_dir_read_name (dir) != NULL)
    n++;
  g_dir_close (dir);
  return n;
}

typedef struct {
  uv_barrier_t all_counted;
  atomic_uint fewest; /* threads that a member saw when it began */
} Counting;

static gboolean
count_at_begin (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Counting *self = data;
  guint n = count_threads (), fewest = atomic_load (&self->fewest);

  while (n < fewest &&
         !atomic_compare_exchange_weak (&self->fewest, &fewest, n))
    ;
  /* Nobody ends before all have counted. */
  uv_barrier_wait (&self->all_counted);
  return TRUE;
}

/* No member runs before every member exists. Without the gate:
 *
 *   main:      create 0            create 1 ...
 *   member 0:           run: alone
 */
static void
test_begin_together (void)
{
  g_autoptr (PfTeam) team = pf_team_new ();
  Counting counting = { .fewest = G_MAXUINT };

  g_assert_cmpint (uv_barrier_init (&counting.all_counted, N_MEMBERS), ==, 0);
  for (guint i = 0; i < N_MEMBERS; i++)
    pf_team_add (team, "counting", count_at_begin, &counting);
  g_assert_true (pf_team_start (team, NULL));
  g_assert_true (pf_team_join (team, NULL));
  uv_barrier_destroy (&counting.all_counted);
  g_assert_cmpuint (atomic_load (&counting.fewest), >, N_MEMBERS);
}

/* A member that fails, or does not, after another is gone. */
typedef struct {
  PfThreadId id;
  PfThreadId *after;   /* NULL: at once */
  const char *message; /* NULL: does not fail */
  gboolean ended;      /* read after the join */
} Failing;

static gboolean
fail_later (gpointer data, PfError *error)
{
  Failing *self = data;

  pf_thread_announce (&self->id);
  if (self->after != NULL)
    pf_thread_wait_gone (self->after);
  self->ended = TRUE;
  return self->message == NULL ||
         pf_error_set (error, PF_STATUS_IO, "%s", self->message);
}

/*   member 0:                               ends well
 *   member 1:                fails: "one" ··▲
 *   member 2: fails: "two" ··▲
 *
 * The error is that of the first by order, whatever failed first, and all are
 * waited for.
 */
static void
check_failing (PfError *error)
{
  g_autoptr (PfTeam) team = pf_team_new ();
  Failing members[3] = { { .message = NULL },
                         { .message = "one" },
                         { .message = "two" } };

  for (guint i = 0; i < 3; i++) {
    members[i].after = i < 2 ? &members[i + 1].id : NULL;
    pf_team_add (team, "failing", fail_later, &members[i]);
  }
  g_assert_true (pf_team_start (team, error));
  g_assert_false (pf_team_join (team, error));
  for (guint i = 0; i < 3; i++)
    g_assert_true (members[i].ended);
}

static void
test_first_error (void)
{
  g_auto (PfError) error = { 0 };

  check_failing (&error);
  g_assert_cmpstr (error.message, ==, "one");
  g_assert_cmpint (error.status, ==, PF_STATUS_IO);
}

/* Nobody wants to know; nothing leaks. */
static void
test_error_unwanted (void)
{
  check_failing (NULL);
}

static gpointer
join_team (gpointer data, PfError *error)
{
  pf_team_join (data, error);
  return NULL;
}

/* A team that another thread joins is a programming error. */
static void
test_not_moved (void)
{
  if (g_test_subprocess ()) {
    g_autoptr (PfTeam) team = pf_team_new ();

    pf_team_start (team, NULL);
    pf_join (pf_spawn ("outsider", join_team, team, NULL), NULL, NULL);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*pf_owner_is_here*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/team/empty", test_empty);
  g_test_add_func ("/team/not-started", test_not_started);
  g_test_add_func ("/team/all-run", test_all_run);
  g_test_add_func ("/team/begin-together", test_begin_together);
  g_test_add_func ("/team/first-error", test_first_error);
  g_test_add_func ("/team/error-unwanted", test_error_unwanted);
  g_test_add_func ("/team/not-moved", test_not_moved);
  return g_test_run ();
}
