/* The gate over windows, against a slow twin that has the whole text and all of
 * its matches. */
#include "task/gate.h"

#include "base/test_random.h"
#include "glossary/builder.h"
#include "text/test_markers.h"
#include "text/word.h"

#define ROUNDS 120

/* A term with = at its end shields. */
static PfMatcher *
new_matcher (const char *const *terms, const PfMatchRules *rules)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  PfGlossary *glossary;
  PfMatcher *matcher;

  pf_glossary_builder_begin (builder, "g", &(PfSourceRules){ 0 });
  for (; *terms != NULL; terms++) {
    PfEntry entry = { .term = pf_span_str (*terms) };

    if (g_str_has_suffix (*terms, "=")) {
      entry.term.len--;
      entry.value = entry.term;
    }
    g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  }
  glossary = pf_glossary_builder_seal (builder, NULL);
  matcher = pf_matcher_new (glossary,
                            pf_word_class_new (pf_span_str (""), NULL), rules);
  pf_glossary_unref (glossary);
  return matcher;
}

typedef struct {
  gsize start, end;
  gboolean shields;
} Found;

typedef struct {
  const PfGlossary *glossary;
  gsize offset;
  GArray *found; /* Found */
} Gathering;

static gboolean
gather (const PfMatch *match, gpointer user)
{
  Gathering *self = user;
  Found found = { self->offset + match->start, self->offset + match->end,
                  FALSE };

  for (guint i = 0; i < match->n_entries; i++) {
    PfEntry entry = pf_glossary_entry (self->glossary, match->entries[i]);

    found.shields |= pf_span_equal (entry.term, entry.value);
  }
  g_array_append_val (self->found, found);
  return TRUE;
}

static gboolean
is_shielded (const GArray *all, const Found *match)
{
  for (guint i = 0; i < all->len; i++) {
    const Found *other = &g_array_index (all, Found, i);

    if (other->shields && other->start <= match->start &&
        match->end <= other->end)
      return TRUE;
  }
  return FALSE;
}

static void
append (GString *out, const Found *match)
{
  g_string_append_printf (out, "%d-%d ", (int)match->start, (int)match->end);
}

/* The slow twin. */
static char *
naive (const PfMatcher *matcher, const GString *text, gboolean has_markers)
{
  PfScratch *scratch = pf_scratch_new ();
  Gathering all = { pf_matcher_glossary (matcher), 0,
                    g_array_new (FALSE, FALSE, sizeof (Found)) };
  GString *out = g_string_new (NULL);

  pf_matcher_scan (matcher, scratch,
                   &(PfScan){ .text = { (guint8 *)text->str, text->len },
                              .final = TRUE,
                              .func = gather,
                              .user = &all });
  for (guint i = 0; i < all.found->len; i++) {
    const Found *match = &g_array_index (all.found, Found, i);

    if (!is_shielded (all.found, match) &&
        !(has_markers && pf_test_is_silent (text, match->start, match->end)))
      append (out, match);
  }
  g_array_unref (all.found);
  pf_scratch_free (scratch);
  return g_string_free (out, FALSE);
}

/* What stands in WINDOW, in memory of its own. */
static PfSpan
copy_of (const GString *text, gsize begin, gsize end)
{
  guint8 *copy = g_malloc (end - begin + 1);

  memcpy (copy, text->str + begin, end - begin);
  return (PfSpan){ copy, end - begin };
}

/* Through windows that grow by up to STEP bytes, as the pump has them. */
static char *
in_windows (const PfMatcher *matcher, const GString *text, gboolean has_markers,
            gsize step)
{
  g_auto (PfGate) gate = { 0 };
  PfScratch *scratch = pf_scratch_new ();
  Gathering some = { pf_matcher_glossary (matcher), 0,
                     g_array_new (FALSE, FALSE, sizeof (Found)) };
  GString *out = g_string_new (NULL);
  gsize begin = 0, end = 0, at = 0;

  pf_gate_init (&gate, has_markers, PF_ISA_SCALAR);
  pf_gate_reset (&gate, 0, (PfMarkerState){ 0 });
  do {
    gsize more = 1 + pf_test_draw ((guint)step), leave;
    PfScan scan = { .func = gather, .user = &some };

    end = MIN (end + more, text->len);
    scan.text = copy_of (text, begin, end);
    scan.from = at - begin;
    scan.final = end == text->len;
    some.offset = begin;
    at = begin + pf_gate_scan (&gate, matcher, scratch, &scan, begin);
    leave = at - begin - MIN (at - begin, PF_MATCH_CONTEXT);
    if (!scan.final)
      begin += pf_gate_leave (&gate, scan.text, begin, leave);
    g_free ((gpointer)scan.text.data);
  } while (end < text->len);
  g_assert_cmpuint (at, ==, text->len);
  for (guint i = 0; i < some.found->len; i++)
    append (out, &g_array_index (some.found, Found, i));
  g_array_unref (some.found);
  pf_scratch_free (scratch);
  return g_string_free (out, FALSE);
}

static void
check (const char *const *terms, const PfMatchRules *rules)
{
  PfMatcher *matcher = new_matcher (terms, rules);

  for (guint i = 0; i < pf_test_rounds (ROUNDS); i++) {
    GString *text = pf_test_marked_text (10 + pf_test_draw (40));
    gboolean has_markers = i % 4 > 0;
    gsize step = (gsize[]){ 30, 700, text->len }[i % 3];
    g_autofree char *expected = naive (matcher, text, has_markers);
    g_autofree char *found = in_windows (matcher, text, has_markers, step);

    g_assert_cmpstr (found, ==, expected);
    g_string_free (text, TRUE);
  }
  pf_matcher_unref (matcher);
}

static const char *const plain[] = { "a",      "ab c a", "ab", "c x",
                                     "pfproc", "ignore", "x",  NULL };
static const char *const shields[] = { "a", "ab c a=", "ab",   "x=", "c x a=",
                                       "c", "pfproc",  "ab c", NULL };

static void
test_markers (void)
{
  check (plain, &(PfMatchRules){ 0 });
  check (plain, &(PfMatchRules){ .boundary = PF_BOUNDARY_NONE });
  check (plain, &(PfMatchRules){ .overlapping = TRUE });
}

static void
test_shields (void)
{
  check (shields, &(PfMatchRules){ 0 });
  check (shields, &(PfMatchRules){ .boundary = PF_BOUNDARY_NONE });
}

static void
test_shields_overlapping (void)
{
  check (shields, &(PfMatchRules){ .overlapping = TRUE });
  check (shields,
         &(PfMatchRules){ .overlapping = TRUE, .boundary = PF_BOUNDARY_NONE });
}

/* Where markers are not asked for, and there are no shields, matches go by. */
static void
test_nothing (void)
{
  PfMatcher *matcher = new_matcher (plain, &(PfMatchRules){ 0 });
  GString *text = g_string_new ("a pfproc:ignore a");
  g_autofree char *found = in_windows (matcher, text, FALSE, text->len);

  g_assert_cmpstr (found, ==, "0-1 2-8 9-15 16-17 ");
  g_string_free (text, TRUE);
  pf_matcher_unref (matcher);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gate/markers", test_markers);
  g_test_add_func ("/gate/shields", test_shields);
  g_test_add_func ("/gate/shields-overlapping", test_shields_overlapping);
  g_test_add_func ("/gate/nothing", test_nothing);
  return g_test_run ();
}
