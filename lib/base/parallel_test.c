#include "base/parallel.h"

#include <errno.h>
#include <stdatomic.h>
#include <uv.h>

#define N 5

typedef struct {
  atomic_uint called[N];
  guint fails[N]; /* the status that part I ends with */
  uv_barrier_t barrier;
  gboolean meets;
} Calls;

static gboolean
count_call (guint i, gpointer user, PfError *error)
{
  Calls *calls = user;

  atomic_fetch_add (&calls->called[i], 1);
  if (calls->meets)
    uv_barrier_wait (&calls->barrier);
  return calls->fails[i] == 0 ||
         pf_error_set (error, (PfStatus)calls->fails[i], "part %u", i);
}

static void
check_called (const Calls *calls, guint n)
{
  for (guint i = 0; i < N; i++)
    g_assert_cmpuint (atomic_load (&calls->called[i]), ==, i < n);
}

static void
test_each_once (void)
{
  for (guint n = 0; n <= N; n++) {
    Calls calls = { 0 };

    g_assert_true (pf_parallel (n, count_call, &calls, NULL));
    check_called (&calls, n);
  }
}

/* All are there at once: each waits for all others. */
static void
test_at_once (void)
{
  Calls calls = { .meets = TRUE };

  g_assert_cmpint (uv_barrier_init (&calls.barrier, N), ==, 0);
  g_assert_true (pf_parallel (N, count_call, &calls, NULL));
  uv_barrier_destroy (&calls.barrier);
}

/* The error of the lowest number wins, and all the same all are called. */
static void
test_first_error (void)
{
  Calls calls = { .fails = { 0, 0, PF_STATUS_DATA, 0, PF_STATUS_IO } };
  Calls first = { .fails = { PF_STATUS_OS, 0, 0, PF_STATUS_IO, 0 } };
  g_auto (PfError) error = { 0 };

  g_assert_false (pf_parallel (N, count_call, &calls, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_DATA);
  g_assert_cmpstr (error.message, ==, "part 2");
  check_called (&calls, N);
  g_assert_false (pf_parallel (N, count_call, &first, NULL));
  check_called (&first, N);
  pf_error_clear (&error);
  g_assert_false (pf_parallel (N, count_call, &first, &error));
  g_assert_cmpstr (error.message, ==, "part 0");
}

/* Threads from this one on are refused; 0: none is. */
static guint refuse_at;

/* Stands in for libuv's own. */
int
uv_thread_create (uv_thread_t *thread, uv_thread_cb entry, void *arg)
{
  uv_thread_options_t options = { .flags = UV_THREAD_NO_FLAGS };

  if (refuse_at > 0 && --refuse_at == 0)
    return UV_EAGAIN;
  return uv_thread_create_ex (thread, &options, entry, arg);
}

static void
test_refused (void)
{
  Calls calls = { 0 };
  g_auto (PfError) error = { 0 };

  refuse_at = 3;
  g_assert_false (pf_parallel (N, count_call, &calls, &error));
  g_assert_cmpuint (refuse_at, ==, 0);
  g_assert_cmpint (error.status, ==, PF_STATUS_OS);
  g_assert_cmpint (error.errnum, ==, EAGAIN);
  check_called (&calls, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parallel/each-once", test_each_once);
  g_test_add_func ("/parallel/at-once", test_at_once);
  g_test_add_func ("/parallel/first-error", test_first_error);
  g_test_add_func ("/parallel/refused", test_refused);
  return g_test_run ();
}
