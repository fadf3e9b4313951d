#include "base/pool.h"

static guint destroyed;

static void
destroy (gpointer thing)
{
  destroyed += GPOINTER_TO_UINT (thing);
}

/* What was given is taken; what does not fit, or is left, is destroyed. */
static void
test_give_and_take (void)
{
  PfPool *pool = pf_pool_new (2, destroy);
  guint sum = 0;

  g_assert_null (pf_pool_take (pool));
  pf_pool_give (pool, GUINT_TO_POINTER (1));
  pf_pool_give (pool, GUINT_TO_POINTER (2));
  g_assert_cmpuint (destroyed, ==, 0);
  pf_pool_give (pool, GUINT_TO_POINTER (4));
  g_assert_cmpuint (destroyed, ==, 4);
  for (gpointer thing; (thing = pf_pool_take (pool)) != NULL;)
    sum += GPOINTER_TO_UINT (thing);
  g_assert_cmpuint (sum, ==, 3);
  pf_pool_give (pool, GUINT_TO_POINTER (8));
  pf_pool_free (pool);
  g_assert_cmpuint (destroyed, ==, 12);
  pf_pool_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/give-and-take", test_give_and_take);
  return g_test_run ();
}
