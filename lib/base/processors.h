/* How many processors this process may use. */
#pragma once

#include <glib.h>

/* By affinity and cpuset, and by the CPU quota of its control groups (v2 and
 * v1), rounded up; at least 1. */
guint pf_usable_processors (void);
