/* What a match is, sentence by sentence, in tables: each row says which terms
 * there are and where a text shows them in brackets. Each row is also scanned
 * in windows of every small size and by the naive twin. */
#include "match/scans.h"

#include <string.h>

#include "glossary/builder.h"

typedef struct {
  const char *terms;    /* separated by |, each perhaps with ;RULES */
  const char *expected; /* the text, with [] around matches */
  PfBoundary boundary;
  PfCase case_rule;
  PfSpace space;
  const char *extra_words;
} Row;

static char *
without_brackets (const char *marked)
{
  char *text = g_strdup (marked), *to = text;

  for (const char *p = marked; *p != '\0'; p++)
    if (*p != '[' && *p != ']')
      *to++ = *p;
  *to = '\0';
  return text;
}

static void
check_row (const Row *row)
{
  PfMatchRules rules = { .case_rule = row->case_rule,
                         .boundary = row->boundary,
                         .space = row->space };
  g_autofree char *plain = without_brackets (row->expected);
  g_autofree char *found = NULL;
  PfSpan text = pf_span_str (plain);
  g_auto (PfScans) scans = { 0 };

  pf_scans_init (&scans, pf_scans_glossary (row->terms), &rules,
                 row->extra_words != NULL ? row->extra_words : "");
  found = pf_scans_marked (&scans, text);
  g_assert_cmpstr (found, ==, row->expected);
  pf_scans_check_ways (&scans, text);
}

#define ROW(terms_, expected_, ...)                                            \
  {                                                                            \
    .terms = terms_, .expected = expected_, __VA_ARGS__                        \
  }

#define CHECK_ROWS(rows)                                                       \
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)                              \
  check_row (&(rows)[i])

#define WORD .boundary = PF_BOUNDARY_WORD
#define STRICT .boundary = PF_BOUNDARY_STRICT
#define HOST .boundary = PF_BOUNDARY_HOST
#define NONE .boundary = PF_BOUNDARY_NONE
#define FOLD .case_rule = PF_CASE_IGNORE
#define LINE .space = PF_SPACE_LINE
#define EXACT .space = PF_SPACE_EXACT

static void
test_boundary_word (void)
{
  static const Row rows[] = {
    ROW ("cat", "[cat]"),
    ROW ("cat", "cats concat [cat] _cat cat_ cat9 [cat]-[cat].[cat]"),
    ROW ("cat", "c\u00E1cat cat\u0301 \u20AC[cat]\u20AC \u00E9cat"),
    ROW ("%", "50[%]"),
    ROW ("C++", "[C++]17 C+ XC++ [C++]"),
    ROW ("\u20AC", "[\u20AC]9 9[\u20AC]"),
    ROW ("-x", "a[-x] a-xy"),
    ROW ("--", "a[--]b"),
    ROW ("\U0001D7D8", "1\U0001D7D8 [\U0001D7D8] \U0001D7D81"),
    ROW ("cat", "cats [cat]", WORD),
  };

  CHECK_ROWS (rows);
}

static void
test_boundary_strict (void)
{
  static const Row rows[] = {
    ROW ("cat", "[cat] cats [cat]-[cat]", STRICT),
    ROW ("%", "50% [%] %5", STRICT),
    ROW ("C++", "C++17 [C++]-17", STRICT),
    ROW ("\u20AC", "\u20AC9 [\u20AC] 9\u20AC", STRICT),
  };

  CHECK_ROWS (rows);
}

static void
test_boundary_host (void)
{
  static const Row rows[] = {
    ROW ("example.com", "[example.com]", HOST),
    ROW ("example.com", "www.[example.com] see [example.com].", HOST),
    ROW ("example.com", "my-example.com myexample.com", HOST),
    ROW ("example.com", "example.com-x example.comx example.com.au", HOST),
    ROW ("example.com", "[example.com]. [example.com].. [example.com].-", HOST),
    ROW ("example.com", "[example.com]/x [example.com]:80", HOST),
    ROW ("10.0.0.1", "10.0.0.11 [10.0.0.1] 110.0.0.1 10.0.0.1.2", HOST),
    ROW ("%", "5% a-% [%]", HOST),
    ROW ("%", "%5 %- %.5 [%].", HOST),
  };

  CHECK_ROWS (rows);
}

