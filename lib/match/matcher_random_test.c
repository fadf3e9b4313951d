/* Random small glossaries and texts from a small nasty alphabet: the matcher
 * must find what its naive twin finds, however the text is cut into windows.
 * A failure prints all that is needed to repeat it; so does --seed. */
#include "match/random_cases.h"
#include "glossary/builder.h"

static PfSpan
span_of (const GString *text)
{
  return (PfSpan){ (const guint8 *)text->str, text->len };
}

static void
check_naive (const PfScans *scans, PfSpan text)
{
  g_autofree char *found = pf_scans_whole (scans, text);
  g_autofree char *expected = pf_scans_naive (scans, text);

  if (!g_str_equal (found, expected))
    pf_random_fail (scans, text, "the twin differs", found, expected);
}

static void
check_windows (const PfScans *scans, PfSpan text)
{
  g_autofree char *expected = pf_scans_whole (scans, text);

  for (guint i = 0; i < 3; i++) {
    g_autofree char *found = pf_scans_windows (
        scans, text, i == 0 ? 1 : 1 + pf_random_below (6), i != 0);

    if (!g_str_equal (found, expected))
      pf_random_fail (scans, text, "in windows", found, expected);
  }
}

static void
check_pieces (const PfScans *scans, PfSpan text)
{
  g_autofree char *expected = pf_scans_whole (scans, text);

  for (guint i = 0; i < 4; i++) {
    g_autofree char *found = pf_scans_pieces (scans, text, pf_random_below (8));

    if (!g_str_equal (found, expected))
      pf_random_fail (scans, text, "in pieces", found, expected);
  }
}

static guint
count_matches (const PfScans *scans, PfSpan text)
{
  g_autofree char *found = pf_scans_whole (scans, text);
  guint n = 0;

  for (const char *p = found; *p != '\0'; p++)
    n += *p == ':';
  return n;
}

/* Returns how many matches there were. */
static guint
check_glossary (const PfMatchRules *rules,
                void (*check) (const PfScans *scans, PfSpan text))
{
  PfPieces pieces = pf_random_pieces ();
  g_auto (PfScans) scans = { 0 };
  guint n = 0;

  pf_scans_init (&scans, pf_random_glossary (&pieces, 5, 5), rules,
                 pf_random_below (4) == 0 ? "-\u20AC" : "");
  for (guint i = 0; i < 20; i++) {
    g_autoptr (GString) text = pf_random_text (scans.glossary, &pieces, 4);

    check (&scans, span_of (text));
    n += count_matches (&scans, span_of (text));
  }
  return n;
}

static void
check_random (PfSpace space, gboolean overlapping,
              void (*check) (const PfScans *scans, PfSpan text))
{
  guint matches = 0, glossaries = pf_random_times (300);

  for (guint n = 0; n < glossaries; n++) {
    PfMatchRules rules = pf_random_rules ();

    rules.space = space;
    rules.overlapping = overlapping;
    matches += check_glossary (&rules, check);
  }
  /* Or nothing was tested. */
  g_assert_cmpuint (matches, >, glossaries);
}

/* All in all a million texts, most of them short. */
#define N_CASES 1000000
#define TEXTS 40 /* for each glossary */

static void
test_reference (void)
{
  guint n = pf_random_times (N_CASES), cases = 0, matches = 0;

  while (cases < n) {
    PfPieces pieces = pf_random_pieces ();
    PfMatchRules rules = pf_random_rules ();
    PfGlossary *glossary = pf_random_glossary (&pieces, 5, 5);
    g_auto (PfScans) scans = { 0 };

    if (rules.boundary >= PF_BOUNDARY_NONE && pf_random_below (4) == 0)
      glossary = pf_scans_image (glossary);
    pf_scans_init (&scans, glossary, &rules,
                   pf_random_below (100) == 0 ? "-\u20AC" : "");
    for (guint i = 0; i < TEXTS; i++, cases++) {
      g_autoptr (GString) text = pf_random_text (scans.glossary, &pieces, 4);

      matches += pf_random_check (&scans, span_of (text));
    }
  }
  g_assert_cmpuint (matches, >, cases / 4);
  g_test_message ("%u cases, %u matches", cases, matches);
}

static void
test_naive (gconstpointer space)
{
  check_random ((PfSpace)GPOINTER_TO_INT (space), FALSE, check_naive);
}

static void
test_naive_overlapping (gconstpointer space)
{
  check_random ((PfSpace)GPOINTER_TO_INT (space), TRUE, check_naive);
}

static void
test_windows (gconstpointer space)
{
  check_random ((PfSpace)GPOINTER_TO_INT (space), FALSE, check_windows);
}

static void
test_windows_overlapping (gconstpointer space)
{
  check_random ((PfSpace)GPOINTER_TO_INT (space), TRUE, check_windows);
}

static void
test_pieces (gconstpointer space)
{
  check_random ((PfSpace)GPOINTER_TO_INT (space), FALSE, check_pieces);
}

static void
test_pieces_overlapping (gconstpointer space)
{
  check_random ((PfSpace)GPOINTER_TO_INT (space), TRUE, check_pieces);
}

/* Long runs of white space: 250 to 260 bytes, with few line breaks. */
static GString *
text_with_long_run (void)
{
  GString *text = g_string_new ("a");
  guint len = 250 + pf_random_below (10);

  while (text->len < len)
    g_string_append (text, pf_random_below (60) == 0   ? "\n"
                           : pf_random_below (20) == 0 ? "\u00A0"
                                                       : " ");
  g_string_append (text, "b");
  return text;
}

static void
test_long_runs (gconstpointer data)
{
  PfMatchRules rules = { .space = (PfSpace)GPOINTER_TO_INT (data) };
  PfGlossaryBuilder *builder = pf_glossary_builder_new ();
  PfEntry entry = { .term = pf_span_str ("a b") };
  g_auto (PfScans) scans = { 0 };

  pf_glossary_builder_begin (builder, "source", &(PfSourceRules){ 0 });
  pf_glossary_builder_add (builder, &entry, NULL);
  pf_scans_init (&scans, pf_glossary_builder_seal (builder, NULL), &rules, "");
  pf_glossary_builder_free (builder);
  for (guint n = 0; n < pf_random_times (1000); n++) {
    g_autoptr (GString) text = text_with_long_run ();

    check_naive (&scans, span_of (text));
    check_windows (&scans, span_of (text));
    check_pieces (&scans, span_of (text));
  }
}

static void
add (const char *topic, GTestDataFunc func)
{
  static const char *const spaces[] = { "wrap", "line", "exact" };

  for (int space = PF_SPACE_WRAP; space <= PF_SPACE_EXACT; space++) {
    g_autofree char *path =
        g_strdup_printf ("/matcher/random/%s/%s", topic, spaces[space]);

    g_test_add_data_func (path, GINT_TO_POINTER (space), func);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matcher/random/reference", test_reference);
  add ("naive", test_naive);
  add ("naive-overlapping", test_naive_overlapping);
  add ("windows", test_windows);
  add ("windows-overlapping", test_windows_overlapping);
  add ("pieces", test_pieces);
  add ("pieces-overlapping", test_pieces_overlapping);
  add ("long-runs", test_long_runs);
  return g_test_run ();
}
