#include "text/transcode.h"

#include <string.h>

/* BYTES in steps of STEP bytes, through SELF. (transfer full) */
static char *
decode (PfTranscoder *self, PfSpan bytes, gsize step)
{
  GString *text = g_string_new (NULL);
  gsize at = 0;

  pf_transcoder_begin (self);
  do {
    gsize end = MIN (at + step, bytes.len);
    PfSpan in = pf_span_sub (bytes, at, end), out;

    while (pf_transcoder_next (self, &in, end == bytes.len, &out))
      g_string_append_len (text, (const char *)out.data, (gssize)out.len);
    at = end;
  } while (at < bytes.len);
  return g_string_free (text, FALSE);
}

static const char sample[] =
    "Gr\u00FC\u00DFe, \u65E5\u672C\u8A9E \u30C6\u30B9\u30C8 1\n";

/* Multi-byte characters and shift states, cut everywhere; a text that needs
 * more than one part of output. */
static void
test_steps (void)
{
  static const char *const names[] = { "UTF-16LE",    "UTF-16", "UTF-32BE",
                                       "GB18030",     "UTF-7",  "ISO-2022-JP-2",
                                       "EUC-JISX0213" };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 2000; i++)
    g_string_append (text, sample);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (PfTranscoder) self = pf_transcoder_new (names[i], NULL);
    gsize len;
    g_autofree char *bytes = g_convert (text->str, (gssize)text->len, names[i],
                                        "UTF-8", NULL, &len, NULL);

    g_assert_nonnull (bytes);
    for (gsize step = 1; step <= len; step = step < 9 ? step + 1 : step * 7) {
      g_autofree char *seen =
          decode (self, (PfSpan){ (const guint8 *)bytes, len }, step);

      g_assert_cmpstr (seen, ==, text->str);
      g_assert_false (pf_transcoder_check (self, NULL));
    }
  }
}

/* Where bytes are none of the encoding, or the text ends within a character:
 * what stands before is there, and the place is told. */
static void
test_failures (void)
{
  static const struct {
    const char *name, *bytes;
    gsize len;
    const char *text, *message;
  } cases[] = {
    { "UTF-8", "ab\xFFz", 4, "ab",
      "not in the encoding UTF-8 at byte offset 2" },
    { "UTF-8", "a\xC3\xA9\xE2\x82", 5, "a\u00E9",
      "not in the encoding UTF-8 at byte offset 3" },
    { "UTF-16LE", "a\0\x00\xD8z\0", 6, "a",
      "not in the encoding UTF-16LE at byte offset 2" },
    { "UTF-16BE", "\0a\0", 3, "a",
      "not in the encoding UTF-16BE at byte offset 2" },
    { "ASCII", "abc\x80", 4, "abc",
      "not in the encoding ASCII at byte offset 3" },
    { "SHIFT_JIS", "a\x83", 2, "a",
      "not in the encoding SHIFT_JIS at byte offset 1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PfTranscoder) self = pf_transcoder_new (cases[i].name, NULL);

    for (gsize step = 1; step <= cases[i].len; step++) {
      g_auto (PfError) error = { 0 };
      g_autofree char *seen = decode (
          self, (PfSpan){ (const guint8 *)cases[i].bytes, cases[i].len }, step);

      g_assert_cmpstr (seen, ==, cases[i].text);
      g_assert_true (pf_transcoder_check (self, &error));
      g_assert_cmpint (error.status, ==, PF_STATUS_DATA);
      g_assert_cmpstr (error.message, ==, cases[i].message);
    }
  }
}

static void
test_marks (void)
{
  static const struct {
    const char *name, *bytes;
    gsize len;
    const char *text;
  } cases[] = {
    { "UTF-8", "\xEF\xBB\xBFt", 4, "t" },
    { "UTF-16LE", "\xFF\xFEt\0", 4, "t" },
    { "UTF-16BE", "\xFE\xFF\xFE\xFF\0t", 6, "\xEF\xBB\xBFt" },
    { "UTF-16", "\xFE\xFF\0t", 4, "t" },
    { "UTF-8", "t\xEF\xBB\xBF", 4, "t\xEF\xBB\xBF" },
    { "UTF-8", "\xEF\xBB\xBF", 3, "" },
    { "UTF-8", "", 0, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PfTranscoder) self = pf_transcoder_new (cases[i].name, NULL);

    for (gsize step = 1; step <= 6; step++) {
      g_autofree char *seen = decode (
          self, (PfSpan){ (const guint8 *)cases[i].bytes, cases[i].len }, step);

      g_assert_cmpstr (seen, ==, cases[i].text);
      g_assert_false (pf_transcoder_check (self, NULL));
    }
  }
}

static void
test_names (void)
{
  static const char *const bad[] = { "", "no such", "UTF-8//IGNORE", "//" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_auto (PfError) error = { 0 };

    g_assert_false (pf_transcoder_check_name (bad[i], &error));
    g_assert_cmpint (error.status, ==, PF_STATUS_USAGE);
    g_assert_null (pf_transcoder_new (bad[i], NULL));
  }
  g_assert_true (pf_transcoder_check_name ("latin1", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transcode/steps", test_steps);
  g_test_add_func ("/transcode/failures", test_failures);
  g_test_add_func ("/transcode/marks", test_marks);
  g_test_add_func ("/transcode/names", test_names);
  return g_test_run ();
}
