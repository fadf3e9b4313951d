/* For tests that try many things at random: how many, and which. What they draw
 * depends on nothing but the seed that the test program prints; --seed repeats
 * it.
 */
#pragma once

#include <glib.h>

/* N rounds where PF_LONG asks for all; else a third of them, or a tenth under a
 * sanitizer, which makes each slower. */
static inline guint
pf_test_rounds (guint n)
{
  if (g_getenv ("PF_SANITIZER") != NULL)
    return n / 10;
  return g_getenv ("PF_LONG") != NULL ? n : n / 3;
}

/* A number from 0 to N - 1. */
static inline guint
pf_test_draw (guint n)
{
  return (guint)g_test_rand_int_range (0, (gint32)n);
}
