/* Terms that are not to be matched: entries that have one of them are taken out
 * before a glossary is sealed, so that all is as if they had never been there.
 *
 *   terms ──add──▶ PfIgnored ──drop──▶ PfGlossaryBuilder ──seal──▶ PfGlossary
 *
 * An entry is taken out whose term is one of them byte for byte, or, where the
 * entry ignores case, by simple case folding.
 *
 * Belongs to one thread.
 */
#pragma once

#include "glossary/builder.h"

typedef struct PfIgnored PfIgnored;

/* (transfer full) */
PfIgnored *pf_ignored_new (void);

/* NULL is allowed. */
void pf_ignored_free (PfIgnored *self);

/* Adds the terms of all entries of TERMS, which may then be freed. */
void pf_ignored_add (PfIgnored *self, PfGlossaryBuilder *terms);

/* Takes the entries out of BUILDER. CASE_RULE is for those for which neither
 * they nor their source say one; where it is unset, their format does. */
void pf_ignored_drop (const PfIgnored *self, PfGlossaryBuilder *builder,
                      PfCase case_rule);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfIgnored, pf_ignored_free)
