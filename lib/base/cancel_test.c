#include "base/cancel.h"

#include <fcntl.h>
#include <unistd.h>
#include <uv.h>

static PfCancel *
new_cancel (void)
{
  g_auto (PfError) error = { 0 };
  PfCancel *cancel = pf_cancel_new (&error);

  g_assert_nonnull (cancel);
  return cancel;
}

/* Set once, for ever. */
static void
test_set (void)
{
  g_autoptr (PfCancel) cancel = new_cancel ();

  g_assert_false (pf_cancel_is_set (cancel));
  pf_cancel_set (cancel);
  pf_cancel_set (cancel);
  g_assert_true (pf_cancel_is_set (cancel));
  g_assert_true (pf_cancel_is_set (cancel));
}

static void
test_free_null (void)
{
  pf_cancel_free (NULL);
}

/* Programs that are started do not inherit it: its descriptors are the lowest
 * that were free. */
static void
test_close_on_exec (void)
{
  PfCancel *cancel;
  int lowest[2];

  g_assert_cmpint (pipe (lowest), ==, 0);
  close (lowest[0]);
  close (lowest[1]);
  cancel = new_cancel ();
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (fcntl (lowest[i], F_GETFD), ==, FD_CLOEXEC);
  pf_cancel_free (cancel);
}

static void
test_wait (void)
{
  g_autoptr (PfCancel) cancel = new_cancel ();
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_false (pf_cancel_wait_readable (cancel, ends[0], 0));
  g_assert_cmpint (write (ends[1], "x", 1), ==, 1);
  g_assert_true (pf_cancel_wait_readable (cancel, ends[0], 0));
  g_assert_true (pf_cancel_wait_readable (cancel, ends[0], -1));
  /* The flag goes before what could be read. */
  pf_cancel_set (cancel);
  g_assert_false (pf_cancel_wait_readable (cancel, ends[0], -1));
  close (ends[0]);
  close (ends[1]);
}

/* The end of a pipe, and an error, are found by reading. */
static void
test_wait_for_end (void)
{
  g_autoptr (PfCancel) cancel = new_cancel ();
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  close (ends[1]);
  g_assert_true (pf_cancel_wait_readable (cancel, ends[0], -1));
  close (ends[0]);
  g_assert_true (pf_cancel_wait_readable (cancel, ends[0], -1));
}

typedef struct {
  PfCancel *cancel;
  int fd;
  gboolean answer; /* read after the join */
} Waiting;

static void
wait_for_ever (void *data)
{
  Waiting *self = data;

  self->answer = pf_cancel_wait_readable (self->cancel, self->fd, -1);
}

/* Set by another thread, before the wait or in it: all waits end. */
static void
test_wakes (void)
{
  g_autoptr (PfCancel) cancel = new_cancel ();
  int ends[2];
  uv_thread_t threads[3];
  Waiting waiting[3];

  g_assert_cmpint (pipe (ends), ==, 0);
  for (guint i = 0; i < 3; i++) {
    waiting[i] = (Waiting){ cancel, ends[0], TRUE };
    g_assert_cmpint (uv_thread_create (&threads[i], wait_for_ever, &waiting[i]),
                     ==, 0);
  }
  pf_cancel_set (cancel);
  for (guint i = 0; i < 3; i++) {
    uv_thread_join (&threads[i]);
    g_assert_false (waiting[i].answer);
  }
  close (ends[0]);
  close (ends[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cancel/set", test_set);
  g_test_add_func ("/cancel/free-null", test_free_null);
  g_test_add_func ("/cancel/close-on-exec", test_close_on_exec);
  g_test_add_func ("/cancel/wait", test_wait);
  g_test_add_func ("/cancel/wait/for-end", test_wait_for_end);
  g_test_add_func ("/cancel/wakes", test_wakes);
  return g_test_run ();
}
