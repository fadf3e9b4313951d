#include "base/escape.h"

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

static void
check_number (guint64 n)
{
  g_autoptr (GString) out = g_string_new ("<");
  g_autofree char *expected = g_strdup_printf ("<%" G_GUINT64_FORMAT, n);

  pf_append_number (out, n);
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_number (void)
{
  guint64 power = 1;

  check_number (0);
  check_number (G_MAXUINT64);
  for (guint i = 0; i < 20; i++, power *= 10) {
    check_number (power - 1);
    check_number (power);
    check_number (power + 1);
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
  g_test_add_func ("/escape/number", test_number);
  return g_test_run ();
}
