#include "plan/deal.h"

#define ITEMS_MAX 400
#define SMALL_ITEMS 6
#define SMALL_LISTS 4

/* Each serial once, ascending in its list. */
static void
check_lists (const PfWorklist *lists, guint n_lists, guint64 n_items)
{
  g_autofree guint8 *times = g_new0 (guint8, n_items);
  guint64 dealt = 0;

  for (guint k = 0; k < n_lists; k++)
    for (gsize i = 0; i < lists[k].n; i++, dealt++) {
      g_assert_cmpuint (lists[k].serials[i], <, n_items);
      g_assert_cmpuint (times[lists[k].serials[i]]++, ==, 0);
      if (i > 0)
        g_assert_cmpuint (lists[k].serials[i], >, lists[k].serials[i - 1]);
    }
  g_assert_cmpuint (dealt, ==, n_items);
}

/* Serial I is in list I / RUN, modulo the number of lists. */
static void
check_runs (guint64 n_items, guint n_lists, guint64 run)
{
  PfWorklist *lists = pf_deal_in_runs (n_items, n_lists, run);

  check_lists (lists, n_lists, n_items);
  for (guint k = 0; k < n_lists; k++)
    for (gsize i = 0; i < lists[k].n; i++)
      g_assert_cmpuint (lists[k].serials[i] / run % n_lists, ==, k);
  pf_worklists_free (lists, n_lists);
}

static void
test_in_runs (void)
{
  for (guint64 n_items = 0; n_items < 40; n_items++)
    for (guint n_lists = 1; n_lists < 12; n_lists++)
      for (guint64 run = 1; run < 10; run++)
        check_runs (n_items, n_lists, run);
  check_runs (100000, 7, 1);
  check_runs (3, 64, 2);
  check_runs (5, 3, G_MAXUINT64);
}

/* One behind the other, and none has two more than another. */
static void
check_count (guint64 n_items, guint n_lists)
{
  PfWorklist *lists = pf_deal_by_count (n_items, n_lists);
  guint64 at = 0;

  check_lists (lists, n_lists, n_items);
  for (guint k = 0; k < n_lists; k++) {
    g_assert_cmpuint (lists[k].n - n_items / n_lists, <=, 1);
    for (gsize i = 0; i < lists[k].n; i++, at++)
      g_assert_cmpuint (lists[k].serials[i], ==, at);
  }
  pf_worklists_free (lists, n_lists);
}

static void
test_by_count (void)
{
  for (guint64 n_items = 0; n_items < 40; n_items++)
    for (guint n_lists = 1; n_lists < 12; n_lists++)
      check_count (n_items, n_lists);
}

static guint64
fullest (const guint64 *loads, guint n)
{
  guint64 most = 0;

  for (guint k = 0; k < n; k++)
    most = MAX (most, loads[k]);
  return most;
}

/* What the fullest list holds in the best of all deals: tries every one. */
static guint64
find_best (const guint64 *bytes, guint n_items, guint64 *loads, guint n_lists)
{
  guint64 best = G_MAXUINT64;

  if (n_items == 0)
    return fullest (loads, n_lists);
  for (guint k = 0; k < n_lists; k++) {
    loads[k] += bytes[n_items - 1];
    best = MIN (best, find_best (bytes, n_items - 1, loads, n_lists));
    loads[k] -= bytes[n_items - 1];
  }
  return best;
}

static guint64
fullest_of (const PfWorklist *lists, guint n_lists, const guint64 *bytes)
{
  guint64 most = 0;

  for (guint k = 0; k < n_lists; k++) {
    guint64 load = 0;

    for (gsize i = 0; i < lists[k].n; i++)
      load += bytes[lists[k].serials[i]];
    most = MAX (most, load);
  }
  return most;
}

/* Graham's bound. */
static void
check_bound (const guint64 *bytes, guint n_items, guint n_lists)
{
  PfWorklist *lists = pf_deal_by_bytes (bytes, n_items, n_lists);
  guint64 loads[SMALL_LISTS] = { 0 };
  guint64 best = find_best (bytes, n_items, loads, n_lists);

  check_lists (lists, n_lists, n_items);
  g_assert_cmpuint (fullest_of (lists, n_lists, bytes) * 3 * n_lists, <=,
                    best * (4 * n_lists - 1));
  pf_worklists_free (lists, n_lists);
}

