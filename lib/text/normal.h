/* Normal form: one spelling for what canonical equivalence and typography write
 * in several ways.
 *
 *   text      c a f e ◌́   l ’ e a u   ─── sequences ──▶  c│a│f│e◌́│ │l│’│e│a│u
 *   mapped    c a f é     l ' e a u   ◀── each by itself ──
 *
 * A sequence is a character with those behind it that may combine with it:
 * marks and such vowels and consonants as compose. No sequence has an influence
 * on another, so that a text can be mapped from any sequence on; and none is
 * longer than PF_NORMAL_MOST characters: those that follow are each a sequence
 * by itself and stay what they are. That is as much as Stream-Safe Text Format
 * has.
 *
 * What a sequence is mapped to: Normalization Form C, and then
 *
 *   ‘ ’ ‚ ‛ ‹ › ʼ ′          '
 *   “ ” „ ‟ « » ″            "
 *   ‐ ‑ ‒ – — ― −            -
 *   a soft hyphen by itself  nothing, but the second one in a row stays
 *
 * All of it is a pure function of constants: any thread. A sequence that begins
 * with a byte that is no UTF-8 is the caller's business, too.
 *
 * Sources: UAX #15, sections 1.3 (NFC), 9.1 (what can be told of a character)
 * and 13 (Stream-Safe Text Format); Unicode Standard, sections 3.11 (ordering,
 * composition) and 3.12 (Hangul).
 */
#pragma once

#include "base/types.h"

/* Characters in a sequence, and bytes that one is mapped to. */
#define PF_NORMAL_MOST 31u
#define PF_NORMAL_BYTES (PF_NORMAL_MOST * 16)

#define PF_SOFT_HYPHEN 0xADu

/* The tables behind the inline functions below. */
guint pf_normal_flags_in_table (gunichar c) G_GNUC_CONST;

/* Whether C belongs to the sequence of the character before it. */
static inline gboolean
pf_normal_continues (gunichar c)
{
  return c >= 0x300 && (pf_normal_flags_in_table (c) & 1) != 0;
}

/* The character that typography writes as C: C itself where there is none. */
gunichar pf_normal_plain (gunichar c) G_GNUC_CONST;

/* Whether C, as a sequence by itself, is mapped to something else. */
static inline gboolean
pf_normal_changes (gunichar c)
{
  return c >= 0x80 && ((pf_normal_flags_in_table (c) & 2) != 0 ||
                       pf_normal_plain (c) != c || c == PF_SOFT_HYPHEN);
}

/* The Canonical_Combining_Class of C. */
guint pf_normal_class (gunichar c) G_GNUC_CONST;

/* Puts the normal form of SEQUENCE, which is one, into OUT, which has room for
 * PF_NORMAL_BYTES. Returns its length. What becomes of a soft hyphen is the
 * caller's business. */
gsize pf_normal_map (PfSpan sequence, guint8 *out);
