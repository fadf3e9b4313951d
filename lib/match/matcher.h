/* A matcher: a glossary, prepared for one set of matching rules.
 *
 *   glossary, rules ──▶ PfMatcher ── shared ──┬──▶ scratch of thread 0
 *                                             └──▶ scratch of thread 1
 *                                                    ▲         │
 *                                        window, window, …     └─▶ matches
 *
 * A PfMatcher is immutable and shared by reference count; all that a scan
 * changes is in a PfScratch, of which each thread has its own. Scanning is
 * incremental: a text arrives in windows, and a scan stops at the first
 * position whose answer depends on bytes that are not there yet. So the
 * matches never depend on how a text was cut.
 *
 * What a match is: leftmost-longest, not overlapping, unless asked otherwise;
 * see README.md, "How matching works".
 */
#pragma once

#include "base/isa.h"
#include "base/types.h"
#include "glossary/glossary.h"
#include "match/view.h"

typedef struct PfMatcher PfMatcher;
typedef struct PfScratch PfScratch;
typedef struct PfWordClass PfWordClass;

/* Zero means default. */
typedef struct {
  PfCase case_rule;    /* for entries whose glossary does not say */
  PfBoundary boundary; /* likewise; default PF_BOUNDARY_WORD */
  PfSpace space;
  gboolean overlapping; /* report every candidate, not the longest only */
  PfViewRules view;     /* how texts are seen; terms are in the glossary so */

  /* For tests that compare with GNU grep, and for the reference matcher alone:
   * the end of a match counts as a start of text, in a text that is scanned in
   * one piece. */
  gboolean match_end_starts_text;

  gsize view_part;    /* for tests: bytes that are seen at once; else 0 */
  gboolean isa_given; /* use ISA, which is supported, not the best one */
  PfIsa isa;
} PfMatchRules;

/* One match: text[start, end), and the numbers of the entries that have it, as
 * pf_glossary_entry takes them: exact bytes before folded, then glossary order,
 * then entry order. */
typedef struct {
  gsize start, end;
  const guint32 *entries; /* numbers; valid until the callback returns */
  guint n_entries;        /* at least one */
} PfMatch;

/* FALSE ends the scan. */
typedef gboolean (*PfMatchFunc) (const PfMatch *match, gpointer user);

/* Takes its own reference to GLOSSARY; WORDS (transfer full) says what a word
 * character is. (transfer full) */
PfMatcher *pf_matcher_new (PfGlossary *glossary, PfWordClass *words,
                           const PfMatchRules *rules);

/* The same, where GLOSSARY has the terms as RULES->view has them, and SHOWN, of
 * which a reference is taken, has the same entries with their terms as they
 * are. (transfer full) */
PfMatcher *pf_matcher_new_showing (PfGlossary *glossary, PfGlossary *shown,
                                   PfWordClass *words,
                                   const PfMatchRules *rules);

/* Any thread. */
PfMatcher *pf_matcher_ref (PfMatcher *self);
void pf_matcher_unref (PfMatcher *self);

/* Any thread; the glossary, the one to be shown, lives as long as the matcher.
 */
const PfGlossary *pf_matcher_glossary (const PfMatcher *self);

/* Whether it has another glossary to look things up in. Any thread. */
gboolean pf_matcher_is_mapped (const PfMatcher *self);

/* Of how many entries, those that may start anywhere, it has an index of its
 * own; and whether that was stored in an image. Any thread. */
gsize pf_matcher_anywhere (const PfMatcher *self, gboolean *is_stored);

/* The instruction set that it was made for. Any thread. */
PfIsa pf_matcher_isa (const PfMatcher *self);

/* One for each thread that scans; any matcher can use it. */
PfScratch *pf_scratch_new (void);
void pf_scratch_free (PfScratch *self);

/* The bytes before a position that a scan may look at: a character, or what it
 * takes to see one in a view. */
#define PF_MATCH_CONTEXT 256

/* The same, where texts are seen as they are: a letter and the marks that
 * belong to it (PF_SUBWORD_MARKS). */
#define PF_MATCH_CONTEXT_PLAIN 32

/* A window of a text, and what to do with its matches. */
typedef struct {
  PfSpan text;    /* the window */
  gsize from;     /* where in it to begin */
  gsize limit;    /* no match begins here or behind; 0: no such limit */
  gboolean final; /* the text ends with this window */
  PfMatchFunc func;
  gpointer user;
} PfScan;

/* Reports the matches that start at or after SCAN->from and before SCAN->limit,
 * in order: by start, longer first. What stands before FROM is context for
 * boundaries: at least PF_MATCH_CONTEXT bytes of it must be there unless the
 * text begins in this window (PF_MATCH_CONTEXT_PLAIN where there is no view).
 * What stands behind the limit decides, too, how matches that begin before it
 * end.
 *
 * Returns the position up to which all is decided: the scan of a longer
 * window, or of one with a later limit, must go on there. Where nothing was
 * left open and func never returned FALSE, that is the end of the text, or,
 * with a limit inside the window, the limit; or, where matches do not overlap,
 * the end of the last match if that is beyond the limit. A scan that begins at
 * its limit or behind it returns where it began. */
gsize pf_matcher_scan (const PfMatcher *self, PfScratch *scratch,
                       const PfScan *scan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfMatcher, pf_matcher_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfScratch, pf_scratch_free)
