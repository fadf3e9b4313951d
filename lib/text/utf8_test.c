#include "text/utf8.h"

#include <string.h>

/* Every kind of byte: ASCII, tails at each edge of a restricted range, leads
 * of each length, and what never occurs. */
static const guint8 nasty[] = { 0x00, 'a',  0x7F, 0x80, 0x8F, 0x90, 0x9F,
                                0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0,
                                0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1,
                                0xF3, 0xF4, 0xF5, 0xF8, 0xFF };
#define N_NASTY G_N_ELEMENTS (nasty)
#define RANDOM_MAX 24

typedef void (*Check) (const guint8 *begin, const guint8 *end);

/* Calls CHECK with every string of LEN nasty bytes, which end where their
 * allocation ends, so that AddressSanitizer sees a read beyond. */
static void
for_all_strings (gsize len, Check check)
{
  gsize count = 1;
  g_autofree guint8 *text = g_malloc (len);

  for (gsize i = 0; i < len; i++)
    count *= N_NASTY;
  for (gsize n = 0; n < count; n++) {
    gsize rest = n;

    for (gsize i = 0; i < len; i++, rest /= N_NASTY)
      text[i] = nasty[rest % N_NASTY];
    check (text, text + len);
  }
}

static void
for_all_short_strings (Check check)
{
  for (gsize len = 1; len <= 4; len++)
    for_all_strings (len, check);
}

static void
for_random_strings (guint times, Check check)
{
  for (guint n = 0; n < times; n++) {
    gsize len = (gsize)g_test_rand_int_range (1, RANDOM_MAX);
    g_autofree guint8 *text = g_malloc (len);

    for (gsize i = 0; i < len; i++)
      text[i] = nasty[g_test_rand_int_range (0, N_NASTY)];
    check (text, text + len);
  }
}

/* What GLib says of the character at P; it refuses NUL and tells truncated
 * from invalid, which for us is one. */
static guint
oracle_next (const guint8 *p, const guint8 *end, gunichar *c)
{
  if (*p == 0) {
    *c = 0;
    return 1;
  }
  *c = g_utf8_get_char_validated ((const char *)p, end - p);
  if (*c <= 0x10FFFF)
    return (guint)g_unichar_to_utf8 (*c, NULL);
  *c = PF_UTF8_INVALID;
  return 1;
}

static void
check_next (const guint8 *begin, const guint8 *end)
{
  for (const guint8 *p = begin; p < end; p++) {
    gunichar ours;
    gunichar theirs;
    guint len = pf_utf8_next (p, end, &ours);

    g_assert_cmpuint (len, ==, oracle_next (p, end, &theirs));
    g_assert_cmphex (ours, ==, theirs);
  }
}

static void
test_next (void)
{
  for_all_short_strings (check_next);
  for_random_strings (20000, check_next);
}

/* The last character that going forward from BEGIN to END finds. */
static guint
last_forward (const guint8 *begin, const guint8 *end, gunichar *c)
{
  guint len = 0;

  *c = PF_UTF8_INVALID;
  for (const guint8 *p = begin; p < end; p += len)
    len = pf_utf8_next (p, end, c);
  return len;
}

static void
check_prev (const guint8 *begin, const guint8 *end)
{
  for (const guint8 *p = begin + 1; p <= end; p++) {
    gunichar back;
    gunichar forward;
    guint len = pf_utf8_prev (begin, p, &back);

    g_assert_cmpuint (len, ==, last_forward (begin, p, &forward));
    g_assert_cmphex (back, ==, forward);
  }
}

static void
test_prev (void)
{
  for_all_short_strings (check_prev);
  for_random_strings (20000, check_prev);
}

/* Going forward and going back cut a string at the same places. */
static void
check_walks (const guint8 *begin, const guint8 *end)
{
  const guint8 *cuts[RANDOM_MAX];
  gunichar chars[RANDOM_MAX];
  gsize n = 0;
  gunichar c;

  for (const guint8 *p = begin; p < end; n++) {
    cuts[n] = p;
    p += pf_utf8_next (p, end, &chars[n]);
  }
  for (const guint8 *p = end; p > begin;) {
    p -= pf_utf8_prev (begin, p, &c);
    n--;
    g_assert_true (p == cuts[n]);
    g_assert_cmphex (c, ==, chars[n]);
  }
  g_assert_cmpuint (n, ==, 0);
}

