/* What a matcher asks of a window of text: characters, runs of white space,
 * and whether the boundary rule of an entry holds at the edges of a candidate.
 *
 * An answer that would need bytes beyond a window that is not the last one is
 * PF_UNDECIDED. No state: any thread. Positions and lengths are in bytes.
 */
#pragma once

#include "base/types.h"
#include "text/utf8.h"
#include "text/word.h"

typedef enum { PF_NO, PF_YES, PF_UNDECIDED } PfAnswer;

/* The longest run of white space that a space in a term matches, in bytes. */
#define PF_SPACE_RUN_MAX 256

/* A text as far as it is known. */
typedef struct {
  PfSpan text;
  gboolean final; /* the text ends with the window */
  PfSpace space;
  const PfWordClass *words;
} PfWindow;

/* The character at AT: its value and length. NO at the end of the text. */
static inline PfAnswer
pf_window_char (const PfWindow *self, gsize at, gunichar *c, guint *len)
{
  const guint8 *p = self->text.data + at;
  const guint8 *end = self->text.data + self->text.len;

  if (p == end)
    return self->final ? PF_NO : PF_UNDECIDED;
  if (!self->final && pf_utf8_truncated (p, end))
    return PF_UNDECIDED;
  *len = pf_utf8_next (p, end, c);
  return PF_YES;
}

/* YES with the length of the run of white space at AT, where a space in a term
 * may match it; NO where it is too long or breaks too many lines. */
PfAnswer pf_window_space_run (const PfWindow *self, gsize at, gsize *len);

/* Whether BOUNDARY, which is not UNSET, holds before a candidate at START;
 * UNDECIDED for SUBWORD only, which may depend on the second character. */
PfAnswer pf_window_holds_before (const PfWindow *self, PfBoundary boundary,
                                 gsize start);

/* The same after a candidate that ends at END. */
PfAnswer pf_window_holds_after (const PfWindow *self, PfBoundary boundary,
                                gsize end);

/* Whether the text from START to END is TERM letter for letter; where white
 * space is not compared byte for byte, any run of it is like any other. */
gboolean pf_window_spells (const PfWindow *self, PfSpan term, gsize start,
                           gsize end);
