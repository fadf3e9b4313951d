/* GLib's tables are another reading of the same database and serve as the
 * oracle. They may be older than ours (characters unassigned there) or newer;
 * so each set is checked to be part of GLib's, and its size to be what it is
 * in Unicode 15.0.0, counted apart from the script that makes the tables.
 */
#include "text/unicode.h"
#include "text/utf8.h"

#include <string.h>

#define END 0x110000
#define N_WORD 139612
#define N_FOLD 1454
#define N_LOWER 2233
#define N_UPPER 1831
#define N_DIGIT 680
#define N_MARK (1985 + 452 + 13 + 2) /* Mn, Mc, Me, Join_Control */

static const gunichar beyond[] = { 0x110000,   0x110041,   0x200000,
                                   0x7FFFFFFF, 0xFFFFFF41, PF_UTF8_INVALID };

static void
test_version (void)
{
  g_assert_cmpstr (pf_unicode_version (), ==, "15.0.0");
}

static void
test_word_spots (void)
{
  static const gunichar word[] = { 'a',    'Z',    '0',     '_',
                                   0xE9,   0x2160, 0x24B6,  0x0301,
                                   0x203F, 0x200D, 0x200C,  0x0660,
                                   0x4E2D, 0x20DD, 0x1F150, 0x10400 };
  static const gunichar other[] = { 0,       '%',    '+',    '-',
                                    ' ',     '\n',   0x80,   0xA0,
                                    0x20AC,  0xB2,   0x2019, 0x200B,
                                    0x1F600, 0xD800, 0xFFFD, 0x10FFFF };

  for (gsize i = 0; i < G_N_ELEMENTS (word); i++)
    g_assert_true (pf_unicode_is_word (word[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (other); i++)
    g_assert_false (pf_unicode_is_word (other[i]));
}

/* The rest of \w: Join_Control, and the symbols that are Alphabetic. */
static gboolean
is_word_symbol (gunichar c)
{
  return c == 0x200C || c == 0x200D || (c >= 0x24B6 && c <= 0x24E9) ||
         (c >= 0x1F130 && c <= 0x1F149) || (c >= 0x1F150 && c <= 0x1F169) ||
         (c >= 0x1F170 && c <= 0x1F189);
}

static gboolean
glib_allows_word (gunichar c)
{
  switch (g_unichar_type (c)) {
  case G_UNICODE_CONNECT_PUNCTUATION:
  case G_UNICODE_DECIMAL_NUMBER:
  case G_UNICODE_ENCLOSING_MARK:
  case G_UNICODE_LETTER_NUMBER:
  case G_UNICODE_LOWERCASE_LETTER:
  case G_UNICODE_MODIFIER_LETTER:
  case G_UNICODE_NON_SPACING_MARK:
  case G_UNICODE_OTHER_LETTER:
  case G_UNICODE_SPACING_MARK:
  case G_UNICODE_TITLECASE_LETTER:
  case G_UNICODE_UPPERCASE_LETTER:
  case G_UNICODE_UNASSIGNED:
    return TRUE;
  default:
    return is_word_symbol (c);
  }
}

static void
test_word_all (void)
{
  guint n = 0;

  for (gunichar c = 0; c < END; c++) {
    if (!pf_unicode_is_word (c))
      continue;
    n++;
    if (!glib_allows_word (c))
      g_error ("U+%04X is no word character", c);
  }
  g_assert_cmpuint (n, ==, N_WORD);
}

static void
test_fold_spots (void)
{
  static const gunichar pairs[][2] = {
    { 'A', 'a' },         { 'Z', 'z' },         { '@', '@' },
    { '[', '[' },         { 'a', 'a' },         { 0xC9, 0xE9 },
    { 0x130, 0x130 },     { 0x131, 0x131 },     { 0xDF, 0xDF },
    { 0x1E9E, 0xDF },     { 0x212A, 'k' },      { 0x17F, 's' },
    { 0x3A3, 0x3C3 },     { 0x3C2, 0x3C3 },     { 0xB5, 0x3BC },
    { 0x2160, 0x2170 },   { 0x24B6, 0x24D0 },   { 0x13A0, 0x13A0 },
    { 0xAB70, 0x13A0 },   { 0x1C88, 0xA64B },   { 0x1F88, 0x1F80 },
    { 0x10400, 0x10428 }, { 0x1E921, 0x1E943 }, { 0xD800, 0xD800 }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_assert_cmphex (pf_unicode_fold (pairs[i][0]), ==, pairs[i][1]);
}

/* Full folding, which both sides of a simple mapping must share. */
static char *
full_fold (gunichar c)
{
  char text[7] = { 0 };

  g_unichar_to_utf8 (c, text);
  return g_utf8_casefold (text, -1);
}

/* The one script that folds to capitals, which GLib does not know. */
static gboolean
is_cherokee (gunichar c)
{
  return (c >= 0x13F8 && c <= 0x13FD) || (c >= 0xAB70 && c <= 0xABBF);
}

static void
check_fold (gunichar c, gunichar folded)
{
  g_autofree char *ours = full_fold (folded);
  g_autofree char *theirs = full_fold (c);

  g_assert_cmphex (pf_unicode_fold (folded), ==, folded);
  if (is_cherokee (c))
    g_assert_cmphex (folded, ==, g_unichar_toupper (c));
  else if (g_unichar_isdefined (c) && strcmp (ours, theirs) != 0)
    g_error ("U+%04X does not fold to U+%04X", c, folded);
}

static void
test_fold_all (void)
{
  guint n = 0;

  for (gunichar c = 0; c < END; c++) {
    gunichar folded = pf_unicode_fold (c);

    if (folded == c)
      continue;
    n++;
    check_fold (c, folded);
  }
  g_assert_cmpuint (n, ==, N_FOLD);
}

static PfKind
kind_by_glib (gunichar c)
{
  switch (g_unichar_type (c)) {
  case G_UNICODE_LOWERCASE_LETTER:
    return PF_KIND_LOWER;
  case G_UNICODE_UPPERCASE_LETTER:
    return PF_KIND_UPPER;
  case G_UNICODE_TITLECASE_LETTER:
    return PF_KIND_TITLE;
  case G_UNICODE_DECIMAL_NUMBER:
    return PF_KIND_DIGIT;
  case G_UNICODE_ENCLOSING_MARK:
  case G_UNICODE_NON_SPACING_MARK:
  case G_UNICODE_SPACING_MARK:
    return PF_KIND_MARK;
  case G_UNICODE_CONNECT_PUNCTUATION:
    return PF_KIND_CONNECTOR;
  default:
    return c == 0x200C || c == 0x200D ? PF_KIND_MARK : PF_KIND_OTHER;
  }
}

/* Each kind but OTHER has word characters only. */
static void
test_kind_all (void)
{
  guint n[PF_KIND_CONNECTOR + 1] = { 0 };

  for (gunichar c = 0; c < END; c++) {
    PfKind kind = pf_unicode_kind (c);

    n[kind]++;
    if (kind == PF_KIND_OTHER)
      continue;
    g_assert_true (pf_unicode_is_word (c));
    if (g_unichar_isdefined (c) && kind != kind_by_glib (c))
      g_error ("U+%04X is not of kind %d", c, kind);
  }
  g_assert_cmpuint (n[PF_KIND_LOWER], ==, N_LOWER);
  g_assert_cmpuint (n[PF_KIND_UPPER], ==, N_UPPER);
  g_assert_cmpuint (n[PF_KIND_TITLE], ==, 31);
  g_assert_cmpuint (n[PF_KIND_DIGIT], ==, N_DIGIT);
  g_assert_cmpuint (n[PF_KIND_MARK], ==, N_MARK);
  g_assert_cmpuint (n[PF_KIND_CONNECTOR], ==, 10);
}

/* PropList.txt once more, by hand. */
static gboolean
is_listed_space (gunichar c)
{
  static const gunichar list[] = { 0x09,   0x0A,   0x0B,   0x0C,   0x0D,
                                   0x20,   0x85,   0xA0,   0x1680, 0x2000,
                                   0x2001, 0x2002, 0x2003, 0x2004, 0x2005,
                                   0x2006, 0x2007, 0x2008, 0x2009, 0x200A,
                                   0x2028, 0x2029, 0x202F, 0x205F, 0x3000 };

  for (gsize i = 0; i < G_N_ELEMENTS (list); i++)
    if (list[i] == c)
      return TRUE;
  return FALSE;
}

/* The inline ASCII paths must say what the tables say. */
static void
test_ascii_agrees (void)
{
  for (gunichar c = 0; c < 0x80; c++) {
    g_assert_cmpint (pf_unicode_is_word (c), ==,
                     pf_unicode_is_word_in_table (c));
    g_assert_cmphex (pf_unicode_fold (c), ==, pf_unicode_fold_in_table (c));
    g_assert_cmpint (pf_unicode_is_space (c), ==,
                     pf_unicode_is_space_in_table (c));
  }
}

static void
test_space_all (void)
{
  for (gunichar c = 0; c < END; c++)
    if (pf_unicode_is_space (c) != is_listed_space (c))
      g_error ("U+%04X: wrong about white space", c);
}

static void
test_beyond (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (beyond); i++) {
    g_assert_false (pf_unicode_is_word (beyond[i]));
    g_assert_false (pf_unicode_is_space (beyond[i]));
    g_assert_cmphex (pf_unicode_fold (beyond[i]), ==, beyond[i]);
    g_assert_cmpint (pf_unicode_kind (beyond[i]), ==, PF_KIND_OTHER);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unicode/version", test_version);
  g_test_add_func ("/unicode/word/spots", test_word_spots);
  g_test_add_func ("/unicode/word/all", test_word_all);
  g_test_add_func ("/unicode/fold/spots", test_fold_spots);
  g_test_add_func ("/unicode/fold/all", test_fold_all);
  g_test_add_func ("/unicode/kind/all", test_kind_all);
  g_test_add_func ("/unicode/space/all", test_space_all);
  g_test_add_func ("/unicode/ascii-agrees", test_ascii_agrees);
  g_test_add_func ("/unicode/beyond", test_beyond);
  return g_test_run ();
}