static void
test_walks (void)
{
  for_random_strings (50000, check_walks);
}

static gboolean
is_one_character (const guint8 *text, gsize len)
{
  gunichar c;

  return oracle_next (text, text + len, &c) == len && c != PF_UTF8_INVALID;
}

/* Whether up to MORE bytes behind the LEN of TEXT make one character. */
static gboolean
can_be_completed (guint8 *text, gsize len, gsize more)
{
  static const guint8 tails[] = { 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF };

  for (gsize i = 0; more > 0 && i < G_N_ELEMENTS (tails); i++) {
    text[len] = tails[i];
    if (is_one_character (text, len + 1) ||
        can_be_completed (text, len + 1, more - 1))
      return TRUE;
  }
  return FALSE;
}

static void
check_truncated (const guint8 *begin, const guint8 *end)
{
  guint8 text[8];
  gsize len = (gsize)(end - begin);

  memcpy (text, begin, len);
  g_assert_cmpint (pf_utf8_truncated (begin, end), ==,
                   !is_one_character (begin, len) &&
                       can_be_completed (text, len, 4 - len));
}

static void
test_truncated (void)
{
  for_all_short_strings (check_truncated);
  g_assert_false (pf_utf8_truncated (nasty, nasty));
}

static void
check_valid (const guint8 *begin, const guint8 *end)
{
  gunichar c;
  gboolean expected = TRUE;
  PfSpan span = { begin, (gsize)(end - begin) };

  for (const guint8 *p = begin; p < end && expected;) {
    p += oracle_next (p, end, &c);
    expected = c != PF_UTF8_INVALID;
  }
  g_assert_cmpint (pf_utf8_valid (span), ==, expected);
}

/* A bad byte must be seen at every place, whatever the stride. */
static void
test_valid_long (void)
{
  guint8 text[40];
  PfSpan span = { text, sizeof text };

  memset (text, 'x', sizeof text);
  g_assert_true (pf_utf8_valid (span));
  for (gsize i = 0; i < sizeof text; i++) {
    text[i] = 0x80;
    g_assert_false (pf_utf8_valid (span));
    text[i] = 0;
    g_assert_true (pf_utf8_valid (span));
    g_assert_true (pf_utf8_valid (pf_span_sub (span, i, sizeof text)));
  }
}

static void
test_valid (void)
{
  PfSpan empty = { NULL, 0 };

  g_assert_true (pf_utf8_valid (empty));
  for_all_short_strings (check_valid);
}

static void
check_encode (gunichar c)
{
  guint8 ours[4] = { 0 };
  char theirs[6] = { 0 };
  gunichar back;
  guint len = pf_utf8_encode (c, ours);

  g_assert_cmpmem (ours, len, theirs, (gsize)g_unichar_to_utf8 (c, theirs));
  g_assert_cmpuint (pf_utf8_next (ours, ours + len, &back), ==, len);
  g_assert_cmphex (back, ==, c);
  g_assert_cmpuint (pf_utf8_prev (ours, ours + len, &back), ==, len);
  g_assert_cmphex (back, ==, c);
}

static void
test_encode (void)
{
  for (gunichar c = 0; c < 0x110000; c++)
    if (c < 0xD800 || c > 0xDFFF)
      check_encode (c);
}

static void
test_encode_refuses (void)
{
  static const gunichar bad[] = { 0xD800, 0xDBFF,   0xDC00,
                                  0xDFFF, 0x110000, PF_UTF8_INVALID };
  guint8 out[4] = { 'x', 'x', 'x', 'x' };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpuint (pf_utf8_encode (bad[i], out), ==, 0);
  g_assert_cmpmem (out, 4, "xxxx", 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/utf8/next", test_next);
  g_test_add_func ("/utf8/prev", test_prev);
  g_test_add_func ("/utf8/walks", test_walks);
  g_test_add_func ("/utf8/truncated", test_truncated);
  g_test_add_func ("/utf8/valid", test_valid);
  g_test_add_func ("/utf8/valid/long", test_valid_long);
  g_test_add_func ("/utf8/encode", test_encode);
  g_test_add_func ("/utf8/encode/refuses", test_encode_refuses);
  return g_test_run ();
}
