#if defined(__x86_64__)
#include <immintrin.h>
#define FIND pf_start_filter_find_avx512
#define TARGET                                                                 \
  __attribute__ ((target ("avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512vl")))
#define LANES 16
#define MASK _mm512_test_epi8_mask ((__m512i)v, (__m512i)v)
#include "match/start_filter_find.h"
#else
typedef int PfNothing; /* a file must hold something */
#endif
