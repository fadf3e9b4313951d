/* The matcher for entries that may start anywhere, with every instruction set,
 * against the naive twin and the reference: random glossaries and texts from a
 * small nasty alphabet, long enough for the filter to do its work; with an
 * index that was made at the start, and with one from an image. A failure
 * prints all that is needed to repeat it; so does --seed. PFPROC_ISA names one
 * instruction set to be tested alone. */
#include "match/anywhere.h"

#include "base/test_random.h"
#include "glossary/builder.h"
#include "match/reference.h"
#include "match/scans.h"
#include "text/word.h"

/* What terms and texts are made of; only texts take the last ones, which are
 * not UTF-8. */
static const struct {
  const char *bytes;
  gsize len;
  gboolean is_word;
} alphabet[] = {
  { "a", 1, TRUE },
  { "b", 1, TRUE },
  { "k", 1, TRUE },
  { "s", 1, TRUE },
  { "A", 1, TRUE },
  { "K", 1, TRUE },
  { "-", 1, FALSE },
  { ".", 1, FALSE },
  { " ", 1, FALSE },
  { "\n", 1, FALSE },
  { "", 1, FALSE },      /* NUL */
  { "\u00E9", 2, TRUE }, /* e with acute, small and large */
  { "\u00C9", 2, TRUE },
  { "\u212A", 3, TRUE }, /* the Kelvin sign folds to k */
  { "\u017F", 2, TRUE }, /* folds to s */
  { "\u03C3", 2, TRUE }, /* sigma: three letters that fold to one */
  { "\u03C2", 2, TRUE },
  { "\u03A3", 2, TRUE },
  { "\u023A", 2, TRUE },      /* folds to three bytes */
  { "\u00A0", 2, FALSE },     /* white space */
  { "\u3000", 3, FALSE },     /* white space */
  { "\u20AC", 3, FALSE },     /* the Euro sign */
  { "\U0001F600", 4, FALSE }, /* an emoji */
  { "\xE9", 1, FALSE },
  { "\x80", 1, FALSE },
  { "\xE2\x84", 2, FALSE },
};
#define N_SYMBOLS G_N_ELEMENTS (alphabet)
#define N_VALID (N_SYMBOLS - 3)

/* A round uses a few symbols only, so that terms and texts often agree. */
typedef struct {
  guint symbols[5];
  guint n;
  guint shortest, longest; /* symbols in a term */
} Shape;

static Shape
pick_shape (void)
{
  Shape shape = { .n = 2 + pf_test_draw (4), .shortest = 1 + pf_test_draw (7) };

  shape.longest = shape.shortest + pf_test_draw (8);
  for (guint i = 0; i < shape.n; i++)
    shape.symbols[i] = pf_test_draw (pf_test_draw (2) == 0 ? 6 : N_SYMBOLS);
  shape.symbols[0] = pf_test_draw (6);
  return shape;
}

static void
append_symbol (GString *out, guint symbol)
{
  g_string_append_len (out, alphabet[symbol].bytes,
                       (gssize)alphabet[symbol].len);
}

/* An entry with a word character has no boundary; others have any. */
static void
add_random_term (PfGlossaryBuilder *builder, const Shape *shape, guint number)
{
  g_autoptr (GString) term = g_string_new (NULL);
  g_auto (PfError) error = { 0 };
  gboolean is_word = FALSE;
  char value[12];
  PfEntry entry = { .case_rule = (PfCase)pf_test_draw (3) };

  g_snprintf (value, sizeof value, "%u", number);
  for (guint n = shape->shortest +
                 pf_test_draw (shape->longest - shape->shortest + 1);
       n > 0; n--) {
    guint symbol = shape->symbols[pf_test_draw (shape->n)];

    if (symbol < N_VALID) {
      append_symbol (term, symbol);
      is_word |= alphabet[symbol].is_word;
    }
  }
  entry.boundary = is_word ? PF_BOUNDARY_NONE : (PfBoundary)pf_test_draw (5);
  entry.term = (PfSpan){ (const guint8 *)term->str, term->len };
  entry.value = pf_span_str (value);
  pf_glossary_builder_add (builder, &entry, &error);
}

