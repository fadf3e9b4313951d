#include "text/lines.h"

#include <string.h>

void
pf_line_counter_init (PfLineCounter *self)
{
  *self = (PfLineCounter){ .line = 1 };
}

void
pf_line_counter_advance (PfLineCounter *self, PfSpan window,
                         guint64 window_offset, guint64 to)
{
  g_assert (window_offset <= self->at && self->at <= to);
  g_assert (to - window_offset <= window.len);

  while (self->at < to) {
    const guint8 *from = window.data + (self->at - window_offset);
    const guint8 *lf = memchr (from, '\n', to - self->at);

    if (lf == NULL)
      break;
    self->at += (guint64)(lf - from) + 1;
    self->line++;
    self->line_start = self->at;
  }
  self->at = to;
}
