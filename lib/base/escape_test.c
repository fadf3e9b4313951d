#include "base/escape.h"

#include <string.h>

typedef void (*Escape) (GString *out, PfSpan text);

typedef struct {
  const char *text;
  const char *expected;
} Row;

static void
check (Escape escape, PfSpan text, const char *expected)
{
  /* What is there already stays. */
  g_autoptr (GString) out = g_string_new ("<");
  g_autofree char *whole = g_strconcat ("<", expected, NULL);

  escape (out, text);
  g_assert_cmpstr (out->str, ==, whole);
}

#define CHECK_ROWS(escape, rows)                                               \
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)                              \
  check (escape, pf_span_str ((rows)[i].text), (rows)[i].expected)

static void
test_controls (void)
{
  static const Row rows[] = {
    { "", "" },
    { "plain", "plain" },
    { "a\tb\nc\rd", "a\\tb\\nc\\rd" },
    { "\x1B[31m", "\\x1b[31m" },
    { "\x01\x1F\x7F", "\\x01\\x1f\\x7f" },
    { "back\\slash", "back\\slash" },
    { "\xC2\x80\xC2\x9F", "\\xc2\\x80\\xc2\\x9f" },
    { "\u00A0\u00E9\u20AC", "\u00A0\u00E9\u20AC" },
    { "\xC2", "\xC2" },
    { "\x85\x9B", "\\x85\\x9b" },
    { "a\xC2\n", "a\xC2\\n" },
  };
  PfSpan nul = { (const guint8 *)"a\0b", 3 };

  CHECK_ROWS (pf_escape_controls, rows);
  check (pf_escape_controls, nul, "a\\x00b");
  check (pf_escape_controls, (PfSpan){ NULL, 0 }, "");
}

/* The function and the loop over all of Unicode that it stands for. */
static void
test_control_length (void)
{
  for (gunichar c = 0; c < 0x110000; c++) {
    guint8 bytes[6];
    guint len = (guint)g_unichar_to_utf8 (c, (char *)bytes);
    gboolean is_control = g_unichar_type (c) == G_UNICODE_CONTROL;

    if (c >= 0xD800 && c <= 0xDFFF)
      continue;
    g_assert_cmpuint (pf_control_length (bytes, bytes + len), ==,
                      is_control ? len : 0);
  }
}

static void
test_folded_space (void)
{
  static const Row rows[] = {
    { "new york", "new york" },
    { "new \t \r\n  york", "new york" },
    { "new\nyork", "new york" },
    { "new\u00A0\u3000\u2028\u1680\u205F\u202F\xC2\x85york", "new york" },
    { "  a  ", " a " },
    { "a\u200Bb\u180Ec", "a\u200Bb\u180Ec" },
    { "a\x1B b\x01", "a\\x1b b\\x01" },
    { "\xE3\x80", "\xE3\\x80" },
    { "\xFF \xFF", "\xFF \xFF" },
  };

  CHECK_ROWS (pf_escape_folded_space, rows);
  check (pf_escape_folded_space, (PfSpan){ NULL, 0 }, "");
}

/* White_Space has 25 members; g_unichar_isspace has none of its own.
 */
static void
test_folded_space_members (void)
{
  guint n = 0;

  for (gunichar c = 1; c < 0x110000; c++) {
    char bytes[7] = { 0 };
    g_autoptr (GString) out = g_string_new (NULL);
    gboolean is_space;

    if (c >= 0xD800 && c <= 0xDFFF)
      continue;
    g_unichar_to_utf8 (c, bytes);
    pf_escape_folded_space (out, pf_span_str (bytes));
    is_space = g_str_equal (out->str, " ");
    n += is_space;
    if (g_unichar_isspace (c))
      g_assert_true (is_space);
  }
  g_assert_cmpuint (n, ==, 25);
}