static PfGlossary *
random_glossary (const Shape *shape)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  guint number = 0;

  for (guint sources = 1 + pf_test_draw (2); sources > 0; sources--) {
    PfSourceRules rules = { .case_rule = (PfCase)pf_test_draw (3),
                            .default_case = (PfCase)pf_test_draw (3) };

    pf_glossary_builder_begin (builder, "source", &rules);
    for (guint n = 1 + pf_test_draw (8); n > 0; n--)
      add_random_term (builder, shape, number++);
  }
  return pf_glossary_builder_seal (builder, NULL);
}

static GString *
random_text (const PfGlossary *glossary, const Shape *shape)
{
  GString *text = g_string_new (NULL);
  guint terms = pf_glossary_n_entries (glossary);
  guint rare = 1 + pf_test_draw (N_SYMBOLS);

  for (guint n = pf_test_draw (pf_test_draw (4) == 0 ? 600 : 40); n > 0; n--) {
    append_symbol (text, pf_test_draw (4) == 0
                             ? pf_test_draw (rare)
                             : shape->symbols[pf_test_draw (shape->n)]);
    if (terms > 0 && pf_test_draw (10) == 0) {
      PfSpan term = pf_glossary_term (glossary, pf_test_draw (terms));

      g_string_append_len (text, (const char *)term.data,
                           (gssize)(term.len - (pf_test_draw (4) == 0)));
    }
  }
  return text;
}

typedef struct {
  GString *out;
  const PfGlossary *glossary;
} Notes;

static gboolean
note_match (const PfMatch *match, gpointer user)
{
  const Notes *notes = user;
  GString *out = notes->out;

  g_string_append_printf (out, "%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT,
                          match->start, match->end);
  for (guint i = 0; i < match->n_entries; i++) {
    PfSpan value = pf_glossary_entry (notes->glossary, match->entries[i]).value;

    g_string_append_printf (out, "%c%.*s", i == 0 ? ':' : ',', (int)value.len,
                            (const char *)value.data);
  }
  g_string_append_c (out, ' ');
  return TRUE;
}

static char *
scan_reference (const PfScans *scans, PfSpan text)
{
  PfWordClass *words = pf_word_class_new ((PfSpan){ NULL, 0 }, NULL);
  g_autoptr (PfReference) reference =
      pf_reference_new (scans->glossary, words, &scans->rules);
  g_autoptr (PfReferenceScratch) scratch = pf_reference_scratch_new ();
  Notes notes = { g_string_new (NULL), scans->glossary };

  pf_reference_scan (
      reference, scratch,
      &(PfScan){
          .text = text, .final = TRUE, .func = note_match, .user = &notes });
  return g_string_free (notes.out, FALSE);
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
  g_error ("%s differs: %s\nexpected: %s\n"
           "isa %d case %d space %d overlapping %d\n%s'",
           what, found, expected, rules->isa, rules->case_rule, rules->space,
           rules->overlapping, out->str);
}

static void
check (const PfScans *scans, PfSpan text, const char *what, const char *found,
       const char *expected)
{
  if (!g_str_equal (found, expected))
    fail (scans, text, what, found, expected);
}

/* Returns how many matches there were. */
static guint
check_text (const PfScans *scans, PfSpan text)
{
  g_autofree char *found = pf_scans_whole (scans, text);
  g_autofree char *naive = pf_scans_naive (scans, text);
  g_autofree char *reference = scan_reference (scans, text);
  g_autofree char *windows =
      pf_scans_windows (scans, text, 1 + pf_test_draw (200), TRUE);
  guint n = 0;

  check (scans, text, "the twin", found, naive);
  check (scans, text, "the reference", found, reference);
  check (scans, text, "a scan in windows", windows, found);
  for (const char *p = found; *p != '\0'; p++)
    n += *p == ':';
  return n;
}

