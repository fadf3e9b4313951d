#include "base/escape.h"

#include "base/append.h"

/* Which bytes may be, or begin, something to escape; all others are copied
 * unseen. */
enum {
  CONTROL = 1, /* in pf_escape_controls */
  SPACE = 2,   /* in pf_escape_folded_space, besides those of CONTROL */
  COLUMN = 4,  /* in pf_escape_column */
  BREAK = 8    /* in pf_escape_name */
};

static const guint8 special[256] = {
  [0x00 ... 0x08] = CONTROL,
  ['\t'] = CONTROL | SPACE | COLUMN,
  ['\n'] = CONTROL | SPACE | COLUMN | BREAK,
  ['\v'] = CONTROL | SPACE,
  ['\f'] = CONTROL | SPACE,
  ['\r'] = CONTROL | SPACE | COLUMN | BREAK,
  [0x0E ... 0x1F] = CONTROL,
  [' '] = SPACE,
  ['\\'] = COLUMN,
  [0x7F] = CONTROL,
  [0x80 ... 0xFF] = CONTROL,
};

static const guint8 *
skip_plain (const guint8 *p, const guint8 *end, guint8 kinds)
{
  while (p < end && (special[*p] & kinds) == 0)
    p++;
  return p;
}

static PfSpan
between (const guint8 *from, const guint8 *to)
{
  return (PfSpan){ from, (gsize)(to - from) };
}

/* C0, DEL and, in UTF-8, C1 are all of General_Category Cc; a byte of C1 by
 * itself drives terminals that do not speak UTF-8. */
guint
pf_control_length (const guint8 *p, const guint8 *end)
{
  if (p[0] < 0x20 || p[0] == 0x7F || (p[0] >= 0x80 && p[0] < 0xA0))
    return 1;
  return p[0] == 0xC2 && p + 1 < end && p[1] >= 0x80 && p[1] < 0xA0 ? 2 : 0;
}

/* The length of the character at P; an invalid byte is one of its own. */
static guint
char_length (const guint8 *p, const guint8 *end)
{
  gunichar c = p[0];

  if (c < 0x80)
    return 1;
  c = g_utf8_get_char_validated ((const char *)p, end - p);
  return c < 0x110000 ? (guint)g_unichar_to_utf8 (c, NULL) : 1;
}

static void
append_escaped (GString *out, guint8 byte)
{
  static const char hex[] = "0123456789abcdef";

  switch (byte) {
  case '\t':
    g_string_append (out, "\\t");
    break;
  case '\n':
    g_string_append (out, "\\n");
    break;
  case '\r':
    g_string_append (out, "\\r");
    break;
  case '\\':
    g_string_append (out, "\\\\");
    break;
  default:
    g_string_append (out, "\\x");
    g_string_append_c (out, hex[byte >> 4]);
    g_string_append_c (out, hex[byte & 15]);
  }
}

/* TEXT with what LENGTH finds, at the start of a character, escaped. It can
 * find nothing where no byte is of KINDS. */
static void
escape_where (GString *out, PfSpan text, guint8 kinds,
              guint (*length) (const guint8 *p, const guint8 *end))
{
  const guint8 *plain = text.data, *end = pf_span_end (text);

  for (const guint8 *p = plain; (p = skip_plain (p, end, kinds)) < end;) {
    guint len = length (p, end);

    if (len == 0) {
      p += char_length (p, end);
      continue;
    }
    pf_append_span (out, between (plain, p));
    for (; len > 0; len--)
      append_escaped (out, *p++);
    plain = p;
  }
  pf_append_span (out, between (plain, end));
}

void
pf_escape_controls (GString *out, PfSpan text)
{
  escape_where (out, text, CONTROL, pf_control_length);
}

/* The length of the white space character at P, or 0: White_Space of the
 * Unicode Character Database, which is a stable short list. Matched text is
 * valid UTF-8. */
static guint
space_length (const guint8 *p, const guint8 *end)
{
  gunichar c = p[0];

  if (c < 0x80)
    return c == ' ' || (c >= '\t' && c <= '\r') ? 1 : 0;
  c = g_utf8_get_char_validated ((const char *)p, end - p);
  if (c == 0x85 || c == 0xA0)
    return 2;
  if (c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
      c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000)
    return 3;
  return 0;
}

void
pf_escape_folded_space (GString *out, PfSpan text)
{
  const guint8 *plain = text.data, *end = pf_span_end (text);

  for (const guint8 *p = plain;
       (p = skip_plain (p, end, CONTROL | SPACE)) < end;) {
    guint len = space_length (p, end);

    if (len == 0) {
      p++;
      continue;
    }
    pf_escape_controls (out, between (plain, p));
    pf_append_char (out, ' ');
    for (; p < end && (len = space_length (p, end)) > 0; p += len)
      ;
    plain = p;
  }
  pf_escape_controls (out, between (plain, end));
}

static guint
column_length (const guint8 *p, const guint8 *end G_GNUC_UNUSED)
{
  return *p == '\t' || *p == '\n' || *p == '\r' || *p == '\\';
}

void
pf_escape_column (GString *out, PfSpan text)
{
  escape_where (out, text, COLUMN, column_length);
}

static guint
line_break_length (const guint8 *p, const guint8 *end G_GNUC_UNUSED)
{
  return *p == '\n' || *p == '\r';
}

void
pf_escape_name (GString *out, PfSpan name, gboolean terminal)
{
  if (terminal)
    escape_where (out, name, CONTROL, pf_control_length);
  else
    escape_where (out, name, BREAK, line_break_length);
}
