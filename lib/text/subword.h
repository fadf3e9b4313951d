/* The parts of a word: where, between two word characters, does a part end and
 * the next begin? What programmers write together: get_data, getData, data2,
 * HTTPServer.
 *
 *   get | _ | data     on both sides of connector punctuation
 *   data | 2           between a digit and what is none
 *   get | Data         between a small letter and a capital
 *   HTTP | Server      before the last capital of several, where a small letter
 *                      follows
 *
 * A mark belongs to the character before it: no part begins with one, and what
 * stands before a part or behind its first letter is looked for across marks,
 * of which there may be PF_SUBWORD_MARKS. Behind more of them, and where a word
 * begins with marks, there is a letter without case. So are letters of scripts
 * that have none: they have parts at digits and connectors only.
 *
 * Pure functions: any thread.
 */
#pragma once

#include "text/unicode.h"

/* A letter and that many marks take 32 bytes at most. */
#define PF_SUBWORD_MARKS 7

/* Whether that depends on what follows the letter of kind AFTER. */
static inline gboolean
pf_subword_asks_next (PfKind before, PfKind after)
{
  return before == PF_KIND_UPPER && after == PF_KIND_UPPER;
}

/* Whether a part begins with a character of kind AFTER, behind one of kind
 * BEFORE that is no mark. NEXT, which is no mark, stands behind AFTER and
 * counts only where that is asked. All are of one word, but for NEXT. */
gboolean pf_subword_begins (PfKind before, PfKind after, PfKind next);
