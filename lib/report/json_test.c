/* What is written is JSON, to the byte. */
#include "report/json.h"

static void
assert_finished (PfJson *json, const char *wanted)
{
  g_autofree char *text = pf_json_finish (json);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_values (void)
{
  PfJson *json = pf_json_new ();

  pf_json_begin_object (json, NULL);
  pf_json_number (json, "none", 0);
  pf_json_number (json, "most", G_MAXUINT64);
  pf_json_string (json, "text", "plain");
  pf_json_string (json, "missing", NULL);
  pf_json_null (json, "null");
  pf_json_end (json);
  assert_finished (json, "{\n"
                         "  \"none\": 0,\n"
                         "  \"most\": 18446744073709551615,\n"
                         "  \"text\": \"plain\",\n"
                         "  \"missing\": null,\n"
                         "  \"null\": null\n"
                         "}\n");
}

static void
test_nested (void)
{
  PfJson *json = pf_json_new ();

  pf_json_begin_array (json, NULL);
  pf_json_begin_object (json, NULL);
  pf_json_begin_array (json, "list");
  pf_json_number (json, NULL, 1);
  pf_json_number (json, NULL, 2);
  pf_json_end (json);
  pf_json_number (json, "after", 3);
  pf_json_end (json);
  pf_json_begin_object (json, NULL);
  pf_json_end (json);
  pf_json_begin_array (json, NULL);
  pf_json_end (json);
  pf_json_end (json);
  assert_finished (json, "[\n"
                         "  {\n"
                         "    \"list\": [\n"
                         "      1,\n"
                         "      2\n"
                         "    ],\n"
                         "    \"after\": 3\n"
                         "  },\n"
                         "  {},\n"
                         "  []\n"
                         "]\n");
}

/* RFC 8259, section 7. */
static void
test_escapes (void)
{
  PfJson *json = pf_json_new ();

  pf_json_string (json, NULL, "a\"b\\c\n\t\x1f\x7f \303\251/");
  assert_finished (json,
                   "\"a\\\"b\\\\c\\u000a\\u0009\\u001f\x7f \303\251/\"\n");
}

static void
test_alone (void)
{
  PfJson *json = pf_json_new ();

  pf_json_number (json, NULL, 7);
  assert_finished (json, "7\n");
}

/* Programming errors are told, in a process of their own. */
static void
test_unfinished (void)
{
  if (g_test_subprocess ()) {
    PfJson *json = pf_json_new ();

    pf_json_begin_object (json, NULL);
    g_free (pf_json_finish (json));
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/values", test_values);
  g_test_add_func ("/json/nested", test_nested);
  g_test_add_func ("/json/escapes", test_escapes);
  g_test_add_func ("/json/alone", test_alone);
  g_test_add_func ("/json/unfinished", test_unfinished);
  return g_test_run ();
}
