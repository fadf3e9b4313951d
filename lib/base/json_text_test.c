#include "base/json_text.h"

static void
check (PfSpan text, const char *string, const char *object)
{
  g_autoptr (GString) out = g_string_new ("<");
  g_autofree char *expected = g_strconcat ("<", string, object, NULL);

  pf_json_put_string (out, text);
  pf_json_put_text (out, text);
  g_assert_cmpstr (out->str, ==, expected);
}

static void
check_str (const char *text, const char *string, const char *object)
{
  check (pf_span_str (text), string, object);
}

static void
test_plain (void)
{
  check_str ("", "\"\"", "{\"text\":\"\"}");
  check_str ("a b~", "\"a b~\"", "{\"text\":\"a b~\"}");
  check_str ("\xC3\xA9\xE2\x82\xAC\xF0\x9D\x84\x9E",
             "\"\xC3\xA9\xE2\x82\xAC\xF0\x9D\x84\x9E\"",
             "{\"text\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9D\x84\x9E\"}");
}

/* Nothing that is escaped reaches a terminal, and a NUL is a character. */
static void
test_escapes (void)
{
  check_str ("\"\\", "\"\\\"\\\\\"", "{\"text\":\"\\\"\\\\\"}");
  check_str ("\n\t\r\x1B\x7F", "\"\\n\\t\\u000d\\u001b\\u007f\"",
             "{\"text\":\"\\n\\t\\u000d\\u001b\\u007f\"}");
  check_str ("\xC2\x80\xC2\x9F\xC2\xA0", "\"\\u0080\\u009f\xC2\xA0\"",
             "{\"text\":\"\\u0080\\u009f\xC2\xA0\"}");
  check ((PfSpan){ (const guint8 *)"a\0b", 3 }, "\"a\\u0000b\"",
         "{\"text\":\"a\\u0000b\"}");
}

/* A lone byte, a surrogate, an overlong form, the beginning of a character. */
static void
test_invalid (void)
{
  check_str ("caf\xE9", "\"caf\xEF\xBF\xBD\"", "{\"bytes\":\"Y2Fm6Q==\"}");
  check_str ("\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"",
             "{\"bytes\":\"7aCA\"}");
  check_str ("\xC0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\"",
             "{\"bytes\":\"wIA=\"}");
  check_str ("a\"\xE2\x82", "\"a\\\"\xEF\xBF\xBD\xEF\xBF\xBD\"",
             "{\"bytes\":\"YSLigg==\"}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-text/plain", test_plain);
  g_test_add_func ("/json-text/escapes", test_escapes);
  g_test_add_func ("/json-text/invalid", test_invalid);
  return g_test_run ();
}
