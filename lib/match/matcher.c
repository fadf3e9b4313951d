/* Chooses the matcher for a glossary. Entries that may start anywhere have a
 * quick one; where there are others, too, the reference matches them all. */
#include "match/matcher.h"

#include <stdatomic.h>

#include "match/anywhere.h"
#include "match/reference.h"
#include "text/utf8.h"
#include "text/word.h"

struct PfMatcher {
  atomic_int refs;
  PfGlossary *glossary;
  PfWordClass *words;
  PfMatchRules rules;
  PfEntryRules *entry_rules; /* by entry */
  PfAnywhere *anywhere;      /* or NULL, and there is a reference */
  PfReference *reference;
};

struct PfScratch {
  PfAnywhereScratch *anywhere;
  PfReferenceScratch *reference;
  GArray *entries; /* PfEntry */
};

static PfEntryRules
resolve_entry (const PfMatcher *self, const PfEntry *entry, gsize i)
{
  PfEntryRules rules = { (guint8)entry->case_rule, (guint8)entry->boundary };

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

static gboolean
has_word (const PfMatcher *self, PfSpan term)
{
  const guint8 *p = term.data, *end = p + term.len;
  gunichar c;

  while (p < end) {
    p += pf_utf8_next (p, end, &c);
    if (pf_word_class_has (self->words, c))
      return TRUE;
  }
  return FALSE;
}

/* Resolves the rules; TRUE where all entries may start anywhere. */
static gboolean
resolve_all (PfMatcher *self)
{
  gsize n = pf_glossary_n_entries (self->glossary);
  gboolean anywhere = n > 0;

  self->entry_rules = g_new (PfEntryRules, n);
  for (gsize i = 0; i < n; i++) {
    PfEntry entry = pf_glossary_entry (self->glossary, i);

    self->entry_rules[i] = resolve_entry (self, &entry, i);
    if (self->entry_rules[i].boundary != PF_BOUNDARY_NONE &&
        has_word (self, entry.term))
      anywhere = FALSE;
  }
  return anywhere;
}

static PfAnywhere *
make_anywhere (const PfMatcher *self)
{
  gsize n = pf_glossary_n_entries (self->glossary);
  g_autofree guint32 *numbers = g_new (guint32, n);
  const PfMatchRules *rules = &self->rules;

  for (gsize i = 0; i < n; i++)
    numbers[i] = (guint32)i;
  return pf_anywhere_new (&(PfAnywhereSpec){
      .glossary = self->glossary,
      .rules = self->entry_rules,
      .entries = numbers,
      .n_entries = n,
      .space = rules->space,
      .all_ends = rules->overlapping,
      .isa = rules->isa_given ? rules->isa : pf_isa_best () });
}

PfMatcher *
pf_matcher_new (PfGlossary *glossary, PfWordClass *words,
                const PfMatchRules *rules)
{
  PfMatcher *self = g_new0 (PfMatcher, 1);

  atomic_init (&self->refs, 1);
  self->glossary = pf_glossary_ref (glossary);
  self->words = words;
  self->rules = *rules;
  if (resolve_all (self)) {
    self->anywhere = make_anywhere (self);
  } else {
    self->reference = pf_reference_new (glossary, words, rules);
    self->words = NULL;
  }
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
  pf_anywhere_free (self->anywhere);
  pf_reference_free (self->reference);
  g_free (self->entry_rules);
  pf_word_class_free (self->words);
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
  PfScratch *self = g_new0 (PfScratch, 1);

  self->anywhere = pf_anywhere_scratch_new ();
  self->reference = pf_reference_scratch_new ();
  self->entries = g_array_new (FALSE, FALSE, sizeof (PfEntry));
  return self;
}

void
pf_scratch_free (PfScratch *self)
{
  if (self == NULL)
    return;
  pf_anywhere_scratch_free (self->anywhere);
  pf_reference_scratch_free (self->reference);
  g_array_unref (self->entries);
  g_free (self);
}

static gboolean
report (const PfMatcher *self, PfScratch *scratch, gsize start,
        const PfAnywhereEnd *end, const PfScan *scan)
{
  PfMatch match = { .start = start, .end = end->end };

  g_array_set_size (scratch->entries, 0);
  for (guint i = 0; i < end->n_entries; i++) {
    guint32 number = end->entries[i];
    PfEntry entry = pf_glossary_entry (self->glossary, number);

    entry.case_rule = (PfCase)self->entry_rules[number].case_rule;
    entry.boundary = (PfBoundary)self->entry_rules[number].boundary;
    g_array_append_val (scratch->entries, entry);
  }
  match.entries = (const PfEntry *)scratch->entries->data;
  match.n_entries = end->n_entries;
  return scan->func (&match, scan->user);
}

/* Reports all ends of a hit; *NEXT is where the scan goes on. */
static gboolean
report_hit (const PfMatcher *self, PfScratch *scratch, const PfAnywhereHit *hit,
            const PfScan *scan, gsize *next)
{
  for (guint i = 0; i < hit->n_ends; i++)
    if (!report (self, scratch, hit->start, &hit->ends[i], scan)) {
      *next = hit->ends[i].end;
      return FALSE;
    }
  *next = self->rules.overlapping ? hit->start + 1 : hit->ends[0].end;
  return TRUE;
}

static gsize
scan_anywhere (const PfMatcher *self, PfScratch *scratch, const PfScan *scan)
{
  PfWindow window = { scan->text, scan->final, self->rules.space, self->words };
  gsize at = scan->from;

  pf_anywhere_begin (scratch->anywhere);
  for (;;) {
    PfAnywhereHit hit;
    PfAnswer there = pf_anywhere_next (self->anywhere, scratch->anywhere,
                                       &window, at, scan->text.len, &hit);

    if (there == PF_NO)
      return scan->text.len;
    if (there == PF_UNDECIDED)
      return hit.start;
    if (!report_hit (self, scratch, &hit, scan, &at))
      return at;
  }
}

gsize
pf_matcher_scan (const PfMatcher *self, PfScratch *scratch, const PfScan *scan)
{
  if (self->anywhere != NULL)
    return scan_anywhere (self, scratch, scan);
  return pf_reference_scan (self->reference, scratch->reference, scan);
}
