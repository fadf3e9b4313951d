#include "base/escape.h"

static void
append (GString *out, const guint8 *p, gsize len)
{
  g_string_append_len (out, (const char *)p, (gssize)len);
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
    g_string_append_printf (out, "\\x%02x", byte);
  }
}

/* TEXT with what LENGTH finds, at the start of a character, escaped. */
static void
escape_where (GString *out, PfSpan text,
              guint (*length) (const guint8 *p, const guint8 *end))
{
  const guint8 *end, *plain;

  if (text.len == 0)
    return;
  end = text.data + text.len;
  plain = text.data;
  for (const guint8 *p = text.data; p < end;) {
    guint len = length (p, end);

    if (len == 0) {
      p += char_length (p, end);
      continue;
    }
    append (out, plain, (gsize)(p - plain));
    for (; len > 0; len--)
      append_escaped (out, *p++);
    plain = p;
  }
  append (out, plain, (gsize)(end - plain));
}

void
pf_escape_controls (GString *out, PfSpan text)
{
  escape_where (out, text, pf_control_length);
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
  const guint8 *end, *plain;

  if (text.len == 0)
    return;
  end = text.data + text.len;
  plain = text.data;
  for (const guint8 *p = text.data; p < end;) {
    guint len = space_length (p, end);

    if (len == 0) {
      p++;
      continue;
    }
    pf_escape_controls (out, (PfSpan){ plain, (gsize)(p - plain) });
    g_string_append_c (out, ' ');
    for (; p < end && (len = space_length (p, end)) > 0; p += len)
      ;
    plain = p;
  }
  pf_escape_controls (out, (PfSpan){ plain, (gsize)(end - plain) });
}

static guint
column_length (const guint8 *p, const guint8 *end G_GNUC_UNUSED)
{
  return *p == '\t' || *p == '\n' || *p == '\r' || *p == '\\';
}

void
pf_escape_column (GString *out, PfSpan text)
{
  escape_where (out, text, column_length);
}

static guint
line_break_length (const guint8 *p, const guint8 *end G_GNUC_UNUSED)
{
  return *p == '\n' || *p == '\r';
}

void
pf_escape_name (GString *out, PfSpan name, gboolean terminal)
{
  escape_where (out, name, terminal ? pf_control_length : line_break_length);
}

void
pf_append_number (GString *out, guint64 n)
{
  char digits[20];
  gsize at = sizeof digits;

  do
    digits[--at] = (char)('0' + n % 10);
  while ((n /= 10) > 0);
  g_string_append_len (out, digits + at, (gssize)(sizeof digits - at));
}
