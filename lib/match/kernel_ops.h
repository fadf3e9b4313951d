/* What differs between instruction sets. Private to kernel.c. */
#pragma once

#include "match/kernel.h"

typedef struct {
  guint64 word, high;
} Masks;

#if defined PF_KERNEL_AVX512

#include <immintrin.h>

#define KERNEL_NAME pf_kernel_avx512
#define KERNEL_HAS_LANES 1

typedef guint64 Lanes __attribute__ ((vector_size (64)));
typedef guint16 Shorts __attribute__ ((vector_size (16)));

static inline Shorts
load_shorts (const guint16 *p)
{
  Shorts shorts;

  memcpy (&shorts, p, sizeof shorts);
  return shorts;
}

static inline Masks
class_masks (const guint8 *text)
{
  __m512i c = _mm512_loadu_si512 (text);
  __m512i letter = _mm512_sub_epi8 (_mm512_or_si512 (c, _mm512_set1_epi8 (' ')),
                                    _mm512_set1_epi8 ('a'));
  __m512i digit = _mm512_sub_epi8 (c, _mm512_set1_epi8 ('0'));
  guint64 high = _mm512_movepi8_mask (c);
  guint64 word = _mm512_cmplt_epu8_mask (letter, _mm512_set1_epi8 (26)) |
                 _mm512_cmplt_epu8_mask (digit, _mm512_set1_epi8 (10)) |
                 _mm512_cmpeq_epi8_mask (c, _mm512_set1_epi8 ('_')) | high;

  return (Masks){ word, high };
}

static const guint8 iota[64] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
                                 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
                                 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54,
                                 55, 56, 57, 58, 59, 60, 61, 62, 63 };

/* At most every second bit is set, so 32 positions are enough. */
static inline guint
emit_positions (guint16 *out, guint n, guint64 bits, gsize group)
{
  __m512i packed = _mm512_maskz_compress_epi8 (bits, _mm512_loadu_si512 (iota));
  __m512i wide = _mm512_cvtepu8_epi16 (_mm512_castsi512_si256 (packed));

  _mm512_storeu_si512 (
      out + n,
      _mm512_add_epi16 (wide, _mm512_set1_epi16 ((gint16)(64 * group))));
  return n + (guint)__builtin_popcountll (bits);
}

static inline guint
group_mask (const guint32 *group, guint32 tag)
{
  __m256i tags = _mm256_loadu_si256 ((const void *)group);
  __m256i same = _mm256_cmpeq_epi32 (tags, _mm256_set1_epi32 ((gint32)tag));

  return (guint)_mm256_movemask_ps (_mm256_castsi256_ps (same));
}

/* The product of the low halves of the lanes. */
static inline Lanes
multiply_low (Lanes a, guint64 b)
{
  return (Lanes)_mm512_mul_epu32 ((__m512i)a, _mm512_set1_epi64 ((gint64)b));
}

static inline Lanes
multiply_halves (Lanes a, guint64 key)
{
  __m512i moved =
      _mm512_add_epi32 ((__m512i)a, _mm512_set1_epi64 ((gint64)key));

  return (Lanes)_mm512_mul_epu32 (moved, _mm512_srli_epi64 (moved, 32));
}

static inline void
fetch_lanes (const PfFilter *filter, Lanes hash)
{
  Lanes place = multiply_low (hash >> 32, filter->n_words) >> 32;
  guint64 at[8];

  memcpy (at, &place, sizeof at);
  for (guint i = 0; i < 8; i++)
    __builtin_prefetch (filter->words + at[i]);
}

/* One bit for each lane whose key the filter has. */
static inline guint
probe_lanes (const PfFilter *filter, Lanes hash)
{
  Lanes place = multiply_low (hash >> 32, filter->n_words) >> 32, bit;
  __m512i words = _mm512_i64gather_epi64 ((__m512i)place, filter->words, 8);

  bit = ((Lanes)words >> (hash & 63)) & ((Lanes)words >> (hash >> 6 & 63));
  return _mm512_test_epi64_mask ((__m512i)bit, _mm512_set1_epi64 (1));
}

