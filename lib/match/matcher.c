/* Chooses who matches which entry: terms that begin and end at the edges of
 * words, terms that may start anywhere, or both. The reference takes it all
 * where a rule is asked for that only the reference knows. */
#include "match/matcher.h"

#include <stdatomic.h>

#include "match/mixed.h"
#include "match/reference.h"
#include "text/utf8.h"
#include "text/word.h"

struct PfMatcher {
  atomic_int refs;
  PfGlossary *glossary;
  PfWordClass *word_class; /* NULL: the reference has it */
  PfMatchRules rules;
  PfEntryRules *entry_rules; /* by number, of those that start anywhere */
  PfWords *words;            /* NULL: no entry is bound to words */
  PfAnywhere *anywhere;      /* NULL: no entry starts anywhere */
  PfReference *reference;    /* NULL, or everything */
};

/* Each part is made when it is first needed. */
struct PfScratch {
  PfWordsScratch *words;
  PfAnywhereScratch *anywhere;
  PfReferenceScratch *reference;
};

static PfEntryRules
resolve_entry (const PfMatcher *self, gsize i)
{
  PfEntry entry = pf_glossary_entry (self->glossary, i);
  PfEntryRules rules = { (guint8)entry.case_rule, (guint8)entry.boundary };

  if (rules.case_rule == PF_CASE_UNSET)
    rules.case_rule = (guint8)self->rules.case_rule;
  if (rules.case_rule == PF_CASE_UNSET)
    rules.case_rule = (guint8)pf_glossary_default_case (self->glossary, i);
  if (rules.boundary == PF_BOUNDARY_UNSET)
    rules.boundary = (guint8)self->rules.boundary;
  if (rules.boundary == PF_BOUNDARY_UNSET)
    rules.boundary = PF_BOUNDARY_WORD;
  return rules;
}

/* What an image calls a term may be none. */
static gboolean
has_sound_term (const PfMatcher *self, guint32 entry)
{
  PfSpan term = pf_glossary_term (self->glossary, entry);

  return term.len > 0 && pf_utf8_valid (term);
}

/* The entries that no token leads to; those of an image may hold anything. */
static GArray *
loose_entries (const PfMatcher *self)
{
  const PfIndex *index = pf_glossary_index (self->glossary);
  gsize n = pf_glossary_n_entries (self->glossary);
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (gsize i = 0; i < index->n_loose; i++)
    if (index->loose[i] < n &&
        (entries->len == 0 ||
         index->loose[i] >
             g_array_index (entries, guint32, entries->len - 1)) &&
        has_sound_term (self, index->loose[i]))
      g_array_append_val (entries, index->loose[i]);
  return entries;
}

/* And those whose rule says so, where that is the rule of the run. */
static GArray *
anywhere_entries (const PfMatcher *self)
{
  gsize n = pf_glossary_n_entries (self->glossary);
  GArray *loose = loose_entries (self), *entries;
  PfSourceRules source = pf_glossary_rules (self->glossary);
  guint k = 0;

  if (source.boundary != PF_BOUNDARY_NONE &&
      (source.boundary != PF_BOUNDARY_UNSET ||
       self->rules.boundary != PF_BOUNDARY_NONE))
    return loose;
  entries = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 i = 0; i < n; i++) {
    gboolean is_loose =
        k < loose->len && g_array_index (loose, guint32, k) == i;

    if (is_loose || (resolve_entry (self, i).boundary == PF_BOUNDARY_NONE &&
                     has_sound_term (self, i)))
      g_array_append_val (entries, i);
    k += is_loose;
  }
  g_array_unref (loose);
  return entries;
}

static void
make_anywhere (PfMatcher *self, const GArray *entries, PfIsa isa)
{
  gsize n = pf_glossary_n_entries (self->glossary);

  self->entry_rules = g_new0 (PfEntryRules, n);
  for (guint i = 0; i < entries->len; i++) {
    guint32 number = g_array_index (entries, guint32, i);

    self->entry_rules[number] = resolve_entry (self, number);
  }
  self->anywhere = pf_anywhere_new (
      &(PfAnywhereSpec){ .glossary = self->glossary,
                         .rules = self->entry_rules,
                         .entries = (const guint32 *)(gpointer)entries->data,
                         .n_entries = entries->len,
                         .space = self->rules.space,
                         .all_ends = self->rules.overlapping,
                         .isa = isa });
}

static void
make_parts (PfMatcher *self)
{
  PfIsa isa = self->rules.isa_given ? self->rules.isa : pf_isa_best ();
  gsize n = pf_glossary_n_entries (self->glossary);
  g_autoptr (GArray) entries = anywhere_entries (self);
  PfMatchRules rules = self->rules;

  if (entries->len > 0)
    make_anywhere (self, entries, isa);
  if (entries->len > 0 && entries->len == n)
    return;
  rules.overlapping |= entries->len > 0;
  self->words = pf_words_new (self->glossary, self->word_class, &rules, isa);
}

PfMatcher *
pf_matcher_new (PfGlossary *glossary, PfWordClass *words,
                const PfMatchRules *rules)
{
  PfMatcher *self = g_new0 (PfMatcher, 1);

  atomic_init (&self->refs, 1);
  self->glossary = pf_glossary_ref (glossary);
  self->rules = *rules;
  if (rules->match_end_starts_text || !pf_word_class_is_wide (words)) {
    self->reference = pf_reference_new (glossary, words, rules);
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
  g_free (self->entry_rules);
  pf_word_class_free (self->word_class);
  pf_glossary_unref (self->glossary);
  g_free (self);
}

const PfGlossary *
pf_matcher_glossary (const PfMatcher *self)
{
  return self->glossary;
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

gsize
pf_matcher_scan (const PfMatcher *self, PfScratch *scratch, const PfScan *scan)
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
