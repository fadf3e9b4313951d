#include "base/large.h"

static void
test_zeroed (void)
{
  static const gsize sizes[] = { 0,       1,       63,      64,           1000,
                                 1 << 19, 3 << 20, 1 << 22, (1 << 22) + 1 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    guint8 *table = pf_large_new0 (sizes[i]);

    g_assert_cmpuint ((guintptr)table % 64, ==, 0);
    for (gsize k = 0; k < sizes[i]; k++) {
      g_assert_cmpuint (table[k], ==, 0);
      table[k] = 0xFF;
    }
    g_free (table);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/large/zeroed", test_zeroed);
  return g_test_run ();
}
