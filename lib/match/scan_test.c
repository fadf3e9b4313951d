/* What a scan promises beside its matches: where it begins, stops, and ends,
 * and what it leaves open. */
#include "match/scans.h"

#include "glossary/builder.h"
#include "text/word.h"

static gboolean
stop_at_second (const PfMatch *match G_GNUC_UNUSED, gpointer user)
{
  guint *seen = user;

  return ++*seen < 2;
}

/* FALSE ends the scan, and tells where. */
static void
test_stop (void)
{
  g_autoptr (PfScratch) scratch = pf_scratch_new ();
  g_autoptr (PfMatcher) matcher = NULL;
  PfGlossary *glossary = pf_scans_glossary ("a|bc");
  guint seen = 0;

  matcher =
      pf_matcher_new (glossary, pf_word_class_new (pf_span_str (""), NULL),
                      &(PfMatchRules){ 0 });
  pf_glossary_unref (glossary);
  g_assert_cmpuint (
      pf_matcher_scan (matcher, scratch,
                       &(PfScan){ .text = pf_span_str ("a bc a a"),
                                  .from = 0,
                                  .final = TRUE,
                                  .func = stop_at_second,
                                  .user = &seen }),
      ==, 4);
  g_assert_cmpuint (seen, ==, 2);
}

/* What stands before FROM is context, and no match begins there. */
static void
test_from (void)
{
  g_auto (PfScans) scans = { 0 };
  PfSpan text = pf_span_str ("cat cat scat");
  guint seen = 10;

  pf_scans_init (&scans, pf_scans_glossary ("cat"), &(PfMatchRules){ 0 }, "");
  pf_matcher_scan (scans.matcher, scans.scratch,
                   &(PfScan){ .text = text,
                              .from = 1,
                              .final = TRUE,
                              .func = stop_at_second,
                              .user = &seen });
  g_assert_cmpuint (seen, ==, 11);
  pf_matcher_scan (scans.matcher, scans.scratch,
                   &(PfScan){ .text = text,
                              .from = 9,
                              .final = TRUE,
                              .func = stop_at_second,
                              .user = &seen });
  g_assert_cmpuint (seen, ==, 11);
}

static gboolean
count (const PfMatch *match G_GNUC_UNUSED, gpointer user)
{
  ++*(guint *)user;
  return TRUE;
}

/* A match that begins before the limit may end behind it; none begins there.
 */
static void
check_limit (const PfScans *scans, gsize from, gsize limit, gsize at,
             guint matches)
{
  guint seen = 0;

  g_assert_cmpuint (
      pf_matcher_scan (scans->matcher, scans->scratch,
                       &(PfScan){ .text = pf_span_str ("a cat nap, a cat"),
                                  .from = from,
                                  .limit = limit,
                                  .final = TRUE,
                                  .func = count,
                                  .user = &seen }),
      ==, at);
  g_assert_cmpuint (seen, ==, matches);
}

static void
test_limit (void)
{
  g_auto (PfScans) scans = { 0 }, overlapping = { 0 };

  pf_scans_init (&scans, pf_scans_glossary ("cat nap|nap"),
                 &(PfMatchRules){ 0 }, "");
  pf_scans_init (&overlapping, pf_scans_glossary ("cat nap|nap"),
                 &(PfMatchRules){ .overlapping = TRUE }, "");
  check_limit (&scans, 0, 2, 2, 0);
  check_limit (&scans, 2, 3, 9, 1);
  check_limit (&scans, 3, 7, 9, 1);
  check_limit (&scans, 9, 7, 9, 0);
  check_limit (&scans, 3, 11, 11, 1);
  check_limit (&scans, 9, 99, 16, 0);
  check_limit (&overlapping, 2, 3, 3, 1);
  check_limit (&overlapping, 3, 6, 6, 0);
}

