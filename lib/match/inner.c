#include "match/inner.h"

#include "match/start_filter.h"
#include "text/subword.h"

#define BY_NEXT 2

static guint8
may_begin (PfBoundary edge, PfKind before, PfKind after)
{
  if (before == PF_KIND_OTHER || after == PF_KIND_OTHER)
    return TRUE;
  if (edge != PF_BOUNDARY_SUBWORD)
    return FALSE;
  if (pf_subword_asks_next (before, after))
    return BY_NEXT;
  return pf_subword_begins (before, after, PF_KIND_OTHER) ? TRUE : FALSE;
}

void
pf_inner_init (PfInner *self, PfBoundary edge)
{
  for (guint c = 0; c < 256; c++)
    self->kind_of[c] = (guint8)(c < 0x80 ? pf_unicode_kind (c) : PF_KIND_OTHER);
  for (guint a = 0; a <= PF_KIND_CONNECTOR; a++)
    for (guint b = 0; b <= PF_KIND_CONNECTOR; b++)
      self->may_begin[a][b] = may_begin (edge, (PfKind)a, (PfKind)b);
}

/* Without a branch: none could be foretold. */
static inline gboolean
is_kept (const PfInner *self, const guint8 *p)
{
  guint8 next = self->kind_of[p[1]];
  guint8 may = self->may_begin[self->kind_of[p[-1]]][self->kind_of[p[0]]];
  gboolean is_small = (next == PF_KIND_LOWER) | (next == PF_KIND_OTHER);

  return (may == TRUE) | ((may == BY_NEXT) & is_small);
}

gsize
pf_inner_drop (const PfInner *self, const guint8 *text, gsize from,
               guint32 *found, gsize n)
{
  gsize kept = 0, i = 0;

  if (n > 0 && from + PF_START_AT (found[0]) == 0)
    kept = i = 1;
  for (; i < n; i++) {
    guint32 place = found[i];

    found[kept] = place;
    kept += (gsize)is_kept (self, text + from + PF_START_AT (place));
  }
  return kept;
}
