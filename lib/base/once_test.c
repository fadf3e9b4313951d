#include "base/once.h"

#include <sched.h>
#include <stdatomic.h>

#include "base/crowd.h"

#define THREADS 8

static atomic_int n_made, n_asking;

/* Takes its time, until all others ask; what it makes has no lock. */
static int *
make_numbers (void)
{
  static int numbers[2];

  atomic_fetch_add (&n_made, 1);
  while (atomic_load (&n_asking) < THREADS)
    sched_yield ();
  numbers[0] = 6;
  numbers[1] = 7;
  return numbers;
}

PF_DEFINE_ONCE (static int *, shared_numbers, make_numbers)

static gboolean
ask (guint i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  int **answers = user;

  atomic_fetch_add (&n_asking, 1);
  answers[i] = shared_numbers ();
  g_assert_cmpint (answers[i][0] * answers[i][1], ==, 42);
  return TRUE;
}

static void
test_threads (void)
{
  int *answers[THREADS];

  g_assert_cmpint (atomic_load (&n_made), ==, 0);
  g_assert_true (pf_crowd (THREADS, ask, answers, NULL));
  for (guint i = 0; i < THREADS; i++)
    g_assert_true (answers[i] == shared_numbers ());
  g_assert_cmpint (atomic_load (&n_made), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/once/threads", test_threads);
  return g_test_run ();
}
