#if defined(__aarch64__) && defined(__AARCH64EL__)
#define FIND pf_start_filter_find_neon
#define TARGET
#define LANES 4
#include "match/start_filter_find.h"
#else
typedef int PfNothing; /* a file must hold something */
#endif
