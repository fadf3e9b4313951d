#include "match/term_sort.h"

#include <string.h>

static int
compare (gconstpointer a, gconstpointer b)
{
  const PfSortItem *x = a, *y = b;
  int order = memcmp (x->bytes, y->bytes, MIN (x->len, y->len));

  if (order == 0)
    order = (x->len > y->len) - (x->len < y->len);
  return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

/* Against qsort, which here has no two equal items. */
static void
check_sort (const PfSortItem *items, gsize n)
{
  g_autofree PfSortItem *found = g_memdup2 (items, n * sizeof *items);
  g_autofree PfSortItem *expected = g_memdup2 (items, n * sizeof *items);

  pf_term_sort (found, n);
  qsort (expected, n, sizeof *items, compare);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint (found[i].id, ==, expected[i].id);
}

/* N strings of up to MAX bytes, of few kinds, NUL among them, behind a
 * beginning that all share. */
static void
check_random (gsize n, guint max, const char *shared)
{
  g_autofree PfSortItem *items = g_new (PfSortItem, n);
  gsize shared_len = strlen (shared);

  for (gsize i = 0; i < n; i++) {
    guint len = (guint)g_test_rand_int_range (0, (gint32)max + 1);
    guint8 *bytes = g_malloc (shared_len + len + 1);

    memcpy (bytes, shared, shared_len);
    for (guint k = 0; k < len; k++)
      bytes[shared_len + k] =
          (guint8) "\0\1b\xFF"[g_test_rand_int_range (0, 4)];
    items[i] = (PfSortItem){ bytes, (guint32)(shared_len + len), (guint32)i };
  }
  check_sort (items, n);
  for (gsize i = 0; i < n; i++)
    g_free ((guint8 *)items[i].bytes);
}

static void
test_random (void)
{
  for (guint round = 0; round < 200; round++)
    check_random ((gsize)g_test_rand_int_range (1, 30), 10, "");
  for (guint round = 0; round < 10; round++) {
    check_random (2000, 4, "");
    check_random (2000, 40, "");
    check_random (1000, 20, "customer_00000001_record");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/term-sort/random", test_random);
  return g_test_run ();
}
