/* Properties of code points: word character, white space, simple folding, and
 * the kinds that tell the parts of a word apart.
 *
 * The tables are generated from the Unicode Character Database by
 * scripts/make-unicode-tables and checked in, since GLib has neither the
 * Alphabetic property nor simple folding, and so that the answers do not
 * change with the installed library.
 *
 * A gunichar is a code point, not a code unit. Any value is safe, also those
 * beyond U+10FFFF and PF_UTF8_INVALID: they are no word character, no white
 * space, and fold to themselves. Pure functions over constants: any thread.
 *
 * Sources: UTS #18 annex C (\w); Unicode Standard section 3.13 and
 * CaseFolding.txt, statuses C and S (simple folding); UAX #44 (White_Space,
 * General_Category).
 */
#pragma once

#include <glib.h>

/* The version of the data, as "15.0.0"; a constant. */
const char *pf_unicode_version (void) G_GNUC_CONST;

/* What a character is to the parts of a word. Of a general category that is not
 * named it is OTHER, also where it is a word character: a letter without case.
 */
typedef enum {
  PF_KIND_OTHER,
  PF_KIND_LOWER,    /* Ll */
  PF_KIND_UPPER,    /* Lu */
  PF_KIND_TITLE,    /* Lt: a capital and a small letter in one */
  PF_KIND_DIGIT,    /* Nd */
  PF_KIND_MARK,     /* Mn, Mc, Me; Join_Control */
  PF_KIND_CONNECTOR /* Pc */
} PfKind;

/* The tables behind the inline functions below. */
gboolean pf_unicode_is_word_in_table (gunichar c) G_GNUC_CONST;
gunichar pf_unicode_fold_in_table (gunichar c) G_GNUC_CONST;
gboolean pf_unicode_is_space_in_table (gunichar c) G_GNUC_CONST;

/* OTHER beyond U+10FFFF, too. */
PfKind pf_unicode_kind (gunichar c) G_GNUC_CONST;

/* Alphabetic, Mark, Decimal_Number, Connector_Punctuation, Join_Control. */
static inline gboolean
pf_unicode_is_word (gunichar c)
{
  if (c < 0x80)
    return g_ascii_isalnum ((char)c) || c == '_';
  return pf_unicode_is_word_in_table (c);
}

/* One code point to one code point: U+00DF and U+0130 fold to themselves. The
 * length in UTF-8 may change, as from U+212A to 'k'. Idempotent. */
static inline gunichar
pf_unicode_fold (gunichar c)
{
  if (c < 0x80)
    return c - 'A' < 26 ? c + ('a' - 'A') : c;
  return pf_unicode_fold_in_table (c);
}

/* White_Space, line breaks included. */
static inline gboolean
pf_unicode_is_space (gunichar c)
{
  if (c < 0x80)
    return c == ' ' || c - '\t' < 5;
  return pf_unicode_is_space_in_table (c);
}
