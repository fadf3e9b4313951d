/* Walks down a flat trie of canonical terms along a text, and finds every place
 * where terms that begin at one position end. The text is made canonical on
 * the way: eight bytes at a time where they are plain, otherwise by the
 * character. Positions are in bytes of the text.
 */
#pragma once

#include "match/canonical.h"
#include "match/edges.h"
#include "match/flat_trie.h"

/* Where terms end: what the trie has there. */
typedef struct {
  gsize end;
  guint32 terminal;
} PfWalkEnd;

/* Appends to ENDS (PfWalkEnd) the ends of all terms that begin at START, the
 * nearest first. FALSE where there may be more behind the window. */
gboolean pf_walk (const PfFlatTrie *trie, const PfCanonicalForm *form,
                  const PfWindow *window, gsize start, GArray *ends);