static inline guint
keep_lanes (PfCandidates *out, guint n, guint mask, Lanes hash,
            const PfTokens *tokens, guint i)
{
  __m128i start = _mm_loadu_si128 ((const void *)(tokens->start + i));
  __m128i end = _mm_loadu_si128 ((const void *)(tokens->end + i));
  __mmask8 keep = (__mmask8)mask;

  _mm512_storeu_si512 (out->hash + n,
                       _mm512_maskz_compress_epi64 (keep, (__m512i)hash));
  _mm_storeu_si128 ((void *)(out->start + n),
                    _mm_maskz_compress_epi16 (keep, start));
  _mm_storeu_si128 ((void *)(out->end + n),
                    _mm_maskz_compress_epi16 (keep, end));
  return n + (guint)__builtin_popcount (mask);
}

#else

/* Positions one by one, but always a few at a time, so that their number is
 * mostly no branch. */
static inline guint
emit_positions (guint16 *out, guint n, guint64 bits, gsize group)
{
  guint count = (guint)__builtin_popcountll (bits);
  guint16 *p = out + n;

  for (guint done = 0; done < count; done += 6)
    for (guint i = 0; i < 6; i++) {
      *p++ = (guint16)(64 * group +
                       (guint)__builtin_ctzll (bits | (guint64)1 << 63));
      bits &= bits - 1;
    }
  return n + count;
}

#if defined PF_KERNEL_AVX2

#include <immintrin.h>

#define KERNEL_NAME pf_kernel_avx2
#define KERNEL_HAS_LANES 0

static inline guint
group_mask (const guint32 *group, guint32 tag)
{
  __m256i tags = _mm256_loadu_si256 ((const void *)group);
  __m256i same = _mm256_cmpeq_epi32 (tags, _mm256_set1_epi32 ((gint32)tag));

  return (guint)_mm256_movemask_ps (_mm256_castsi256_ps (same));
}

static inline Masks
half_masks (const guint8 *text)
{
  __m256i c = _mm256_loadu_si256 ((const void *)text);
  __m256i letter = _mm256_sub_epi8 (_mm256_or_si256 (c, _mm256_set1_epi8 (' ')),
                                    _mm256_set1_epi8 ('a'));
  __m256i digit = _mm256_sub_epi8 (c, _mm256_set1_epi8 ('0'));
  __m256i is_letter = _mm256_cmpeq_epi8 (
      _mm256_min_epu8 (letter, _mm256_set1_epi8 (25)), letter);
  __m256i is_digit =
      _mm256_cmpeq_epi8 (_mm256_min_epu8 (digit, _mm256_set1_epi8 (9)), digit);
  __m256i is_line = _mm256_cmpeq_epi8 (c, _mm256_set1_epi8 ('_'));
  __m256i is_word = _mm256_or_si256 (_mm256_or_si256 (is_letter, is_digit),
                                     _mm256_or_si256 (is_line, c));

  return (Masks){ (guint32)_mm256_movemask_epi8 (is_word),
                  (guint32)_mm256_movemask_epi8 (c) };
}

static inline Masks
class_masks (const guint8 *text)
{
  Masks low = half_masks (text), high = half_masks (text + 32);

  return (Masks){ low.word | high.word << 32, low.high | high.high << 32 };
}

#else

#define KERNEL_NAME pf_kernel_neon
#define KERNEL_HAS_LANES 0

typedef guint8 Bytes __attribute__ ((vector_size (64)));

#define group_mask pf_group_mask

/* Eight bits of a comparison from eight bytes of ones or zeros, by a sum of
 * single bits. */
static inline guint64
mask_of (Bytes is)
{
  static const guint8 bits[8] = { 1, 2, 4, 8, 16, 32, 64, 128 };
  guint64 mask = 0;

  for (guint g = 0; g < 8; g++) {
    guint sum = 0;

    for (guint i = 0; i < 8; i++)
      sum += is[8 * g + i] & bits[i];
    mask |= (guint64)sum << 8 * g;
  }
  return mask;
}

static inline Masks
class_masks (const guint8 *text)
{
  Bytes c, letter, digit, high;

  memcpy (&c, text, sizeof c);
  letter = (c | ' ') - 'a';
  digit = c - '0';
  high = (Bytes)(c >= 0x80);
  return (Masks){ mask_of ((Bytes)(letter < 26) | (Bytes)(digit < 10) |
                           (Bytes)(c == '_') | high),
                  mask_of (high) };
}

#endif
#endif
