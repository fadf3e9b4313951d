#include "base/isa.h"

#include <string.h>

static const char *const names[] = { [PF_ISA_SCALAR] = "scalar",
                                     [PF_ISA_AVX2] = "avx2",
                                     [PF_ISA_AVX512] = "avx512",
                                     [PF_ISA_NEON] = "neon" };

#if defined __x86_64__
static gboolean
has_avx2 (void)
{
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("bmi") &&
         __builtin_cpu_supports ("bmi2") && __builtin_cpu_supports ("popcnt");
}

static gboolean
has_avx512 (void)
{
  return has_avx2 () && __builtin_cpu_supports ("avx512f") &&
         __builtin_cpu_supports ("avx512bw") &&
         __builtin_cpu_supports ("avx512dq") &&
         __builtin_cpu_supports ("avx512vl") &&
         __builtin_cpu_supports ("avx512vbmi") &&
         __builtin_cpu_supports ("avx512vbmi2");
}
#endif

gboolean
pf_isa_is_supported (PfIsa isa)
{
  switch (isa) {
  case PF_ISA_SCALAR:
    return TRUE;
#if defined __x86_64__
  case PF_ISA_AVX2:
    return has_avx2 ();
  case PF_ISA_AVX512:
    return has_avx512 ();
#elif defined __aarch64__
  case PF_ISA_NEON:
    return TRUE;
#endif
  default:
    return FALSE;
  }
}

PfIsa
pf_isa_best (void)
{
  static const PfIsa from_best[] = { PF_ISA_AVX512, PF_ISA_AVX2, PF_ISA_NEON };

  for (guint i = 0; i < G_N_ELEMENTS (from_best); i++)
    if (pf_isa_is_supported (from_best[i]))
      return from_best[i];
  return PF_ISA_SCALAR;
}

gboolean
pf_isa_parse (const char *name, PfIsa *isa)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (name, names[i]) == 0) {
      *isa = (PfIsa)i;
      return TRUE;
    }
  return FALSE;
}

const char *
pf_isa_name (PfIsa isa)
{
  return names[isa];
}
