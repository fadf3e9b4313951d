/* A glossary: entries, sealed and immutable once built, shared by reference
 * count.
 *
 * Its sections (glossary/sections.h) lie in memory where it was built from
 * sources, or in a mapped image (glossary/image.h). Any number of threads may
 * read it at once. Reference counts are C11 atomics; the last
 * pf_glossary_unref frees everything, and every PfSpan taken from it ends with
 * it.
 *
 *   readers ──▶ PfBatch ──▶ PfGlossaryBuilder ──seal──▶ PfGlossary ──▶ matchers
 *                                        image ──open──▶
 */
#pragma once

#include "base/error.h"
#include "glossary/sections.h"

typedef struct PfGlossary PfGlossary;

#define PF_VALUE_MAX (1 << 20) /* bytes, of a value or a label */
#define PF_BUILTIN_NAME "@misspellings"

/* What is given beside a source; all zero means "as the source says". */
typedef struct {
  PfCase case_rule;            /* for entries without one of their own */
  PfBoundary boundary;         /* likewise */
  PfCase default_case;         /* the format's own default, the last resort */
  PfBoundary default_boundary; /* likewise: SUBWORD, or else WORD */
  PfSpan label;                /* for entries that have none */
} PfSourceRules;

/* For those that make one: SECTIONS live until RELEASE (BACKING) is called.
 * RULES are for entries without rules of their own, and copied. (transfer
 * full) */
PfGlossary *pf_glossary_new (const PfSections *sections,
                             const PfSourceRules *rules, gpointer backing,
                             GDestroyNotify release);

/* The BACKING of one that was made with this RELEASE, or NULL. */
gconstpointer pf_glossary_backing (const PfGlossary *self,
                                   GDestroyNotify release);

/* Any thread. */
PfGlossary *pf_glossary_ref (PfGlossary *self);
void pf_glossary_unref (PfGlossary *self);

/* All as long as the glossary lives. */
const PfSections *pf_glossary_sections (const PfGlossary *self);
const PfIndex *pf_glossary_index (const PfGlossary *self);

/* What was given with an image when it was opened, for entries without rules
 * of their own; rules given with other sources are the entries' own. */
PfSourceRules pf_glossary_rules (const PfGlossary *self);

gsize pf_glossary_n_entries (const PfGlossary *self);

/* Entry I in glossary order, then entry order. The rules in it are the
 * nearest that the glossary knows: the entry's own, or those given with the
 * source; UNSET where neither says. */
PfEntry pf_glossary_entry (const PfGlossary *self, gsize i);

/* FALSE: no entry has a value. */
gboolean pf_glossary_has_values (const PfGlossary *self);

/* Entries whose value is their own term shield it: where it matches, nothing is
 * found. How many there are, known at once, and whether entry I is one. */
guint32 pf_glossary_n_shields (const PfGlossary *self);
gboolean pf_glossary_is_shield (const PfGlossary *self, gsize i);

/* The rules of last resort for entry I: its format's defaults. */
PfCase pf_glossary_default_case (const PfGlossary *self, gsize i);
PfBoundary pf_glossary_default_boundary (const PfGlossary *self, gsize i);

/* The number of the term of entry I: that of the first entry with this term,
 * byte for byte. So numbers of terms are below the number of entries. */
guint32 pf_glossary_entry_term_id (const PfGlossary *self, gsize i);

/* The term with this number. */
PfSpan pf_glossary_term (const PfGlossary *self, guint32 term_id);
