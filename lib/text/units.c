#include "text/units.h"

#include "text/utf8.h"

void
pf_unit_counter_init (PfUnitCounter *self, guint64 begin)
{
  *self = (PfUnitCounter){ .at = begin };
}

/* Adds the units of the characters that begin from P on and before LIMIT;
 * returns where the last one ends. */
static const guint8 *
count (const guint8 *p, const guint8 *limit, const guint8 *end, guint64 *units)
{
  gunichar c;

  while (p < limit) {
    p += pf_utf8_next (p, end, &c);
    *units += c != PF_UTF8_INVALID && c > 0xFFFF ? 2 : 1;
  }
  return p;
}

void
pf_unit_counter_advance (PfUnitCounter *self, const PfLineCounter *lines,
                         PfSpan window, guint64 window_offset, guint64 to)
{
  const guint8 *p;

  if (lines->line_start > self->line_start) {
    self->line_start = self->at = lines->line_start;
    self->units = 0;
  }
  if (to <= self->at)
    return;
  g_assert (window_offset <= self->at && to - window_offset <= window.len);
  p = count (window.data + (self->at - window_offset),
             window.data + (to - window_offset), pf_span_end (window),
             &self->units);
  self->at = window_offset + (guint64)(p - window.data);
}

guint64
pf_utf16_units (PfSpan text)
{
  guint64 units = 0;

  count (text.data, pf_span_end (text), pf_span_end (text), &units);
  return units;
}
