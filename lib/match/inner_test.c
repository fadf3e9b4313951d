#include "match/inner.h"

#include <string.h>

#include "match/start_filter.h"
#include "text/subword.h"

/* Marks with ^ where a term may begin in TEXT. */
static char *
kept (PfBoundary edge, const char *text)
{
  gsize len = strlen (text), n;
  g_autofree guint32 *found = g_new (guint32, len + 1);
  char *marks = g_strnfill (len, ' ');
  PfInner inner;

  for (gsize i = 0; i < len; i++)
    found[i] = (guint32)i | 3u << PF_START_BITS;
  pf_inner_init (&inner, edge);
  n = pf_inner_drop (&inner, (const guint8 *)text, 0, found, len);
  for (gsize i = 0; i < n; i++) {
    g_assert_cmpuint (found[i] >> PF_START_BITS, ==, 3);
    marks[PF_START_AT (found[i])] = '^';
  }
  return marks;
}

static void
check (PfBoundary edge, const char *text, const char *expected)
{
  g_autofree char *marks = kept (edge, text);

  g_assert_cmpstr (marks, ==, expected);
}

static void
test_rows (void)
{
  check (PF_BOUNDARY_SUBWORD, "a recieveData X2y",
         /*                */ "^^^      ^   ^^^^");
  check (PF_BOUNDARY_SUBWORD, "HTTPServer get_IT",
         /*                */ "^   ^     ^^  ^^^");
  check (PF_BOUNDARY_WORD, "a recieveData X_2y", "^^^          ^^   ");
  check (PF_BOUNDARY_SUBWORD, "", "");
}

/* Beyond ASCII nobody knows; the place before it may be the last capital. */
static void
test_beyond_ascii (void)
{
  check (PF_BOUNDARY_SUBWORD, "abAB\xC3\xA9zz", "^ ^^^^^ ");
}

/* In front of TEXT + FROM there is more. */
static void
test_from (void)
{
  guint32 found[] = { 0, 1, 2 };
  PfInner inner;

  pf_inner_init (&inner, PF_BOUNDARY_SUBWORD);
  g_assert_cmpuint (
      pf_inner_drop (&inner, (const guint8 *)"abcAb", 1, found, 3), ==, 1);
  g_assert_cmpuint (found[0], ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inner/rows", test_rows);
  g_test_add_func ("/inner/beyond-ascii", test_beyond_ascii);
  g_test_add_func ("/inner/from", test_from);
  return g_test_run ();
}
