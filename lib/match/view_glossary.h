/* A glossary whose terms are what a view shows of them.
 *
 *   glossary ──▶ is any term seen as another? ──no──▶ the same
 *                              └──yes──▶ entries by the same numbers, with the
 *                                        terms mapped, without values or labels
 *
 * Any thread.
 */
#pragma once

#include "glossary/glossary.h"
#include "match/view.h"

/* A glossary to look things up in, numbered as SELF, or SELF itself where each
 * of its terms is seen as it is. (transfer full) NULL with PF_STATUS_DATA where
 * a term becomes too long, and otherwise as pf_glossary_builder_seal. */
PfGlossary *pf_view_glossary (PfGlossary *self, const PfViewRules *rules,
                              PfError *error);
