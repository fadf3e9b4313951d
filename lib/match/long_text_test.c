/* Texts of several blocks: tokens, chains and shapes that cross the edges of
 * blocks at all offsets; large glossaries; keys with thousands of entries. The
 * matcher is held to the reference, in one piece, in windows and in pieces. */
#include "match/kernel.h"
#include "match/random_cases.h"

#include "glossary/builder.h"

/* What stands across an edge. */
static const char *const terms[] = {
  "cat",
  "customer_00000001_record",
  "new york",
  "in the middle of",
  "C++",
  ".NET",
  "#define",
  "a - b",
  "caf\u00E9",
  "\u0441\u043B\u043E\u0432\u043E \u0438 \u0434\u0435\u043B\u043E",
  "\u043A\u043E\u0442",
  "\u212Aelvin",
  "(\u2026 x \u2026)",
  "one, two, three, four, five, six",
};
#define N_TERMS G_N_ELEMENTS (terms)

/* What stands before it: blocks may end behind a token, in one, or not be able
 * to hold it. An overlong form is no letter, whatever folds from it; a letter
 * may change its length. */
static const char *const fillers[] = { "some words, as ever ",
                                       "x ",
                                       "- ",
                                       "\u0441\u043B\u043E\u0432\u0430 ",
                                       "in the new customer_00000001_records ",
                                       "\xE2\x80\n",
                                       "\xE0\x88\xBA\u043A\u043E\u0442 ",
                                       "\u043A\u043E\u0442 \u023A\u0431 ",
                                       "      \n" };

static PfSpan
span_of (const GString *text)
{
  return (PfSpan){ (const guint8 *)text->str, text->len };
}

static void
add (PfGlossaryBuilder *builder, const char *term, PfCase case_rule,
     PfBoundary boundary, guint number)
{
  char value[12];
  PfEntry entry = { .term = pf_span_str (term),
                    .value = { (const guint8 *)value, 0 },
                    .case_rule = case_rule,
                    .boundary = boundary };

  entry.value.len = (gsize)g_snprintf (value, sizeof value, "%u", number);
  g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
}

/* Now and then an entry has rules of its own, and a term several entries. */
static PfGlossary *
glossary_of_terms (gboolean plain)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();

  pf_glossary_builder_begin (builder, "terms", &(PfSourceRules){ 0 });
  for (guint i = 0; i < N_TERMS; i++) {
    add (builder, terms[i], PF_CASE_UNSET, PF_BOUNDARY_UNSET, i);
    if (!plain && i % 3 == 0)
      add (builder, terms[i], PF_CASE_IGNORE, (PfBoundary)pf_random_below (5),
           100 + i);
  }
  return pf_glossary_builder_seal (builder, NULL);
}

static void
append_filler (GString *text, const char *filler, gsize len)
{
  gsize n = strlen (filler), left = len % n;

  for (gsize i = 0; i < len / n; i++)
    g_string_append (text, filler);
  while (left-- > 0)
    g_string_append_c (text, ' ');
}

/* DISTANCE bytes of a term stand before the end of some block, if the blocks
 * before it are whole ones. */
static GString *
text_across_edges (gsize distance)
{
  GString *text = g_string_new (NULL);
  const char *filler = fillers[pf_random_below (G_N_ELEMENTS (fillers))];

  for (guint n = 1 + pf_random_below (3); n > 0; n--) {
    const char *term = terms[pf_random_below (N_TERMS)];

    append_filler (text, filler, PF_BLOCK - distance);
    g_string_append (text, term);
    g_string_append_c (text, " .x"[pf_random_below (3)]);
    append_filler (text, "- ", distance - MIN (distance, strlen (term) + 1));
  }
  return text;
}

/* What windows and pieces come to is quicker to compare for a few. */
static void
check_cuts (const PfScans *scans, PfSpan text)
{
  g_autofree char *whole = pf_scans_whole (scans, text);
  g_autofree char *windows =
      pf_scans_windows (scans, text, 1 + pf_random_below (9000), TRUE);
  g_autofree char *pieces =
      pf_scans_pieces (scans, text, 1000 + pf_random_below (9000));

  if (!g_str_equal (windows, whole))
    pf_random_fail (scans, text, "in windows", windows, whole);
  if (!g_str_equal (pieces, whole))
    pf_random_fail (scans, text, "in pieces", pieces, whole);
}

