#include "base/retry.h"

#include <errno.h>
#include <uv.h>

static const int passing[] = { EAGAIN, EMFILE, ENFILE, ENOMEM, ESTALE, EIO };
static const int lasting[] = { ENOENT, EACCES, EISDIR, ENOSPC, EINTR, EBADF };

/* How many tries beyond the first an operation gets that always fails. */
static guint
count_tries (PfRetry *retry, int errnum)
{
  PfTries tries = { 0 };
  guint n = 0;

  while (pf_retry_again (retry, &tries, errnum))
    n++;
  return n;
}

static void
test_errors (void)
{
  g_autoptr (PfRetry) retry = pf_retry_new (1, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (passing); i++)
    g_assert_cmpuint (count_tries (retry, passing[i]), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (lasting); i++)
    g_assert_cmpuint (count_tries (retry, lasting[i]), ==, 0);
}

static void
test_numbers (void)
{
  for (guint most = 0; most < 4; most++) {
    g_autoptr (PfRetry) retry = pf_retry_new (most, NULL);

    g_assert_cmpuint (count_tries (retry, EIO), ==, most);
    g_assert_cmpuint (pf_retry_count (retry), ==, most);
    /* The next operation has as many. */
    g_assert_cmpuint (count_tries (retry, EMFILE), ==, most);
    g_assert_cmpuint (pf_retry_count (retry), ==, 2 * most);
  }
}

static void
test_no_policy (void)
{
  g_assert_cmpuint (count_tries (NULL, EIO), ==, 0);
  g_assert_cmpuint (pf_retry_count (NULL), ==, 0);
  pf_retry_hold (NULL);
  pf_retry_let_go (NULL);
  pf_retry_free (NULL);
}

/* The caller reports what failed, not what happened in the pause. */
static void
test_errno (void)
{
  g_autoptr (PfRetry) retry = pf_retry_new (1, NULL);
  PfTries tries = { 0 };

  g_assert_true (pf_retry_again (retry, &tries, EIO));
  errno = 0;
  g_assert_false (pf_retry_again (retry, &tries, EIO));
  g_assert_cmpint (errno, ==, EIO);
  errno = 0;
  g_assert_false (pf_retry_again (retry, &tries, ENOENT));
  g_assert_cmpint (errno, ==, ENOENT);
}

/* After these pauses, the sum of which is known, so much time must be over. */
static void
test_pauses (void)
{
  g_autoptr (PfRetry) retry = pf_retry_new (4, NULL);
  gint64 before = g_get_monotonic_time ();

  g_assert_cmpuint (count_tries (retry, EIO), ==, 4);
  g_assert_cmpint (g_get_monotonic_time () - before, >=,
                   (5 + 20 + 80 + 320) * 1000);
}

typedef struct {
  PfRetry *retry;
  guint n;
} Trier;

static void
try_on (void *data)
{
  Trier *trier = data;

  trier->n = count_tries (trier->retry, EIO);
}

/* Before the flag is set there are more tries than anybody would wait for. */
static void
test_cancel (void)
{
  g_autoptr (PfCancel) cancel = pf_cancel_new (NULL);
  g_autoptr (PfRetry) retry = pf_retry_new (100000, cancel);
  Trier trier = { .retry = retry };
  uv_thread_t thread;

  g_assert_cmpint (uv_thread_create (&thread, try_on, &trier), ==, 0);
  while (pf_retry_count (retry) < 2)
    g_usleep (1000);
  pf_cancel_set (cancel);
  g_assert_cmpint (uv_thread_join (&thread), ==, 0);
  g_assert_cmpuint (trier.n, >=, 2);
  g_assert_cmpuint (trier.n, <, 100000);
  g_assert_cmpuint (pf_retry_count (retry), ==, trier.n);
  g_assert_cmpuint (count_tries (retry, EIO), ==, 0);
}

static void
wait_for_descriptor (void *data)
{
  Trier *trier = data;

  trier->n = count_tries (trier->retry, EMFILE);
}

/* While there is a holder, no try is used up; afterwards they are as many as
 * ever. */
static void
test_holders (void)
{
  g_autoptr (PfRetry) retry = pf_retry_new (1, NULL);
  Trier trier = { .retry = retry };
  uv_thread_t thread;

  pf_retry_hold (retry);
  g_assert_cmpint (uv_thread_create (&thread, wait_for_descriptor, &trier), ==,
                   0);
  while (pf_retry_count (retry) < 3)
    g_usleep (1000);
  pf_retry_let_go (retry);
  g_assert_cmpint (uv_thread_join (&thread), ==, 0);
  g_assert_cmpuint (trier.n, >=, 3 + 1);
}

/* Nobody gives back what these are about. */
static void
test_holders_of_nothing_else (void)
{
  g_autoptr (PfRetry) retry = pf_retry_new (1, NULL);
  g_autoptr (PfRetry) none = pf_retry_new (0, NULL);

  pf_retry_hold (retry);
  pf_retry_hold (none);
  g_assert_cmpuint (count_tries (retry, EIO), ==, 1);
  g_assert_cmpuint (count_tries (retry, ENOMEM), ==, 1);
  g_assert_cmpuint (count_tries (none, EMFILE), ==, 0);
  pf_retry_let_go (retry);
  pf_retry_let_go (none);
}

static void
test_unpaired (void)
{
  if (g_test_subprocess ()) {
    g_autoptr (PfRetry) retry = pf_retry_new (1, NULL);

    pf_retry_let_go (retry);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retry/errors", test_errors);
  g_test_add_func ("/retry/numbers", test_numbers);
  g_test_add_func ("/retry/no-policy", test_no_policy);
  g_test_add_func ("/retry/errno", test_errno);
  g_test_add_func ("/retry/pauses", test_pauses);
  g_test_add_func ("/retry/cancel", test_cancel);
  g_test_add_func ("/retry/holders", test_holders);
  g_test_add_func ("/retry/holders-of-nothing-else",
                   test_holders_of_nothing_else);
  g_test_add_func ("/retry/unpaired", test_unpaired);
  return g_test_run ();
}
