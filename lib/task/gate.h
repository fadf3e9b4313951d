/* The gate between matcher and action: which matches count.
 *
 *   matcher ──matches──▶ gate ──those that count──▶ action
 *
 * A match does not count that a shield hides (match/shield.h), or that lies on
 * a line which a marker makes silent (text/markers.h). Where the text that
 * decides is not there yet, the match is held: the scan ends before it, and
 * goes on there when more has been read. So what counts is a function of the
 * text alone, however that came. Matches go by the gate where the glossary has
 * no shields and markers are not asked for.
 *
 * Belongs to one task, and so to one thread at a time.
 */
#pragma once

#include "match/shield.h"
#include "text/markers.h"

typedef struct {
  gboolean has_markers; /* they are asked for */
  PfMarkers markers;    /* of the file at hand */
  PfShield shield;      /* likewise */
  gboolean no_more;     /* what decides and is not there will not come */
  gboolean holds;       /* the last scan ended before a match: */
  gsize held;           /* where that begins, in the window */

  /* Of the scan at hand. */
  PfMarkerWindow window;
  PfMatchFunc func;
  gpointer user;
} PfGate;

/* HAS_MARKERS: whether they count. ISA must be supported. */
void pf_gate_init (PfGate *self, gboolean has_markers, PfIsa isa);
void pf_gate_clear (PfGate *self);

/* A text that begins at AT, where STATE is that of its markers. */
void pf_gate_reset (PfGate *self, guint64 at, PfMarkerState state);

/* As pf_matcher_scan with SCAN, whose func gets what counts, in a window that
 * begins at OFFSET. */
gsize pf_gate_scan (PfGate *self, const PfMatcher *matcher, PfScratch *scratch,
                    const PfScan *scan, guint64 offset);

/* The first LEN bytes of TEXT, a window at OFFSET that does not end the text,
 * are about to go: how many of them may. */
gsize pf_gate_leave (PfGate *self, PfSpan text, guint64 offset, gsize len);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfGate, pf_gate_clear)
