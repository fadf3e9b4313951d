#include "match/census.h"

#include "match/kernel.h"
#include "text/unicode.h"
#include "text/utf8.h"

void
pf_census_init (PfCensus *self, PfIsa isa, guint64 at)
{
  *self = (PfCensus){ .begin = at, .at = at, .isa = isa };
}

/* How many bytes at P belong to a character that begins before it, where BACK
 * bytes before P may be looked at. */
static gsize
tail_length (const guint8 *p, const guint8 *end, gsize back)
{
  gunichar c;

  for (gsize n = 1; n < 4 && n <= back && p < end; n++) {
    guint len = pf_utf8_next (p - n, end, &c);

    if (len > n)
      return len - n;
    if (!pf_utf8_is_tail (p[-(gssize)n]))
      break;
  }
  return 0;
}

void
pf_census_init_within (PfCensus *self, PfIsa isa, PfSpan window, guint64 offset,
                       guint64 at)
{
  gsize place = (gsize)(at - offset);
  gunichar c = PF_UTF8_INVALID;

  place += tail_length (window.data + place, pf_span_end (window), place);
  pf_census_init (self, isa, offset + place);
  if (place > 0)
    pf_utf8_prev (window.data, window.data + place, &c);
  self->inside = c != PF_UTF8_INVALID && pf_unicode_is_word (c);
}

void
pf_census_join (PfCensus *self, const PfCensus *next)
{
  self->at = next->at;
  self->tokens += next->tokens;
  self->is_invalid |= next->is_invalid;
  self->inside = next->inside;
}

/* A stretch of a window; counting begins at P. */
typedef struct {
  PfCensus *census;
  const guint8 *p;
  const guint8 *stop; /* no character that begins here or behind is counted */
  const guint8 *end;  /* of what may be looked at */
  gboolean final;
} Walk;

/* Character by character, up to LIMIT or a little further. FALSE where one is
 * not there wholly. */
static gboolean
count_characters (Walk *self, const guint8 *limit)
{
  PfCensus *census = self->census;

  while (self->p < limit) {
    gboolean is_word;
    gunichar c;
    guint len = pf_utf8_next (self->p, self->end, &c);

    if (c == PF_UTF8_INVALID && !self->final &&
        pf_utf8_truncated (self->p, self->end))
      return FALSE;
    is_word = c != PF_UTF8_INVALID && pf_unicode_is_word (c);
    census->is_invalid |= c == PF_UTF8_INVALID;
    census->tokens += is_word && !census->inside;
    census->inside = is_word;
    self->p += len;
  }
  return TRUE;
}

/* A group of ASCII, of which the first FROM bytes are counted already. */
static void
count_group (Walk *self, guint64 word, guint from)
{
  PfCensus *census = self->census;
  guint64 bits = word & ~(guint64)0 << from;
  guint64 before = bits << 1 | (guint64)(census->inside != 0) << from;

  census->tokens += (guint)__builtin_popcountll (bits & ~before);
  census->inside = (gboolean)(bits >> 63);
  self->p += 64 - from;
}

/* Up to a block of whole groups. FALSE as count_characters. */
static gboolean
count_groups (Walk *self, PfBitmaps *maps)
{
  const guint8 *text = self->p;
  gsize n_groups = MIN ((gsize)(self->stop - text) / 64, PF_BLOCK_GROUPS);

  pf_kernel_for (self->census->isa)->classify (text, n_groups, maps);
  for (gsize g = 0; g < n_groups; g++) {
    /* The last character of the group before may reach into this one. */
    guint from = (guint)(self->p - (text + 64 * g));

    if ((maps->high[g] & ~(guint64)0 << from) == 0)
      count_group (self, maps->word[g], from);
    else if (!count_characters (self, text + 64 * (g + 1)))
      return FALSE;
  }
  return TRUE;
}

void
pf_census_advance (PfCensus *self, PfSpan window, guint64 offset, guint64 to,
                   gboolean final)
{
  PfBitmaps maps;
  Walk walk = { .census = self, .end = pf_span_end (window), .final = final };
  gboolean going_on = TRUE;

  to = MIN (to, offset + window.len);
  if (self->at >= to)
    return;
  walk.p = window.data + (self->at - offset);
  walk.stop = window.data + (to - offset);
  while (going_on && walk.stop - walk.p >= 64)
    going_on = count_groups (&walk, &maps);
  if (going_on)
    count_characters (&walk, walk.stop);
  self->at = offset + (guint64)(walk.p - window.data);
}
