/* Line numbers of ascending offsets in a text that arrives in windows.
 *
 *   text     a b LF c d LF e        offset 4: line 2, which begins at 3
 *   offset   0 1 2  3 4 5  6        offset 6: line 3, which begins at 6
 *
 * Only LF ends a line; CR is a byte of its line. All offsets are in bytes and
 * count from the beginning of the document, whatever window is at hand. Plain
 * data, owned by one thread at a time; nothing to free; it may be copied.
 */
#pragma once

#include "base/types.h"

typedef struct {
  guint64 line;       /* of the byte at AT, 1-based */
  guint64 line_start; /* offset of the first byte of that line */
  guint64 at;         /* how far was counted */
} PfLineCounter;

/* Line 1 at offset 0. */
void pf_line_counter_init (PfLineCounter *self);

/* Moves on to the offset TO. WINDOW is what is in memory, and begins at
 * WINDOW_OFFSET of the document; it must hold all from AT to TO:
 * window_offset <= at <= to <= window_offset + window.len. */
void pf_line_counter_advance (PfLineCounter *self, PfSpan window,
                              guint64 window_offset, guint64 to);