static void
test_boundary_none (void)
{
  static const Row rows[] = {
    ROW ("cat", "[cat]s con[cat] [cat][cat]", NONE),
    ROW ("\u6771\u4EAC", "\u5728[\u6771\u4EAC]\u90FD", NONE),
    ROW ("aa", "[aa]a", NONE),
  };

  CHECK_ROWS (rows);
}

static void
test_extra_words (void)
{
  static const Row rows[] = {
    ROW ("cat", "-cat cat- [cat].", .extra_words = "-"),
    ROW ("-", "a- [-] -a", .extra_words = "-"),
    ROW ("cat", "\U0001F600cat", .extra_words = "\U0001F600"),
  };

  CHECK_ROWS (rows);
}

static void
test_leftmost_longest (void)
{
  static const Row rows[] = {
    ROW ("new|new york|york", "[new york] [york] [new]"),
    ROW ("a b|b c d", "[a b] c d"),
    ROW ("b c d|a b", "[a b] c d"),
    ROW ("ab|b|abc", "[abc][b][ab]", NONE),
    ROW ("a|aa|aaa", "[aaa][aa]", NONE),
    ROW ("can|can't", "[can't] [can]"),
    ROW ("k|\u212A", "[\u212A] [k]", NONE, FOLD),
  };

  CHECK_ROWS (rows);
}

/* Where the longer candidate does not hold, a shorter one may. */
static void
test_fall_back (void)
{
  static const Row rows[] = {
    ROW ("new|new york", "[new] yorker [new york]"),
    ROW ("new|new york|new york city", "[new york] cityscape"),
    ROW ("C|C++|C++1", "[C++]17 [C++1]"),
    ROW ("new|New York;e", "[new] york [New York] [New]", FOLD),
    ROW ("a.b|a", "[a].bc [a.b]"),
    ROW ("a|a%;s", "[a]%b [a%] [a]%_"),
    ROW ("new york|york", "xnew [york]"),
  };

  CHECK_ROWS (rows);
}

/* The end of a match is not a start of text: what stands before is looked at
 * all the same. */
static void
test_match_end (void)
{
  static const Row rows[] = {
    ROW ("-|b", "[b][-] a[-][b]", NONE),
    ROW ("b|-", "[b]-", STRICT),
    ROW ("a|b;s", "[a]b", NONE),
    ROW ("a;n|b", "[a]b [a]-[b]"),
  };

  CHECK_ROWS (rows);
}

/* GNU grep takes it for one. */
static void
test_match_end_as_start (void)
{
  PfMatchRules rules = { .boundary = PF_BOUNDARY_STRICT,
                         .match_end_starts_text = TRUE };
  g_auto (PfScans) scans = { 0 };
  g_autofree char *found = NULL;

  pf_scans_init (&scans, pf_scans_glossary ("b|-"), &rules, "");
  found = pf_scans_marked (&scans, pf_span_str ("b- ab- -b"));
  g_assert_cmpstr (found, ==, "[b][-] ab- -[b]");
}

static void
test_case (void)
{
  static const Row rows[] = {
    ROW ("Cat", "[Cat] cat CAT"),
    ROW ("Cat", "[Cat] [cat] [CAT]", FOLD),
    ROW ("\u00C9t\u00E9", "\u00E9T\u00C9 [\u00C9t\u00E9]"),
    ROW ("\u00C9t\u00E9", "[\u00E9T\u00C9] [\u00C9t\u00E9] ete", FOLD),
    ROW ("\U00010400", "[\U00010428]", FOLD), /* Deseret */
    ROW ("\u03C3", "[\u03C3] [\u03C2] [\u03A3]", FOLD),
  };

  CHECK_ROWS (rows);
}

/* Folding that changes how many bytes there are. */
static void
test_case_lengths (void)
{
  static const Row rows[] = {
    ROW ("kelvin", "[\u212Aelvin] [KELVIN]", FOLD),
    ROW ("\u212Aelvin", "[kelvin] [Kelvin] [\u212AELVIN]", FOLD),
    ROW ("kelvin", "\u212Aelvin [kelvin]"),
    ROW ("mass", "[ma\u017F\u017F] [MAS\u017F]", FOLD),
    ROW ("ma\u017Fs", "[mass] [ma\u017F\u017F]", FOLD),
    ROW ("\u017F", "[s][S][\u017F]", NONE, FOLD),
    ROW ("\u212Aelvin", "[kelvin] and [KELVIN] kelvi", FOLD),
    ROW ("\u017F|\u212A k", "[s] [S] [k k]", FOLD),
  };

  CHECK_ROWS (rows);
}