/* All lists of up to six items of up to four bytes. */
static void
test_by_bytes_bound (void)
{
  for (guint n_lists = 1; n_lists <= SMALL_LISTS; n_lists++)
    for (guint n_items = 0; n_items <= SMALL_ITEMS; n_items++) {
      guint n_cases = 1;

      for (guint i = 0; i < n_items; i++)
        n_cases *= 4;
      for (guint number = 0; number < n_cases; number += n_lists < 3 ? 1 : 7) {
        guint64 bytes[SMALL_ITEMS];

        for (guint i = 0; i < n_items; i++)
          bytes[i] = (number >> 2 * i & 3) + (i % 2);
        check_bound (bytes, n_items, n_lists);
      }
    }
}

/* The slow and obvious twin: looks for the largest item that is left, and for
 * the list that holds least, each time anew. */
static void
deal_slowly (const guint64 *bytes, guint n_items, guint n_lists, guint *list_of)
{
  guint64 loads[ITEMS_MAX] = { 0 }, counts[ITEMS_MAX] = { 0 };

  for (guint i = 0; i < n_items; i++)
    list_of[i] = G_MAXUINT;
  for (guint dealt = 0; dealt < n_items; dealt++) {
    guint item = G_MAXUINT, list = 0;

    for (guint i = 0; i < n_items; i++)
      if (list_of[i] == G_MAXUINT &&
          (item == G_MAXUINT || bytes[i] > bytes[item]))
        item = i;
    for (guint k = 1; k < n_lists; k++)
      if (loads[k] < loads[list] ||
          (loads[k] == loads[list] && counts[k] < counts[list]))
        list = k;
    list_of[item] = list;
    loads[list] += bytes[item];
    counts[list]++;
  }
}

static void
check_twin (guint n_items, guint n_lists, gint32 most)
{
  guint64 bytes[ITEMS_MAX];
  guint list_of[ITEMS_MAX];
  PfWorklist *lists;

  for (guint i = 0; i < n_items; i++)
    bytes[i] = (guint64)g_test_rand_int_range (0, most);
  deal_slowly (bytes, n_items, n_lists, list_of);
  lists = pf_deal_by_bytes (bytes, n_items, n_lists);
  check_lists (lists, n_lists, n_items);
  for (guint k = 0; k < n_lists; k++)
    for (gsize i = 0; i < lists[k].n; i++)
      g_assert_cmpuint (list_of[lists[k].serials[i]], ==, k);
  pf_worklists_free (lists, n_lists);
}

static void
test_by_bytes_twin (void)
{
  for (guint round = 0; round < 400; round++)
    check_twin ((guint)g_test_rand_int_range (0, round < 390 ? 40 : ITEMS_MAX),
                (guint)g_test_rand_int_range (1, 12),
                1 << g_test_rand_int_range (1, 20));
}

/* What has no size is spread evenly, too. */
static void
test_by_bytes_unknown (void)
{
  guint64 bytes[100] = { 0 };
  PfWorklist *lists = pf_deal_by_bytes (bytes, 100, 8);

  check_lists (lists, 8, 100);
  for (guint k = 0; k < 8; k++)
    g_assert_cmpuint (lists[k].n - 12, <=, 1);
  pf_worklists_free (lists, 8);
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
  g_test_add_func ("/deal/in-runs", test_in_runs);
  g_test_add_func ("/deal/by-count", test_by_count);
  g_test_add_func ("/deal/by-bytes/bound", test_by_bytes_bound);
  g_test_add_func ("/deal/by-bytes/twin", test_by_bytes_twin);
  g_test_add_func ("/deal/by-bytes/unknown", test_by_bytes_unknown);
  g_test_add_func ("/deal/free-null", test_free_null);
  g_test_add_func ("/deal/files-per-item", test_files_per_item);
  return g_test_run ();
}
