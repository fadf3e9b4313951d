#if defined(__x86_64__)
#include <immintrin.h>
#define FIND pf_start_filter_find_avx2
#define TARGET __attribute__ ((target ("avx2,bmi,bmi2,popcnt")))
#define SHUFFLE(table, index)                                                  \
  (Bytes) _mm256_shuffle_epi8 ((__m256i)(table), (__m256i)(index))
#define LANES 8
#define MASK (guint32) _mm256_movemask_epi8 (_mm256_slli_epi32 ((__m256i)v, 7))
#include "match/start_filter_find.h"
#else
typedef int PfNothing; /* a file must hold something */
#endif
