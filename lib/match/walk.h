/* Walks down a flat trie of canonical terms along a text, and finds every place
 * where terms that begin at one position end. The text is made canonical on
 * the way: eight bytes at a time where they are plain, otherwise by the
 * character. Positions are in bytes of the text.
 */
#pragma once

#include "glossary/glossary.h"
#include "match/canonical.h"
#include "match/edges.h"
#include "match/shortcuts.h"

/* Where terms end: what the trie has there. */
typedef struct {
  gsize end;
  guint32 terminal;
} PfWalkEnd;

/* The most ends that a walk can find: folding may make a term longer. */
#define PF_WALK_ENDS_MAX (2 * PF_TERM_MAX)

/* What one walk goes by. */
typedef struct {
  const PfFlatTrie *trie;
  const PfCanonicalForm *form;
  const PfWindow *window;
} PfWalk;

/* Writes the ends of all terms to ENDS, the nearest first, and their number to
 * *N_ENDS. The walk begins at AT, behind as much of the terms as leads to
 * PLACE: the root, or where a shortcut leads. FALSE where there may be more
 * ends behind the window. */
gboolean pf_walk (const PfWalk *self, PfTriePlace place, gsize at,
                  PfWalkEnd *ends, guint *n_ends);

/* The eight bytes at P, the first one lowest, in canonical form as far as they
 * are plain: returns how many of them are. */
guint pf_walk_peek (const PfCanonicalForm *form, const guint8 *p,
                    guint64 *word);
