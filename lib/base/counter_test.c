/* Additions of many threads are all there in the end. */
#include "base/counter.h"

#include <uv.h>

#define N_THREADS 4
#define N_ADDITIONS 1000000

typedef struct {
  PfCounter counter;
  uv_barrier_t start; /* so that no thread has ended before another begins */
} Shared;

static void
add_many (void *data)
{
  Shared *shared = data;
  PfCounter *counter = &shared->counter;

  uv_barrier_wait (&shared->start);
  for (guint i = 0; i < N_ADDITIONS; i++)
    pf_counter_add (counter, 1 + i % 3);
}

/* A plain number would lose some where two threads read, add and write:
 *
 *   one     reads 5            writes 6
 *   other            reads 5              writes 6
 */
static void
test_threads (void)
{
  uv_thread_t threads[N_THREADS];
  guint64 each = 0;
  Shared shared;

  pf_counter_init (&shared.counter);
  g_assert_cmpint (uv_barrier_init (&shared.start, N_THREADS), ==, 0);
  for (guint i = 0; i < N_ADDITIONS; i++)
    each += 1 + i % 3;
  for (guint i = 0; i < N_THREADS; i++)
    g_assert_cmpint (uv_thread_create (&threads[i], add_many, &shared), ==, 0);
  for (guint i = 0; i < N_THREADS; i++)
    uv_thread_join (&threads[i]);
  uv_barrier_destroy (&shared.start);
  g_assert_cmpuint (pf_counter_get (&shared.counter), ==, N_THREADS * each);
}

static void
test_large (void)
{
  PfCounter counter = { 0 };

  g_assert_cmpuint (pf_counter_get (&counter), ==, 0);
  pf_counter_add (&counter, (guint64)1 << 62);
  pf_counter_add (&counter, ((guint64)1 << 62) + 7);
  g_assert_cmpuint (pf_counter_get (&counter), ==, ((guint64)1 << 63) + 7);
}

static void
test_null (void)
{
  pf_counter_add (NULL, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/counter/threads", test_threads);
  g_test_add_func ("/counter/large", test_large);
  g_test_add_func ("/counter/null", test_null);
  return g_test_run ();
}
