#include "base/json_text.h"

#include "base/append.h"

/* Bytes that stand for themselves. */
static const guint8 plain[256] = {
  [0x20 ... 0x21] = 1,
  [0x23 ... 0x5B] = 1,
  [0x5D ... 0x7E] = 1,
};

#define REPLACEMENT "\xEF\xBF\xBD"

/* The character at P and its length in bytes; an invalid byte is one of its
 * own, and then *VALID is FALSE. */
static gunichar
character_at (const guint8 *p, const guint8 *end, guint *len, gboolean *valid)
{
  gunichar c = p[0];

  *len = 1;
  if (c < 0x80)
    return c;
  c = g_utf8_get_char_validated ((const char *)p, end - p);
  *valid = c < 0x110000;
  if (*valid)
    *len = (guint)g_unichar_to_utf8 (c, NULL);
  return c;
}

static void
append_character (GString *out, gunichar c, const guint8 *p, guint len)
{
  if (c == '"' || c == '\\')
    pf_append_char (out, '\\');
  if (c == '\n')
    g_string_append (out, "\\n");
  else if (c == '\t')
    g_string_append (out, "\\t");
  else if (c < 0x20 || (c >= 0x7F && c < 0xA0))
    g_string_append_printf (out, "\\u%04x", c);
  else
    pf_append_span (out, (PfSpan){ p, len });
}

/* What stands between the quotes. FALSE where a byte was not UTF-8; a STRICT
 * one ends there. */
static gboolean
append_escaped (GString *out, PfSpan text, gboolean strict)
{
  const guint8 *p = text.data, *end = pf_span_end (text);
  gboolean all_valid = TRUE;

  while (p < end) {
    const guint8 *from = p;
    gboolean valid = TRUE;
    gunichar c;
    guint len;

    while (p < end && plain[*p])
      p++;
    pf_append_span (out, (PfSpan){ from, (gsize)(p - from) });
    if (p == end)
      break;
    c = character_at (p, end, &len, &valid);
    if (valid)
      append_character (out, c, p, len);
    else if (strict)
      return FALSE;
    else
      g_string_append (out, REPLACEMENT);
    all_valid = all_valid && valid;
    p += len;
  }
  return all_valid;
}

void
pf_json_put_string (GString *out, PfSpan text)
{
  pf_append_char (out, '"');
  append_escaped (out, text, FALSE);
  pf_append_char (out, '"');
}

static void
append_bytes (GString *out, PfSpan bytes)
{
  g_autofree char *text = g_base64_encode (bytes.data, bytes.len);

  g_string_append (out, "{\"bytes\":\"");
  g_string_append (out, text);
}

void
pf_json_put_text (GString *out, PfSpan text)
{
  gsize begin = out->len;

  pf_append_span (out, pf_span_str ("{\"text\":\""));
  if (!append_escaped (out, text, TRUE)) {
    g_string_truncate (out, begin);
    append_bytes (out, text);
  }
  pf_append_span (out, pf_span_str ("\"}"));
}
