#include "task/gate.h"

void
pf_gate_init (PfGate *self, gboolean has_markers, PfIsa isa)
{
  *self = (PfGate){ .has_markers = has_markers };
  pf_markers_init (&self->markers, isa);
}

void
pf_gate_clear (PfGate *self)
{
  pf_markers_clear (&self->markers);
}

void
pf_gate_reset (PfGate *self, guint64 at, PfMarkerState state)
{
  pf_markers_reset (&self->markers, at, state);
  self->shield.end = 0;
  self->no_more = FALSE;
}

static gboolean
hold (PfGate *self, gsize at)
{
  self->holds = TRUE;
  self->held = at;
  return FALSE;
}

static gboolean
pass_markers (const PfMatch *match, gpointer user)
{
  PfGate *self = user;
  guint64 end = self->window.offset + match->end;

  if (G_LIKELY (pf_markers_is_clear (&self->markers, end)))
    return self->func (match, self->user);
  switch (pf_markers_ask (&self->markers, &self->window,
                          self->window.offset + match->start, end)) {
  case PF_MARKER_SILENT:
    return TRUE;
  case PF_MARKER_LATER:
    return hold (self, match->start);
  case PF_MARKER_HEARD:
    break;
  }
  return self->func (match, self->user);
}

/* What a shield hides is hidden wherever the shield stands: it is asked first.
 */
static gboolean
pass_shields (const PfMatch *match, gpointer user)
{
  PfGate *self = user;

  if (pf_shield_hides (&self->shield, match, self->window.offset))
    return TRUE;
  return self->has_markers ? pass_markers (match, user)
                           : self->func (match, self->user);
}

gsize
pf_gate_scan (PfGate *self, const PfMatcher *matcher, PfScratch *scratch,
              const PfScan *scan, guint64 offset)
{
  PfScan gated = *scan;
  gsize end;

  self->shield.glossary = pf_matcher_glossary (matcher);
  if (pf_glossary_n_shields (self->shield.glossary) > 0)
    gated.func = pass_shields;
  else if (self->has_markers)
    gated.func = pass_markers;
  else
    return pf_matcher_scan (matcher, scratch, scan);
  gated.user = self;
  self->window =
      (PfMarkerWindow){ scan->text, offset, scan->final || self->no_more };
  self->holds = FALSE;
  self->func = scan->func;
  self->user = scan->user;
  end = pf_matcher_scan (matcher, scratch, &gated);
  return self->holds ? self->held : end;
}

gsize
pf_gate_leave (PfGate *self, PfSpan text, guint64 offset, gsize len)
{
  PfMarkerWindow window = { text, offset, FALSE };
  guint64 to = offset + len;

  if (!self->has_markers)
    return len;
  pf_markers_search (&self->markers, &window, to);
  to = MIN (to, self->markers.searched);
  pf_markers_advance (&self->markers, &window, to);
  return (gsize)(to - offset);
}
