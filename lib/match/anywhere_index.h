/* What the matcher for entries that may start anywhere goes by: flat arrays
 * without pointers, made of the entries of a glossary for one set of rules, or
 * used where they lie in an image (match/anywhere_image.h).
 *
 *   filter     where in a text a term may begin
 *   shortcuts  from the first bytes there into the trie
 *   trie       from bytes in canonical form to a terminal
 *   lists      from a terminal to entries, where more is to be asked of them
 *
 * Immutable once made: any thread.
 */
#pragma once

#include "match/canonical.h"
#include "match/entry_rules.h"
#include "match/shortcuts.h"
#include "match/start_filter.h"

/* An entry in a list, and how it is to be matched. */
typedef struct {
  guint32 entry;
  guint8 case_rule; /* PfCase */
  guint8 boundary;  /* PfBoundary */
  guint8 is_last;   /* of its list */
  guint8 zero;
} PfListed;

/* What a terminal of the trie is: the number of an entry that needs no check,
 * for it holds wherever it is found; or, with this bit, where in lists those
 * begin whose term ends there, in ascending order. */
#define PF_TERMINAL_LIST 0x80000000u

typedef struct {
  PfCanonicalForm form;
  guint32 n_covered; /* entries */
  PfStartFilter *filter;
  PfShortcuts shortcuts;
  PfFlatTrie trie;
  PfListed *lists; /* to be read, but not changed */
  gsize n_listed;
  gboolean is_opened; /* all arrays are another's */
  /* Where that was made for a run with another boundary: its lists say which
   * entries there are, but not how they are to be matched; that is in RULES. */
  gboolean is_for_others;
  PfRuleTable rules; /* of this run */
  /* Every term begins where this rule holds before it: NONE, SUBWORD or WORD */
  PfBoundary edge;
} PfAnywhereIndex;

/* Of the entries of GLOSSARY that may start anywhere in a run with these RULES:
 * those whose boundary rule lets them begin or end inside a word, and those
 * without any word character.
 * FALSE, and nothing, where there is none. */
gboolean pf_anywhere_index_init (PfAnywhereIndex *self,
                                 const PfGlossary *glossary,
                                 const PfMatchRules *rules, PfIsa isa);

/* What self->edge is by self->rules, for an index of GLOSSARY. */
PfBoundary pf_anywhere_index_edge (const PfAnywhereIndex *self,
                                   const PfGlossary *glossary);

void pf_anywhere_index_clear (PfAnywhereIndex *self);
