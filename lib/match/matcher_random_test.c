/* Random small glossaries and texts from a small nasty alphabet: the matcher
 * must find what its naive twin finds, however the text is cut into windows.
 * A failure prints all that is needed to repeat it; so does --seed. */
#include "match/scans.h"

#include "base/escape.h"
#include "glossary/builder.h"

/* What terms and texts are made of; only texts take the last ones, which are
 * not UTF-8. */
static const struct {
  const char *bytes;
  gsize len;
} alphabet[] = {
  { "a", 1 },          { "b", 1 },
  { "k", 1 },          { "s", 1 },
  { "A", 1 },          { "K", 1 },
  { "-", 1 },          { ".", 1 },
  { "%", 1 },          { " ", 1 },
  { "\n", 1 },         { "\r", 1 },
  { "", 1 }, /* NUL */
  { "\u00E9", 2 },     { "\u00C9", 2 },
  { "\u212A", 3 },     /* the Kelvin sign folds to k */
  { "\u017F", 2 },     /* folds to s */
  { "\u00DF", 2 },     /* folds to itself */
  { "\u1E9E", 3 },     /* folds to the one before */
  { "\u0301", 2 },     /* a mark, which is a word character */
  { "\u00A0", 2 },     /* white space */
  { "\u2028", 3 },     /* white space */
  { "\U0001D7D8", 4 }, /* a word character of four bytes */
  { "\U0001F600", 4 }, /* another that is none */
  { "\xE9", 1 },       { "\x80", 1 },
  { "\xE2\x84", 2 },   { "\xF0\x9D\x9F", 3 },
};
#define N_SYMBOLS G_N_ELEMENTS (alphabet)
#define N_VALID (N_SYMBOLS - 4)

/* A round uses a few symbols only, so that terms and texts often agree. */
typedef struct {
  guint symbols[6];
  guint n;
} Subset;

static guint
below (guint n)
{
  return (guint)g_test_rand_int_range (0, (gint32)n);
}

static guint
times (guint n)
{
  return g_getenv ("PF_SANITIZER") != NULL ? n / 10 : n;
}

static Subset
pick_subset (void)
{
  Subset subset = { .n = 2 + below (5) };

  for (guint i = 0; i < subset.n; i++)
    subset.symbols[i] = below (N_SYMBOLS);
  subset.symbols[0] = below (6);
  return subset;
}

/* Appends up to MAX symbols of SUBSET. */
static void
append_random (GString *out, const Subset *subset, guint max, gboolean valid)
{
  for (guint n = below (max + 1); n > 0; n--) {
    guint symbol = subset->symbols[below (subset->n)];

    if (!valid || symbol < N_VALID)
      g_string_append_len (out, alphabet[symbol].bytes,
                           (gssize)alphabet[symbol].len);
  }
}

static PfSpan
span_of (const GString *text)
{
  return (PfSpan){ (const guint8 *)text->str, text->len };
}

/* Terms that are nothing but white space are refused, which is as well. */
static void
add_random_term (PfGlossaryBuilder *builder, const Subset *subset, guint number)
{
  g_autoptr (GString) term = g_string_new (NULL);
  g_auto (PfError) error = { 0 };
  char value[12];
  PfEntry entry = { .case_rule = (PfCase)below (3),
                    .boundary = (PfBoundary)below (5) };

  g_snprintf (value, sizeof value, "%u", number);
  append_random (term, subset, 5, TRUE);
  entry.term = span_of (term);
  entry.value = pf_span_str (value);
  pf_glossary_builder_add (builder, &entry, &error);
}

static PfGlossary *
random_glossary (const Subset *subset)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  guint number = 0;

  for (guint sources = 1 + below (2); sources > 0; sources--) {
    PfSourceRules rules = { .case_rule = (PfCase)below (3),
                            .boundary = (PfBoundary)below (5),
                            .default_case = (PfCase)below (3) };

    pf_glossary_builder_begin (builder, "source", &rules);
    for (guint n = below (6); n > 0; n--)
      add_random_term (builder, subset, number++);
  }
  return pf_glossary_builder_seal (builder, NULL);
}

