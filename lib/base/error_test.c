#include "base/error.h"

#include <errno.h>
#include <string.h>

/* What README.md says under "Exit status". */
static void
test_status_from_errno (void)
{
  static const struct {
    int errnum;
    PfStatus status;
  } cases[] = {
    { ENOENT, PF_STATUS_NO_INPUT },
    { ENOTDIR, PF_STATUS_NO_INPUT },
    { ELOOP, PF_STATUS_NO_INPUT },
    { EISDIR, PF_STATUS_NO_INPUT },
    { ENAMETOOLONG, PF_STATUS_NO_INPUT },
    { ENXIO, PF_STATUS_NO_INPUT },
    { EIO, PF_STATUS_IO },
    { ENOSPC, PF_STATUS_IO },
    { EDQUOT, PF_STATUS_IO },
    { EPIPE, PF_STATUS_IO },
    { EMFILE, PF_STATUS_TEMPORARY },
    { ENFILE, PF_STATUS_TEMPORARY },
    { ENOMEM, PF_STATUS_TEMPORARY },
    { EAGAIN, PF_STATUS_TEMPORARY },
    { EACCES, PF_STATUS_PERMISSION },
    { EPERM, PF_STATUS_PERMISSION },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (pf_status_from_errno (cases[i].errnum), ==,
                     cases[i].status);
}

static void
test_exit_codes (void)
{
  g_assert_cmpint (PF_STATUS_OK, ==, 0);
  g_assert_cmpint (PF_STATUS_ANSWER_NO, ==, 1);
  g_assert_cmpint (PF_STATUS_USAGE, ==, 64);
  g_assert_cmpint (PF_STATUS_DATA, ==, 65);
  g_assert_cmpint (PF_STATUS_NO_INPUT, ==, 66);
  g_assert_cmpint (PF_STATUS_SOFTWARE, ==, 70);
  g_assert_cmpint (PF_STATUS_OS, ==, 71);
  g_assert_cmpint (PF_STATUS_CANT_CREATE, ==, 73);
  g_assert_cmpint (PF_STATUS_IO, ==, 74);
  g_assert_cmpint (PF_STATUS_TEMPORARY, ==, 75);
  g_assert_cmpint (PF_STATUS_PERMISSION, ==, 77);
}

static void
test_set (void)
{
  g_auto (PfError) error = { 0 };

  g_assert_false (pf_error_is_set (&error));
  g_assert_false (pf_error_set (&error, PF_STATUS_DATA, "%s %d", "line", 7));
  g_assert_true (pf_error_is_set (&error));
  g_assert_cmpint (error.status, ==, PF_STATUS_DATA);
  g_assert_cmpint (error.errnum, ==, 0);
  g_assert_cmpstr (error.message, ==, "line 7");
}

static void
test_set_errno (void)
{
  g_auto (PfError) error = { 0 };

  g_assert_false (pf_error_set_errno (&error, ENOENT));
  g_assert_cmpint (error.status, ==, PF_STATUS_NO_INPUT);
  g_assert_cmpint (error.errnum, ==, ENOENT);
  g_assert_cmpstr (error.message, ==, strerror (ENOENT));
}

/* The words of a system error are not taken for a format. */
static void
test_set_system (void)
{
  g_auto (PfError) error = { 0 };

  g_assert_false (pf_error_set_system (&error, PF_STATUS_CANT_CREATE, EACCES));
  g_assert_cmpint (error.status, ==, PF_STATUS_CANT_CREATE);
  g_assert_cmpint (error.errnum, ==, EACCES);
  g_assert_cmpstr (error.message, ==, strerror (EACCES));
}

static void
test_prefix (void)
{
  g_auto (PfError) error = { 0 };

  pf_error_prefix (&error, "nothing");
  g_assert_false (pf_error_is_set (&error));
  g_assert_null (error.message);
  pf_error_set (&error, PF_STATUS_IO, "why");
  pf_error_prefix (&error, "100%s");
  g_assert_cmpstr (error.message, ==, "100%s: why");
  g_assert_cmpint (error.status, ==, PF_STATUS_IO);
}

static void
test_move (void)
{
  g_auto (PfError) from = { 0 };
  g_auto (PfError) to = { 0 };

  pf_error_set_errno (&from, EIO);
  pf_error_move (&to, &from);
  g_assert_false (pf_error_is_set (&from));
  g_assert_null (from.message);
  g_assert_cmpint (to.status, ==, PF_STATUS_IO);
  g_assert_cmpint (to.errnum, ==, EIO);
  g_assert_cmpstr (to.message, ==, strerror (EIO));
}

/* Where nobody wants to know, nothing is written and nothing leaks. */
static void
test_unwanted (void)
{
  g_auto (PfError) error = { 0 };

  g_assert_false (pf_error_set (NULL, PF_STATUS_IO, "%d", 1));
  g_assert_false (pf_error_set_errno (NULL, EIO));
  g_assert_false (pf_error_set_system (NULL, PF_STATUS_OS, EAGAIN));
  pf_error_prefix (NULL, "prefix");
  pf_error_set (&error, PF_STATUS_IO, "why");
  pf_error_move (NULL, &error);
  g_assert_false (pf_error_is_set (&error));
}

/* A cleared record can be used again. */
static void
test_clear (void)
{
  g_auto (PfError) error = { 0 };

  pf_error_clear (&error);
  pf_error_set (&error, PF_STATUS_IO, "one");
  pf_error_clear (&error);
  pf_error_clear (&error);
  g_assert_false (pf_error_is_set (&error));
  pf_error_set (&error, PF_STATUS_DATA, "two");
  g_assert_cmpstr (error.message, ==, "two");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/status-from-errno", test_status_from_errno);
  g_test_add_func ("/error/exit-codes", test_exit_codes);
  g_test_add_func ("/error/set", test_set);
  g_test_add_func ("/error/set-errno", test_set_errno);
  g_test_add_func ("/error/set-system", test_set_system);
  g_test_add_func ("/error/prefix", test_prefix);
  g_test_add_func ("/error/move", test_move);
  g_test_add_func ("/error/unwanted", test_unwanted);
  g_test_add_func ("/error/clear", test_clear);
  return g_test_run ();
}
