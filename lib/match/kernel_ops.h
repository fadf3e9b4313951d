/* What differs between instruction sets. Private to kernel.c. */
#pragma once

#include "match/kernel.h"

typedef struct {
  guint64 word, high;
} Masks;

#if defined PF_KERNEL_AVX512

#include <immintrin.h>

#define KERNEL_NAME pf_kernel_avx512
#define LANES 8

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

/* The bytes of TABLE, of which there are 128, that the bytes of TEXT name. */
static inline __m512i
look_up (const guint8 *table, const guint8 *text)
{
  return _mm512_permutex2var_epi8 (_mm512_loadu_si512 (table),
                                   _mm512_loadu_si512 (text),
                                   _mm512_loadu_si512 (table + 64));
}

static void
find_prefixes (const guint8 *text, gsize n_groups, const PfPrefixes *prefixes,
               guint64 *begin)
{
  for (gsize g = 0; g < n_groups; g++, text += 64) {
    __m512i buckets = look_up (prefixes->buckets[0], text);

    for (guint k = 1; k < PF_PREFIX_LEN; k++)
      buckets =
          _mm512_and_si512 (buckets, look_up (prefixes->buckets[k], text + k));
    begin[g] = _mm512_test_epi8_mask (buckets, buckets);
  }
}

#define KERNEL_PREFIXES find_prefixes

static const guint8 iota[64] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
                                 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
                                 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54,
                                 55, 56, 57, 58, 59, 60, 61, 62, 63 };

static inline guint
emit_places (guint16 *out, guint n, guint64 bits, guint from)
{
  __m512i packed = _mm512_maskz_compress_epi8 (bits, _mm512_loadu_si512 (iota));
  __m512i base = _mm512_set1_epi16 ((gint16)from);
  __m512i low = _mm512_cvtepu8_epi16 (_mm512_castsi512_si256 (packed));
  __m512i high = _mm512_cvtepu8_epi16 (_mm512_extracti64x4_epi64 (packed, 1));

  _mm512_storeu_si512 (out + n, _mm512_add_epi16 (low, base));
  _mm512_storeu_si512 (out + n + 32, _mm512_add_epi16 (high, base));
  return n + (guint)__builtin_popcountll (bits);
}

typedef guint64 Lanes __attribute__ ((vector_size (64)));

/* Start and end of each, in the low and the high half of a lane's low half. */
static inline Lanes
load_tokens (const PfToken *token)
{
  __m256i tokens = _mm256_loadu_si256 ((const void *)token);

  return (Lanes)_mm512_cvtepu32_epi64 (tokens);
}

/* The eight bytes at the start of each. One initialiser keeps them out of
 * memory. */
static inline Lanes
load_firsts (const guint8 *text, const PfToken *token)
{
  return (Lanes){
    pf_load64 (text + token[0].start), pf_load64 (text + token[1].start),
    pf_load64 (text + token[2].start), pf_load64 (text + token[3].start),
    pf_load64 (text + token[4].start), pf_load64 (text + token[5].start),
    pf_load64 (text + token[6].start), pf_load64 (text + token[7].start)
  };
}

static inline Lanes
load_bytes (const guint8 *text, Lanes places)
{
  guint64 at[LANES];

  memcpy (at, &places, sizeof at);
  return (Lanes){ pf_load64 (text + at[0]), pf_load64 (text + at[1]),
                  pf_load64 (text + at[2]), pf_load64 (text + at[3]),
                  pf_load64 (text + at[4]), pf_load64 (text + at[5]),
                  pf_load64 (text + at[6]), pf_load64 (text + at[7]) };
}

/* Lanes, or 0 for those that are negative. */
static inline Lanes
never_negative (Lanes lanes)
{
  return (Lanes)_mm512_max_epi64 ((__m512i)lanes, _mm512_setzero_si512 ());
}

/* The product of the low halves of the lanes. */
static inline Lanes
multiply_low (Lanes a, Lanes b)
{
  return (Lanes)_mm512_mul_epu32 ((__m512i)a, (__m512i)b);
}

static inline Lanes
gather (const guint64 *words, Lanes at)
{
  return (Lanes)_mm512_i64gather_epi64 ((__m512i)at, words, 8);
}

/* The lowest bit of each lane. */
static inline guint
lowest_bits (Lanes lanes)
{
  return _mm512_test_epi64_mask ((__m512i)lanes, _mm512_set1_epi64 (1));
}

/* Puts the lanes of MASK, and their tokens, behind the N that there are. */
static inline guint
keep_lanes (PfCandidates *out, guint n, guint mask, Lanes hash,
            const PfToken *token)
{
  __m256i tokens = _mm256_loadu_si256 ((const void *)token);
  __mmask8 keep = (__mmask8)mask;

  tokens = _mm256_maskz_compress_epi32 (keep, tokens);
  _mm512_storeu_si512 (out->hash + n,
                       _mm512_maskz_compress_epi64 (keep, (__m512i)hash));
  _mm_storeu_si128 ((void *)(out->start + n), _mm256_cvtepi32_epi16 (tokens));
  _mm_storeu_si128 ((void *)(out->end + n),
                    _mm256_cvtepi32_epi16 (_mm256_srli_epi32 (tokens, 16)));
  return n + (guint)__builtin_popcount (mask);
}

#else

#define KERNEL_PREFIXES NULL

#include "match/kernel_places.h"

#if defined PF_KERNEL_AVX2

#include <immintrin.h>

#define KERNEL_NAME pf_kernel_avx2
#define LANES 4

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

typedef guint64 Lanes __attribute__ ((vector_size (32)));

static inline Lanes
load_tokens (const PfToken *token)
{
  __m128i tokens = _mm_loadu_si128 ((const void *)token);

  return (Lanes)_mm256_cvtepu32_epi64 (tokens);
}

