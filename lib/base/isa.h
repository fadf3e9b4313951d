/* Instruction sets: code that has a variant for each of them is chosen at run
 * time. Every variant gives the same result, so which one runs is a matter of
 * speed alone.
 *
 * Pure functions: any thread.
 */
#pragma once

#include <glib.h>

typedef enum {
  PF_ISA_SCALAR, /* what the compiler assumes of every processor */
  PF_ISA_AVX2,   /* and BMI, BMI2, POPCNT */
  PF_ISA_AVX512, /* F, BW, DQ, VL, VBMI and VBMI2 */
  PF_ISA_NEON
} PfIsa;

#define PF_N_ISAS 4

/* The fastest one that this processor has. */
PfIsa pf_isa_best (void);

/* Whether this processor has ISA, and this library code for it. */
gboolean pf_isa_is_supported (PfIsa isa);

/* Sets *ISA from "scalar", "avx2", "avx512" or "neon"; FALSE where NAME is
 * none of them. */
gboolean pf_isa_parse (const char *name, PfIsa *isa);
