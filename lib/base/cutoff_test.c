#include "base/cutoff.h"

#include <uv.h>

#define N_THREADS 4
#define N_NUMBERS 20000

static void
test_falls_only (void)
{
  PfCutoff cutoff;

  pf_cutoff_init (&cutoff);
  g_assert_false (pf_cutoff_is_past (&cutoff, 0));
  g_assert_false (pf_cutoff_is_past (&cutoff, G_MAXUINT64));
  pf_cutoff_lower (&cutoff, 5);
  g_assert_false (pf_cutoff_is_past (&cutoff, 5));
  g_assert_true (pf_cutoff_is_past (&cutoff, 6));
  g_assert_true (pf_cutoff_is_past (&cutoff, G_MAXUINT64));
  pf_cutoff_lower (&cutoff, 7);
  g_assert_false (pf_cutoff_is_past (&cutoff, 5));
  g_assert_true (pf_cutoff_is_past (&cutoff, 6));
  pf_cutoff_lower (&cutoff, 0);
  g_assert_false (pf_cutoff_is_past (&cutoff, 0));
  g_assert_true (pf_cutoff_is_past (&cutoff, 1));
}

typedef struct {
  PfCutoff *cutoff;
  const guint32 *numbers; /* N_NUMBERS of them, above 0 */
  gboolean rose;
} Lowerer;

/* Once it is as low as this thread's lowest number, it stays so. */
static void
lower_all (void *data)
{
  Lowerer *self = data;
  guint32 lowest = G_MAXUINT32;

  for (guint i = 0; i < N_NUMBERS; i++) {
    lowest = MIN (lowest, self->numbers[i]);
    pf_cutoff_lower (self->cutoff, self->numbers[i]);
    if (!pf_cutoff_is_past (self->cutoff, (guint64)lowest + 1))
      self->rose = TRUE;
  }
}

/* Falling numbers, so that threads overtake each other all the time. */
static void
fill (guint32 *numbers, guint32 *lowest)
{
  for (guint i = 0; i < N_NUMBERS; i++) {
    numbers[i] = (N_NUMBERS - i) * 100 + (guint32)g_test_rand_int_range (1, 99);
    *lowest = MIN (*lowest, numbers[i]);
  }
}

static void
test_threads (void)
{
  PfCutoff cutoff;
  Lowerer lowerers[N_THREADS];
  uv_thread_t threads[N_THREADS];
  guint32 *numbers = g_new (guint32, N_THREADS * N_NUMBERS);
  guint32 lowest = G_MAXUINT32;

  pf_cutoff_init (&cutoff);
  for (guint i = 0; i < N_THREADS; i++) {
    lowerers[i] = (Lowerer){ &cutoff, numbers + i * N_NUMBERS, FALSE };
    fill (numbers + i * N_NUMBERS, &lowest);
  }
  for (guint i = 0; i < N_THREADS; i++)
    g_assert_cmpint (uv_thread_create (&threads[i], lower_all, &lowerers[i]),
                     ==, 0);
  for (guint i = 0; i < N_THREADS; i++) {
    uv_thread_join (&threads[i]);
    g_assert_false (lowerers[i].rose);
  }
  g_assert_false (pf_cutoff_is_past (&cutoff, lowest));
  g_assert_true (pf_cutoff_is_past (&cutoff, (guint64)lowest + 1));
  g_free (numbers);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cutoff/falls-only", test_falls_only);
  g_test_add_func ("/cutoff/threads", test_threads);
  return g_test_run ();
}
