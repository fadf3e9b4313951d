#include "text/subword.h"

#include <string.h>

/* Kinds by letter: o a A T 1 ' _ */
static PfKind
kind_of (char c)
{
  static const char letters[] = "oaAT1'_";
  const char *at = strchr (letters, c);

  g_assert_nonnull (at);
  return (PfKind)(at - letters);
}

static gboolean
begins (const char *three)
{
  return pf_subword_begins (kind_of (three[0]), kind_of (three[1]),
                            kind_of (three[2]));
}

static void
test_begins (void)
{
  static const char *const yes[] = { "a_a", "_aa", "__a", "_1a", "1_1", "a1a",
                                     "1aa", "1oo", "o1o", "aAa", "aAA", "AAa",
                                     "aTa", "ATa", "TTa", "TAo", "TAA", "_Ao" };
  static const char *const no[] = { "aaa", "Aaa", "111", "AAA", "AA1",
                                    "AA_", "AAT", "AAo", "ooo", "oAa",
                                    "oTa", "aoo", "Aoo", "oao", "Taa",
                                    "Toa", "a'A", "_'a", "1'a", "o'o" };

  for (gsize i = 0; i < G_N_ELEMENTS (yes); i++)
    if (!begins (yes[i]))
      g_error ("no part begins inside of %s", yes[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (no); i++)
    if (begins (no[i]))
      g_error ("a part begins inside of %s", no[i]);
}

/* What stands behind counts only where it is asked for. */
static void
test_next (void)
{
  for (guint i = 0; i < 7 * 7; i++) {
    PfKind before = (PfKind)(i / 7), after = (PfKind)(i % 7);
    gboolean first = pf_subword_begins (before, after, PF_KIND_OTHER);

    for (guint next = 0; next < 7; next++)
      if (!pf_subword_asks_next (before, after))
        g_assert_cmpint (pf_subword_begins (before, after, (PfKind)next), ==,
                         first);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/subword/begins", test_begins);
  g_test_add_func ("/subword/next", test_next);
  return g_test_run ();
}
