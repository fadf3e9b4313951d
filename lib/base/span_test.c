#include "base/span.h"

#include <string.h>

static void
test_of_string (void)
{
  g_assert_cmpuint (pf_span_str ("").len, ==, 0);
  g_assert_cmpuint (pf_span_str (NULL).len, ==, 0);
  g_assert_cmpuint (pf_span_str ("abc").len, ==, 3);
  g_assert_cmpmem (pf_span_str ("abc").data, 3, "abc", 3);
}

static void
test_sub (void)
{
  PfSpan span = pf_span_str ("abcdef");
  PfSpan middle = pf_span_sub (span, 2, 4);

  g_assert_cmpmem (middle.data, middle.len, "cd", 2);
  g_assert_cmpuint (pf_span_sub (span, 6, 6).len, ==, 0);
  g_assert_cmpuint (pf_span_sub (span, 0, 6).len, ==, 6);
}

static void
test_equal (void)
{
  PfSpan none = { NULL, 0 };

  g_assert_true (pf_span_equal (pf_span_str ("ab"), pf_span_str ("ab")));
  g_assert_false (pf_span_equal (pf_span_str ("ab"), pf_span_str ("ac")));
  g_assert_false (pf_span_equal (pf_span_str ("ab"), pf_span_str ("abc")));
  g_assert_true (pf_span_equal (none, pf_span_str ("")));
  g_assert_true (pf_span_equal (none, none));
  g_assert_false (pf_span_equal (none, pf_span_str ("a")));
}

static void
test_without_dots (void)
{
  static const char *const rows[][2] = {
    { "a", "a" },       { "./a", "a" },
    { ".//a", "a" },    { "././//a/./b", "a/./b" },
    { "/a", "/a" },     { "./", "./" },
    { "././", "./" },   { ".//", ".//" },
    { "../a", "../a" }, { "./.a", ".a" },
    { ".", "." },       { "", "" }
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    PfSpan left = pf_span_without_dots (pf_span_str (rows[i][0]));

    g_assert_cmpmem (left.data, left.len, rows[i][1], strlen (rows[i][1]));
  }
}

static void
test_find_last (void)
{
  g_assert_cmpuint (pf_span_find_last (pf_span_str ("a,b,c"), ','), ==, 3);
  g_assert_cmpuint (pf_span_find_last (pf_span_str (",ab"), ','), ==, 0);
  g_assert_cmpuint (pf_span_find_last (pf_span_str ("abc"), ','), ==, 3);
  g_assert_cmpuint (pf_span_find_last ((PfSpan){ NULL, 0 }, ','), ==, 0);
}

static int
sign (int n)
{
  return (n > 0) - (n < 0);
}

/* Each is less than the next: bytes are unsigned, a prefix comes first, and
 * NUL is a byte as any other. */
static void
test_compare (void)
{
  static const PfSpan sorted[] = {
    { NULL, 0 },
    { (const guint8 *)"\0", 1 },
    { (const guint8 *)"\0\0", 2 },
    { (const guint8 *)"\0a", 2 },
    { (const guint8 *)"a", 1 },
    { (const guint8 *)"a\0", 2 },
    { (const guint8 *)"a\x7F", 2 },
    { (const guint8 *)"a\x80", 2 },
    { (const guint8 *)"a\xFF", 2 },
    { (const guint8 *)"b", 1 },
    { (const guint8 *)"\xFF", 1 },
  };

  for (int i = 0; i < (int)G_N_ELEMENTS (sorted); i++)
    for (int k = 0; k < (int)G_N_ELEMENTS (sorted); k++)
      g_assert_cmpint (sign (pf_span_compare (sorted[i], sorted[k])), ==,
                       sign (i - k));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/span/of-string", test_of_string);
  g_test_add_func ("/span/sub", test_sub);
  g_test_add_func ("/span/equal", test_equal);
  g_test_add_func ("/span/without-dots", test_without_dots);
  g_test_add_func ("/span/find-last", test_find_last);
  g_test_add_func ("/span/compare", test_compare);
  return g_test_run ();
}
