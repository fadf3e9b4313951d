/* The first step of the filter, to be included once for each instruction set
 * with these defined:
 *
 *   FIND      the name of the function
 *   TARGET    attributes that let the compiler use the instruction set
 *   LANES     how many grams, of four bytes each, a vector has
 *   MASK      optional: an expression over a Vector V, of which every byte is 0
 *             or 1: a number with a bit for each byte, the first one lowest
 *   SHUFFLE   optional: an expression over TABLE and INDEX: for each byte of
 *             INDEX, the one with that number in its sixteen bytes of TABLE
 *   WRITE     optional: a function in place of write_places
 *
 * A part of the text at a time goes through three loops, each of which is for
 * the processor what it does best: vectors hash all grams; each hash is
 * replaced by the word in the table, one by one (an instruction that gathers
 * makes no difference, and there is no branch to predict); vectors test the
 * bits of all words.
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

#ifdef SHUFFLE
typedef guint8 Bytes
    __attribute__ ((vector_size (STEP), aligned (1), may_alias));

TARGET ALWAYS_INLINE Bytes
look_up_half (const guint8 *halves, Bytes index)
{
  Bytes table;

  memcpy (&table, halves, sizeof table);
  return SHUFFLE (table, index);
}

/* For each of STEP positions a bit: whether a short prefix may begin there. */
TARGET ALWAYS_INLINE guint64
find_short (const PfStartFilter *self, const guint8 *text)
{
  Bytes groups = ~(Bytes){ 0 }, bytes;
  Vector v;

  for (guint i = 0; i < PF_SHORT_TESTED; i++) {
    memcpy (&bytes, text + i, sizeof bytes);
    bytes |= (guint8)self->gram_fold;
    groups &= look_up_half (self->halves[2 * i], bytes & 15) &
              look_up_half (self->halves[2 * i + 1], bytes >> 4);
  }
  groups = (Bytes)(groups != 0) & 1;
  memcpy (&v, &groups, sizeof v);
  return MASK;
}
#else
ALWAYS_INLINE guint64
find_short (const PfStartFilter *self, const guint8 *text)
{
  guint64 mask = 0;

  for (guint i = 0; i < STEP; i++)
    mask |= (guint64)pf_start_filter_is_short (self, text + i) << i;
  return mask;
}
#endif

TARGET ALWAYS_INLINE gsize
find_part (const PfStartFilter *self, const guint8 *text, gsize from, gsize len,
           guint stride, gboolean has_short, guint32 *places)
{
  guint32 words[PART];
  gsize n = 0;

  look_up (self, text + from, len, stride, words);
  for (gsize at = 0; at < len; at += STEP) {
    const Vector v = test (text + from + at, stride, words + at / stride);
    guint64 mask = MASK;

    if (has_short)
      mask |= find_short (self, text + from + at);
    n += WRITE (mask, (guint32)(from + at), places + n);
  }
  return n;
}

TARGET ALWAYS_INLINE gsize
find_all (const PfStartFilter *self, const guint8 *text, gsize len,
          guint stride, gboolean has_short, guint32 *places)
{
  gsize n = 0, part;

  for (gsize at = 0; at < len; at += part) {
    part = MIN (PART, len - at);
    n += find_part (self, text, at, part, stride, has_short, places + n);
  }
  return n;
}

TARGET gsize
FIND (const PfStartFilter *shared, const guint8 *text, gsize len,
      guint32 *places)
{
  const PfStartFilter local = *shared, *self = &local; /* unaliased */

  if (self->stride == 1)
    return self->has_short ? find_all (self, text, len, 1, TRUE, places)
                           : find_all (self, text, len, 1, FALSE, places);
  return self->has_short ? find_all (self, text, len, 2, TRUE, places)
                         : find_all (self, text, len, 2, FALSE, places);
}
