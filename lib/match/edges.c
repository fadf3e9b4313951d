#include "match/edges.h"

#include <string.h>

#include "text/space.h"
#include "text/unicode.h"

PfAnswer
pf_window_space_run (const PfWindow *self, gsize at, gsize *len)
{
  guint breaks = 0, most = self->space == PF_SPACE_WRAP ? 1 : 0;
  gunichar c = 0;
  guint n = 0;

  for (*len = 0; *len <= PF_SPACE_RUN_MAX && breaks <= most; *len += n) {
    PfAnswer there = pf_window_char (self, at + *len, &c, &n);

    if (there == PF_UNDECIDED)
      return PF_UNDECIDED;
    if (there == PF_NO || !pf_unicode_is_space (c))
      return *len > 0 ? PF_YES : PF_NO;
    breaks += c == '\n';
  }
  return PF_NO;
}

static gboolean
is_word_before (const PfWindow *self, gsize at, gunichar *c)
{
  pf_utf8_prev (self->text.data, self->text.data + at, c);
  return pf_word_class_has (self->words, *c);
}

gboolean
pf_window_holds_before (const PfWindow *self, PfBoundary boundary, gsize start)
{
  gunichar first, before;
  guint n;

  if (boundary == PF_BOUNDARY_NONE || start == 0)
    return TRUE;
  if (!is_word_before (self, start, &before))
    return boundary != PF_BOUNDARY_HOST || before != '-';
  return boundary == PF_BOUNDARY_WORD &&
         pf_window_char (self, start, &first, &n) == PF_YES &&
         !pf_word_class_has (self->words, first);
}

/* For hosts: what comes after the full stop at AT must not be a word. */
static PfAnswer
holds_after_stop (const PfWindow *self, gsize at)
{
  gunichar c;
  guint n;
  PfAnswer there = pf_window_char (self, at + 1, &c, &n);

  if (there != PF_YES)
    return there == PF_NO ? PF_YES : PF_UNDECIDED;
  return pf_word_class_has (self->words, c) ? PF_NO : PF_YES;
}

PfAnswer
pf_window_holds_after (const PfWindow *self, PfBoundary boundary, gsize end)
{
  gunichar last, after;
  guint n;
  PfAnswer there;

  if (boundary == PF_BOUNDARY_NONE)
    return PF_YES;
  if (boundary == PF_BOUNDARY_WORD && !is_word_before (self, end, &last))
    return PF_YES;
  there = pf_window_char (self, end, &after, &n);
  if (there != PF_YES)
    return there == PF_NO ? PF_YES : PF_UNDECIDED;
  if (pf_word_class_has (self->words, after))
    return PF_NO;
  if (boundary != PF_BOUNDARY_HOST)
    return PF_YES;
  if (after == '.')
    return holds_after_stop (self, end);
  return after == '-' ? PF_NO : PF_YES;
}

gboolean
pf_window_spells (const PfWindow *self, PfSpan term, gsize start, gsize end)
{
  const guint8 *p = term.data, *p_end = p + term.len;
  const guint8 *q = self->text.data + start, *q_end = self->text.data + end;
  gboolean spaces = self->space != PF_SPACE_EXACT;
  gunichar c, d;

  if (end - start == term.len && memcmp (p, q, term.len) == 0)
    return TRUE;
  while (p < p_end && q < q_end) {
    p += pf_utf8_next (p, p_end, &c);
    q += pf_utf8_next (q, q_end, &d);
    if (spaces && pf_unicode_is_space (c) && pf_unicode_is_space (d)) {
      p = pf_skip_space (p, p_end);
      q = pf_skip_space (q, q_end);
    } else if (c != d) {
      return FALSE;
    }
  }
  return p == p_end && q == q_end;
}
