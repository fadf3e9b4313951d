/* Folds a whole block at once, for text in which most of it is not ASCII.
 *
 * Nearly all characters fold to one of the same length, so a block can be
 * folded in place: its tokens then are where they were, and the kernel finds,
 * hashes and probes them all. Going from lead to lead rather than from token
 * to token, this has few branches that are hard to foretell. Where a character
 * changes its length, the block is left to those who fold single tokens.
 */
#include "match/byte_words.h"
#include "match/words_private.h"
#include "text/unicode.h"

/* In place of bits, of which a character has four at most. */
#define UNKNOWN 16
#define LENGTHENED 17

typedef struct {
  const PfWords *words;
  PfWordsScratch *scratch;
  const guint8 *text; /* the block */
  PfSpan rest;        /* what may be looked at, from the block's first byte */
  gsize len;          /* of the block */
  gsize dealt;        /* how much of the text was dealt with */
  guint64 carry;      /* bits of the next group's word characters */
} Folding;

/* The ASCII bytes folded as word characters are; the others as they are. */
static void
copy_folded (guint8 *to, const guint8 *text)
{
  for (gsize i = 0; i < 64; i += 8) {
    guint64 bytes;

    memcpy (&bytes, text + i, 8);
    bytes |= PF_EACH_BYTE (0x20) & ~(bytes >> 2);
    memcpy (to + i, &bytes, 8);
  }
}

/* A bit for each byte that begins a character of several. */
static guint64
lead_bits (const guint8 *text)
{
  guint64 leads = 0;

  for (gsize i = 0; i < 64; i += 8) {
    guint64 bytes = pf_load64 (text + i);

    leads |= pf_highest_bits (bytes & bytes << 1) << i;
  }
  return leads;
}

/* Any character at AT of the block: a bit for each of its bytes if it is a
 * word character, else 0; LENGTHENED where it folds to another length. */
static guint
fold_any (Folding *self, gsize at)
{
  const guint8 *p = self->rest.data + at;
  guint8 folded[4];
  gunichar c;
  guint len = pf_utf8_next (p, self->rest.data + self->rest.len, &c);

  if (c == PF_UTF8_INVALID || !pf_unicode_is_word (c)) {
    self->dealt = MAX (self->dealt, at + len);
    return 0;
  }
  if (pf_utf8_encode (pf_unicode_fold (c), folded) != len)
    return LENGTHENED;
  memcpy (self->scratch->folded_block + at, folded, len);
  return (1u << len) - 1;
}

/* The same of a character of two bytes that folds to one of two or is no word
 * character; UNKNOWN of others. What is written for one that is none does not
 * matter. */
static inline guint
fold_pair (const guint16 *folded_words, guint32 bytes, guint8 *out)
{
  guint c = (bytes & 0x1F) << 6 | (bytes >> 8 & 0x3F), folded = folded_words[c];

  /* Overlong forms come out as ASCII, or as nothing. */
  if (G_UNLIKELY ((folded < 0x80 && folded != 0) || folded >= 0x800))
    return UNKNOWN;
  out[0] = (guint8)(0xC0 | folded >> 6);
  out[1] = (guint8)(0x80 | (folded & 0x3F));
  return folded != 0 ? 3 : 0;
}

/* And of three bytes. Most such letters have no case. */
static inline guint
fold_triple (const guint16 *folded_words, guint32 bytes, guint8 *out)
{
  guint c = (bytes & 0x0F) << 12 | (bytes >> 2 & 0xFC0) | (bytes >> 16 & 0x3F);
  guint folded = folded_words[c];

  if (G_UNLIKELY (c < 0x800 || (folded < 0x800 && folded != 0)))
    return UNKNOWN;
  if (folded == 0)
    return 0;
  if (folded != c)
    pf_utf8_encode (folded, out);
  return 7;
}

/* Any character at P, where four bytes are to be looked at. */
static inline guint
fold_char (const guint16 *folded_words, const guint8 *p, guint8 *out)
{
  guint32 bytes;

  memcpy (&bytes, p, sizeof bytes);
  bytes = GUINT32_FROM_LE (bytes);
  if ((bytes & 0xC0E0) == 0x80C0)
    return fold_pair (folded_words, bytes, out);
  if ((bytes & 0xC0C0F0) == 0x8080E0)
    return fold_triple (folded_words, bytes, out);
  return UNKNOWN;
}

/* Keeps the bits of word characters among those of bytes beyond ASCII, and
 * folds them. FALSE where one changes its length. */
static gboolean
fold_group (Folding *self, gsize group)
{
  const guint16 *folded_words = self->words->folded_words;
  const guint8 *text = self->text + 64 * group;
  guint8 *folded = self->scratch->folded_block + 64 * group;
  PfBitmaps *maps = &self->scratch->maps;
  guint64 high = maps->high[group], keep = self->carry, over = 0;
  guint64 leads = high == 0 ? 0 : lead_bits (text) & high;
  gsize near_end = MAX (self->len, 64 * group + 3) - 64 * group - 3;

  for (; leads != 0; leads &= leads - 1) {
    guint at = (guint)__builtin_ctzll (leads), bits = UNKNOWN;

    if (G_LIKELY (at < near_end))
      bits = fold_char (folded_words, text + at, folded + at);
    if (G_UNLIKELY (bits == UNKNOWN))
      bits = fold_any (self, 64 * group + at);
    if (G_UNLIKELY (bits == LENGTHENED))
      return FALSE;
    keep |= (guint64)bits << at;
    over |= (guint64)bits >> 1 >> (63 - at);
  }
  self->scratch->kept[group] = (maps->word[group] & ~high) | (keep & high);
  self->carry = over;
  return TRUE;
}

gboolean
pf_words_fold_block (const PfWords *words, PfWordsScratch *scratch,
                     const guint8 *text, PfSpan rest, gsize *len)
{
  Folding self = { words, scratch, text, rest, *len, *len, 0 };
  gsize n_groups = (*len + 63) / 64;

  for (gsize g = 0; g < n_groups; g++)
    copy_folded (scratch->folded_block + 64 * g, text + 64 * g);
  for (gsize g = 0; g < n_groups; g++)
    if (!fold_group (&self, g))
      return FALSE;
  memcpy (scratch->maps.word, scratch->kept, n_groups * sizeof (guint64));
  *len = self.dealt;
  return TRUE;
}
