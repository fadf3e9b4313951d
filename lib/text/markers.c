#include "text/markers.h"

#include "text/marker_find.h"

/* What is searched beyond what was asked for, so that the next who ask have
 * their answer at once, in bytes. */
#define AHEAD ((guint64)16 << 10)
/* All bits of a state. */
#define ALL 0xF

static const char *const words[] = {
  [PF_MARKER_IGNORE] = "ignore", [PF_MARKER_OFF] = "off", [PF_MARKER_ON] = "on"
};

PfMarkerState
pf_marker_state_then (PfMarkerState before, PfMarkerState through)
{
  guint bit = (before.off != 0 ? 2 : 0) + (before.silent != 0 ? 1 : 0);

  return (PfMarkerState){ through.off >> bit & 1 ? ALL : 0,
                          through.silent >> bit & 1 ? ALL : 0 };
}

void
pf_markers_init (PfMarkers *self, PfIsa isa)
{
  *self = (PfMarkers){ .isa = isa };
  self->found = g_array_new (FALSE, FALSE, sizeof (PfMarker));
}

void
pf_markers_clear (PfMarkers *self)
{
  g_clear_pointer (&self->found, g_array_unref);
}

void
pf_markers_reset (PfMarkers *self, guint64 at, PfMarkerState state)
{
  self->at = self->searched = at;
  self->state = state;
  self->ended = FALSE;
  self->clear_to = 0;
  g_array_set_size (self->found, 0);
}

/* After each change. */
static void
set_clear (PfMarkers *self)
{
  gboolean any =
      (self->state.off | self->state.silent) != 0 || self->found->len > 0;

  if (any || (!self->ended && self->searched <= PF_MARKER_REACH))
    self->clear_to = 0;
  else if (self->ended)
    self->clear_to = G_MAXUINT64;
  else
    self->clear_to = self->searched - PF_MARKER_REACH - 1;
}

void
pf_markers_skip_search (PfMarkers *self, guint64 to)
{
  self->searched = MAX (self->searched, to);
  set_clear (self);
}

typedef enum { NO, YES, CUT_OFF } There;

/* Whether WORD stands at *P, as far as the text goes; then *P is behind it. */
static There
take_word (const guint8 **p, const guint8 *end, const char *word)
{
  gsize len = strlen (word), there = MIN (len, (gsize)(end - *p));

  if (memcmp (*p, word, there) != 0)
    return NO;
  *p += there;
  return there == len ? YES : CUT_OFF;
}

static gboolean
goes_on (const guint8 *p)
{
  return g_ascii_isalnum ((char)*p) || *p == '_';
}

/* Which marker stands at P. */
static There
read_marker (const guint8 *p, const guint8 *end, gboolean final,
             PfMarkerKind *kind)
{
  There there = take_word (&p, end, PF_MARKER_WORD);
  gboolean cut_off = there == CUT_OFF;

  for (guint i = 0; there == YES && i < G_N_ELEMENTS (words); i++) {
    const guint8 *behind = p;
    There word = take_word (&behind, end, words[i]);

    *kind = (PfMarkerKind)i;
    if (word == YES && (behind < end ? !goes_on (behind) : final))
      return YES;
    cut_off |= word == CUT_OFF || (word == YES && behind == end);
  }
  return cut_off && !final ? CUT_OFF : NO;
}

/* Where the text ends in what may become a marker, or LEN. */
static gsize
find_cut_off (PfSpan text, gsize from)
{
  gsize longest = PF_MARKER_WORD_LEN + strlen (words[PF_MARKER_IGNORE]);
  PfMarkerKind kind;

  from = MAX (from, text.len - MIN (text.len, longest));
  for (; from < text.len; from++)
    if (read_marker (text.data + from, pf_span_end (text), FALSE, &kind) ==
        CUT_OFF)
      break;
  return from;
}

