/* Columns in UTF-16 code units, counted as line breaks are (text/lines.h): only
 * from where the last count ended, and never out of the window.
 *
 *   text    é 𝄞 x \xFF y        a byte that is not UTF-8 is one unit
 *   units   1 2 1 1    1
 *
 * Plain data, owned by one thread at a time; nothing to free.
 */
#pragma once

#include "text/lines.h"

typedef struct {
  guint64 line_start; /* of the line that is counted in */
  guint64 at;         /* how far was counted; a character begins there */
  guint64 units;      /* from the line's beginning to there */
} PfUnitCounter;

/* The text begins at the offset BEGIN, behind a byte order mark, say. */
void pf_unit_counter_init (PfUnitCounter *self, guint64 begin);

/* Moves on to the offset TO, or behind the character that TO is in, in the line
 * that LINES has come to. The window must hold what is between, and that
 * character. */
void pf_unit_counter_advance (PfUnitCounter *self, const PfLineCounter *lines,
                              PfSpan window, guint64 window_offset, guint64 to);

/* How many units TEXT is. */
guint64 pf_utf16_units (PfSpan text);
