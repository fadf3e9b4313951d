#include "base/worklist.h"

/* One behind the other, all of them, and evenly. */
static void
check_shares (guint64 n, guint n_workers)
{
  guint64 at = 0;

  for (guint i = 0; i < n_workers; i++) {
    PfShare share = pf_share (n, n_workers, i);

    g_assert_cmpuint (share.from, ==, at);
    g_assert_cmpuint (share.to - share.from, >=, n / n_workers);
    g_assert_cmpuint (share.to - share.from, <=,
                      n / n_workers + (n % n_workers > 0));
    at = share.to;
  }
  g_assert_cmpuint (at, ==, n);
}

static void
test_share (void)
{
  for (guint64 n = 0; n < 70; n++)
    for (guint n_workers = 1; n_workers < 20; n_workers++)
      check_shares (n, n_workers);
}

/* Nothing overflows. */
static void
test_share_large (void)
{
  check_shares (G_MAXUINT64, 1);
  check_shares (G_MAXUINT64, 7);
  check_shares (G_MAXUINT64 - 1, 256);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/worklist/share", test_share);
  g_test_add_func ("/worklist/share/large", test_share_large);
  return g_test_run ();
}