/* Simple folding: no letter becomes two, and U+0130 matches only itself. */
static void
test_case_simple (void)
{
  static const Row rows[] = {
    ROW ("\u0130", "i I \u0131 i\u0307 [\u0130]", FOLD),
    ROW ("i", "[i] [I] \u0130 \u0131", FOLD),
    ROW ("stra\u00DFe", "[stra\u00DFe] [STRA\u1E9EE] strasse STRASSE", FOLD),
    ROW ("strasse", "stra\u00DFe [STRASSE]", FOLD),
    ROW ("\u1E9E", "[\u00DF] [\u1E9E] ss", FOLD),
    ROW ("\u1E9E", "\u00DF [\u1E9E]"),
    ROW ("\uFB01", "fi [\uFB01]", FOLD),
  };

  CHECK_ROWS (rows);
}

static void
test_space_wrap (void)
{
  static const Row rows[] = {
    ROW ("new york", "[new york] [new  york] [new\tyork] newyork"),
    ROW ("new york", "[new\nyork] [new\r\nyork] [new \n  york] [new\ryork]"),
    ROW ("new york", "new\n\nyork new\r\n\r\nyork new\n \nyork"),
    ROW ("new york", "[new\u00A0york] [new\u3000\nyork] [new\u2028york]"),
    ROW ("new \t york", "[new york] [new\nyork]"),
    ROW ("new\u00A0york", "[new york]"),
    ROW ("a b c", "[a\nb\nc] a\n\nb c"),
    ROW ("new york", "new\u200Byork new-york"),
    ROW ("New York", "[NEW\nYORK]", FOLD),
  };

  CHECK_ROWS (rows);
}

static void
test_space_line (void)
{
  static const Row rows[] = {
    ROW ("new york", "[new york] [new \t york] [new\u3000york]", LINE),
    ROW ("new york", "new\nyork new\r\nyork new \n york", LINE),
    ROW ("new york", "[new\ryork] [new\fyork]", LINE),
  };

  CHECK_ROWS (rows);
}

static void
test_space_exact (void)
{
  static const Row rows[] = {
    ROW ("new york", "[new york] new  york new\tyork new\nyork", EXACT),
    ROW ("new\tyork", "new york [new\tyork]", EXACT),
    ROW ("new  york", "new york [new  york] new   york", EXACT),
    ROW ("new\nyork", "[new\nyork] new\r\nyork", EXACT),
    ROW ("new\u00A0york", "new york [new\u00A0york]", EXACT),
  };

  CHECK_ROWS (rows);
}

/* A run of LEN spaces, of which FIRST is the first, between a and b. */
static char *
long_run (gsize len, const char *first)
{
  g_autofree char *run = g_strnfill (len - strlen (first), ' ');

  return g_strconcat ("a", first, run, "b", NULL);
}

static void
check_long_run (PfSpace space, gsize len, const char *first, gboolean found)
{
  g_autofree char *text = long_run (len, first);
  g_autofree char *expected =
      found ? g_strconcat ("[", text, "]", NULL) : g_strdup (text);
  Row row = { .terms = "a b", .expected = expected, .space = space };

  check_row (&row);
}

static void
test_space_longest (void)
{
  for (int space = PF_SPACE_WRAP; space <= PF_SPACE_LINE; space++) {
    check_long_run ((PfSpace)space, 255, " ", TRUE);
    check_long_run ((PfSpace)space, 256, " ", TRUE);
    check_long_run ((PfSpace)space, 257, " ", FALSE);
    check_long_run ((PfSpace)space, 1000, " ", FALSE);
    check_long_run ((PfSpace)space, 256, "\u3000", TRUE);
    check_long_run ((PfSpace)space, 257, "\u3000", FALSE);
    check_long_run ((PfSpace)space, 256, "\n", space == PF_SPACE_WRAP);
    check_long_run ((PfSpace)space, 256, "\r\n", space == PF_SPACE_WRAP);
    check_long_run ((PfSpace)space, 257, "\r\n", FALSE);
  }
}

