#include "text/utf8.h"

#include <string.h>

/* How many of the LEN bytes at P are surely ASCII, in steps of eight. */
static gsize
ascii_run (const guint8 *p, gsize len)
{
  gsize done = 0;
  guint64 eight;

  for (; len - done >= sizeof eight; done += sizeof eight) {
    memcpy (&eight, p + done, sizeof eight);
    if ((eight & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
      break;
  }
  return done;
}

gboolean
pf_utf8_valid (PfSpan span)
{
  gsize at = 0;

  while (at < span.len) {
    gunichar c;

    if (span.data[at] < 0x80)
      at += ascii_run (span.data + at, span.len - at);
    if (at == span.len)
      break;
    at += pf_utf8_next (span.data + at, span.data + span.len, &c);
    if (c == PF_UTF8_INVALID)
      return FALSE;
  }
  return TRUE;
}

guint
pf_utf8_encode (gunichar c, guint8 out[4])
{
  static const guint8 marks[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
  guint len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

  if (c < 0x80) {
    out[0] = (guint8)c;
    return 1;
  }
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
    return 0;
  for (guint i = len - 1; i > 0; i--) {
    out[i] = (guint8)(0x80 | (c & 0x3F));
    c >>= 6;
  }
  out[0] = (guint8)(marks[len] | c);
  return len;
}
