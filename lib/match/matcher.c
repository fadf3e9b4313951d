/* Chooses who matches which entry: terms that begin and end at the edges of
 * words, terms that may start anywhere, or both. The reference takes it all
 * where a rule is asked for that only the reference knows. */
#include "match/matcher.h"

#include <stdatomic.h>

#include "match/mixed.h"
#include "match/reference.h"
#include "match/view_scan.h"
#include "text/word.h"

struct PfMatcher {
  atomic_int refs;
  PfGlossary *glossary;
  PfGlossary *shown;       /* the same, unless its terms are mapped */
  PfWordClass *word_class; /* NULL: the reference has it */
  PfMatchRules rules;      /* overlapping: of the parts below */
  gboolean overlapping;
  PfWords *words;         /* NULL: no entry is bound to words */
  PfAnywhere *anywhere;   /* NULL: no entry starts anywhere */
  PfReference *reference; /* NULL, or everything */
};

/* Each part is made when it is first needed. */
struct PfScratch {
  PfWordsScratch *words;
  PfAnywhereScratch *anywhere;
  PfReferenceScratch *reference;
  PfViewScratch *view;
};

static void
make_parts (PfMatcher *self)
{
  PfIsa isa = pf_matcher_isa (self);
  PfMatchRules rules = self->rules;

  self->anywhere = pf_anywhere_new (self->glossary, &rules, isa);
  if (self->anywhere != NULL && pf_anywhere_n_covered (self->anywhere) ==
                                    pf_glossary_n_entries (self->glossary))
    return;
  rules.overlapping |= self->anywhere != NULL;
  self->words = pf_words_new (self->glossary, self->word_class, &rules, isa);
}

PfMatcher *
pf_matcher_new (PfGlossary *glossary, PfWordClass *words,
                const PfMatchRules *rules)
{
  return pf_matcher_new_showing (glossary, glossary, words, rules);
}

PfMatcher *
pf_matcher_new_showing (PfGlossary *glossary, PfGlossary *shown,
                        PfWordClass *words, const PfMatchRules *rules)
{
  PfMatcher *self = g_new0 (PfMatcher, 1);

  atomic_init (&self->refs, 1);
  self->glossary = pf_glossary_ref (glossary);
  self->shown = pf_glossary_ref (shown);
  self->rules = *rules;
  self->overlapping = rules->overlapping;
  self->rules.overlapping |= pf_view_scan_wants_all (&rules->view);
  if (rules->match_end_starts_text || !pf_word_class_is_wide (words)) {
    self->reference = pf_reference_new (glossary, words, &self->rules);
    return self;
  }
  self->word_class = words;
  make_parts (self);
  return self;
}

PfMatcher *
pf_matcher_ref (PfMatcher *self)
{
  atomic_fetch_add_explicit (&self->refs, 1, memory_order_relaxed);
  return self;
}

void
pf_matcher_unref (PfMatcher *self)
{
  if (self == NULL ||
      atomic_fetch_sub_explicit (&self->refs, 1, memory_order_acq_rel) != 1)
    return;
  pf_words_free (self->words);
  pf_anywhere_free (self->anywhere);
  pf_reference_free (self->reference);
  pf_word_class_free (self->word_class);
  pf_glossary_unref (self->shown);
  pf_glossary_unref (self->glossary);
  g_free (self);
}

const PfGlossary *
pf_matcher_glossary (const PfMatcher *self)
{
  return self->shown;
}

gboolean
pf_matcher_is_mapped (const PfMatcher *self)
{
  return self->shown != self->glossary;
}

gsize
pf_matcher_anywhere (const PfMatcher *self, gboolean *is_stored)
{
  *is_stored = self->anywhere != NULL && pf_anywhere_is_stored (self->anywhere);
  return self->anywhere != NULL ? pf_anywhere_n_covered (self->anywhere) : 0;
}

PfIsa
pf_matcher_isa (const PfMatcher *self)
{
  return self->rules.isa_given ? self->rules.isa : pf_isa_best ();
}

