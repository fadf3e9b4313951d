#include "plan/deal.h"

/* Each serial once, ascending in its list, in turn. */
static void
check_deal (guint64 n_items, guint n_lists)
{
  PfWorklist *lists = pf_deal_in_turn (n_items, n_lists);
  guint64 dealt = 0;

  for (guint k = 0; k < n_lists; k++) {
    dealt += lists[k].n;
    for (gsize i = 0; i < lists[k].n; i++)
      g_assert_cmpuint (lists[k].serials[i], ==, k + i * n_lists);
  }
  g_assert_cmpuint (dealt, ==, n_items);
  pf_worklists_free (lists, n_lists);
}

static void
test_in_turn (void)
{
  for (guint64 n_items = 0; n_items < 40; n_items++)
    for (guint n_lists = 1; n_lists < 12; n_lists++)
      check_deal (n_items, n_lists);
  check_deal (100000, 7);
  check_deal (3, 64);
}

static void
test_free_null (void)
{
  pf_worklists_free (NULL, 3);
}

/* Every worker has some items where there are files enough, and no item is
 * large. */
static void
test_files_per_item (void)
{
  for (guint workers = 1; workers <= 64; workers *= 2)
    for (guint64 files = 0; files < 100000; files = files * 2 + 1) {
      guint64 per_item = pf_files_per_item (files, workers);

      g_assert_cmpuint (per_item, >=, 1);
      g_assert_cmpuint (per_item, <=, 8);
      if (files >= workers)
        g_assert_cmpuint (files / per_item, >=, workers);
    }
  g_assert_cmpuint (pf_files_per_item (0, 1), ==, 1);
  g_assert_cmpuint (pf_files_per_item (10, 8), ==, 1);
  g_assert_cmpuint (pf_files_per_item (1000000, 2), ==, 8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deal/in-turn", test_in_turn);
  g_test_add_func ("/deal/free-null", test_free_null);
  g_test_add_func ("/deal/files-per-item", test_files_per_item);
  return g_test_run ();
}
