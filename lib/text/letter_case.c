#include "text/letter_case.h"

#include "base/append.h"
#include "text/utf8.h"

static gboolean
has_case (gunichar c)
{
  return g_unichar_isupper (c) || g_unichar_islower (c) ||
         g_unichar_istitle (c);
}

PfLetters
pf_letters_of (PfSpan text)
{
  const guint8 *p = text.data, *end = pf_span_end (text);
  guint n_upper = 0, n_lower = 0, n_within = 0;
  gboolean begins_word = TRUE, begins_upper = FALSE;
  gunichar c;

  for (gboolean is_upper; p < end; begins_word = g_unichar_isspace (c)) {
    gboolean is_first = p == text.data;

    p += pf_utf8_next (p, end, &c);
    if (c == PF_UTF8_INVALID || !has_case (c))
      continue;
    is_upper = !g_unichar_islower (c);
    begins_upper = begins_upper || (is_first && is_upper);
    n_upper += is_upper;
    n_lower += !is_upper;
    n_within += is_upper && !begins_word;
  }
  if (begins_upper && n_within == 0)
    return PF_LETTERS_CAPITALISED;
  return n_upper > 0 && n_lower == 0 ? PF_LETTERS_UPPER : PF_LETTERS_OTHER;
}

static void
append_char (GString *out, gunichar c)
{
  char *to = pf_append_begin (out, 4);

  pf_append_end (out, to + pf_utf8_encode (c, (guint8 *)to));
}

/* The character at P in upper case. Returns its length in the text. */
static guint
append_raised (GString *out, const guint8 *p, const guint8 *end,
               PfLetters letters)
{
  gunichar c;
  guint len = pf_utf8_next (p, end, &c);

  if (c == PF_UTF8_INVALID || !has_case (c))
    pf_append_span (out, (PfSpan){ p, len });
  else
    append_char (out, letters == PF_LETTERS_UPPER ? g_unichar_toupper (c)
                                                  : g_unichar_totitle (c));
  return len;
}

void
pf_letters_apply (GString *out, PfSpan value, PfLetters letters)
{
  const guint8 *p = value.data, *end = pf_span_end (value);

  while (letters != PF_LETTERS_OTHER && p < end &&
         (letters == PF_LETTERS_UPPER || p == value.data))
    p += append_raised (out, p, end, letters);
  pf_append_span (out, (PfSpan){ p, (gsize)(end - p) });
}
