/* For tests of whole runs: terms, and texts that are made of pieces of them, so
 * that they match often, also across the edges of lines and files.
 */
#pragma once

#include <glib.h>

static const char *const pf_test_terms[] = { "a a",   "a b a", "b b c", "c",
                                             "c a b", "b",     "d",     "a" };

/* (transfer full) */
static inline GString *
pf_test_text (guint parts)
{
  static const char *const pieces[] = { "a ", "b\n", "a\n", "b ",
                                        "c ", "a",   "x\n", "\n" };
  GString *text = g_string_new (NULL);

  for (; parts > 0; parts--)
    g_string_append (text,
                     pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
  return text;
}