static void
gather (PfMarkers *self, const PfMarkerWindow *window, gsize from, gsize to)
{
  const guint8 *end = pf_span_end (window->text);

  while (from < to) {
    PfSpan rest = pf_span_sub (window->text, from, window->text.len);
    PfMarker marker;

    from += pf_marker_find (rest, to - from, self->isa);
    marker.at = window->offset + from;
    if (from < to && read_marker (window->text.data + from, end, window->final,
                                  &marker.kind) == YES)
      g_array_append_val (self->found, marker);
    from++;
  }
}

void
pf_markers_search (PfMarkers *self, const PfMarkerWindow *window, guint64 to)
{
  gsize from = (gsize)(self->searched - window->offset);
  gsize end = window->text.len;

  if (to <= self->searched)
    return;
  if (!window->final)
    end = find_cut_off (window->text, MIN (from, end));
  end = (gsize)MIN (to - window->offset, end);
  if (end < from || (end == from && !window->final))
    return;
  gather (self, window, from, end);
  self->searched = window->offset + end;
  self->ended = window->final && end == window->text.len;
  set_clear (self);
}

static gboolean
has_break (const PfMarkers *self, const PfMarkerWindow *window, guint64 to)
{
  return memrchr (window->text.data + (self->at - window->offset), '\n',
                  (gsize)(to - self->at)) != NULL;
}

/* Goes on without a marker on the way. */
static void
move (PfMarkers *self, const PfMarkerWindow *window, guint64 to)
{
  PfMarkerState *state = &self->state;

  if (state->silent != state->off && has_break (self, window, to))
    state->silent = state->off;
  self->at = to;
}

static void
pass (PfMarkerState *state, PfMarkerKind kind)
{
  if (kind != PF_MARKER_IGNORE)
    state->off = kind == PF_MARKER_OFF ? ALL : 0;
  if (kind != PF_MARKER_ON)
    state->silent = ALL;
}

void
pf_markers_advance (PfMarkers *self, const PfMarkerWindow *window, guint64 to)
{
  guint n = 0;

  if (to <= self->at)
    return;
  for (; n < self->found->len; n++) {
    const PfMarker *marker = &g_array_index (self->found, PfMarker, n);

    if (marker->at >= to)
      break;
    move (self, window, marker->at);
    pass (&self->state, marker->kind);
  }
  move (self, window, to);
  g_array_remove_range (self->found, 0, n);
  set_clear (self);
}

/* Where the markers end that count for what ends at END, and whether all of
 * them are known. */
static guint64
find_stop (const PfMarkers *self, const PfMarkerWindow *window, guint64 end,
           gboolean *known)
{
  gsize from = (gsize)(end - window->offset);
  gsize len = MIN (window->text.len - from, PF_MARKER_REACH + 1);
  const guint8 *line_end = memchr (window->text.data + from, '\n', len);
  guint64 stop = end + PF_MARKER_REACH + 1;

  if (line_end != NULL)
    stop = window->offset + (guint64)(line_end - window->text.data);
  *known = self->searched >= stop || self->ended;
  return stop;
}

PfMarkerAnswer
pf_markers_ask (PfMarkers *self, const PfMarkerWindow *window, guint64 start,
                guint64 end)
{
  gboolean known;
  guint64 stop;

  pf_markers_search (self, window, end + PF_MARKER_REACH + AHEAD);
  if (self->searched < start)
    return PF_MARKER_LATER;
  pf_markers_advance (self, window, start);
  if (self->state.silent != 0)
    return PF_MARKER_SILENT;
  stop = find_stop (self, window, end, &known);
  for (guint i = 0; i < self->found->len; i++) {
    const PfMarker *marker = &g_array_index (self->found, PfMarker, i);

    if (marker->at >= stop)
      break;
    if (marker->kind != PF_MARKER_ON)
      return PF_MARKER_SILENT;
  }
  return known ? PF_MARKER_HEARD : PF_MARKER_LATER;
}
