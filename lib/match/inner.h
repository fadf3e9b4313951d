/* Places in a text, of those that a filter found, that are inside a word: where
 * no term can begin unless it may begin anywhere. Most are told by the bytes
 * beside them, before anything is looked up for them.
 *
 * Immutable: any thread.
 */
#pragma once

#include "base/types.h"
#include "text/unicode.h"

typedef struct {
  guint8 kind_of[256]; /* PfKind of a word character in ASCII; else OTHER */
  /* By what stands before a place and at it: whether a term may begin there;
   * BY_NEXT where that depends on what follows. */
  guint8 may_begin[PF_KIND_CONNECTOR + 1][PF_KIND_CONNECTOR + 1];
} PfInner;

/* EDGE is a rule that holds before every term: WORD or SUBWORD. Word characters
 * are those of text/unicode.h, or these and more. */
void pf_inner_init (PfInner *self, PfBoundary edge);

/* Of the N places in FOUND, as a PfStartFilter writes them, counted from
 * TEXT[FROM], those where a term may begin; they are moved to the front.
 * Returns how many. No word stands before TEXT. Behind each place a byte can be
 * read. */
gsize pf_inner_drop (const PfInner *self, const guint8 *text, gsize from,
                     guint32 *found, gsize n);
