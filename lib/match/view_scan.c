#include "match/view_scan.h"

#define PART ((gsize)64 << 10)
/* What is seen behind a limit at first, for matches that reach across. */
#define BEHIND ((gsize)1 << 10)

struct PfViewScratch {
  PfViewPart part;
};

/* A scan under way. */
typedef struct {
  const PfViewScan *view;
  const PfScan *scan;
  PfViewPart *part;
  gsize next;        /* in what is seen: before it no match may begin */
  gsize end;         /* of the last match, in the window; or where it began */
  gboolean is_ended; /* by the callback */
} Scan;

PfViewScratch *
pf_view_scratch_new (void)
{
  PfViewScratch *self = g_new0 (PfViewScratch, 1);

  pf_view_part_init (&self->part);
  return self;
}

void
pf_view_scratch_free (PfViewScratch *self)
{
  if (self == NULL)
    return;
  pf_view_part_clear (&self->part);
  g_free (self);
}

static gboolean
is_edge (const Scan *self, gsize at)
{
  return pf_view_is_edge (&self->view->rules, self->scan->text, at);
}

/* The callback of the inner scan. */
static gboolean
on_match (const PfMatch *found, gpointer user)
{
  Scan *self = user;
  PfMatch match = *found;

  if (found->start < self->next ||
      !pf_view_part_begin (self->part, found->start, &match.start) ||
      !pf_view_part_end (self->part, found->end, &match.end) ||
      !is_edge (self, match.start) || !is_edge (self, match.end))
    return TRUE;
  if (!self->view->overlapping)
    self->next = found->end;
  self->end = MAX (self->end, match.end);
  self->is_ended = !self->scan->func (&match, self->scan->user);
  if (self->is_ended)
    self->end = match.end;
  return !self->is_ended;
}

/* Where the scan of what follows must go on, after the inner scan of a part
 * came to SEEN. */
static gsize
way_back (const Scan *self, gsize seen, gsize seen_limit, gsize limit)
{
  gsize at;

  if (seen_limit > 0 && seen >= seen_limit)
    at = limit;
  else if (seen >= self->part->seen.len)
    at = self->part->end;
  else
    pf_view_part_begin (self->part, seen, &at);
  at = MIN (at, limit);
  return self->view->overlapping ? at : MAX (at, self->end);
}

/* Scans the part from AT, up to LIMIT. */
static gsize
scan_part (Scan *self, gsize at, gsize limit)
{
  const PfViewPart *part = self->part;
  PfSpan text = self->scan->text;
  PfScan inner = { .text = part->seen,
                   .final = self->scan->final && part->end == text.len,
                   .func = on_match,
                   .user = self };

  self->end = at;
  self->next = 0;
  if (at >= part->end)
    return at;
  inner.from = pf_view_part_seen_at (part, at);
  if (limit < part->end)
    inner.limit = pf_view_part_seen_at (part, limit);
  if (limit < part->end && inner.limit <= inner.from)
    return limit;
  if (inner.from < part->seen.len) {
    gsize seen = self->view->inner (self->view->user, &inner);

    return self->is_ended ? self->end
                          : way_back (self, seen, inner.limit, limit);
  }
  return part->end;
}

gsize
pf_view_scan (const PfViewScan *self, PfViewScratch *scratch,
              const PfScan *scan)
{
  Scan state = { .view = self, .scan = scan, .part = &scratch->part };
  gsize len = scan->text.len, at = scan->from, least = 0;
  gsize limit = scan->limit > 0 ? MIN (scan->limit, len) : len;

  while (at < limit) {
    gsize most = self->part > 0 ? self->part : PART;
    gsize size = MAX (MIN (most, limit - at + BEHIND), least), to;

    pf_view_part_take (state.part, &self->rules, scan->text, scan->final, at,
                       at + size);
    to = scan_part (&state, at, limit);
    if (state.is_ended ||
        (to == at && (state.part->is_cut || state.part->end == len)))
      return to;
    least = to == at ? 2 * size : 0;
    at = to;
  }
  return at;
}
