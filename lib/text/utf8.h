/* Strict UTF-8 over bytes that may hold anything: the Unicode Standard,
 * section 3.9, table 3-7 (no overlong forms, no surrogates, nothing beyond
 * U+10FFFF). NUL is a character like any other.
 *
 * Text is cut into characters of one to four bytes. Each byte that is not
 * part of a well-formed sequence is a character of its own, of length one,
 * whose value is PF_UTF8_INVALID. A sequence never begins inside another, so
 * the cut does not depend on where one starts, as long as that is not inside
 * a character; this is what makes pf_utf8_prev agree with pf_utf8_next.
 *
 * Lengths and positions are in bytes. No state: any thread.
 */
#pragma once

#include "base/types.h"

/* Beyond Unicode, so never a word character and never part of a term. */
#define PF_UTF8_INVALID ((gunichar)0xFFFFFFFF)

/* The length of a sequence that begins with LEAD; 0 where none does. */
static inline guint
pf_utf8_length_of_lead (guint8 lead)
{
  if (lead < 0x80)
    return 1;
  if (lead < 0xC2)
    return 0;
  if (lead < 0xE0)
    return 2;
  if (lead < 0xF0)
    return 3;
  return lead < 0xF5 ? 4 : 0;
}

static inline gboolean
pf_utf8_is_tail (guint8 byte)
{
  return (byte & 0xC0) == 0x80;
}

/* After some leads the second byte is restricted further: this is where
 * overlong forms, surrogates and what is beyond U+10FFFF drop out. */
static inline gboolean
pf_utf8_is_second (guint8 lead, guint8 byte)
{
  switch (lead) {
  case 0xE0:
    return byte >= 0xA0 && byte <= 0xBF;
  case 0xED:
    return byte >= 0x80 && byte <= 0x9F;
  case 0xF0:
    return byte >= 0x90 && byte <= 0xBF;
  case 0xF4:
    return byte >= 0x80 && byte <= 0x8F;
  default:
    return pf_utf8_is_tail (byte);
  }
}

/* Whether the LEN bytes at P begin a well-formed sequence of several bytes
 * with the lead P[0]; LEN is at most that sequence's length. */
static inline gboolean
pf_utf8_begins_well (const guint8 *p, gsize len)
{
  if (len > 1 && !pf_utf8_is_second (p[0], p[1]))
    return FALSE;
  for (gsize i = 2; i < len; i++)
    if (!pf_utf8_is_tail (p[i]))
      return FALSE;
  return TRUE;
}

/* The character at P, where P < END: sets *C and returns its length. */
static inline guint
pf_utf8_next (const guint8 *p, const guint8 *end, gunichar *c)
{
  guint len = pf_utf8_length_of_lead (p[0]);

  if (len == 1) {
    *c = p[0];
    return 1;
  }
  if (len == 0 || (gsize)(end - p) < len || !pf_utf8_begins_well (p, len)) {
    *c = PF_UTF8_INVALID;
    return 1;
  }
  *c = p[0] & (0x7Fu >> len);
  for (guint i = 1; i < len; i++)
    *c = *c << 6 | (p[i] & 0x3Fu);
  return len;
}

/* The character that ends at P, where BEGIN < P: sets *C and returns its
 * length. It is the last one that going forward from BEGIN to P would find;
 * what stands at P and after it is not looked at. */
static inline guint
pf_utf8_prev (const guint8 *begin, const guint8 *p, gunichar *c)
{
  const guint8 *start = p - 1;

  while (start > begin && p - start < 4 && pf_utf8_is_tail (*start))
    start--;
  if (pf_utf8_next (start, p, c) == p - start)
    return (guint)(p - start);
  *c = PF_UTF8_INVALID;
  return 1;
}

/* TRUE where the bytes from P to END are a proper, non-empty prefix of a
 * well-formed sequence, so that more bytes could make a character of them. */
static inline gboolean
pf_utf8_truncated (const guint8 *p, const guint8 *end)
{
  gsize len = (gsize)(end - p);

  return len > 0 && len < pf_utf8_length_of_lead (p[0]) &&
         pf_utf8_begins_well (p, len);
}

/* TRUE where no character of SPAN is PF_UTF8_INVALID; so for an empty one. */
gboolean pf_utf8_valid (PfSpan span);

/* Writes C and returns how many bytes that took; 0, and nothing is written,
 * where C is a surrogate, beyond U+10FFFF, or PF_UTF8_INVALID. */
guint pf_utf8_encode (gunichar c, guint8 out[4]);
