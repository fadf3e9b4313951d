#include "match/prefixes.h"

#include <string.h>

#include "glossary/glossary.h"
#include "pfproc.h"

static PfGlossary *
glossary_of (const char *const *terms, gsize n)
{
  PfGlossaryOptions options = { .terms = terms, .n_terms = n };
  g_autoptr (GError) error = NULL;
  PfGlossary *glossary = pf_glossary_load (&options, &error);

  g_assert_no_error (error);
  return glossary;
}

static gboolean
may_begin (const PfPrefixes *prefixes, const char *text)
{
  guint8 padded[PF_PREFIX_LEN + 16] = { 0 };

  memcpy (padded, text, strlen (text));
  return pf_prefixes_may_begin (prefixes, padded);
}

static void
test_terms (void)
{
  static const char *const terms[] = { "cat",         "+dog9",
                                       "x",           "_a b",
                                       "\u212Aelvin", "\u017Fun",
                                       "caf\u00E9",   "(\u00E9t\u00E9)" };
  static const char *const there[] = { "cat", "CATs", "Dog9", "doG", "x)",
                                       "X",   "_a",   "kel",  "sun", "caf" };
  static const char *const absent[] = { "cot", "da", "9do", "b", "un", "zzz" };
  g_autoptr (PfGlossary) glossary = glossary_of (terms, G_N_ELEMENTS (terms));
  PfPrefixes prefixes;

  g_assert_true (pf_prefixes_fill (&prefixes, glossary));
  for (guint i = 0; i < G_N_ELEMENTS (there); i++)
    g_assert_true (may_begin (&prefixes, there[i]));
  for (guint i = 0; i < G_N_ELEMENTS (absent); i++)
    g_assert_false (may_begin (&prefixes, absent[i]));
}

static PfGlossary *
numbered (guint n)
{
  g_autoptr (GPtrArray) terms = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (terms, g_strdup_printf ("t%u", i));
  return glossary_of ((const char *const *)terms->pdata, n);
}

static void
test_limit (void)
{
  g_autoptr (PfGlossary) most = numbered (PF_PREFIX_TERMS_MAX);
  g_autoptr (PfGlossary) more = numbered (PF_PREFIX_TERMS_MAX + 1);
  PfPrefixes prefixes;

  g_assert_true (pf_prefixes_fill (&prefixes, most));
  g_assert_true (may_begin (&prefixes, "T99"));
  g_assert_false (may_begin (&prefixes, "Tx"));
  g_assert_false (pf_prefixes_fill (&prefixes, more));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prefixes/terms", test_terms);
  g_test_add_func ("/prefixes/limit", test_limit);
  return g_test_run ();
}
