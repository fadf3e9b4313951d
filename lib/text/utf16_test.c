#include "text/unicode.h"
#include "text/utf16.h"
#include "text/utf8.h"

/* The bytes of UNITS in one byte order. */
static GByteArray *
serialize (const guint16 *units, gsize n, gboolean big_endian)
{
  GByteArray *bytes = g_byte_array_new ();

  for (gsize i = 0; i < n; i++) {
    guint8 high = (guint8)(units[i] >> 8);
    guint8 low = (guint8)units[i];
    guint8 pair[2] = { big_endian ? high : low, big_endian ? low : high };

    g_byte_array_append (bytes, pair, 2);
  }
  return bytes;
}

/* Decodes one piece into a buffer of just the promised size, so that
 * AddressSanitizer sees where the promise is broken. */
static void
decode_piece (PfUtf16Decoder *decoder, PfSpan piece, GByteArray *result)
{
  gsize bound = pf_utf16_bound (piece.len);
  g_autofree guint8 *out = g_malloc (bound);
  gsize len = pf_utf16_decode (decoder, piece, out);

  g_assert_cmpuint (len, <=, bound);
  g_byte_array_append (result, out, (guint)len);
}

/* Decodes IN in pieces of at most MAX bytes; of random length where RANDOM,
 * and then now and then empty. */
static GByteArray *
decode (PfSpan in, gboolean big_endian, gsize max, gboolean random)
{
  PfUtf16Decoder decoder;
  GByteArray *result = g_byte_array_new ();
  guint8 rest[PF_UTF16_FINISH_MAX];

  pf_utf16_decoder_init (&decoder, big_endian);
  for (gsize at = 0; at < in.len;) {
    gsize len = random ? (gsize)g_test_rand_int_range (0, (int)max + 1) : max;
    gsize to = MIN (at + len, in.len);

    decode_piece (&decoder, pf_span_sub (in, at, to), result);
    at = to;
  }
  g_byte_array_append (result, rest, (guint)pf_utf16_finish (&decoder, rest));
  g_assert_cmpuint (pf_utf16_finish (&decoder, rest), ==, 0);
  return result;
}

static void
assert_decodes (PfSpan in, gboolean big_endian, gsize max, gboolean random,
                PfSpan expected)
{
  GByteArray *result = decode (in, big_endian, max, random);

  g_assert_cmpmem (result->data, result->len, expected.data, expected.len);
  g_byte_array_unref (result);
}

/* Every scalar value but NUL, at which GLib stops. */
static GString *
all_characters (void)
{
  GString *text = g_string_new (NULL);

  for (gunichar c = 1; c < 0x110000; c++)
    if (c < 0xD800 || c > 0xDFFF)
      g_string_append_unichar (text, c);
  return text;
}

static void
check_all_characters (gboolean big_endian)
{
  GString *text = all_characters ();
  PfSpan expected = { (const guint8 *)text->str, text->len };
  glong n;
  g_autofree guint16 *units =
      g_utf8_to_utf16 (text->str, (glong)text->len, NULL, &n, NULL);
  GByteArray *bytes = serialize (units, (gsize)n, big_endian);
  PfSpan in = { bytes->data, bytes->len };

  assert_decodes (in, big_endian, in.len, FALSE, expected);
  assert_decodes (in, big_endian, 1, FALSE, expected);
  assert_decodes (in, big_endian, 7, TRUE, expected);
  assert_decodes (in, big_endian, 5000, TRUE, expected);
  g_byte_array_unref (bytes);
  g_string_free (text, TRUE);
}

static void
test_all_characters (void)
{
  check_all_characters (FALSE);
  check_all_characters (TRUE);
}

static void
append_unpaired (GByteArray *result, guint16 unit)
{
  guint8 bytes[3] = { (guint8)(0xE0 | unit >> 12),
                      (guint8)(0x80 | (unit >> 6 & 0x3F)),
                      (guint8)(0x80 | (unit & 0x3F)) };

  g_byte_array_append (result, bytes, 3);
}

/* The same in one pass with look-ahead, by GLib where it is willing. */
static GByteArray *
naive (const guint16 *units, gsize n)
{
  GByteArray *result = g_byte_array_new ();

  for (gsize i = 0; i < n; i++) {
    gsize len = i + 1 < n && units[i] >= 0xD800 && units[i] < 0xDC00 ? 2 : 1;
    glong written = 0;
    g_autofree char *utf8 =
        g_utf16_to_utf8 (units + i, (glong)len, NULL, &written, NULL);

    if (units[i] == 0) {
      g_byte_array_append (result, (const guint8 *)"", 1);
    } else if (utf8 != NULL && written > 0) {
      g_byte_array_append (result, (const guint8 *)utf8, (guint)written);
      i += len - 1;
    } else {
      append_unpaired (result, units[i]);
    }
  }
  return result;
}

