#if defined(__x86_64__)
#define FIND pf_start_filter_find_avx512
#define TARGET                                                                 \
  __attribute__ ((                                                             \
      target ("avx2,bmi2,avx512f,avx512bw,avx512vl,prefer-vector-width=512")))
#define LANES 16
#include "match/start_filter_find.h"
#else
typedef int PfNothing; /* a file must hold something */
#endif