/* A window that is not the last stops where an answer is still open. */
static void
test_undecided (void)
{
  g_auto (PfScans) scans = { 0 };
  guint seen = 10;

  pf_scans_init (&scans, pf_scans_glossary ("cat|cat nap"),
                 &(PfMatchRules){ 0 }, "");
  g_assert_cmpuint (pf_matcher_scan (scans.matcher, scans.scratch,
                                     &(PfScan){ .text = pf_span_str ("a cat "),
                                                .from = 0,
                                                .final = FALSE,
                                                .func = stop_at_second,
                                                .user = &seen }),
                    ==, 2);
  g_assert_cmpuint (seen, ==, 10);
  g_assert_cmpuint (
      pf_matcher_scan (scans.matcher, scans.scratch,
                       &(PfScan){ .text = pf_span_str ("a cat napo "),
                                  .from = 2,
                                  .final = FALSE,
                                  .func = stop_at_second,
                                  .user = &seen }),
      ==, 5);
  g_assert_cmpuint (seen, ==, 11);
}

/* How many matches there are in TEXT, which is yet to go on. */
static guint
count_so_far (const char *terms, const char *text)
{
  g_auto (PfScans) scans = { 0 };
  guint seen = 0;

  pf_scans_init (&scans, pf_scans_glossary (terms), &(PfMatchRules){ 0 }, "");
  pf_matcher_scan (scans.matcher, scans.scratch,
                   &(PfScan){ .text = pf_span_str (text),
                              .final = FALSE,
                              .func = count,
                              .user = &seen });
  return seen;
}

/* A match at the end of a line does not wait for the next line on account of
 * terms that it is not the beginning of. */
static void
test_decided (void)
{
  g_assert_cmpuint (count_so_far ("cat|dog nap", "a cat\n"), ==, 1);
  g_assert_cmpuint (count_so_far ("cat|cat nap", "a cat\n"), ==, 0);
  g_assert_cmpuint (count_so_far ("a b c d|p q r s t u", "a b c d\n"), ==, 1);
  g_assert_cmpuint (count_so_far ("a b c d|a b c d t u", "a b c d\n"), ==, 0);
  g_assert_cmpuint (count_so_far ("foo!|bar!!!", "foo!\n"), ==, 1);
  g_assert_cmpuint (count_so_far ("foo!|foo! !", "foo!\n"), ==, 0);
}

/* What stands before a first token may be longer than a run of white space is
 * otherwise. */
static void
test_long_lead (void)
{
  g_autofree char *blanks = g_strnfill (600, ' ');
  g_autofree char *term = g_strconcat ("-", blanks, "foo", NULL);
  g_autofree char *text = g_strconcat ("x ", term, " y", NULL);
  PfMatchRules rules = { .space = PF_SPACE_EXACT };
  g_auto (PfScans) scans = { 0 };
  guint seen = 0;

  pf_scans_init (&scans, pf_scans_glossary (term), &rules, "");
  pf_matcher_scan (scans.matcher, scans.scratch,
                   &(PfScan){ .text = pf_span_str (text),
                              .limit = 3,
                              .final = TRUE,
                              .func = count,
                              .user = &seen });
  g_assert_cmpuint (seen, ==, 1);
}

/* Neither a glossary nor a text needs to hold anything. */
static void
test_nothing (void)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_auto (PfScans) empty = { 0 }, scans = { 0 };
  g_autofree char *found = NULL;

  pf_scans_init (&empty, pf_glossary_builder_seal (builder, NULL),
                 &(PfMatchRules){ 0 }, "");
  pf_scans_check_ways (&empty, pf_span_str ("some text"));
  pf_scans_init (&scans, pf_scans_glossary ("cat"), &(PfMatchRules){ 0 }, "");
  pf_scans_check_ways (&scans, pf_span_str (""));
  found = pf_scans_whole (&scans, pf_span_str (""));
  g_assert_cmpstr (found, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matcher/scan/stop", test_stop);
  g_test_add_func ("/matcher/scan/from", test_from);
  g_test_add_func ("/matcher/scan/limit", test_limit);
  g_test_add_func ("/matcher/scan/undecided", test_undecided);
  g_test_add_func ("/matcher/scan/decided", test_decided);
  g_test_add_func ("/matcher/scan/long-lead", test_long_lead);
  g_test_add_func ("/matcher/scan/nothing", test_nothing);
  return g_test_run ();
}