/* Now and then a whole term, or most of one. */
static GString *
random_text (const PfGlossary *glossary, const Subset *subset)
{
  GString *text = g_string_new (NULL);
  guint terms = (guint)pf_glossary_n_entries (glossary);

  for (guint parts = below (5); parts > 0; parts--) {
    append_random (text, subset, 6, FALSE);
    if (terms > 0 && below (2) == 0) {
      PfSpan term = pf_glossary_term (glossary, below (terms));
      gsize len = term.len - (below (4) == 0);

      g_string_append_len (text, (const char *)term.data, (gssize)len);
    }
  }
  return text;
}

/* All that is needed to repeat a case by hand. */
static void
fail (const PfScans *scans, PfSpan text, const char *what, const char *found,
      const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const PfMatchRules *rules = &scans->rules;

  for (gsize i = 0; i < pf_glossary_n_entries (scans->glossary); i++) {
    PfEntry entry = pf_glossary_entry (scans->glossary, i);

    g_string_append (out, "term '");
    for (gsize k = 0; k < entry.term.len; k++)
      g_string_append_printf (out, "\\x%02x", entry.term.data[k]);
    g_string_append_printf (
        out, "' case %d default %d boundary %d value %.*s\n", entry.case_rule,
        pf_glossary_default_case (scans->glossary, i), entry.boundary,
        (int)entry.value.len, (const char *)entry.value.data);
  }
  g_string_append (out, "text '");
  for (gsize i = 0; i < text.len; i++)
    g_string_append_printf (out, "\\x%02x", text.data[i]);
  g_error ("%s: %s\nexpected: %s\ncase %d boundary %d space %d overlapping %d\n"
           "%s'",
           what, found, expected, rules->case_rule, rules->boundary,
           rules->space, rules->overlapping, out->str);
}

static void
check_naive (const PfScans *scans, PfSpan text)
{
  g_autofree char *found = pf_scans_whole (scans, text);
  g_autofree char *expected = pf_scans_naive (scans, text);

  if (!g_str_equal (found, expected))
    fail (scans, text, "the twin differs", found, expected);
}

static void
check_windows (const PfScans *scans, PfSpan text)
{
  g_autofree char *expected = pf_scans_whole (scans, text);

  for (guint i = 0; i < 3; i++) {
    g_autofree char *found =
        pf_scans_windows (scans, text, i == 0 ? 1 : 1 + below (6), i != 0);

    if (!g_str_equal (found, expected))
      fail (scans, text, "in windows", found, expected);
  }
}

static void
check_pieces (const PfScans *scans, PfSpan text)
{
  g_autofree char *expected = pf_scans_whole (scans, text);

  for (guint i = 0; i < 4; i++) {
    g_autofree char *found = pf_scans_pieces (scans, text, below (8));

    if (!g_str_equal (found, expected))
      fail (scans, text, "in pieces", found, expected);
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
  Subset subset = pick_subset ();
  g_auto (PfScans) scans = { 0 };
  guint n = 0;

  pf_scans_init (&scans, random_glossary (&subset), rules,
                 below (4) == 0 ? "-\u20AC" : "");
  for (guint i = 0; i < 20; i++) {
    g_autoptr (GString) text = random_text (scans.glossary, &subset);

    check (&scans, span_of (text));
    n += count_matches (&scans, span_of (text));
  }
  return n;
}

static void
check_random (PfSpace space, gboolean overlapping,
              void (*check) (const PfScans *scans, PfSpan text))
{
  guint matches = 0, glossaries = times (500);

  for (guint n = 0; n < glossaries; n++) {
    PfMatchRules rules = { .case_rule = (PfCase)below (3),
                           .boundary = (PfBoundary)below (5),
                           .space = space,
                           .overlapping = overlapping };

    matches += check_glossary (&rules, check);
  }
  /* Or nothing was tested. */
  g_assert_cmpuint (matches, >, glossaries);
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
  guint len = 250 + below (10);

  while (text->len < len)
    g_string_append (text, below (60) == 0   ? "\n"
                           : below (20) == 0 ? "\u00A0"
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
  for (guint n = 0; n < times (1000); n++) {
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
  add ("naive", test_naive);
  add ("naive-overlapping", test_naive_overlapping);
  add ("windows", test_windows);
  add ("windows-overlapping", test_windows_overlapping);
  add ("pieces", test_pieces);
  add ("pieces-overlapping", test_pieces_overlapping);
  add ("long-runs", test_long_runs);
  return g_test_run ();
}
