#include "text/units.h"

#include "text/utf8.h"

/* How many units the line has before AT, counted from its beginning. */
static guint64
twin (PfSpan text, gsize at)
{
  gsize from = at;
  guint64 units = 0;

  while (from > 0 && text.data[from - 1] != '\n')
    from--;
  while (from < at) {
    gunichar c;

    from += pf_utf8_next (text.data + from, pf_span_end (text), &c);
    units += c != PF_UTF8_INVALID && c > 0xFFFF ? 2 : 1;
  }
  return units;
}

static gboolean
begins_character (PfSpan text, gsize at)
{
  gsize from = 0;
  gunichar c;

  while (from < at)
    from += pf_utf8_next (text.data + from, pf_span_end (text), &c);
  return from == at;
}

static GString *
random_text (void)
{
  static const char *const parts[] = {
    "a",    "\xC3\xA9", "\xE2\x82\xAC", "\n", "\xF0\x9D\x84\x9E",
    "\xFF", "\xE2\x82", "\xF0\x9D\x84"
  };
  GString *text = g_string_new (NULL);

  for (int n = g_test_rand_int_range (0, 60); n > 0; n--)
    g_string_append (text,
                     parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
  return text;
}

/* Windows of all kinds, of which the counter sees only what is left: it is
 * moved on where they end, inside characters, too, and asked where characters
 * begin. */
static void
check_windows (PfSpan text)
{
  PfLineCounter lines;
  PfUnitCounter units;
  gsize begin = 0, at = 0;

  pf_line_counter_init (&lines);
  pf_unit_counter_init (&units, 0);
  while (at < text.len) {
    gsize to = at + (gsize)g_test_rand_int_range (0, 9);
    PfSpan window = pf_span_sub (text, begin, text.len);

    to = MIN (to, text.len);
    pf_line_counter_advance (&lines, window, begin, to);
    pf_unit_counter_advance (&units, &lines, window, begin, to);
    g_assert_cmpuint (units.at, >=, to);
    if (begins_character (text, to))
      g_assert_cmpuint (units.units, ==, twin (text, to));
    at = to;
    if (g_test_rand_bit ())
      begin = at;
  }
}

static void
test_windows (void)
{
  for (guint n = 0; n < 3000; n++) {
    g_autoptr (GString) text = random_text ();

    check_windows ((PfSpan){ (const guint8 *)text->str, text->len });
  }
}

/* A byte order mark stands before the text. */
static void
test_begin (void)
{
  PfSpan window = pf_span_str ("\xEF\xBB\xBF"
                               "\xC3\xA9x\ny");
  PfLineCounter lines;
  PfUnitCounter units;

  pf_line_counter_init (&lines);
  lines.at = 3;
  pf_unit_counter_init (&units, 3);
  pf_line_counter_advance (&lines, window, 0, 5);
  pf_unit_counter_advance (&units, &lines, window, 0, 5);
  g_assert_cmpuint (units.units, ==, 1);
  pf_line_counter_advance (&lines, window, 0, 7);
  pf_unit_counter_advance (&units, &lines, window, 0, 7);
  g_assert_cmpuint (units.units, ==, 0);
}

static void
test_units (void)
{
  g_assert_cmpuint (pf_utf16_units (pf_span_str ("")), ==, 0);
  g_assert_cmpuint (pf_utf16_units (pf_span_str ("a\xC3\xA9\xE2\x82\xAC")), ==,
                    3);
  g_assert_cmpuint (pf_utf16_units (pf_span_str ("\xF0\x9D\x84\x9E\xFF")), ==,
                    3);
  g_assert_cmpuint (pf_utf16_units (pf_span_str ("\xF0\x9D\x84")), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/units/windows", test_windows);
  g_test_add_func ("/units/begin", test_begin);
  g_test_add_func ("/units/units", test_units);
  return g_test_run ();
}
