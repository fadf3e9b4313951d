/* For tests that try many things at random: how many, and which. What they draw
 * depends on nothing but the seed that the test program prints; --seed repeats
 * it.
 */
#pragma once

#include <glib.h>

/* N rounds, or a tenth of them under a sanitizer, which makes each slower. */
static inline guint
pf_test_rounds (guint n)
{
  return g_getenv ("PF_SANITIZER") != NULL ? n / 10 : n;
}

/* A number from 0 to N - 1. */
static inline guint
pf_test_draw (guint n)
{
  return (guint)g_test_rand_int_range (0, (gint32)n);
}
