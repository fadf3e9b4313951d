/* The boundary rules by which a term may begin or end inside a word: rows as in
 * matcher_test.c, and random texts of few characters, so that every edge there
 * is comes up between all kinds of neighbours. */
#include "match/random_cases.h"

#include "glossary/builder.h"
#include "text/subword.h"

#define MARK "\u0301"
#define MARKS_7 MARK MARK MARK MARK MARK MARK MARK
#define MARKS_8 MARKS_7 MARK

/* Of four bytes each. */
#define LONG_MARK "\U000E0100"
#define LONG_MARKS_7                                                           \
  LONG_MARK LONG_MARK LONG_MARK LONG_MARK LONG_MARK LONG_MARK LONG_MARK

G_STATIC_ASSERT (PF_SUBWORD_MARKS == 7);

typedef struct {
  const char *terms;    /* separated by |, each perhaps with ;RULES */
  const char *expected; /* the text, with [] around matches */
  PfBoundary boundary;
  const char *extra_words;
} Row;

static char *
without_brackets (const char *marked)
{
  g_auto (GStrv) parts = g_strsplit_set (marked, "[]", -1);

  return g_strjoinv ("", parts);
}

static void
check_row (const Row *row, PfCase case_rule)
{
  PfMatchRules rules = { .case_rule = case_rule, .boundary = row->boundary };
  g_autofree char *plain = without_brackets (row->expected);
  g_autofree char *found = NULL;
  PfSpan text = pf_span_str (plain);
  g_auto (PfScans) scans = { 0 };

  pf_scans_init (&scans, pf_scans_glossary (row->terms), &rules,
                 row->extra_words != NULL ? row->extra_words : "");
  found = pf_scans_marked (&scans, text);
  g_assert_cmpstr (found, ==, row->expected);
  pf_scans_check_ways (&scans, text);
  pf_random_check (&scans, text);
}

#define PREFIX PF_BOUNDARY_PREFIX, NULL
#define SUBWORD PF_BOUNDARY_SUBWORD, NULL

