#include "text/unicode.h"
#include "text/utf8.h"
#include "text/word.h"

#define END 0x110000

static PfWordClass *
new_class (const char *extra)
{
  g_auto (PfError) error = { 0 };
  PfWordClass *class = pf_word_class_new (pf_span_str (extra), &error);

  g_assert_nonnull (class);
  g_assert_false (pf_error_is_set (&error));
  return class;
}

static void
test_spots (void)
{
  static const gunichar word[] = { 'a',    '9',    '_',    0x2160, 0x24B6,
                                   0x0301, 0x203F, 0x200D, 0x20000 };
  static const gunichar other[] = { 0x20AC, '%', '+', '-', 0, '\n', 0x1F600 };
  g_autoptr (PfWordClass) class = new_class ("");

  for (gsize i = 0; i < G_N_ELEMENTS (word); i++)
    g_assert_true (pf_word_class_has (class, word[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (other); i++)
    g_assert_false (pf_word_class_has (class, other[i]));
}

/* Without additions it is \w, for every value. */
static void
test_is_unicode (void)
{
  g_autoptr (PfWordClass) class = new_class ("");

  for (gunichar c = 0; c < END; c++)
    if (pf_word_class_has (class, c) != pf_unicode_is_word (c))
      g_error ("U+%04X: not what \\w says", c);
}

static gboolean
is_added (gunichar c)
{
  return c == '-' || c == '+' || c == 0x20AC || c == 0x1F600 || c == 0x10FFFF;
}

static void
test_extra (void)
{
  g_autoptr (PfWordClass) class =
      new_class ("-+a\u20AC\U0001F600\U00020000\U0010FFFF");

  for (gunichar c = 0; c < END; c++)
    if (pf_word_class_has (class, c) !=
        (pf_unicode_is_word (c) || is_added (c)))
      g_error ("U+%04X: not \\w and the additions", c);
}

static void
test_extra_nul (void)
{
  static const guint8 text[] = { 'x', 0, '%' };
  PfSpan extra = { text, sizeof text };
  g_autoptr (PfWordClass) class = pf_word_class_new (extra, NULL);

  g_assert_true (pf_word_class_has (class, 0));
  g_assert_true (pf_word_class_has (class, '%'));
}

static void
test_bad_extra (void)
{
  static const char *const bad[] = { "\xFF", "-\xC3", "\xED\xA0\x80",
                                     "\xC0\x80" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_auto (PfError) error = { 0 };

    g_assert_null (pf_word_class_new (pf_span_str (bad[i]), &error));
    g_assert_cmpint (error.status, ==, PF_STATUS_USAGE);
    g_assert_null (pf_word_class_new (pf_span_str (bad[i]), NULL));
  }
}

/* Says yes to more than it should be asked about. */
static gboolean
is_odd (gunichar c)
{
  g_assert_cmphex (c, <, END);
  return c % 2 == 1;
}

static void
test_custom (void)
{
  g_autoptr (PfWordClass) class = pf_word_class_new_custom (is_odd);

  for (gunichar c = 0; c < END; c++)
    if (pf_word_class_has (class, c) != (c % 2 == 1))
      g_error ("U+%04X: not what the rule says", c);
}

static void
test_beyond (void)
{
  static const gunichar beyond[] = { 0x110000, 0x110041, 0x7FFFFFFF, 0xFFFF0041,
                                     PF_UTF8_INVALID };
  g_autoptr (PfWordClass) unicode = new_class ("-\U0001F600");
  g_autoptr (PfWordClass) custom = pf_word_class_new_custom (is_odd);

  for (gsize i = 0; i < G_N_ELEMENTS (beyond); i++) {
    g_assert_false (pf_word_class_has (unicode, beyond[i]));
    g_assert_false (pf_word_class_has (custom, beyond[i]));
  }
  pf_word_class_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/word/spots", test_spots);
  g_test_add_func ("/word/is-unicode", test_is_unicode);
  g_test_add_func ("/word/extra", test_extra);
  g_test_add_func ("/word/extra-nul", test_extra_nul);
  g_test_add_func ("/word/bad-extra", test_bad_extra);
  g_test_add_func ("/word/custom", test_custom);
  g_test_add_func ("/word/beyond", test_beyond);
  return g_test_run ();
}
