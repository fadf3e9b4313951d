#include "match/canonical.h"

#include <string.h>

#include "text/unicode.h"
#include "text/utf8.h"

static const PfCanonicalForm forms[] = {
  { FALSE, FALSE }, { TRUE, FALSE }, { FALSE, TRUE }, { TRUE, TRUE }
};

static char *
canonical (PfCanonicalForm form, const char *term)
{
  guint8 *out = g_malloc0 (2 * strlen (term) + 1);

  out[pf_canonical_term (&form, pf_span_str (term), out)] = '\0';
  return (char *)out;
}

static void
check_term (PfCanonicalForm form, const char *term, const char *expected)
{
  g_autofree char *found = canonical (form, term);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_term (void)
{
  check_term (forms[0], "A \tB", "A \tB");
  check_term (forms[1], "A \tB\u212A\u017F\u00C9\u1E9E", "a \tbks\u00E9\u00DF");
  check_term (forms[2], "A \t\u00A0B\r\nC\u2028D", "A B C D");
  check_term (forms[3], "A \t\u00A0B", "a b");
  /* The one way in which a term grows. */
  check_term (forms[1], "\u023A\u023E", "\u2C65\u2C66");
}

/* Folding is tabulated up to a limit. */
static void
test_folding_end (void)
{
  for (gunichar c = 0x20000; c <= 0x10FFFF; c++)
    g_assert_cmpuint (pf_unicode_fold (c), ==, c);
}

/* Every character that may be spelled in place of C. */
static GArray *
all_spellings (PfCanonicalForm form, gunichar c)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (gunichar));

  for (gunichar d = 1; d < 0x20000; d++)
    if (d == c || (form.folds && pf_unicode_fold (d) == c) ||
        (form.spaces && c == ' ' && pf_unicode_is_space (d)))
      g_array_append_val (all, d);
  return all;
}

static gboolean
begins_with (const GString *text, const PfPrefix *prefix, gboolean folds)
{
  for (guint i = 0; i < prefix->len; i++) {
    guint8 byte = i < text->len ? (guint8)text->str[i] : 0;

    if (folds)
      byte |= 0x20;
    if (byte != prefix->bytes[i])
      return FALSE;
  }
  return TRUE;
}

static gboolean
begins_with_any (const GString *text, const GArray *prefixes, gboolean folds)
{
  for (guint i = 0; i < prefixes->len; i++)
    if (begins_with (text, &g_array_index (prefixes, PfPrefix, i), folds))
      return TRUE;
  return FALSE;
}

/* Spells the N characters at random, white space in runs of up to three. */
static GString *
spell_at_random (PfCanonicalForm form, GArray *const *spellings, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++) {
    gboolean space = g_array_index (spellings[i], gunichar, 0) == '\t';
    gint32 times = form.spaces && space ? g_test_rand_int_range (1, 4) : 1;

    while (times-- > 0)
      g_string_append_unichar (
          text,
          g_array_index (spellings[i], gunichar,
                         g_test_rand_int_range (0, (gint32)spellings[i]->len)));
  }
  return text;
}

/* However a term is spelled, the text begins with one of its prefixes; and no
 * prefix is empty or longer than need be. */
static void
check_spellings (PfCanonicalForm form, const gunichar *chars, guint n)
{
  g_autoptr (PfSpellings) spellings = pf_spellings_new (&form);
  g_autoptr (GArray) prefixes = g_array_new (FALSE, FALSE, sizeof (PfPrefix));
  g_autoptr (GString) term = g_string_new (NULL);
  GArray *of_char[8];

  for (guint i = 0; i < n; i++) {
    g_string_append_unichar (term, chars[i]);
    of_char[i] = all_spellings (form, chars[i]);
  }
  pf_spellings_append (
      spellings, (PfSpan){ (const guint8 *)term->str, term->len }, prefixes);
  for (guint i = 0; i < prefixes->len; i++)
    g_assert_cmpuint (g_array_index (prefixes, PfPrefix, i).len, >, 0);
  for (guint k = 0; k < 200; k++) {
    g_autoptr (GString) text = spell_at_random (form, of_char, n);

    g_assert_true (begins_with_any (text, prefixes, form.folds));
  }
  for (guint i = 0; i < n; i++)
    g_array_unref (of_char[i]);
}

static void
test_spellings (gconstpointer data)
{
  /* Each folds to itself; the first one begins no term. */
  static const gunichar chars[] = { ' ',    'a',     'k',    's',  '-',
                                    0xE9,   0x3B9,   0x3C3,  0xDF, 0x436,
                                    0x8A9E, 0x10428, 0x1F600 };
  PfCanonicalForm form = forms[GPOINTER_TO_INT (data)];

  for (guint round = 0; round < 40; round++) {
    gunichar term[8];
    guint n = (guint)g_test_rand_int_range (1, 9);

    for (guint i = 0; i < n; i++)
      term[i] = chars[g_test_rand_int_range (i == 0 || term[i - 1] == ' ',
                                             G_N_ELEMENTS (chars))];
    check_spellings (form, term, n);
  }
}

/* All prefixes of TERM, one behind the other. */
static char *
prefixes_of (PfCanonicalForm form, const char *term)
{
  g_autoptr (PfSpellings) spellings = pf_spellings_new (&form);
  g_autoptr (GArray) prefixes = g_array_new (FALSE, FALSE, sizeof (PfPrefix));
  GString *all = g_string_new (NULL);

  pf_spellings_append (spellings, pf_span_str (term), prefixes);
  for (guint i = 0; i < prefixes->len; i++) {
    const PfPrefix *prefix = &g_array_index (prefixes, PfPrefix, i);

    g_string_append_len (all, (const char *)prefix->bytes, prefix->len);
    g_string_append_c (all, '|');
  }
  return g_string_free (all, FALSE);
}

static void
test_prefixes (void)
{
  static const struct {
    PfCanonicalForm form;
    const char *term, *expected;
  } rows[] = {
    { { FALSE, FALSE }, "abcdefghijk", "abcdefgh|" },
    { { FALSE, FALSE }, "ab", "ab|" },
    { { FALSE, TRUE }, "ab", "ab|" },
    /* White space ends a prefix, behind its first byte. */
    { { FALSE, TRUE },
      "a b",
      "a\t|a\n|a\v|a\f|a\r|a |a\xC2|a\xE1|a\xE2|a\xE3|" },
    { { FALSE, FALSE }, "a b", "a b|" },
    /* Behind a letter of ASCII in another spelling five bytes will do. */
    { { TRUE, FALSE },
      "asking",
      "asking|as\xE2\xA4\xAA|a\xE5\xBFki|a\xE5\xBF\xE2\xA4\xAA|" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *found = prefixes_of (rows[i].form, rows[i].term);

    g_assert_cmpstr (found, ==, rows[i].expected);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/canonical/term", test_term);
  g_test_add_func ("/canonical/folding-end", test_folding_end);
  g_test_add_func ("/canonical/prefixes", test_prefixes);
  for (int i = 0; i < (int)G_N_ELEMENTS (forms); i++) {
    g_autofree char *path = g_strdup_printf ("/canonical/spellings/%d", i);

    g_test_add_data_func (path, GINT_TO_POINTER (i), test_spellings);
  }
  return g_test_run ();
}