static void
test_prefix (void)
{
  static const Row rows[] = {
    { "colour", "[colour] [colour]s [colour]ful dis-[colour]ed", PREFIX },
    { "colour", "discolour _colour 2colour \u00E9colour \u20AC[colour]",
      PREFIX },
    { "%", "50[%]x [%]", PREFIX },
    { "%a", "5[%a]b", PREFIX },
    { "new york|new", "[new york]er [new] yo [new]s", PREFIX },
    { "cat;w|dog", "cats [dog]s [cat]", PREFIX },
    { "cat;p|dog", "[cat]s dogs [dog] concat", PF_BOUNDARY_WORD, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    check_row (&rows[i], PF_CASE_EXACT);
}

static void
test_subword (void)
{
  static const Row rows[] = {
    { "recieve",
      "[recieve]Data get_[recieve] [recieve]2 [RECIEVE]_ALL get[Recieve]",
      SUBWORD },
    { "recieve", "recieved RECIEVED 2[recieve]2 X[Recieve] x[RECIEVE]",
      SUBWORD },
    { "recieve", "_[recieve]_ __[recieve] ([recieve])", SUBWORD },
    { "http", "[HTTP]Server HTTPserver [HTTP]_server [http]Server", SUBWORD },
    { "server", "HTTP[Server] HTTP[Server]2 HTTPServers", SUBWORD },
    { "s", "HTTPS HTTPSt [s] get[S]", SUBWORD },
    { "cve", "[CVE]2020 [cve]_1 CVEs [cve]S", SUBWORD },
    { "2", "x[2] x22 [2]nd x[2]y", SUBWORD },
    { "_", "a[_]b [_] [_][_]", SUBWORD },
    { "get_data", "[get_data]2 re[Get_data] forget_data", SUBWORD },
    { "%", "50[%]x [%]", SUBWORD },
    { "a b", "x_[a b]C [a\nb]2 xa b", SUBWORD },
    { "cat;w|dog", "my_cat my_[dog] [cat]", SUBWORD },
    { "cat|cat dog", "[cat] dogs [cat dog]S [cat]Dog", SUBWORD },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    check_row (&rows[i], PF_CASE_IGNORE);
}

/* The last capital of several begins a part where a small letter follows. */
static void
test_subword_exact (void)
{
  static const Row rows[] = {
    { "S", "HTTPS HTTPSt HTTP_[S]", SUBWORD },
    { "St", "HTTP[St] HTTPSta", SUBWORD },
    { "Data", "get[Data] getDatas [Data]Set", SUBWORD },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    check_row (&rows[i], PF_CASE_EXACT);
}

static void
test_subword_unicode (void)
{
  static const Row rows[] = {
    /* Other scripts with case, and digits. */
    { "\u0434\u043E\u043C",
      "[\u0434\u043E\u043C]\u0411 \u0434\u043E\u043C\u0430 "
      "[\u0434\u043E\u043C]\u0663 [\u0434\u043E\u043C]\u203F",
      SUBWORD },
    /* Without case, there are no humps. */
    { "\u672C", "[\u672C]_ \u65E5\u672C \u672CA [\u672C]2", SUBWORD },
    { "a", "[a]\u01C5 \u2160a a\u2160 [a]\u00C9", SUBWORD },
    { "A", "\u01C5[A] [A]\u01C5 \u01C5Ab", SUBWORD },
    /* A mark belongs to the letter before it. */
    { "a", "a" MARK " a" MARK "B [a]B", SUBWORD },
    { "B", "a" MARK "[B] A" MARK "B AB" MARK "c", SUBWORD },
    { "Bc", "A" MARK "[Bc] a" MARKS_7 "[Bc] a" MARKS_8 "Bc", SUBWORD },
    { "A", "[A]B" MARKS_7 "c AB" MARKS_8 "c", SUBWORD },
    { "a", "_" MARK "[a] _" MARKS_7 "[a] _" MARKS_8 "a " MARK "a", SUBWORD },
    { "Bc", "\U00010428" LONG_MARKS_7 "[Bc] \U00010400" LONG_MARKS_7 "B",
      SUBWORD },
    { "a" MARK, "[a" MARK "]B a" MARK MARK "B", SUBWORD },
    /* What is a word character by wish is a letter without case. */
    { "a", "a-b [a].", PF_BOUNDARY_SUBWORD, "-" },
    { "2", "-[2]- a-[2] [2].", PF_BOUNDARY_SUBWORD, "-." },
    { "a", "\xFF[a]\xFF\xCC", SUBWORD },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    check_row (&rows[i], PF_CASE_EXACT);
}

static char *
found_by (const PfSourceRules *source, PfBoundary boundary, const char *terms)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  PfMatchRules rules = { .boundary = boundary };
  PfSpan text = pf_span_str ("a_b2 bs");
  g_auto (PfScans) scans = { 0 };

  pf_scans_add_terms (builder, terms, source);
  pf_scans_init (&scans, pf_glossary_builder_seal (builder, NULL), &rules, "");
  pf_scans_check_ways (&scans, text);
  pf_random_check (&scans, text);
  return pf_scans_whole (&scans, text);
}

/* The nearest rule wins, and the format's default is the farthest. */
static void
test_default (void)
{
  static const struct {
    PfBoundary given, of_run;
    const char *terms, *expected;
  } rows[] = {
    { 0, 0, "b", "2-3:b " },
    { 0, PF_BOUNDARY_WORD, "b", "" },
    { 0, PF_BOUNDARY_PREFIX, "b", "5-6:b " },
    { PF_BOUNDARY_WORD, 0, "b", "" },
    { PF_BOUNDARY_WORD, PF_BOUNDARY_SUBWORD, "b", "" },
    { PF_BOUNDARY_PREFIX, PF_BOUNDARY_WORD, "b", "5-6:b " },
    { PF_BOUNDARY_WORD, PF_BOUNDARY_WORD, "b;u", "2-3:b;u " },
    { 0, PF_BOUNDARY_WORD, "b;u|a;p|s", "0-1:a;p 2-3:b;u " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    PfSourceRules source = { .boundary = rows[i].given,
                             .default_boundary = PF_BOUNDARY_SUBWORD };
    g_autofree char *found = found_by (&source, rows[i].of_run, rows[i].terms);

    g_assert_cmpstr (found, ==, rows[i].expected);
  }
}

#define PIECE(text)                                                            \
  {                                                                            \
    (const guint8 *)(text), sizeof (text) - 1                                  \
  }

/* Some of all kinds of characters. */
static PfPieces
random_kinds (void)
{
  static const PfSpan kinds[] = {
    PIECE ("a"),          PIECE ("b"),      PIECE ("A"),      PIECE ("B"),
    PIECE ("\u00E9"),     PIECE ("\u00C9"), PIECE ("\u01C5"), PIECE ("1"),
    PIECE ("\u0663"),     PIECE ("_"),      PIECE ("\u203F"), PIECE ("\u4E2D"),
    PIECE (MARK),         PIECE (MARKS_7),  PIECE (MARKS_8),  PIECE ("\u200D"),
    PIECE ("-"),          PIECE (" "),      PIECE ("\xCC"),   PIECE ("Ab"),
    PIECE ("\U000E0100"), /* a mark of four bytes */
  };
  PfPieces self = { .n = 3 + pf_random_below (8) };

  for (guint i = 0; i < self.n; i++)
    self.pieces[i] = kinds[pf_random_below (G_N_ELEMENTS (kinds))];
  self.pieces[0] = kinds[pf_random_below (4)];
  return self;
}

static void
check_all_ways (PfScans *scans, PfSpan text)
{
  g_autofree char *wanted = pf_scans_naive (scans, text);
  g_autofree char *whole = pf_scans_whole (scans, text);
  g_autofree char *windows =
      pf_scans_windows (scans, text, 1 + pf_random_below (5), TRUE);
  g_autofree char *pieces = pf_scans_pieces (scans, text, pf_random_below (8));

  if (!g_str_equal (whole, wanted))
    pf_random_fail (scans, text, "the twin differs", whole, wanted);
  if (!g_str_equal (windows, wanted))
    pf_random_fail (scans, text, "in windows", windows, wanted);
  if (!g_str_equal (pieces, wanted))
    pf_random_fail (scans, text, "in pieces", pieces, wanted);
}

static guint
check_kinds (const PfMatchRules *rules)
{
  PfPieces pieces = random_kinds ();
  PfGlossary *glossary = pf_random_glossary (&pieces, 4, 3);
  g_auto (PfScans) scans = { 0 };
  guint n = 0;

  /* Made for "none", and used for all. */
  if (pf_random_below (3) == 0)
    glossary = pf_scans_image (glossary);
  pf_scans_init (&scans, glossary, rules, pf_random_below (8) == 0 ? "-" : "");
  for (guint i = 0; i < 20; i++) {
    g_autoptr (GString) out = pf_random_text (scans.glossary, &pieces, 4);
    PfSpan text = { (const guint8 *)out->str, out->len };

    n += pf_random_check (&scans, text);
    check_all_ways (&scans, text);
  }
  return n;
}

static void
test_random (void)
{
  guint rounds = pf_random_times (3000), matches = 0;

  for (guint n = 0; n < rounds; n++) {
    PfMatchRules rules = pf_random_rules ();

    if (pf_random_below (3) > 0)
      rules.boundary =
          pf_random_below (3) > 0 ? PF_BOUNDARY_SUBWORD : PF_BOUNDARY_PREFIX;
    matches += check_kinds (&rules);
  }
  /* Or nothing was tested. */
  g_assert_cmpuint (matches, >, rounds);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bounds/prefix", test_prefix);
  g_test_add_func ("/bounds/subword", test_subword);
  g_test_add_func ("/bounds/subword/exact", test_subword_exact);
  g_test_add_func ("/bounds/subword/unicode", test_subword_unicode);
  g_test_add_func ("/bounds/default", test_default);
  g_test_add_func ("/bounds/random", test_random);
  return g_test_run ();
}
