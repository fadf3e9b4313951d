/* The first step of the filter, to be included once for each instruction set
 * with these defined:
 *
 *   FIND      the name of the function
 *   TARGET    attributes that let the compiler use the instruction set
 *   LANES     how many grams, of four bytes each, a vector has
 *   MASK      optional: an expression over a Vector V, of which every byte is 0
 *             or 1: a number with a bit for each byte, the first one lowest
 *   WRITE     optional: a function in place of write_places
 *
 * A part of the text at a time goes through three loops, each of which is for
 * the processor what it does best: vectors hash all grams; each hash is
 * replaced by the word in the table, one by one (an instruction that gathers
 * is no quicker, and there is no branch to predict); vectors test the bits of
 * all words.
 */
#include <string.h>

#include "match/start_filter_private.h"

#define ALWAYS_INLINE __attribute__ ((always_inline)) static inline
#define STEP (LANES * 4) /* bytes of text to a vector */
#define PART 512         /* bytes */

typedef guint32 Vector
    __attribute__ ((vector_size (LANES * 4), aligned (4), may_alias));

TARGET ALWAYS_INLINE Vector
load (const void *p)
{
  Vector vector;

  memcpy (&vector, p, sizeof vector);
  return vector;
}

/* For each STEP bytes of TEXT, the words of the grams at each fourth position
 * from 0 on, then those from 1 on, and so on; with stride 2 from 1 and 3 only.
 */
TARGET ALWAYS_INLINE void
look_up (const PfStartFilter *self, const guint8 *text, gsize len, guint stride,
         guint32 *words)
{
  gsize n = len / stride;
  guint32 *out = words;

  for (gsize at = 0; at < len; at += STEP)
    for (guint i = stride - 1; i < 4; i += stride) {
      Vector grams = load (text + at + i) | self->gram_fold;

      grams = (grams * PF_GRAM_FACTOR) >> self->gram_shift;
      memcpy (out, &grams, sizeof grams);
      out += LANES;
    }
  for (gsize i = 0; i < n; i += 8) {
    words[i] = self->grams[words[i]];
    words[i + 1] = self->grams[words[i + 1]];
    words[i + 2] = self->grams[words[i + 2]];
    words[i + 3] = self->grams[words[i + 3]];
    words[i + 4] = self->grams[words[i + 4]];
    words[i + 5] = self->grams[words[i + 5]];
    words[i + 6] = self->grams[words[i + 6]];
    words[i + 7] = self->grams[words[i + 7]];
  }
}

/* For each of STEP positions a byte: whether something may begin there. With
 * stride 2, a word is asked about the position of its gram, by the byte behind
 * the gram, and about the one before, by the byte there. */
TARGET ALWAYS_INLINE Vector
test (const guint8 *text, guint stride, const guint32 *words)
{
  Vector here = load (text), next = load (text + 4);
  Vector first, second, third, fourth;

  if (stride == 1) {
    first = load (words) >> (next & 31);
    second = load (words + LANES) >> ((next >> 8) & 31);
    third = load (words + 2 * LANES) >> ((next >> 16) & 31);
    fourth = load (words + 3 * LANES) >> ((next >> 24) & 31);
  } else {
    Vector odd = load (words), even = load (words + LANES);

    first = odd >> (16 + (here & 15));
    second = odd >> ((next >> 8) & 15);
    third = even >> (16 + ((here >> 16) & 15));
    fourth = even >> ((next >> 24) & 15);
  }
  return (first & 1) | (second & 1) << 8 | (third & 1) << 16 |
         (fourth & 1) << 24;
}

#ifndef WRITE
/* Writes the numbers of the bits of MASK, plus BASE. Most often there are a few
 * at most, so four are written whether they are there or not. */
TARGET ALWAYS_INLINE gsize
write_places (guint64 mask, guint32 base, guint32 *places)
{
  gsize n = (gsize)__builtin_popcountll (mask);

  for (gsize i = 0; i < n; i += 4)
    for (guint k = 0; k < 4; k++) {
      places[i + k] = base + (guint32)(mask == 0 ? 0 : __builtin_ctzll (mask));
      mask &= mask - 1;
    }
  return n;
}
#define WRITE write_places
#endif

#ifndef MASK
ALWAYS_INLINE guint64
mask_of (Vector v)
{
  guint64 mask = 0;

  for (guint i = 0; i < LANES; i++)
    mask |= (guint64)((v[i] * 0x10204080u) >> 28) << 4 * i;
  return mask;
}
#define MASK mask_of (v)
#endif

/* Prefixes of less than a gram are looked for at every position. */
TARGET ALWAYS_INLINE guint64
find_pairs (const PfStartFilter *self, const guint8 *text)
{
  guint64 mask = 0;

  for (guint i = 0; i < STEP; i++) {
    guint16 pair;

    memcpy (&pair, text + i, sizeof pair);
    pair |= self->gram_fold & 0xFFFF;
    mask |= (guint64)(self->pairs[pair] != 0) << i;
  }
  return mask;
}

TARGET ALWAYS_INLINE gsize
find_part (const PfStartFilter *self, const guint8 *text, gsize from, gsize len,
           guint stride, gboolean has_pairs, guint32 *places)
{
  guint32 words[PART];
  gsize n = 0;

  look_up (self, text + from, len, stride, words);
  for (gsize at = 0; at < len; at += STEP) {
    const Vector v = test (text + from + at, stride, words + at / stride);
    guint64 mask = MASK;

    if (has_pairs)
      mask |= find_pairs (self, text + from + at);
    n += WRITE (mask, (guint32)(from + at), places + n);
  }
  return n;
}

TARGET ALWAYS_INLINE gsize
find_all (const PfStartFilter *self, const guint8 *text, gsize len,
          guint stride, gboolean has_pairs, guint32 *places)
{
  gsize n = 0, part;

  for (gsize at = 0; at < len; at += part) {
    part = MIN (PART, len - at);
    n += find_part (self, text, at, part, stride, has_pairs, places + n);
  }
  return n;
}

TARGET gsize
FIND (const PfStartFilter *shared, const guint8 *text, gsize len,
      guint32 *places)
{
  const PfStartFilter local = *shared, *self = &local; /* unaliased */

  if (self->pairs != NULL)
    return find_all (self, text, len, 1, TRUE, places);
  if (self->stride == 1)
    return find_all (self, text, len, 1, FALSE, places);
  return find_all (self, text, len, 2, FALSE, places);
}
