#if defined(__x86_64__)
#define FIND pf_start_filter_find_avx2
#define TARGET __attribute__ ((target ("avx2,bmi2")))
#define LANES 8
#include "match/start_filter_find.h"
#else
typedef int PfNothing; /* a file must hold something */
#endif
