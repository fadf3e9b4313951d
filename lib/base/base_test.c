#include "base/error.h"

#include <errno.h>

static void
test_error_codes (void)
{
  g_assert_cmpint (pf_status_from_errno (ENOENT), ==, 66);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/error/codes", test_error_codes);
  return g_test_run ();
}
