#include "glossary/glossary.h"

#include <stdatomic.h>

struct PfGlossary {
  atomic_int refs;
  PfSections sections;
  PfSourceRules rules; /* the label points into LABEL */
  guint8 *label;
  gpointer backing;
  GDestroyNotify release;
};

PfGlossary *
pf_glossary_new (const PfSections *sections, const PfSourceRules *rules,
                 gpointer backing, GDestroyNotify release)
{
  PfGlossary *self = g_new0 (PfGlossary, 1);

  atomic_init (&self->refs, 1);
  self->sections = *sections;
  self->rules = *rules;
  self->label = g_memdup2 (rules->label.data, rules->label.len);
  self->rules.label.data = self->label;
  self->backing = backing;
  self->release = release;
  return self;
}

PfGlossary *
pf_glossary_ref (PfGlossary *self)
{
  /* A new reference is made from one that is held, so nothing to order. */
  atomic_fetch_add_explicit (&self->refs, 1, memory_order_relaxed);
  return self;
}

void
pf_glossary_unref (PfGlossary *self)
{
  /* Release what this thread did, acquire what the others did, then free. */
  if (self == NULL ||
      atomic_fetch_sub_explicit (&self->refs, 1, memory_order_acq_rel) != 1)
    return;
  self->release (self->backing);
  g_free (self->label);
  g_free (self);
}

gconstpointer
pf_glossary_backing (const PfGlossary *self, GDestroyNotify release)
{
  return self->release == release ? self->backing : NULL;
}

const PfSections *
pf_glossary_sections (const PfGlossary *self)
{
  return &self->sections;
}

const PfIndex *
pf_glossary_index (const PfGlossary *self)
{
  return &self->sections.index;
}

PfSourceRules
pf_glossary_rules (const PfGlossary *self)
{
  return self->rules;
}

gsize
pf_glossary_n_entries (const PfGlossary *self)
{
  return self->sections.n_entries;
}

/* What the source says of an entry without a label of its own. */
static void
fill_from_source (const PfGlossary *self, PfEntry *entry, guint32 i)
{
  gsize source = pf_sections_source_of (&self->sections, i);
  PfSpan label;

  if (source < self->sections.n_sources &&
      pf_sections_source (&self->sections, source, &entry->glossary, &label) &&
      entry->label.len == 0)
    entry->label = label;
  if (entry->label.len == 0)
    entry->label = self->rules.label;
}

PfEntry
pf_glossary_entry (const PfGlossary *self, gsize i)
{
  PfItemView item = pf_sections_item (&self->sections, (guint32)i);
  PfEntry entry = {
    .term = item.term,
    .case_rule = pf_rule_case (item.rules),
    .boundary = pf_rule_boundary (item.rules),
    .term_id = pf_sections_term_id (&self->sections, (guint32)i),
  };

  pf_sections_text (&self->sections, (guint32)i, &entry.value, &entry.label);
  if (entry.case_rule == PF_CASE_UNSET)
    entry.case_rule = self->rules.case_rule;
  if (entry.boundary == PF_BOUNDARY_UNSET)
    entry.boundary = self->rules.boundary;
  fill_from_source (self, &entry, (guint32)i);
  return entry;
}

gboolean
pf_glossary_has_values (const PfGlossary *self)
{
  return self->sections.strings.len > 0;
}

guint32
pf_glossary_n_shields (const PfGlossary *self)
{
  return self->sections.n_shields;
}

gboolean
pf_glossary_is_shield (const PfGlossary *self, gsize i)
{
  return pf_sections_is_shield (&self->sections, (guint32)i);
}

PfCase
pf_glossary_default_case (const PfGlossary *self, gsize i)
{
  PfItemView item = pf_sections_item (&self->sections, (guint32)i);

  return pf_rule_ignores_case (item.rules) ? PF_CASE_IGNORE : PF_CASE_EXACT;
}

PfBoundary
pf_glossary_default_boundary (const PfGlossary *self, gsize i)
{
  PfItemView item = pf_sections_item (&self->sections, (guint32)i);

  return pf_rule_default_boundary (item.rules);
}

guint32
pf_glossary_entry_term_id (const PfGlossary *self, gsize i)
{
  return pf_sections_term_id (&self->sections, (guint32)i);
}

PfSpan
pf_glossary_term (const PfGlossary *self, guint32 term_id)
{
  return pf_sections_item (&self->sections, term_id).term;
}
