/* A twin of the matcher, for tests: the rules of matching by brute force, over
 * a whole text, without an index and without windows. At each position each
 * entry is compared directly, so it is slow, and it shares no code with the
 * matcher but the properties of characters.
 */
#pragma once

#include "match/matcher.h"

/* Reports what pf_matcher_scan reports of the whole TEXT, from its beginning.
 * Does not know rules->match_end_starts_text. FALSE from FUNC ends it. */
void pf_naive_scan (const PfGlossary *glossary, const PfWordClass *words,
                    const PfMatchRules *rules, PfSpan text, PfMatchFunc func,
                    gpointer user);
