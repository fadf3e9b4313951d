#if defined(__x86_64__)
#include <immintrin.h>

#include "match/start_filter_private.h"

#define FIND pf_start_filter_find_avx512
#define TARGET                                                                 \
  __attribute__ ((target ("avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512vl,"    \
                          "avx512vbmi,avx512vbmi2")))
#define SHUFFLE(table, index)                                                  \
  (Bytes) _mm512_shuffle_epi8 ((__m512i)(table), (__m512i)(index))
#define LANES 16
#define MASK _mm512_test_epi8_mask ((__m512i)v, (__m512i)v)

static const guint8 numbers[64] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
                                    33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
                                    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54,
                                    55, 56, 57, 58, 59, 60, 61, 62, 63 };

/* Sixteen at once, for there are seldom more. */
TARGET __attribute__ ((always_inline)) static inline gsize
compress (guint64 mask, guint32 base, guint32 *places)
{
  gsize n = (gsize)__builtin_popcountll (mask);
  __m512i kept = _mm512_maskz_compress_epi8 (
      mask, _mm512_loadu_si512 ((const void *)numbers));

  for (gsize i = 0; i < n; i += 16) {
    __m512i wide = _mm512_cvtepu8_epi32 (_mm512_castsi512_si128 (kept));

    _mm512_storeu_si512 (
        places + i, _mm512_add_epi32 (wide, _mm512_set1_epi32 ((int)base)));
    kept = _mm512_alignr_epi32 (kept, kept, 4);
  }
  return n;
}
#define WRITE compress

#include "match/start_filter_find.h"
#else
typedef int PfNothing; /* a file must hold something */
#endif