static inline Lanes
load_firsts (const guint8 *text, const PfToken *token)
{
  return (Lanes){ pf_load64 (text + token[0].start),
                  pf_load64 (text + token[1].start),
                  pf_load64 (text + token[2].start),
                  pf_load64 (text + token[3].start) };
}

static inline Lanes
load_bytes (const guint8 *text, Lanes places)
{
  guint64 at[LANES];

  memcpy (at, &places, sizeof at);
  return (Lanes){ pf_load64 (text + at[0]), pf_load64 (text + at[1]),
                  pf_load64 (text + at[2]), pf_load64 (text + at[3]) };
}

/* In halves, since there is no such instruction for lanes; lanes are small. */
static inline Lanes
never_negative (Lanes lanes)
{
  return (Lanes)_mm256_max_epi32 ((__m256i)lanes, _mm256_setzero_si256 ());
}

static inline Lanes
multiply_low (Lanes a, Lanes b)
{
  return (Lanes)_mm256_mul_epu32 ((__m256i)a, (__m256i)b);
}

/* In single loads, which are faster than the instruction. */
static inline Lanes
gather (const guint64 *words, Lanes places)
{
  guint64 at[LANES];

  memcpy (at, &places, sizeof at);
  return (Lanes){ words[at[0]], words[at[1]], words[at[2]], words[at[3]] };
}

static inline guint
lowest_bits (Lanes lanes)
{
  return (guint)_mm256_movemask_pd ((__m256d)(lanes << 63));
}

/* For each choice of four lanes, where the halves of those come from, and the
 * bytes of tokens whose starts are then in the lower eight bytes, and whose
 * ends in the upper ones. */
static const guint32 chosen_halves[16][8] = {
  { 0, 0, 0, 0, 0, 0, 0, 0 }, { 0, 1, 0, 0, 0, 0, 0, 0 },
  { 2, 3, 0, 0, 0, 0, 0, 0 }, { 0, 1, 2, 3, 0, 0, 0, 0 },
  { 4, 5, 0, 0, 0, 0, 0, 0 }, { 0, 1, 4, 5, 0, 0, 0, 0 },
  { 2, 3, 4, 5, 0, 0, 0, 0 }, { 0, 1, 2, 3, 4, 5, 0, 0 },
  { 6, 7, 0, 0, 0, 0, 0, 0 }, { 0, 1, 6, 7, 0, 0, 0, 0 },
  { 2, 3, 6, 7, 0, 0, 0, 0 }, { 0, 1, 2, 3, 6, 7, 0, 0 },
  { 4, 5, 6, 7, 0, 0, 0, 0 }, { 0, 1, 4, 5, 6, 7, 0, 0 },
  { 2, 3, 4, 5, 6, 7, 0, 0 }, { 0, 1, 2, 3, 4, 5, 6, 7 },
};
static const guint8 chosen_bytes[16][16] = {
  { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 },
  { 0, 1, 0, 0, 0, 0, 0, 0, 2, 3, 0, 0, 0, 0, 0, 0 },
  { 4, 5, 0, 0, 0, 0, 0, 0, 6, 7, 0, 0, 0, 0, 0, 0 },
  { 0, 1, 4, 5, 0, 0, 0, 0, 2, 3, 6, 7, 0, 0, 0, 0 },
  { 8, 9, 0, 0, 0, 0, 0, 0, 10, 11, 0, 0, 0, 0, 0, 0 },
  { 0, 1, 8, 9, 0, 0, 0, 0, 2, 3, 10, 11, 0, 0, 0, 0 },
  { 4, 5, 8, 9, 0, 0, 0, 0, 6, 7, 10, 11, 0, 0, 0, 0 },
  { 0, 1, 4, 5, 8, 9, 0, 0, 2, 3, 6, 7, 10, 11, 0, 0 },
  { 12, 13, 0, 0, 0, 0, 0, 0, 14, 15, 0, 0, 0, 0, 0, 0 },
  { 0, 1, 12, 13, 0, 0, 0, 0, 2, 3, 14, 15, 0, 0, 0, 0 },
  { 4, 5, 12, 13, 0, 0, 0, 0, 6, 7, 14, 15, 0, 0, 0, 0 },
  { 0, 1, 4, 5, 12, 13, 0, 0, 2, 3, 6, 7, 14, 15, 0, 0 },
  { 8, 9, 12, 13, 0, 0, 0, 0, 10, 11, 14, 15, 0, 0, 0, 0 },
  { 0, 1, 8, 9, 12, 13, 0, 0, 2, 3, 10, 11, 14, 15, 0, 0 },
  { 4, 5, 8, 9, 12, 13, 0, 0, 6, 7, 10, 11, 14, 15, 0, 0 },
  { 0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15 },
};

static inline guint
keep_lanes (PfCandidates *out, guint n, guint mask, Lanes hash,
            const PfToken *token)
{
  __m256i halves = _mm256_loadu_si256 ((const void *)chosen_halves[mask]);
  __m128i bytes = _mm_loadu_si128 ((const void *)chosen_bytes[mask]);
  __m128i tokens =
      _mm_shuffle_epi8 (_mm_loadu_si128 ((const void *)token), bytes);

  _mm256_storeu_si256 ((void *)(out->hash + n),
                       _mm256_permutevar8x32_epi32 ((__m256i)hash, halves));
  _mm_storel_epi64 ((void *)(out->start + n), tokens);
  _mm_storel_epi64 ((void *)(out->end + n),
                    _mm_unpackhi_epi64 (tokens, tokens));
  return n + (guint)__builtin_popcount (mask);
}

#else

#define KERNEL_NAME pf_kernel_neon

typedef guint8 Bytes __attribute__ ((vector_size (64)));

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
