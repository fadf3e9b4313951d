/* A census of a text: how many tokens it has, and whether all of it is UTF-8.
 *
 *   window 1 ──advance──▶ ┐
 *   window 2 ──advance──▶ ├─ one census        piece 1 ─┐
 *   …                     ┘                    piece 2 ─┴─join─▶ one census
 *
 * A token is a maximal run of word characters, as the matcher at word edges
 * cuts a text (match/words.h). The census goes by itself, behind the matcher,
 * because a matcher may look at a stretch of text twice, or in pieces that
 * overlap; so the numbers depend on the text alone, and nothing is counted
 * where nobody asks.
 *
 * A census is plain data with nothing to free; it belongs to one thread at a
 * time. Positions are bytes of the document.
 */
#pragma once

#include "base/isa.h"
#include "base/types.h"

/* What stands before a place where a census begins within a text. */
#define PF_CENSUS_CONTEXT 4

typedef struct {
  guint64 begin;       /* of the first character that is counted */
  guint64 at;          /* behind the last one */
  guint64 tokens;      /* that begin in between */
  gboolean is_invalid; /* some byte in between is not UTF-8 */
  gboolean inside;     /* the character before AT is a word character */
  PfIsa isa;
} PfCensus;

/* From AT, where a text begins. ISA must be supported. */
void pf_census_init (PfCensus *self, PfIsa isa, guint64 at);

/* From AT, which is in WINDOW, or its end; the window stands at OFFSET of the
 * document, and PF_CENSUS_CONTEXT bytes before AT are in it unless the text
 * begins there. A character that reaches across AT is left to the census of
 * what is before. */
void pf_census_init_within (PfCensus *self, PfIsa isa, PfSpan window,
                            guint64 offset, guint64 at);

/* Counts the characters that begin before TO, in WINDOW at OFFSET of the
 * document; self->at is in it. One that is cut off at the window's end waits
 * for a longer window, unless the text ends there: then it is FINAL. */
void pf_census_advance (PfCensus *self, PfSpan window, guint64 offset,
                        guint64 to, gboolean final);

/* Adds NEXT, which begins where SELF stands. */
void pf_census_join (PfCensus *self, const PfCensus *next);
