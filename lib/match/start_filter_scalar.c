#define FIND pf_start_filter_find_scalar
#define TARGET
#define LANES 4
#include "match/start_filter_find.h"
