/* What stands around raw lines. */
#include "base/append.h"
#include "sink/format.h"

static const PfRecordStyle plain, colored = { .color = TRUE };

static void
check_begin (const PfLineRecord *record, const PfRecordStyle *style,
             const char *expected)
{
  g_autoptr (GString) out = g_string_new ("<");

  pf_line_format_text.begin (out, record, style);
  g_string_append_c (out, '>');
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_begin (void)
{
  PfLineRecord record = { 0 };

  check_begin (&record, &plain, "<>");
  record.number = 7;
  check_begin (&record, &plain, "<7:>");
  record.name = pf_span_str ("f");
  check_begin (&record, &plain, "<f:7:>");
  record.is_context = TRUE;
  check_begin (&record, &plain, "<f-7->");
  check_begin (&record, &colored,
               "<f\33[36m\33[K-\33[m\33[K\33[32m\33[K7\33[m\33[K"
               "\33[36m\33[K-\33[m\33[K>");
}

static void
test_parts (void)
{
  const PfLineFormat *format = &pf_line_format_text;
  g_autoptr (GString) out = g_string_new (NULL);

  format->begin_match (out, &plain);
  format->end_match (out, &plain);
  format->separator (out, &plain);
  format->begin_match (out, &colored);
  format->end_match (out, &colored);
  format->separator (out, &colored);
  g_assert_cmpstr (out->str, ==,
                   "--\n\33[01;31m\33[K\33[m\33[K"
                   "\33[36m\33[K--\33[m\33[K\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lines/begin", test_begin);
  g_test_add_func ("/lines/parts", test_parts);
  return g_test_run ();
}
