#include "plan/names.h"

static void
add (PfNames *names, const char *name, guint64 stdin_number)
{
  PfListed listed = { .name = name, .is_stdin = stdin_number == 7 };

  pf_names_add (names, &listed, stdin_number);
}

/* Names stay what they were, however many follow. */
static void
test_many (void)
{
  g_autoptr (PfNames) names = pf_names_new ();

  for (guint i = 0; i < 5000; i++) {
    g_autofree char *name = g_strdup_printf ("%u%.*s", i, (int)(i % 50),
                                             "-----------------------------"
                                             "---------------------");
    add (names, name, i);
  }
  g_assert_cmpuint (pf_names_n (names), ==, 5000);
  for (guint i = 0; i < 5000; i++) {
    PfName name = pf_names_get (names, i);

    g_assert_cmpuint (g_ascii_strtoull (name.name, NULL, 10), ==, i);
    g_assert_cmpuint (
        strlen (strchr (name.name, '-') != NULL ? strchr (name.name, '-') : ""),
        ==, i % 50);
    g_assert_cmpuint (name.stdin_number, ==, i);
    g_assert_cmpint (name.is_stdin, ==, i == 7);
    g_assert_null (name.error);
  }
}

/* The error is the list's from then on. */
static void
test_error (void)
{
  g_autoptr (PfNames) names = pf_names_new ();
  PfError error = { 0 };
  PfListed listed = { .name = "", .error = &error };

  pf_error_set (&error, PF_STATUS_NO_INPUT, "empty");
  pf_names_add (names, &listed, 1);
  g_assert_false (pf_error_is_set (&error));
  add (names, "a", 2);
  g_assert_cmpstr (pf_names_get (names, 0).error->message, ==, "empty");
  g_assert_null (pf_names_get (names, 1).error);
  pf_names_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/names/many", test_many);
  g_test_add_func ("/names/error", test_error);
  return g_test_run ();
}
