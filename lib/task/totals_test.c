/* Totals of each kind, added to by several threads at once. */
#include "task/totals.h"

#include "sched/team.h"

#define TERMS 50
#define WORKERS 4
#define DOCUMENTS 300

typedef struct {
  PfTotals *totals;
  guint number;
} Worker;

/* Document D of a worker has each term below D % TERMS, term T so often: */
static guint64
times (guint d, guint32 t)
{
  return (d + t) % 5 + 1;
}

static gboolean
add_documents (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Worker *self = data;
  g_auto (PfTally) tally = { 0 };

  pf_tally_init (&tally);
  for (guint d = 0; d < DOCUMENTS; d++) {
    pf_tally_reset (&tally);
    for (guint32 t = 0; t < d % TERMS; t++)
      pf_tally_add (&tally, t, times (d, t));
    pf_totals_add (self->totals, self->number, &tally);
  }
  return TRUE;
}

static PfTotal
expected_total (guint32 term_id)
{
  PfTotal total = { 0 };

  for (guint d = 0; d < DOCUMENTS; d++)
    if (term_id < d % TERMS) {
      total.count += WORKERS * times (d, term_id);
      total.files += WORKERS;
    }
  return total;
}

static void
check_totals (PfTotals *totals)
{
  g_autoptr (PfTeam) team = pf_team_new ();
  Worker workers[WORKERS];

  for (guint i = 0; i < WORKERS; i++) {
    workers[i] = (Worker){ totals, i };
    pf_team_add (team, "pf-test", add_documents, &workers[i]);
  }
  g_assert_true (pf_team_start (team, NULL));
  g_assert_true (pf_team_join (team, NULL));
  for (guint32 t = 0; t < TERMS; t++) {
    PfTotal total = pf_totals_get (totals, t), expected = expected_total (t);

    g_assert_cmpuint (total.count, ==, expected.count);
    g_assert_cmpuint (total.files, ==, expected.files);
  }
}

/* Each worker has its own where there is room for all. */
static void
test_own (void)
{
  guint64 set = TERMS * sizeof (PfTotal);
  g_autoptr (PfTotals) totals =
      pf_totals_new (TERMS, WORKERS, set * WORKERS, NULL);

  g_assert_cmpuint (pf_totals_size (totals), ==, set * WORKERS);
  check_totals (totals);
}

static void
test_shared (void)
{
  guint64 set = TERMS * sizeof (PfTotal);
  g_autoptr (PfTotals) totals =
      pf_totals_new (TERMS, WORKERS, set * WORKERS - 1, NULL);

  g_assert_cmpuint (pf_totals_size (totals), ==, set);
  check_totals (totals);
}

static void
test_nothing (void)
{
  g_autoptr (PfTotals) totals = pf_totals_new (0, 2, 0, NULL);

  g_assert_nonnull (totals);
  pf_totals_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/totals/own", test_own);
  g_test_add_func ("/totals/shared", test_shared);
  g_test_add_func ("/totals/nothing", test_nothing);
  return g_test_run ();
}