/* Each byte that is not UTF-8 is one character that no word has. */
static void
test_invalid (void)
{
  static const Row rows[] = {
    ROW ("cat", "\xE9[cat]\xE9 \x80[cat]\xC3 [cat]\xFF"),
    ROW ("cat", "c\xFF"
                "at \xF0\x9D\x9F[cat]"),
    ROW ("cat", "\xED\xA0\x80[cat]\xC0\xAF", STRICT),
    ROW ("e.com", "\xFF[e.com].\xFF [e.com]\x80", HOST),
    ROW ("\u00E9", "\xC3 \xA9 [\u00E9] \xC3[\xC3\xA9]", FOLD),
    ROW ("\u00E9", "\xC3[\u00E9]\xA9", NONE),
    ROW ("a b", "a\xFF b a \xC2"
                "b a\xA0"
                "b [a b]"),
    ROW ("\uFFFD", "\xFF [\uFFFD]"),
  };

  CHECK_ROWS (rows);
}

/* NUL is a character as any other, in terms and in texts. */
static void
test_nul (void)
{
  static const guint8 data[] = "cat\0cat a\0b a\0bc";
  PfSpan text = { data, sizeof data - 1 };
  PfGlossaryBuilder *builder = pf_glossary_builder_new ();
  PfEntry nul = { .term = { (const guint8 *)"a\0b", 3 },
                  .value = pf_span_str ("nul") };
  g_auto (PfScans) scans = { 0 };
  g_autofree char *found = NULL;

  pf_scans_add_terms (builder, "cat", &(PfSourceRules){ 0 });
  g_assert_true (pf_glossary_builder_add (builder, &nul, NULL));
  pf_scans_init (&scans, pf_glossary_builder_seal (builder, NULL),
                 &(PfMatchRules){ 0 }, "");
  pf_glossary_builder_free (builder);
  found = pf_scans_whole (&scans, text);
  g_assert_cmpstr (found, ==, "0-3:cat 4-7:cat 8-11:nul ");
  pf_scans_check_ways (&scans, text);
}

/* Scans TEXT for two lists of terms, the second with rules of its own, and
 * compares the transcripts. */
static void
check_two (const char *first, const char *second, const PfSourceRules *given,
           const PfMatchRules *rules, const char *text, const char *expected)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_auto (PfScans) scans = { 0 };
  g_autofree char *found = NULL;

  pf_scans_add_terms (builder, first, &(PfSourceRules){ 0 });
  pf_scans_add_terms (builder, second, given);
  pf_scans_init (&scans, pf_glossary_builder_seal (builder, NULL), rules, "");
  found = pf_scans_whole (&scans, pf_span_str (text));
  g_assert_cmpstr (found, ==, expected);
  pf_scans_check_ways (&scans, pf_span_str (text));
}

/* By start, longer first, and every candidate that holds its rules. */
static void
test_overlapping (void)
{
  PfMatchRules words = { .overlapping = TRUE };
  PfMatchRules anywhere = { .overlapping = TRUE, .boundary = PF_BOUNDARY_NONE };
  PfSourceRules none = { 0 };

  check_two ("new|new york", "york|york city", &none, &words, "new york city",
             "0-8:new york 0-3:new 4-13:york city 4-8:york ");
  check_two ("new|new york", "york|york city", &none, &words, "new yorkcity",
             "0-3:new ");
  check_two ("a", "aa", &none, &anywhere, "aaa",
             "0-2:aa 0-1:a 1-3:aa 1-2:a 2-3:a ");
}

/* Exact bytes before folded, then glossary order, then entry order. */
static void
test_entries_order (void)
{
  PfMatchRules rules = { .case_rule = PF_CASE_IGNORE };
  PfSourceRules none = { 0 };

  check_two ("cat|Cat", "CAT|cat;n", &none, &rules, "CAT",
             "0-3:CAT,cat,Cat,cat;n ");
  check_two ("cat|Cat", "CAT|cat;n", &none, &rules, "cat",
             "0-3:cat,cat;n,Cat,CAT ");
  check_two ("CAT|CAT;s", "Cat;n|cat", &none, &rules, "cAT",
             "0-3:CAT,CAT;s,Cat;n,cat ");
  check_two ("k", "\u212A|K", &none, &rules, "\u212A", "0-3:\u212A,k,K ");
}

