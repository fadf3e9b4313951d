/* Held against GLib's normalization, which goes through whole texts, and is of
 * another Unicode version: so characters are left out that it does not know. */
#include "text/normal.h"

#include <string.h>

#include "text/utf8.h"

/* TEXT in normal form by GLib. (transfer full) */
static char *
map_slowly (const char *text)
{
  g_autofree char *composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  GString *plain = g_string_new (NULL);

  for (const char *p = composed; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (plain, pf_normal_plain (g_utf8_get_char (p)));
  return g_string_free (plain, FALSE);
}

/* TEXT sequence by sequence. (transfer full) */
static char *
map_sequences (const char *text)
{
  GString *out = g_string_new (NULL);
  const char *p = text;

  while (*p != '\0') {
    guint8 mapped[PF_NORMAL_BYTES];
    const char *from = p;
    gsize len;

    p = g_utf8_next_char (p);
    while (*p != '\0' && pf_normal_continues (g_utf8_get_char (p)))
      p = g_utf8_next_char (p);
    len = pf_normal_map ((PfSpan){ (const guint8 *)from, (gsize)(p - from) },
                         mapped);
    g_assert_cmpuint (len, <=, sizeof mapped);
    g_string_append_len (out, (const char *)mapped, (gssize)len);
  }
  return g_string_free (out, FALSE);
}

static void
check (const char *text)
{
  g_autofree char *seen = map_sequences (text), *wanted = map_slowly (text);

  g_assert_cmpstr (seen, ==, wanted);
}

static gboolean
is_known (gunichar c)
{
  return g_unichar_validate (c) && g_unichar_isdefined (c) && c > 0;
}

/* Each character by itself, and whether it is told that it changes. */
static void
test_characters (void)
{
  guint changed = 0;

  for (gunichar c = 1; c < 0x110000; c++) {
    g_autofree char *mapped = NULL;
    char text[8];

    if (!is_known (c))
      continue;
    text[g_unichar_to_utf8 (c, text)] = '\0';
    check (text);
    mapped = map_slowly (text);
    if (c != PF_SOFT_HYPHEN)
      g_assert_cmpint (pf_normal_changes (c), ==, strcmp (mapped, text) != 0);
    changed += strcmp (mapped, text) != 0;
  }
  g_assert_cmpuint (changed, >, 1000);
  g_assert_true (pf_normal_changes (PF_SOFT_HYPHEN));
}

/* What composes, decomposes and is ordered, mostly. */
static gunichar
random_character (void)
{
  static const gunichar few[] = {
    'a', 'e', 'o', ' ', '=', 0xE9, 0x1E69, 0x2019
  };
  static const struct {
    gunichar from, to;
  } ranges[] = { { 0x300, 0x370 },   { 0xC0, 0x180 },    { 0x1100, 0x1113 },
                 { 0x1161, 0x1176 }, { 0x11A7, 0x11C3 }, { 0xAC00, 0xAC40 },
                 { 0x9BE, 0x9D8 },   { 0xDCA, 0xDE0 },   { 0x1D157, 0x1D166 },
                 { 0xF71, 0xF85 },   { 0x3099, 0x309B }, { 0x1F00, 0x1FFE } };
  guint i = (guint)g_test_rand_int_range (0, 4 + G_N_ELEMENTS (ranges));

  if (i < 4)
    return few[g_test_rand_int_range (0, G_N_ELEMENTS (few))];
  return (gunichar)g_test_rand_int_range ((gint32)ranges[i - 4].from,
                                          (gint32)ranges[i - 4].to);
}

static void
test_texts (void)
{
  for (guint i = 0; i < 30000; i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    gint n = g_test_rand_int_range (1, 12);

    for (gint k = 0; k < n; k++) {
      gunichar c = random_character ();

      if (is_known (c))
        g_string_append_unichar (text, c);
    }
    check (text->str);
  }
}

/* A longest sequence of what grows most still has room. */
static void
test_longest (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_unichar (text, 0x1F82);
  for (guint i = 1; i < PF_NORMAL_MOST; i++)
    g_string_append_unichar (text, 0x1D165 + i % 2);
  check (text->str);
}

static void
test_plain (void)
{
  static const struct {
    const char *text, *plain;
  } cases[] = {
    { "‘a’ ‚b‛ ‹c› ʼd′", "'a' 'b' 'c' 'd'" },
    { "“a” „b‟ «c» ″", "\"a\" \"b\" \"c\" \"" },
    { "a‐b‑c‒d–e—f―g−h", "a-b-c-d-e-f-g-h" },
    { "\u212A\u212B \u037E", "K\u00C5 ;" },
    { "…\u00B4`\u2044", "…\u00B4`\u2044" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *seen = map_sequences (cases[i].text);

    g_assert_cmpstr (seen, ==, cases[i].plain);
  }
}

/* What is beyond Unicode, or no UTF-8. */
static void
test_beyond (void)
{
  static const gunichar beyond[] = { 0xD800, 0x10FFFF, 0x110000,
                                     PF_UTF8_INVALID };

  for (gsize i = 0; i < G_N_ELEMENTS (beyond); i++) {
    g_assert_false (pf_normal_continues (beyond[i]));
    g_assert_false (pf_normal_changes (beyond[i]));
    g_assert_cmpuint (pf_normal_class (beyond[i]), ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/normal/characters", test_characters);
  g_test_add_func ("/normal/texts", test_texts);
  g_test_add_func ("/normal/longest", test_longest);
  g_test_add_func ("/normal/plain", test_plain);
  g_test_add_func ("/normal/beyond", test_beyond);
  return g_test_run ();
}