static void
test_edges (void)
{
  guint rounds = MAX (pf_random_times (24), 2), matches = 0;

  for (guint round = 0; round < rounds; round++) {
    PfMatchRules rules = pf_random_rules ();
    g_auto (PfScans) scans = { 0 };

    pf_scans_init (&scans, glossary_of_terms (round % 2 == 0), &rules, "");
    for (gsize distance = 0; distance <= 72; distance++) {
      g_autoptr (GString) text = text_across_edges (distance);

      matches += pf_random_check (&scans, span_of (text));
      if (distance % 24 == round % 24)
        check_cuts (&scans, span_of (text));
    }
  }
  g_assert_cmpuint (matches, >, rounds * 72);
}

/* Tokens longer than a block, of which some are terms; and runs of what is no
 * word character. */
static void
test_long_tokens (void)
{
  for (guint round = 0; round < MAX (pf_random_times (60), 5); round++) {
    PfMatchRules rules = pf_random_rules ();
    g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
    g_autofree char *longest = g_strnfill (4096, 'a');
    g_autoptr (GString) text = g_string_new (NULL);
    g_auto (PfScans) scans = { 0 };
    guint n;

    pf_glossary_builder_begin (builder, "terms", &(PfSourceRules){ 0 });
    add (builder, longest, PF_CASE_UNSET, PF_BOUNDARY_WORD, 1);
    add (builder, "aa", PF_CASE_UNSET, PF_BOUNDARY_WORD, 2);
    add (builder, "- aa", PF_CASE_UNSET, PF_BOUNDARY_WORD, 3);
    pf_scans_init (&scans, pf_glossary_builder_seal (builder, NULL), &rules,
                   "");
    for (n = 0; n < 4; n++) {
      gsize len = pf_random_below (2) == 0 ? 4094 + pf_random_below (5)
                                           : 8150 + pf_random_below (200);
      char c = "aA-"[pf_random_below (3)];

      for (gsize i = 0; i < len; i++)
        g_string_append_c (text, c);
      g_string_append (text, " - aa ");
    }
    g_assert_cmpuint (pf_random_check (&scans, span_of (text)), >, 0);
    check_cuts (&scans, span_of (text));
  }
}

/* Hundreds of terms, tens of kilobytes. */
static void
test_large (void)
{
  guint matches = 0;

  for (guint round = 0; round < MAX (pf_random_times (120), 5); round++) {
    PfPieces pieces = pf_random_pieces ();
    PfMatchRules rules = pf_random_rules ();
    g_auto (PfScans) scans = { 0 };

    pf_scans_init (&scans, pf_random_glossary (&pieces, 200, 6), &rules, "");
    for (guint i = 0; i < 3; i++) {
      g_autoptr (GString) text = pf_random_text (scans.glossary, &pieces, 1500);

      matches += pf_random_check (&scans, span_of (text));
      if (i == 0 && round % 10 == 0)
        check_cuts (&scans, span_of (text));
    }
  }
  g_assert_cmpuint (matches, >, 10000);
}

/* All spellings of twelve letters have one key; each of them has two entries,
 * some with rules of their own. */
static PfGlossary *
glossary_of_one_key (gboolean plain)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();

  pf_glossary_builder_begin (builder, "terms", &(PfSourceRules){ 0 });
  for (guint i = 0; i < 1 << 12; i++) {
    char word[] = "abcdefghijkl";

    for (guint k = 0; k < 12; k++)
      word[k] = (char)(word[k] - (i >> k & 1 ? 'a' - 'A' : 0));
    add (builder, word, PF_CASE_UNSET, PF_BOUNDARY_UNSET, 2 * i);
    add (builder, word, PF_CASE_UNSET,
         plain ? PF_BOUNDARY_UNSET : (PfBoundary)pf_random_below (4),
         2 * i + 1);
  }
  return pf_glossary_builder_seal (builder, NULL);
}

static void
test_one_key (void)
{
  for (guint round = 0; round < 4; round++) {
    PfMatchRules rules = pf_random_rules ();
    g_auto (PfScans) scans = { 0 };
    g_autoptr (GString) text = g_string_new (NULL);

    rules.case_rule = (PfCase)(1 + round % 2);
    rules.boundary = PF_BOUNDARY_WORD;
    pf_scans_init (&scans, glossary_of_one_key (round < 2), &rules, "");
    for (guint i = 0; i < MAX (pf_random_times (100), 10); i++) {
      char word[] = "abcdefghijkl ";

      for (guint k = 0; k < 12; k++)
        if (pf_random_below (2) == 0)
          word[k] = g_ascii_toupper (word[k]);
      g_string_append (text, word);
    }
    g_assert_cmpuint (pf_random_check (&scans, span_of (text)), >=, 10);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matcher/long/edges", test_edges);
  g_test_add_func ("/matcher/long/tokens", test_long_tokens);
  g_test_add_func ("/matcher/long/large", test_large);
  g_test_add_func ("/matcher/long/one-key", test_one_key);
  return g_test_run ();
}
