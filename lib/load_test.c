/* Loading glossaries by the public face. */
#include "pfproc.h"

#include "base/crowd.h"

#define THREADS 4

static PfGlossary *
load_one (const char *source)
{
  PfGlossaryOptions options = { .sources = &source, .n_sources = 1 };
  PfGlossary *glossary = pf_glossary_load (&options, NULL);

  g_assert_nonnull (glossary);
  return glossary;
}

static gboolean
load_builtin (guint i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  PfGlossary **glossaries = user;

  glossaries[i] = load_one ("@misspellings");
  return TRUE;
}

/* Whoever loads the built-in glossary shares the one that the process has. */
static void
test_builtin_is_shared (void)
{
  PfGlossary *glossaries[THREADS];

  g_assert_true (pf_crowd (THREADS, load_builtin, glossaries, NULL));
  for (guint i = 0; i < THREADS; i++) {
    g_assert_true (glossaries[i] == glossaries[0]);
    pf_glossary_unref (glossaries[i]);
  }
}

/* With rules it is another, of the same entries. */
static void
test_builtin_with_rules (void)
{
  g_autoptr (PfGlossary) shared = load_one ("@misspellings");
  g_autoptr (PfGlossary) other = load_one ("@misspellings,label=typo");

  g_assert_true (shared != other);
  g_assert_cmpuint (pf_glossary_n_entries (shared), >, 1000);
  g_assert_cmpuint (pf_glossary_n_entries (shared), ==,
                    pf_glossary_n_entries (other));
  for (gsize i = 0; i < pf_glossary_n_entries (shared); i++) {
    PfEntry a = pf_glossary_entry (shared, i);
    PfEntry b = pf_glossary_entry (other, i);

    g_assert_true (pf_span_equal (a.term, b.term));
    g_assert_true (pf_span_equal (a.value, b.value));
    g_assert_true (pf_span_equal (a.glossary, b.glossary));
    g_assert_cmpuint (a.label.len, ==, 0);
    g_assert_true (pf_span_equal (b.label, pf_span_str ("typo")));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/load/builtin/shared", test_builtin_is_shared);
  g_test_add_func ("/load/builtin/with-rules", test_builtin_with_rules);
  return g_test_run ();
}