PfScratch *
pf_scratch_new (void)
{
  return g_new0 (PfScratch, 1);
}

void
pf_scratch_free (PfScratch *self)
{
  if (self == NULL)
    return;
  pf_words_scratch_free (self->words);
  pf_anywhere_scratch_free (self->anywhere);
  pf_reference_scratch_free (self->reference);
  pf_view_scratch_free (self->view);
  g_free (self);
}

static PfWindow
window_of (const PfMatcher *self, const PfScan *scan)
{
  return (PfWindow){ scan->text, scan->final, self->rules.space,
                     self->word_class };
}

static gsize
scan_anywhere (const PfMatcher *self, PfAnywhereScratch *scratch,
               const PfScan *scan)
{
  PfWindow window = window_of (self, scan);
  gsize limit =
      scan->limit > 0 ? MIN (scan->limit, scan->text.len) : scan->text.len;
  gsize at = scan->from;
  PfAnywhereHit hit;
  PfAnswer there;

  pf_anywhere_begin (scratch);
  while ((there = pf_anywhere_next (self->anywhere, scratch, &window, at, limit,
                                    &hit)) == PF_YES) {
    at = self->rules.overlapping ? hit.start + 1 : hit.ends[0].end;
    for (guint i = 0; i < hit.n_ends; i++) {
      PfMatch match = { hit.start, hit.ends[i].end, hit.ends[i].entries,
                        hit.ends[i].n_entries };

      if (!scan->func (&match, scan->user))
        return match.end;
    }
  }
  return there == PF_UNDECIDED ? hit.start : MAX (at, limit);
}

static gsize
scan_mixed (const PfMatcher *self, PfScratch *scratch, const PfScan *scan)
{
  PfMixed mixed = { .glossary = self->glossary,
                    .words = self->words,
                    .words_scratch = scratch->words,
                    .anywhere = self->anywhere,
                    .anywhere_scratch = scratch->anywhere,
                    .window = window_of (self, scan),
                    .overlapping = self->rules.overlapping };

  return pf_mixed_scan (&mixed, scan);
}

/* A text as it is. */
static gsize
scan_plain (const PfMatcher *self, PfScratch *scratch, const PfScan *scan)
{
  if (self->words != NULL && scratch->words == NULL)
    scratch->words = pf_words_scratch_new ();
  if (self->anywhere != NULL && scratch->anywhere == NULL)
    scratch->anywhere = pf_anywhere_scratch_new ();
  if (self->reference != NULL && scratch->reference == NULL)
    scratch->reference = pf_reference_scratch_new ();
  if (self->reference != NULL)
    return pf_reference_scan (self->reference, scratch->reference, scan);
  if (self->anywhere == NULL)
    return pf_words_scan (self->words, scratch->words, scan);
  if (self->words == NULL)
    return scan_anywhere (self, scratch->anywhere, scan);
  return scan_mixed (self, scratch, scan);
}

typedef struct {
  const PfMatcher *matcher;
  PfScratch *scratch;
} Inner;

static gsize
scan_inner (gpointer user, const PfScan *scan)
{
  const Inner *inner = user;

  return scan_plain (inner->matcher, inner->scratch, scan);
}

static gsize
scan_view (const PfMatcher *self, PfScratch *scratch, const PfScan *scan)
{
  Inner inner = { self, scratch };
  PfViewScan view = { .rules = self->rules.view,
                      .overlapping = self->overlapping,
                      .part = self->rules.view_part,
                      .inner = scan_inner,
                      .user = &inner };

  if (scratch->view == NULL)
    scratch->view = pf_view_scratch_new ();
  return pf_view_scan (&view, scratch->view, scan);
}

gsize
pf_matcher_scan (const PfMatcher *self, PfScratch *scratch, const PfScan *scan)
{
  return pf_view_is_plain (&self->rules.view) ? scan_plain (self, scratch, scan)
                                              : scan_view (self, scratch, scan);
}
