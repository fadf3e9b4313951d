/* The kernel as plainly as it can be written: what tests hold the others
 * against. */
#pragma once

#include "match/kernel.h"

extern const PfKernel pf_kernel_twin;
