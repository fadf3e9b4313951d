/* Instruction sets that some code exists for several times. */
#pragma once

#include <glib.h>

typedef enum { PF_ISA_SCALAR, PF_ISA_AVX2, PF_ISA_AVX512, PF_ISA_NEON } PfIsa;

/* The best one this machine has. Any thread. */
PfIsa pf_isa_best (void);

/* Whether this build has code for it, and this machine runs it. */
gboolean pf_isa_is_supported (PfIsa isa);

/* "scalar", "avx2", "avx512", "neon". */
gboolean pf_isa_parse (const char *name, PfIsa *isa);
const char *pf_isa_name (PfIsa isa);
