#include "text/word.h"

#include "text/unicode.h"
#include "text/utf8.h"

#define BITMAP_END 0x10000

static void
set_bit (PfWordClass *self, gunichar c)
{
  self->bitmap[c / 32] |= 1u << (c % 32);
}

PfWordClass *
pf_word_class_new_custom (PfIsWord is_word)
{
  PfWordClass *self = g_new0 (PfWordClass, 1);

  self->is_word = is_word;
  for (gunichar c = 0; c < BITMAP_END; c++)
    if (is_word (c))
      set_bit (self, c);
  return self;
}

/* EXTRA is valid and not empty. */
static void
add_extra (PfWordClass *self, PfSpan extra)
{
  const guint8 *end = extra.data + extra.len;

  self->has_extra = TRUE;
  self->extra = g_new (gunichar, extra.len / 4 + 1);
  for (const guint8 *p = extra.data; p < end;) {
    gunichar c;

    p += pf_utf8_next (p, end, &c);
    if (c < BITMAP_END)
      set_bit (self, c);
    else
      self->extra[self->n_extra++] = c;
  }
}

PfWordClass *
pf_word_class_new (PfSpan extra, PfError *error)
{
  PfWordClass *self;

  if (!pf_utf8_valid (extra)) {
    pf_error_set (error, PF_STATUS_USAGE,
                  "the word characters are not valid UTF-8");
    return NULL;
  }
  self = pf_word_class_new_custom (pf_unicode_is_word);
  if (extra.len > 0)
    add_extra (self, extra);
  return self;
}

gboolean
pf_word_class_is_wide (const PfWordClass *self)
{
  return self->is_word == pf_unicode_is_word;
}

gboolean
pf_word_class_is_plain (const PfWordClass *self)
{
  return pf_word_class_is_wide (self) && !self->has_extra;
}

void
pf_word_class_free (PfWordClass *self)
{
  if (self == NULL)
    return;
  g_free (self->extra);
  g_free (self);
}

gboolean
pf_word_class_has_astral (const PfWordClass *self, gunichar c)
{
  if (c > 0x10FFFF)
    return FALSE;
  for (gsize i = 0; i < self->n_extra; i++)
    if (self->extra[i] == c)
      return TRUE;
  return self->is_word (c);
}
