/* One scan by two matchers: terms that begin and end at the edges of words,
 * and terms that may start anywhere, put in order as if one had found them.
 */
#pragma once

#include "match/anywhere.h"
#include "match/words.h"

typedef struct {
  const PfGlossary *glossary;
  const PfWords *words; /* that reports what overlaps, too */
  PfWordsScratch *words_scratch;
  const PfAnywhere *anywhere; /* all ends, where OVERLAPPING */
  PfAnywhereScratch *anywhere_scratch;
  PfWindow window;
  gboolean overlapping;
} PfMixed;

/* As pf_matcher_scan. */
gsize pf_mixed_scan (const PfMixed *self, const PfScan *scan);
