#include "match/edges.h"

#include <string.h>

#include "text/space.h"
#include "text/subword.h"
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

/* The kind of what stands before AT, inside a word, across marks. */
static PfKind
kind_before (const PfWindow *self, gsize at)
{
  gunichar c;

  for (guint i = 0; i <= PF_SUBWORD_MARKS && at > 0; i++) {
    at -= pf_utf8_prev (self->text.data, self->text.data + at, &c);
    if (pf_unicode_kind (c) != PF_KIND_MARK)
      return pf_word_class_has (self->words, c) ? pf_unicode_kind (c)
                                                : PF_KIND_OTHER;
  }
  return PF_KIND_OTHER;
}

/* The kind of what stands at AT, across marks. */
static PfAnswer
kind_after (const PfWindow *self, gsize at, PfKind *kind)
{
  gunichar c;
  guint n;

  *kind = PF_KIND_OTHER;
  for (guint i = 0; i <= PF_SUBWORD_MARKS; i++) {
    PfAnswer there = pf_window_char (self, at, &c, &n);

    if (there != PF_YES)
      return there == PF_NO ? PF_YES : PF_UNDECIDED;
    if (pf_unicode_kind (c) != PF_KIND_MARK) {
      *kind = pf_unicode_kind (c);
      break;
    }
    at += n;
  }
  return PF_YES;
}

/* Whether a part of a word begins at AT, before the word character C of N
 * bytes, and behind another one. */
static PfAnswer
part_begins (const PfWindow *self, gsize at, gunichar c, guint n)
{
  PfKind before = kind_before (self, at), after = pf_unicode_kind (c);
  PfKind next = PF_KIND_OTHER;

  if (pf_subword_asks_next (before, after) &&
      kind_after (self, at + n, &next) == PF_UNDECIDED)
    return PF_UNDECIDED;
  return pf_subword_begins (before, after, next) ? PF_YES : PF_NO;
}

PfAnswer
pf_window_holds_before (const PfWindow *self, PfBoundary boundary, gsize start)
{
  gunichar first, before;
  guint n;

  if (boundary == PF_BOUNDARY_NONE || start == 0)
    return PF_YES;
  if (!is_word_before (self, start, &before))
    return boundary != PF_BOUNDARY_HOST || before != '-' ? PF_YES : PF_NO;
  if (boundary == PF_BOUNDARY_STRICT || boundary == PF_BOUNDARY_HOST ||
      pf_window_char (self, start, &first, &n) != PF_YES)
    return PF_NO;
  if (!pf_word_class_has (self->words, first))
    return PF_YES;
  return boundary == PF_BOUNDARY_SUBWORD ? part_begins (self, start, first, n)
                                         : PF_NO;
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

/* Whether the rule asks nothing behind a term that ends with no word
 * character. */
static gboolean
is_for_words (PfBoundary boundary)
{
  return boundary == PF_BOUNDARY_WORD || boundary == PF_BOUNDARY_SUBWORD;
}

PfAnswer
pf_window_holds_after (const PfWindow *self, PfBoundary boundary, gsize end)
{
  gunichar last, after;
  guint n;
  PfAnswer there;

  if (boundary == PF_BOUNDARY_NONE || boundary == PF_BOUNDARY_PREFIX)
    return PF_YES;
  if (is_for_words (boundary) && !is_word_before (self, end, &last))
    return PF_YES;
  there = pf_window_char (self, end, &after, &n);
  if (there != PF_YES)
    return there == PF_NO ? PF_YES : PF_UNDECIDED;
  if (pf_word_class_has (self->words, after))
    return boundary == PF_BOUNDARY_SUBWORD ? part_begins (self, end, after, n)
                                           : PF_NO;
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
