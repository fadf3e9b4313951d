#include "base/par.h"

#include <stdatomic.h>

#define THREADS_MAX 4

/* Neither commutative nor, but for the order, the same for any two results. */
typedef struct {
  GString *text; /* made by the first map */
} Words;

typedef struct {
  gsize fails; /* the range with this index fails; G_MAXSIZE: none */
  atomic_int n_alive;
} Run;

static gboolean
append_numbers (gsize from, gsize to, gpointer acc, gpointer user,
                PfError *error)
{
  Words *self = acc;
  Run *run = user;

  g_assert_null (self->text);
  g_assert_cmpuint (from, <, to);
  self->text = g_string_new (NULL);
  atomic_fetch_add (&run->n_alive, 1);
  for (gsize i = from; i < to; i++) {
    g_string_append_printf (self->text, "%u ", (guint)i);
    if (i == run->fails)
      return pf_error_set (error, PF_STATUS_IO, "at %u", (guint)i);
  }
  return TRUE;
}

static void
append_words (gpointer into, gpointer acc, gpointer user G_GNUC_UNUSED)
{
  Words *self = into, *other = acc;

  g_string_append (self->text, other->text->str);
}

static void
clear_words (gpointer acc, gpointer user)
{
  Words *self = acc;
  Run *run = user;

  if (self->text == NULL)
    return;
  g_string_free (self->text, TRUE);
  atomic_fetch_sub (&run->n_alive, 1);
}

static PfParReduction
words_plan (gsize n, gsize grain, Run *run)
{
  return (PfParReduction){ .n = n,
                           .grain = grain,
                           .size = sizeof (Words),
                           .map = append_numbers,
                           .reduce = append_words,
                           .clear = clear_words,
                           .user = run };
}

static void
check_order (PfPar *par, gsize n, gsize grain)
{
  g_autoptr (GString) expected = g_string_new ("begin ");
  Words result = { g_string_new ("begin ") };
  Run run = { .fails = G_MAXSIZE };
  PfParReduction plan = words_plan (n, grain, &run);

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (expected, "%u ", (guint)i);
  g_assert_true (pf_par_map_reduce (par, &plan, &result, NULL));
  g_assert_cmpstr (result.text->str, ==, expected->str);
  g_assert_cmpint (atomic_load (&run.n_alive), ==, 0);
  g_string_free (result.text, TRUE);
}

static void
test_order (void)
{
  for (guint threads = 1; threads <= THREADS_MAX; threads++) {
    g_autoptr (PfPar) par = pf_par_new (threads, NULL);

    for (gsize n = 0; n < 200; n += 1 + n / 7)
      for (gsize grain = 0; grain < 9; grain += 4)
        check_order (par, n, grain);
  }
}

static gboolean
add_inverses (gsize from, gsize to, gpointer acc, gpointer user G_GNUC_UNUSED,
              PfError *error G_GNUC_UNUSED)
{
  double *sum = acc;

  for (gsize i = from; i < to; i++)
    *sum += 1.0 / (double)(i + 1);
  return TRUE;
}

static void
add_sums (gpointer into, gpointer acc, gpointer user G_GNUC_UNUSED)
{
  *(double *)into += *(double *)acc;
}

/* The same to the last bit, though the order of additions matters. */
static void
test_any_threads (void)
{
  PfParReduction plan = { .n = 100001,
                          .size = sizeof (double),
                          .map = add_inverses,
                          .reduce = add_sums };
  double one = 0;

  for (guint threads = 1; threads <= THREADS_MAX; threads++) {
    g_autoptr (PfPar) par = pf_par_new (threads, NULL);
    double sum = 0;

    g_assert_true (pf_par_map_reduce (par, &plan, &sum, NULL));
    one = threads == 1 ? sum : one;
    g_assert_cmpint (memcmp (&sum, &one, sizeof sum), ==, 0);
  }
  g_assert_cmpfloat_with_epsilon (one, 12.0901561, 1e-6);
}

/* The result is as it was, and nothing leaks. */
static void
test_failure (void)
{
  for (guint threads = 1; threads <= THREADS_MAX; threads++) {
    g_autoptr (PfPar) par = pf_par_new (threads, NULL);
    g_auto (PfError) error = { 0 };
    Words result = { g_string_new ("begin ") };
    Run run = { .fails = 33 };
    PfParReduction plan = words_plan (100, 10, &run);

    g_assert_false (pf_par_map_reduce (par, &plan, &result, &error));
    g_assert_cmpstr (error.message, ==, "at 33");
    g_assert_cmpstr (result.text->str, ==, "begin ");
    g_assert_cmpint (atomic_load (&run.n_alive), ==, 0);
    g_string_free (result.text, TRUE);
  }
}

/* An error's index is where its range begins. */
static void
test_all_errors (void)
{
  g_autoptr (PfPar) par = pf_par_new (2, NULL);
  g_autoptr (GArray) errors = pf_par_errors_new ();
  Words result = { g_string_new (NULL) };
  Run run = { .fails = 33 };
  PfParReduction plan = words_plan (100, 10, &run);

  plan.errors = errors;
  g_assert_false (pf_par_map_reduce (par, &plan, &result, NULL));
  g_assert_cmpuint (errors->len, ==, 1);
  g_assert_cmpuint (g_array_index (errors, PfParError, 0).index, ==, 30);
  g_string_free (result.text, TRUE);
}

static void
test_cancel (void)
{
  g_autoptr (PfPar) par = pf_par_new (2, NULL);
  g_autoptr (PfCancel) cancel = pf_cancel_new (NULL);
  g_auto (PfError) error = { 0 };
  Words result = { g_string_new ("begin ") };
  Run run = { .fails = G_MAXSIZE };
  PfParReduction plan = words_plan (100, 10, &run);

  plan.cancel = cancel;
  pf_cancel_set (cancel);
  g_assert_false (pf_par_map_reduce (par, &plan, &result, &error));
  g_assert_false (pf_error_is_set (&error));
  g_assert_cmpstr (result.text->str, ==, "begin ");
  g_string_free (result.text, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/par-reduce/order", test_order);
  g_test_add_func ("/par-reduce/any-threads", test_any_threads);
  g_test_add_func ("/par-reduce/failure", test_failure);
  g_test_add_func ("/par-reduce/all-errors", test_all_errors);
  g_test_add_func ("/par-reduce/cancel", test_cancel);
  return g_test_run ();
}