static void
check_random (gboolean big_endian, gboolean odd)
{
  static const guint16 nasty[] = { 0,      'a',    0x7F,   0x80,   0x7FF,
                                   0x800,  0xD7FF, 0xD800, 0xDBFF, 0xDC00,
                                   0xDFFF, 0xE000, 0xFEFF, 0xFFFF };
  guint16 units[12];
  gsize n = (gsize)g_test_rand_int_range (0, G_N_ELEMENTS (units) + 1);

  for (gsize i = 0; i < n; i++)
    units[i] = nasty[g_test_rand_int_range (0, G_N_ELEMENTS (nasty))];

  GByteArray *bytes = serialize (units, n, big_endian);
  GByteArray *expected = naive (units, n);

  if (odd) {
    g_byte_array_append (bytes, (const guint8 *)"\xDC", 1);
    g_byte_array_append (expected, (const guint8 *)"\xFF", 1);
  }

  PfSpan in = { bytes->data, bytes->len };
  PfSpan out = { expected->data, expected->len };

  for (gsize max = 1; max <= in.len; max++)
    assert_decodes (in, big_endian, max, FALSE, out);
  assert_decodes (in, big_endian, 3, TRUE, out);
  g_byte_array_unref (bytes);
  g_byte_array_unref (expected);
}

static void
test_random (void)
{
  for (guint n = 0; n < 5000; n++)
    check_random (n % 2, n % 3 == 0);
}

/* To the strict decoder, an unpaired surrogate is three invalid bytes. */
static void
test_surrogates_are_invalid (void)
{
  for (guint unit = 0xD800; unit <= 0xDFFF; unit++) {
    guint8 bytes[2] = { (guint8)unit, (guint8)(unit >> 8) };
    PfSpan in = { bytes, 2 };
    GByteArray *result = decode (in, FALSE, 2, FALSE);

    g_assert_cmpuint (result->len, ==, 3);
    g_assert_cmphex (result->data[0], ==, 0xED);
    g_assert_cmphex (result->data[1], ==, 0x80 | (unit >> 6 & 0x3F));
    for (gsize i = 0; i < 3; i++) {
      gunichar c;

      g_assert_cmpuint (pf_utf8_next (result->data + i, result->data + 3, &c),
                        ==, 1);
      g_assert_cmphex (c, ==, PF_UTF8_INVALID);
      g_assert_false (pf_unicode_is_word (c));
    }
    g_byte_array_unref (result);
  }
}

/* The largest output of each length fits, with both remainders pending. */
static void
test_bound (void)
{
  static const guint8 before[] = { 0xD8, 0x00, 0xD8 };
  static const guint8 in[] = { 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xD8, 0x00 };

  for (gsize len = 0; len <= sizeof in; len++) {
    GByteArray *result = g_byte_array_new ();
    PfUtf16Decoder decoder;
    guint8 none[16];

    pf_utf16_decoder_init (&decoder, TRUE);
    pf_utf16_decode (&decoder, (PfSpan){ before, sizeof before }, none);
    decode_piece (&decoder, (PfSpan){ in, len }, result);
    g_byte_array_unref (result);
  }
}

static void
test_finish (void)
{
  static const guint8 in[] = { 0xD8, 0x3D, 'x' };
  PfUtf16Decoder decoder;
  guint8 out[16];

  pf_utf16_decoder_init (&decoder, TRUE);
  g_assert_cmpuint (pf_utf16_decode (&decoder, (PfSpan){ in, sizeof in }, out),
                    ==, 0);
  g_assert_cmpmem (out, pf_utf16_finish (&decoder, out), "\xED\xA0\xBD\xFF",
                   PF_UTF16_FINISH_MAX);
  g_assert_cmpuint (
      pf_utf16_decode (&decoder, (PfSpan){ (const guint8 *)"\0a", 2 }, out), ==,
      1);
  g_assert_cmpint (out[0], ==, 'a');
}

static void
test_bom (void)
{
  static const struct {
    const char *head;
    PfBom bom;
    gsize len;
  } cases[] = { { "\xEF\xBB\xBF", PF_BOM_UTF8, 3 },
                { "\xEF\xBB\xBFx", PF_BOM_UTF8, 3 },
                { "\xEF\xBB", PF_BOM_NONE, 0 },
                { "\xEF\xBB\xBE", PF_BOM_NONE, 0 },
                { "\xFF\xFE", PF_BOM_UTF16LE, 2 },
                { "\xFF\xFE\xFE\xFF", PF_BOM_UTF16LE, 2 },
                { "\xFE\xFF", PF_BOM_UTF16BE, 2 },
                { "\xFE\xFFx", PF_BOM_UTF16BE, 2 },
                { "\xFE", PF_BOM_NONE, 0 },
                { "\xFF", PF_BOM_NONE, 0 },
                { "x\xFF\xFE", PF_BOM_NONE, 0 },
                { "", PF_BOM_NONE, 0 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize len = 99;

    g_assert_cmpint (pf_bom_detect (pf_span_str (cases[i].head), &len), ==,
                     cases[i].bom);
    g_assert_cmpuint (len, ==, cases[i].len);
  }
  g_assert_cmpint (pf_bom_detect ((PfSpan){ NULL, 0 }, NULL), ==, PF_BOM_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/utf16/all-characters", test_all_characters);
  g_test_add_func ("/utf16/random", test_random);
  g_test_add_func ("/utf16/surrogates-are-invalid",
                   test_surrogates_are_invalid);
  g_test_add_func ("/utf16/bound", test_bound);
  g_test_add_func ("/utf16/finish", test_finish);
  g_test_add_func ("/utf16/bom", test_bom);
  return g_test_run ();
}