static guint
check_glossary (const PfMatchRules *rules, guint *n_stored)
{
  Shape shape = pick_shape ();
  PfGlossary *glossary = random_glossary (&shape);
  g_auto (PfScans) scans = { 0 };
  gboolean is_stored;
  guint n = 0;

  if (pf_test_draw (2) == 0)
    glossary = pf_scans_image (glossary);
  pf_scans_init (&scans, glossary, rules, "");
  pf_matcher_anywhere (scans.matcher, &is_stored);
  *n_stored += is_stored;
  for (guint i = 0; i < 10; i++) {
    g_autoptr (GString) text = random_text (scans.glossary, &shape);

    n += check_text (&scans, (PfSpan){ (const guint8 *)text->str, text->len });
  }
  return n;
}

static void
test_random (gconstpointer data)
{
  PfIsa isa = (PfIsa)(GPOINTER_TO_INT (data) / 2);
  guint matches = 0, stored = 0, glossaries = pf_test_rounds (400);

  for (guint n = 0; n < glossaries; n++) {
    PfMatchRules rules = { .case_rule = (PfCase)pf_test_draw (3),
                           .boundary = (PfBoundary)pf_test_draw (5),
                           .space = (PfSpace)pf_test_draw (3),
                           .overlapping = GPOINTER_TO_INT (data) % 2,
                           .isa_given = TRUE,
                           .isa = isa };

    matches += check_glossary (&rules, &stored);
  }
  /* Or nothing was tested. */
  g_assert_cmpuint (stored, >, glossaries / 20);
  g_assert_cmpuint (matches, >, glossaries);
}

/* A matcher of these terms, by itself. */
typedef struct {
  PfGlossary *glossary;
  PfWordClass *words;
  PfAnywhere *anywhere;
  PfAnywhereScratch *scratch;
  PfWindow window;
} Fixture;

static void
fixture_init (Fixture *self, const char *const *terms, guint n,
              gboolean all_ends, const char *text, gboolean final)
{
  PfMatchRules rules = { .boundary = PF_BOUNDARY_NONE,
                         .overlapping = all_ends };
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();

  pf_glossary_builder_begin (builder, "terms", &(PfSourceRules){ 0 });
  for (guint i = 0; i < n; i++) {
    PfEntry entry = { .term = pf_span_str (terms[i]) };

    g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  }
  self->glossary = pf_glossary_builder_seal (builder, NULL);
  self->words = pf_word_class_new ((PfSpan){ NULL, 0 }, NULL);
  self->anywhere = pf_anywhere_new (self->glossary, &rules, pf_isa_best ());
  self->scratch = pf_anywhere_scratch_new ();
  self->window =
      (PfWindow){ pf_span_str (text), final, PF_SPACE_WRAP, self->words };
  pf_anywhere_begin (self->scratch);
}

static void
fixture_clear (Fixture *self)
{
  pf_anywhere_free (self->anywhere);
  pf_anywhere_scratch_free (self->scratch);
  pf_word_class_free (self->words);
  pf_glossary_unref (self->glossary);
}

static PfAnswer
next (Fixture *self, gsize from, gsize limit, PfAnywhereHit *hit)
{
  return pf_anywhere_next (self->anywhere, self->scratch, &self->window, from,
                           limit, hit);
}

static void
check_end (const PfAnywhereHit *hit, guint i, gsize end, guint32 entry)
{
  g_assert_cmpuint (i, <, hit->n_ends);
  g_assert_cmpuint (hit->ends[i].end, ==, end);
  g_assert_cmpuint (hit->ends[i].n_entries, ==, 1);
  g_assert_cmpuint (hit->ends[i].entries[0], ==, entry);
}

static const char *const terms[] = { "ab", "abcd", "cd" };

