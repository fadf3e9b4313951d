#include "base/thread.h"

#include <errno.h>
#include <pthread.h>
#include <uv.h>

#include "base/test_refusal.h"

/* A plain field, which spawn and join make visible. */
typedef struct {
  int in, out;
  const char *fails;
} Sum;

static gpointer
add_one (gpointer data, PfError *error)
{
  Sum *self = data;

  self->out = self->in + 1;
  if (self->fails != NULL)
    pf_error_set (error, PF_STATUS_IO, "%s", self->fails);
  return &self->out;
}

static void
test_result (void)
{
  Sum sum = { .in = 41 };
  g_auto (PfError) error = { 0 };
  PfThread *thread = pf_spawn ("adder", add_one, &sum, &error);
  gpointer result = NULL;

  g_assert_nonnull (thread);
  g_assert_true (pf_join (thread, &result, &error));
  g_assert_true (result == &sum.out);
  g_assert_cmpint (sum.out, ==, 42);
  g_assert_false (pf_error_is_set (&error));
}

/* A join returns both. */
static void
test_result_and_error (void)
{
  Sum sum = { .in = 1, .fails = "no more" };
  g_auto (PfError) error = { 0 };
  gpointer result = NULL;

  g_assert_false (
      pf_join (pf_spawn ("adder", add_one, &sum, NULL), &result, &error));
  g_assert_true (result == &sum.out);
  g_assert_cmpint (error.status, ==, PF_STATUS_IO);
  g_assert_cmpstr (error.message, ==, "no more");
  /* Nobody wants to know; nothing leaks. */
  g_assert_false (
      pf_join (pf_spawn ("adder", add_one, &sum, NULL), NULL, NULL));
}

static gpointer
read_name (gpointer data, PfError *error G_GNUC_UNUSED)
{
  g_assert_cmpint (pthread_getname_np (pthread_self (), data, 64), ==, 0);
  return NULL;
}

/* The name is there before FUNC is, cut where it is too long. */
static void
test_name (void)
{
  char given[] = "a name of more than fifteen bytes", seen[64] = "";
  PfThread *thread = pf_spawn (given, read_name, seen, NULL);

  memset (given, 'x', sizeof given - 1);
  g_assert_true (pf_join (thread, NULL, NULL));
  g_assert_cmpstr (seen, ==, "a name of more ");
}

static void
test_refused (void)
{
  Sum sum = { .in = 1 };
  g_auto (PfError) error = { 0 };

  pf_test_refuse_at = 1;
  g_assert_null (pf_spawn ("adder", add_one, &sum, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_OS);
  g_assert_cmpint (error.errnum, ==, EAGAIN);
  g_assert_cmpint (sum.out, ==, 0);
  pf_test_refuse_at = 1;
  g_assert_null (pf_spawn ("adder", add_one, &sum, NULL));
}

/* Another thread may join what this one has spawned. */
static gpointer
join_other (gpointer data, PfError *error)
{
  gpointer result = NULL;

  pf_join (data, &result, error);
  return result;
}

static void
test_moved (void)
{
  Sum sum = { .in = 6 };
  PfThread *first = pf_spawn ("adder", add_one, &sum, NULL);
  PfThread *second = pf_spawn ("joiner", join_other, first, NULL);
  gpointer result = NULL;

  g_assert_true (pf_join (second, &result, NULL));
  g_assert_true (result == &sum.out);
}

static void
drop_handle (void)
{
  Sum sum = { .in = 1 };
  g_autoptr (PfThread) thread = pf_spawn ("lost-one", add_one, &sum, NULL);

  g_assert_nonnull (thread);
}

static void
test_dropped (void)
{
  const char *given = g_getenv ("TSAN_OPTIONS");
  g_autofree char *options = NULL;

  pf_thread_drop (NULL);
  if (g_test_subprocess ()) {
    drop_handle ();
    return;
  }
  /* It is lost on purpose. */
  options =
      g_strconcat (given != NULL ? given : "", ":report_thread_leaks=0", NULL);
  g_setenv ("TSAN_OPTIONS", options, TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*thread lost-one was never joined*");
}

typedef struct {
  uv_sem_t handed_over;
  PfThread *self;
} Narcissus;

static gpointer
join_self (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Narcissus *self = data;

  uv_sem_wait (&self->handed_over);
  pf_join (self->self, NULL, NULL);
  return NULL;
}

static void
test_joins_itself (void)
{
  Narcissus narcissus;

  if (g_test_subprocess ()) {
    uv_sem_init (&narcissus.handed_over, 0);
    narcissus.self = pf_spawn ("narcissus", join_self, &narcissus, NULL);
    uv_sem_post (&narcissus.handed_over);
    pf_join (narcissus.self, NULL, NULL);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*thread narcissus joins itself*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/thread/result", test_result);
  g_test_add_func ("/thread/result-and-error", test_result_and_error);
  g_test_add_func ("/thread/name", test_name);
  g_test_add_func ("/thread/refused", test_refused);
  g_test_add_func ("/thread/moved", test_moved);
  g_test_add_func ("/thread/dropped", test_dropped);
  g_test_add_func ("/thread/joins-itself", test_joins_itself);
  return g_test_run ();
}
