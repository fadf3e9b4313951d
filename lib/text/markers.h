/* Markers in a text: words that say where nothing is to be found.
 *
 *   line 1   a  b                        found
 *   line 2   a  b  pfproc:ignore         not found
 *   line 3   a  pfproc:off               not found, nor is what follows,
 *   line 4   a  pfproc:on                up to the end of this line
 *   line 5   a  b                        found
 *
 * A marker counts where no ASCII letter, digit or "_" follows it. A line is
 * silent where a region that was switched off reaches into it, or where it
 * holds "ignore" or "off". A stretch of text is silent that lies, with any part
 * of it, on a line that a marker makes silent; but of markers behind the
 * stretch only those count that begin at most PF_MARKER_REACH bytes behind its
 * end, on the line in which it ends. So what a stretch is shows as soon as its
 * line has ended, or as much text is there.
 *
 * The text arrives in windows; all places are in bytes of the document. What
 * stands before a place is a PfMarkerState, which is also what one piece of a
 * large document hands on to the next. It need not be known to go through a
 * piece: PF_MARKER_UNKNOWN has a bit for each of the four states that there
 * are, and goes through the piece in all four at once.
 *
 * Belongs to one thread at a time.
 */
#pragma once

#include "base/isa.h"
#include "base/types.h"

#define PF_MARKER_REACH 4096 /* bytes */

/* Each bit: is it so, if the state at the beginning was that of the bit? */
typedef struct {
  guint8 off;    /* the next line will be silent */
  guint8 silent; /* the line at hand is */
} PfMarkerState;

#define PF_MARKER_UNKNOWN ((PfMarkerState){ 0xC, 0xA })

/* The state behind a text that THROUGH went through, from PF_MARKER_UNKNOWN on,
 * where BEFORE, which is known, stood before it. */
PfMarkerState pf_marker_state_then (PfMarkerState before,
                                    PfMarkerState through);

typedef enum { PF_MARKER_IGNORE, PF_MARKER_OFF, PF_MARKER_ON } PfMarkerKind;

typedef struct {
  guint64 at;
  PfMarkerKind kind;
} PfMarker;

/* Fields are for reading only. */
typedef struct {
  PfIsa isa;
  PfMarkerState state; /* of the text before AT */
  guint64 at;
  guint64 searched; /* all markers that begin before are known */
  gboolean ended;   /* that is the end of the text */
  guint64 clear_to; /* what ends here or before is not silent, unless 0 */
  GArray *found;    /* PfMarker, at AT or behind, ascending */
} PfMarkers;

/* A window, where it begins, and whether the text ends with it. */
typedef struct {
  PfSpan text;
  guint64 offset;
  gboolean final;
} PfMarkerWindow;

/* ISA must be supported. */
void pf_markers_init (PfMarkers *self, PfIsa isa);
void pf_markers_clear (PfMarkers *self);

/* A text of which nothing is known from AT on. */
void pf_markers_reset (PfMarkers *self, guint64 at, PfMarkerState state);

/* There is none before TO that is not known already. */
void pf_markers_skip_search (PfMarkers *self, guint64 to);

/* Finds those that begin before TO, as far as the window tells; self->searched
 * says how far that is. All from AT on must be in the window. */
void pf_markers_search (PfMarkers *self, const PfMarkerWindow *window,
                        guint64 to);

/* Moves on to TO, up to which was searched. */
void pf_markers_advance (PfMarkers *self, const PfMarkerWindow *window,
                         guint64 to);

typedef enum {
  PF_MARKER_HEARD,  /* the stretch is not silent */
  PF_MARKER_SILENT, /* it is */
  PF_MARKER_LATER   /* it needs more of the text */
} PfMarkerAnswer;

/* What the text from START to END is, which is in the window; START is never
 * before that of an earlier call. Moves on to START. */
PfMarkerAnswer pf_markers_ask (PfMarkers *self, const PfMarkerWindow *window,
                               guint64 start, guint64 end);

/* The same for what is nearly always so. */
static inline gboolean
pf_markers_is_clear (const PfMarkers *self, guint64 end)
{
  return end <= self->clear_to;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfMarkers, pf_markers_clear)
