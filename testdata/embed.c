/* A program of somebody else: counts a term in a text with libpfproc. Built
 * and run by scripts/check against an installed copy. */
#include <pfproc.h>

static gboolean
on_match (gsize start, gsize end, const PfEntry *entries, guint n_entries,
          gpointer user)
{
  guint *n = user;

  g_assert (end > start && n_entries == 1 && entries[0].term.len == 3);
  ++*n;
  return TRUE;
}

int
main (void)
{
  const char *term = "cat";
  PfGlossaryOptions terms = { .terms = &term, .n_terms = 1 };
  PfMatchOptions rules = { .case_rule = PF_CASE_IGNORE };
  g_autoptr (PfGlossary) glossary = pf_glossary_load (&terms, NULL);
  g_autoptr (PfScanner) scanner = pf_scanner_new (glossary, &rules, NULL);
  guint n = 0;

  pf_scanner_scan (scanner, pf_span_str ("Cat, cats and cat"), on_match, &n);
  return n == 2 ? 0 : 1;
}