static void
test_limit (void)
{
  Fixture fixture;
  PfAnywhereHit hit;

  fixture_init (&fixture, terms, 3, FALSE, "xxabcdxxabxx", TRUE);
  g_assert_cmpint (next (&fixture, 0, 2, &hit), ==, PF_NO);
  g_assert_cmpint (next (&fixture, 0, 3, &hit), ==, PF_YES);
  g_assert_cmpuint (hit.start, ==, 2);
  g_assert_cmpuint (hit.n_ends, ==, 1);
  check_end (&hit, 0, 6, 1);
  /* What a caller steps over is not looked at. */
  g_assert_cmpint (next (&fixture, 5, 8, &hit), ==, PF_NO);
  g_assert_cmpint (next (&fixture, 5, 12, &hit), ==, PF_YES);
  g_assert_cmpuint (hit.start, ==, 8);
  check_end (&hit, 0, 10, 0);
  g_assert_cmpint (next (&fixture, 10, 12, &hit), ==, PF_NO);
  fixture_clear (&fixture);
}

static void
test_all_ends (void)
{
  Fixture fixture;
  PfAnywhereHit hit;

  fixture_init (&fixture, terms, 3, TRUE, "xxabcdxx", TRUE);
  g_assert_cmpint (next (&fixture, 0, 8, &hit), ==, PF_YES);
  g_assert_cmpuint (hit.start, ==, 2);
  g_assert_cmpuint (hit.n_ends, ==, 2);
  check_end (&hit, 0, 6, 1);
  check_end (&hit, 1, 4, 0);
  g_assert_cmpint (next (&fixture, 3, 8, &hit), ==, PF_YES);
  g_assert_cmpuint (hit.start, ==, 4);
  check_end (&hit, 0, 6, 2);
  fixture_clear (&fixture);
}

/* Where a longer term may still come, a shorter one is not reported; what can
 * no longer be part of any is decided. */
static void
test_undecided (void)
{
  Fixture fixture;
  PfAnywhereHit hit;

  fixture_init (&fixture, terms, 3, FALSE, "xxabxxabc", FALSE);
  g_assert_cmpint (next (&fixture, 0, 9, &hit), ==, PF_YES);
  g_assert_cmpuint (hit.start, ==, 2);
  g_assert_cmpint (next (&fixture, 4, 9, &hit), ==, PF_UNDECIDED);
  g_assert_cmpuint (hit.start, ==, 6);
  fixture_clear (&fixture);
  fixture_init (&fixture, terms, 3, FALSE, "xxabxxx\n", FALSE);
  g_assert_cmpint (next (&fixture, 4, 8, &hit), ==, PF_NO);
  fixture_clear (&fixture);
}

static void
test_empty (void)
{
  Fixture fixture;

  fixture_init (&fixture, terms, 0, FALSE, "a text", TRUE);
  g_assert_null (fixture.anywhere);
  fixture_clear (&fixture);
}

static gboolean
is_wanted (PfIsa isa)
{
  const char *name = g_getenv ("PFPROC_ISA");
  PfIsa only;

  if (name != NULL) {
    g_assert_true (pf_isa_parse (name, &only));
    g_assert_true (pf_isa_is_supported (only));
    return isa == only;
  }
  return pf_isa_is_supported (isa);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int isa = 0; isa < PF_N_ISAS; isa++)
    for (int overlapping = 0; overlapping < 2 && is_wanted ((PfIsa)isa);
         overlapping++) {
      g_autofree char *path = g_strdup_printf (
          "/anywhere/random/isa-%d%s", isa, overlapping ? "-overlapping" : "");

      g_test_add_data_func (path, GINT_TO_POINTER (2 * isa + overlapping),
                            test_random);
    }
  g_test_add_func ("/anywhere/limit", test_limit);
  g_test_add_func ("/anywhere/all-ends", test_all_ends);
  g_test_add_func ("/anywhere/undecided", test_undecided);
  g_test_add_func ("/anywhere/empty", test_empty);
  return g_test_run ();
}
