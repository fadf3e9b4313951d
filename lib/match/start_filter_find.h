/* The first step of the filter, to be included once for each instruction set
 * with these defined:
 *
 *   FIND     the name of the function
 *   TARGET   attributes that let the compiler use the instruction set
 *   LANES    grams hashed at a time, four bytes each
 *
 * Grams are hashed by vectors and looked up one by one. Each position is
 * written down, and counted where it is one to keep: no branch depends on the
 * text. (An instruction that gathers was slower than that.)
 */
#include <string.h>

#include "match/start_filter_private.h"

typedef guint32 Vector
    __attribute__ ((vector_size (LANES * 4), aligned (4), may_alias));

#define BYTES_AT_ONCE (LANES * 4)
#define ALWAYS_INLINE __attribute__ ((always_inline))

/* The hashes of the grams at each fourth byte from P on. */
TARGET ALWAYS_INLINE static inline void
hash_grams (const PfStartFilter *self, const guint8 *p, guint32 *hashes)
{
  Vector grams;

  memcpy (&grams, p, sizeof grams);
  grams = ((grams | self->gram_fold) * PF_GRAM_FACTOR) >> self->gram_shift;
  memcpy (hashes, &grams, sizeof grams);
}

TARGET ALWAYS_INLINE static inline gsize
keep (const PfStartFilter *self, const guint8 *text, gsize at, guint32 hash,
      gboolean has_pairs, guint32 *places, gsize n)
{
  guint32 there = self->grams[hash / 32] >> (hash % 32) & 1;
  guint16 pair;

  if (has_pairs) {
    memcpy (&pair, text + at, sizeof pair);
    there |= self->pairs[pair | (self->gram_fold & 0xFFFF)] != 0;
  }
  places[n] = (guint32)at;
  return n + there;
}

TARGET ALWAYS_INLINE static inline gsize
find_rest (const PfStartFilter *self, const guint8 *text, gsize at, gsize len,
           gboolean has_pairs, guint32 *places, gsize n)
{
  for (; at < len; at += self->stride) {
    guint32 gram;

    memcpy (&gram, text + at, sizeof gram);
    gram = ((gram | self->gram_fold) * PF_GRAM_FACTOR) >> self->gram_shift;
    n = keep (self, text, at, gram, has_pairs, places, n);
  }
  return n;
}

TARGET ALWAYS_INLINE static inline gsize
find_by_stride (const PfStartFilter *self, const guint8 *text, gsize len,
                guint stride, gboolean has_pairs, guint32 *places)
{
  gsize n = 0, at = 0;

  for (; at + BYTES_AT_ONCE <= len; at += BYTES_AT_ONCE) {
    guint32 hashes[4][LANES];

    for (guint i = stride - 1; i < 4; i += stride)
      hash_grams (self, text + at + i, hashes[i]);
    for (guint k = 0; k < LANES; k++)
      for (guint i = stride - 1; i < 4; i += stride)
        n = keep (self, text, at + k * 4 + i, hashes[i][k], has_pairs, places,
                  n);
  }
  return find_rest (self, text, at + stride - 1, len, has_pairs, places, n);
}

TARGET gsize
FIND (const PfStartFilter *self, const guint8 *text, gsize len, guint32 *places)
{
  if (self->pairs != NULL)
    return find_by_stride (self, text, len, 1, TRUE, places);
  switch (self->stride) {
  case 1:
    return find_by_stride (self, text, len, 1, FALSE, places);
  case 2:
    return find_by_stride (self, text, len, 2, FALSE, places);
  default:
    return find_by_stride (self, text, len, 4, FALSE, places);
  }
}