/* An entry whose own rules fail is not among those of a match. */
static void
test_entries_hold (void)
{
  PfMatchRules rules = { 0 };
  PfSourceRules none = { 0 };

  check_two ("%;s|%", "%;n", &none, &rules, "5% %", "1-2:%,%;n 3-4:%;s,%,%;n ");
  check_two ("cat|CAT;i", "cat;i", &none, &rules, "Cat cat",
             "0-3:CAT;i,cat;i 4-7:cat,cat;i,CAT;i ");
  check_two ("a b", "a  b", &none, &rules, "a\nb", "0-3:a b,a  b ");
}

/* The nearest rule wins: the entry's, the glossary's, the run's, the format's.
 */
static void
test_precedence (void)
{
  PfMatchRules none = { 0 }, exact = { .case_rule = PF_CASE_EXACT };
  PfMatchRules fold = { .case_rule = PF_CASE_IGNORE };
  PfSourceRules format = { .default_case = PF_CASE_IGNORE };
  PfSourceRules given = { .default_case = PF_CASE_EXACT,
                          .case_rule = PF_CASE_IGNORE };
  PfSourceRules given_exact = { .default_case = PF_CASE_IGNORE,
                                .case_rule = PF_CASE_EXACT };

  check_two ("a", "b", &format, &none, "A B", "2-3:b ");
  check_two ("a", "b", &format, &exact, "A B", "");
  check_two ("a", "b", &format, &fold, "A B", "0-1:a 2-3:b ");
  check_two ("a", "b", &given, &exact, "A B", "2-3:b ");
  check_two ("a", "b", &given_exact, &fold, "A B", "0-1:a ");
  check_two ("a", "b;e|c", &given, &fold, "A B C", "0-1:a 4-5:c ");
  check_two ("a", "b;i|c", &given_exact, &exact, "A B C", "2-3:b;i ");
}

static void
test_precedence_of_boundaries (void)
{
  PfMatchRules none = { 0 }, strict = { .boundary = PF_BOUNDARY_STRICT };
  PfSourceRules given = { .boundary = PF_BOUNDARY_NONE };

  check_two ("%", "ab", &given, &none, "x% xab", "1-2:% 4-6:ab ");
  check_two ("%", "ab", &given, &strict, "x% xab", "4-6:ab ");
  check_two ("%;n", "ab;s|ac", &given, &strict, "x% xab xac",
             "1-2:%;n 8-10:ac ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matcher/boundary/word", test_boundary_word);
  g_test_add_func ("/matcher/boundary/strict", test_boundary_strict);
  g_test_add_func ("/matcher/boundary/host", test_boundary_host);
  g_test_add_func ("/matcher/boundary/none", test_boundary_none);
  g_test_add_func ("/matcher/boundary/extra-words", test_extra_words);
  g_test_add_func ("/matcher/longest/leftmost", test_leftmost_longest);
  g_test_add_func ("/matcher/longest/fall-back", test_fall_back);
  g_test_add_func ("/matcher/longest/match-end", test_match_end);
  g_test_add_func ("/matcher/longest/match-end-as-start",
                   test_match_end_as_start);
  g_test_add_func ("/matcher/case/letters", test_case);
  g_test_add_func ("/matcher/case/lengths", test_case_lengths);
  g_test_add_func ("/matcher/case/simple", test_case_simple);
  g_test_add_func ("/matcher/space/wrap", test_space_wrap);
  g_test_add_func ("/matcher/space/line", test_space_line);
  g_test_add_func ("/matcher/space/exact", test_space_exact);
  g_test_add_func ("/matcher/space/longest", test_space_longest);
  g_test_add_func ("/matcher/bytes/invalid", test_invalid);
  g_test_add_func ("/matcher/bytes/nul", test_nul);
  g_test_add_func ("/matcher/entries/overlapping", test_overlapping);
  g_test_add_func ("/matcher/entries/order", test_entries_order);
  g_test_add_func ("/matcher/entries/hold", test_entries_hold);
  g_test_add_func ("/matcher/rules/case", test_precedence);
  g_test_add_func ("/matcher/rules/boundary", test_precedence_of_boundaries);
  return g_test_run ();
}
