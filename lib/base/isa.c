#include "base/isa.h"

gboolean
pf_isa_is_supported (PfIsa isa)
{
  switch (isa) {
  case PF_ISA_SCALAR:
    return TRUE;
#if defined(__x86_64__)
  case PF_ISA_AVX2:
    return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("bmi") &&
           __builtin_cpu_supports ("bmi2") && __builtin_cpu_supports ("popcnt");
  case PF_ISA_AVX512:
    return pf_isa_is_supported (PF_ISA_AVX2) &&
           __builtin_cpu_supports ("avx512f") &&
           __builtin_cpu_supports ("avx512bw") &&
           __builtin_cpu_supports ("avx512dq") &&
           __builtin_cpu_supports ("avx512vl") &&
           __builtin_cpu_supports ("avx512vbmi") &&
           __builtin_cpu_supports ("avx512vbmi2");
#elif defined(__aarch64__) && defined(__AARCH64EL__)
  case PF_ISA_NEON: /* Every one of these processors has it. */
    return TRUE;
#endif
  default:
    return FALSE;
  }
}

PfIsa
pf_isa_best (void)
{
  for (int isa = PF_N_ISAS - 1; isa > PF_ISA_SCALAR; isa--)
    if (pf_isa_is_supported ((PfIsa)isa))
      return (PfIsa)isa;
  return PF_ISA_SCALAR;
}

gboolean
pf_isa_parse (const char *name, PfIsa *isa)
{
  static const char *const names[PF_N_ISAS] = { "scalar", "avx2", "avx512",
                                                "neon" };

  for (int i = 0; i < PF_N_ISAS; i++)
    if (g_str_equal (name, names[i])) {
      *isa = (PfIsa)i;
      return TRUE;
    }
  return FALSE;
}
