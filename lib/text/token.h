/* Tokens and their hashes: what a glossary's index and a scan must agree on.
 *
 * A token is a maximal run of word characters (text/unicode.h). A term is seen
 * as a chain: its first token, then again and again what stands between two
 * tokens and the next token. What stands before the first and after the last
 * token is kept apart (glossary/index.h).
 *
 * All hashes are of the folded spelling, so that one index serves both case
 * rules. ASCII word characters are folded by "or 0x20" alone, eight bytes at a
 * time: this makes lower case of letters, leaves digits, and turns '_' into
 * 0x7F, which is no word character; pf_token_fold gives the same bytes.
 *
 * The numbers are part of the format of images: who changes them changes its
 * version. Pure functions: any thread.
 *
 * Source: NH, the inner hash of UMAC (Black, Halevi, Krawczyk, Krovetz,
 * Rogaway, CRYPTO '99), over the first and the last eight bytes, since its
 * products of 32 bits exist on all vector units; finished by a multiplication.
 */
#pragma once

#include <string.h>

#include "base/types.h"

#define PF_TOKEN_FOLD 0x2020202020202020u
#define PF_TOKEN_K0 0x9E3779B97F4A7C15u
#define PF_TOKEN_K1 0xC2B2AE3D27D4EB4Fu
#define PF_TOKEN_K2 0xD6E8FEB86659FD93u
#define PF_TOKEN_ROTATE 23

/* A glossary's seed varies the keys. */
typedef struct {
  guint64 k0, k1;
} PfTokenKeys;

PfTokenKeys pf_token_keys (guint32 seed);

/* Little-endian eight bytes. */
static inline guint64
pf_load64 (const guint8 *p)
{
  guint64 word;

  memcpy (&word, p, sizeof word);
  return GUINT64_FROM_LE (word);
}

/* The product of the halves of WORD, each moved by its half of KEY. */
static inline guint64
pf_token_nh (guint64 word, guint64 key)
{
  guint32 low = (guint32)word + (guint32)key;
  guint32 high = (guint32)(word >> 32) + (guint32)(key >> 32);

  return (guint64)low * high;
}

/* From the first and the last eight bytes; of shorter tokens both are the
 * token itself, moved to the upper end. */
static inline guint64
pf_token_hash_words (guint64 first, guint64 last, gsize len, PfTokenKeys keys)
{
  guint64 a = pf_token_nh (first, keys.k0), b = pf_token_nh (last, keys.k1);
  guint64 x = (a << PF_TOKEN_ROTATE | a >> (64 - PF_TOKEN_ROTATE)) ^ (b + len);

  x ^= x >> 32;
  x *= PF_TOKEN_K2;
  return x;
}

/* The quick hash of a token of LEN bytes, at least 1. FOLD is PF_TOKEN_FOLD
 * for one in ASCII as it stands, 0 for one that pf_token_fold has folded.
 * Eight bytes at P must be readable whatever LEN is. */
static inline guint64
pf_token_hash_quick (const guint8 *p, gsize len, guint64 fold, PfTokenKeys keys)
{
  /* Masks, since compilers make branches of choices, and lengths are hard to
   * foretell. */
  gsize tail = (len - 8) & -(gsize)(len > 8);
  guint shift = (64 - 8 * (guint)len) & -(guint)(len < 8);

  return pf_token_hash_words ((pf_load64 (p) | fold) << shift,
                              (pf_load64 (p + tail) | fold) << shift, len,
                              keys);
}

/* The bytes that the quick hash does not see, for tokens longer than this. */
#define PF_TOKEN_SEEN 16
guint64 pf_token_hash_middle (guint64 hash, const guint8 *p, gsize len,
                              guint64 fold);

/* The hash that sees every byte. */
static inline guint64
pf_token_hash_whole (guint64 quick, const guint8 *p, gsize len, guint64 fold)
{
  return len <= PF_TOKEN_SEEN ? quick
                              : pf_token_hash_middle (quick, p, len, fold);
}

/* The whole hash at once; P and FOLD as for the quick one. */
static inline guint64
pf_token_hash (const guint8 *p, gsize len, guint64 fold, PfTokenKeys keys)
{
  return pf_token_hash_whole (pf_token_hash_quick (p, len, fold, keys), p, len,
                              fold);
}

/* Writes the folded spelling of TOKEN, which is valid UTF-8, to OUT, which
 * has room for PF_TOKEN_FOLDED_MAX (token.len), and returns its length. */
#define PF_TOKEN_FOLDED_MAX(len) (2 * (len) + 8)
gsize pf_token_fold (PfSpan token, guint8 *out);

/* A chain's hash with one more unit between tokens: a character that is no
 * word character, or ' ' for a run of white space. */
static inline guint64
pf_chain_unit (guint64 chain, gunichar unit)
{
  chain = (chain ^ unit) * PF_TOKEN_K0;
  return chain ^ chain >> 29;
}

/* And with one more token, by its whole hash. */
static inline guint64
pf_chain_token (guint64 chain, guint64 token)
{
  chain = (chain + token) * PF_TOKEN_K1;
  return chain ^ chain >> 32;
}

/* Keys of what comes behind a chain: a gap that begins with this byte, ' ' for
 * white space; a gap whose first unit begins with BYTE, and then comes SECOND,
 * the first byte of a token, folded, or of another unit; or anything else. */
#define PF_NEXT_GAP(byte) (0x10000u | (byte))
#define PF_NEXT_PAIR(byte, second) (0x20000u | (byte) | (guint)(second) << 8)
#define PF_NEXT_OTHER 0x40000u

static inline guint64
pf_chain_next (guint64 chain, guint what)
{
  chain = (chain ^ what) * PF_TOKEN_K2;
  return chain ^ chain >> 32;
}
