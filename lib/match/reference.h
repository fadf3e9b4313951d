/* The reference matcher: the rules of matching, written to be read. It knows
 * every rule, and is what quicker matchers are held to; the only one that can
 * let the end of a match count as a start of text.
 *
 * Immutable, any thread; all that a scan changes is in a scratch, of which
 * each thread has its own. Functions are as their namesakes in
 * match/matcher.h.
 */
#pragma once

#include "match/matcher.h"

typedef struct PfReference PfReference;
typedef struct PfReferenceScratch PfReferenceScratch;

/* Takes its own reference to GLOSSARY; WORDS is transfer full. */
PfReference *pf_reference_new (PfGlossary *glossary, PfWordClass *words,
                               const PfMatchRules *rules);
void pf_reference_free (PfReference *self);

PfReferenceScratch *pf_reference_scratch_new (void);
void pf_reference_scratch_free (PfReferenceScratch *self);

gsize pf_reference_scan (const PfReference *self, PfReferenceScratch *scratch,
                         const PfScan *scan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfReference, pf_reference_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfReferenceScratch, pf_reference_scratch_free)
