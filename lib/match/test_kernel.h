/* For tests of the kernels: those that this machine can run, and among them,
 * on x86, the vector source without any flags, of which NEON's is made. */
#pragma once

#include "base/test_random.h"
#include "match/kernel_twin.h"

#define PF_TEST_KERNELS_MAX (PF_N_ISAS + 1)

/* One to be held against the twin. */
typedef struct {
  const char *name;
  const PfKernel *kernel;
} PfTestKernel;

/* Fills OUT, and returns how many there are. */
guint pf_test_kernels (PfTestKernel out[PF_TEST_KERNELS_MAX]);

/* A test of SUBJECT, which it gets as its data. */
void pf_test_kernel_add (const PfTestKernel *subject, const char *topic,
                         GTestDataFunc func);

guint64 pf_test_random64 (void);

/* LEN bytes and what must be readable behind them, and not a byte more.
 * (transfer full) */
guint8 *pf_test_kernel_text (gsize len);
