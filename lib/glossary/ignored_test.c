#include "glossary/ignored.h"

/* Adds the terms of LIST, which | separates, as a source. */
static void
add (PfGlossaryBuilder *builder, const char *list, PfSourceRules rules)
{
  g_auto (GStrv) terms = g_strsplit (list, "|", -1);

  pf_glossary_builder_begin (builder, "g", &rules);
  for (guint i = 0; terms[i] != NULL; i++) {
    PfEntry entry = { .term = pf_span_str (terms[i]) };

    entry.label = pf_span_str ("x");
    g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  }
}

/* What of two sources with these rules is left without IGNORED: terms, each
 * with | behind it, and / before the second source. */
static char *
left_of (const char *first, PfSourceRules first_rules, const char *second,
         const char *ignored_terms, PfCase case_rule)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_autoptr (PfGlossaryBuilder) terms = pf_glossary_builder_new ();
  g_autoptr (PfIgnored) ignored = pf_ignored_new ();
  GString *out = g_string_new (NULL);
  const PfSections *sections;
  PfGlossary *glossary;

  add (builder, first, first_rules);
  add (builder, second, (PfSourceRules){ 0 });
  add (terms, ignored_terms, (PfSourceRules){ 0 });
  pf_ignored_add (ignored, terms);
  pf_ignored_drop (ignored, builder, case_rule);
  glossary = pf_glossary_builder_seal (builder, NULL);
  sections = pf_glossary_sections (glossary);
  for (guint32 i = 0; i <= sections->n_entries; i++) {
    PfSpan term = i < sections->n_entries ? pf_glossary_entry (glossary, i).term
                                          : (PfSpan){ NULL, 0 };

    if (sections->sources[1].first == i)
      g_string_append_c (out, '/');
    if (i < sections->n_entries)
      g_string_append_printf (out, "%.*s|", (int)term.len,
                              (const char *)term.data);
  }
  pf_glossary_unref (glossary);
  return g_string_free (out, FALSE);
}

static void
check (PfSourceRules rules, PfCase case_rule, const char *ignored,
       const char *wanted)
{
  g_autofree char *left =
      left_of ("cat|Cat|dog|dog x", rules, "x|cat", ignored, case_rule);

  g_assert_cmpstr (left, ==, wanted);
}

static void
test_exact (void)
{
  check ((PfSourceRules){ 0 }, PF_CASE_UNSET, "cat", "Cat|dog|dog x|/x|");
  check ((PfSourceRules){ 0 }, PF_CASE_UNSET, "CAT|x y",
         "cat|Cat|dog|dog x|/x|cat|");
  check ((PfSourceRules){ 0 }, PF_CASE_UNSET, "Cat|cat|dog|dog x", "/x|");
  check ((PfSourceRules){ 0 }, PF_CASE_UNSET, "x|cat", "Cat|dog|dog x|/");
  check ((PfSourceRules){ 0 }, PF_CASE_UNSET, "cat|Cat|dog|dog x|x", "/");
}

/* The nearest rule decides: the source's, then the run's, then the format's. */
static void
test_case (void)
{
  const PfSourceRules ignore = { .case_rule = PF_CASE_IGNORE };
  const PfSourceRules exact = { .case_rule = PF_CASE_EXACT };
  const PfSourceRules format = { .default_case = PF_CASE_IGNORE };

  check (ignore, PF_CASE_UNSET, "CAT", "dog|dog x|/x|cat|");
  check (ignore, PF_CASE_EXACT, "CAT", "dog|dog x|/x|cat|");
  check (exact, PF_CASE_IGNORE, "CAT", "cat|Cat|dog|dog x|/x|");
  check (format, PF_CASE_UNSET, "CAT", "dog|dog x|/x|cat|");
  check (format, PF_CASE_EXACT, "CAT", "cat|Cat|dog|dog x|/x|cat|");
}

static void
test_folding (void)
{
  g_autofree char *left =
      left_of ("Straſse|É|x", (PfSourceRules){ .case_rule = PF_CASE_IGNORE },
               "É", "STRASSE|é", PF_CASE_UNSET);

  g_assert_cmpstr (left, ==, "x|/É|");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ignored/exact", test_exact);
  g_test_add_func ("/ignored/case", test_case);
  g_test_add_func ("/ignored/folding", test_folding);
  return g_test_run ();
}