static void
test_column (void)
{
  static const Row rows[] = {
    { "", "" },
    { "a\tb\nc\rd\\e", "a\\tb\\nc\\rd\\\\e" },
    { "\\t", "\\\\t" },
    { "\x1B\xC2\x80 \xFF", "\x1B\xC2\x80 \xFF" },
  };

  CHECK_ROWS (pf_escape_column, rows);
  check (pf_escape_column, (PfSpan){ NULL, 0 }, "");
}

static void
escape_plain_name (GString *out, PfSpan name)
{
  pf_escape_name (out, name, FALSE);
}

static void
escape_terminal_name (GString *out, PfSpan name)
{
  pf_escape_name (out, name, TRUE);
}

/* A name stays one line, and cannot drive a terminal. */
static void
test_name (void)
{
  static const Row plain[] = { { "a b", "a b" },
                               { "a\nb\rc", "a\\nb\\rc" },
                               { "\x1B[31m\t\xFF", "\x1B[31m\t\xFF" } };
  static const Row terminal[] = { { "a b", "a b" },
                                  { "a\nb\rc", "a\\nb\\rc" },
                                  { "\x1B[31m\t\xFF", "\\x1b[31m\\t\xFF" },
                                  { "\xC2\x9B"
                                    "1m",
                                    "\\xc2\\x9b1m" } };

  CHECK_ROWS (escape_plain_name, plain);
  CHECK_ROWS (escape_terminal_name, terminal);
}

/* The slow twin: one character after the other, each asked what it is. */
static void
twin (GString *out, PfSpan text,
      guint (*length) (const guint8 *p, const guint8 *end))
{
  const guint8 *end = text.data + text.len;

  for (const guint8 *p = text.data; p < end;) {
    guint len = length (p, end);
    gunichar c = g_utf8_get_char_validated ((const char *)p, end - p);
    guint plain = c < 0x110000 ? (guint)g_unichar_to_utf8 (c, NULL) : 1;

    if (len == 0)
      g_string_append_len (out, (const char *)p, plain);
    for (guint i = 0; i < len; i++)
      g_string_append_printf (out,
                              p[i] == '\t'   ? "\\t"
                              : p[i] == '\n' ? "\\n"
                              : p[i] == '\r' ? "\\r"
                              : p[i] == '\\' ? "\\\\"
                                             : "\\x%02x",
                              p[i]);
    p += len > 0 ? len : plain;
  }
}

static guint
column_length (const guint8 *p, const guint8 *end G_GNUC_UNUSED)
{
  return strchr ("\t\n\r\\", *p) != NULL && *p != '\0';
}

/* Random bytes, of which many are plain, and pieces of UTF-8. */
static void
test_twin (void)
{
  static const char *const parts[] = {
    "a", "bc", "defghijkl", " ",    "\t",   "\n",   "\r",   "\\",
    "é", "€",  "\xC2\x85",  "\xC2", "\x9B", "\x1B", "\x7F", "\xE2\x80"
  };

  for (guint n = 0; n < 20000; n++) {
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GString) out = g_string_new (NULL);
    g_autoptr (GString) expected = g_string_new (NULL);
    PfSpan span;

    for (gint32 k = g_test_rand_int_range (0, 12); k > 0; k--)
      g_string_append (text,
                       parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
    span = (PfSpan){ (const guint8 *)text->str, text->len };
    pf_escape_controls (out, span);
    pf_escape_column (out, span);
    twin (expected, span, pf_control_length);
    twin (expected, span, column_length);
    g_assert_cmpstr (out->str, ==, expected->str);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/escape/controls", test_controls);
  g_test_add_func ("/escape/control-length", test_control_length);
  g_test_add_func ("/escape/folded-space", test_folded_space);
  g_test_add_func ("/escape/folded-space/members", test_folded_space_members);
  g_test_add_func ("/escape/column", test_column);
  g_test_add_func ("/escape/name", test_name);
  g_test_add_func ("/escape/twin", test_twin);
  return g_test_run ();
}
