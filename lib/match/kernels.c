#include "match/kernel.h"

const PfKernel *
pf_kernel_for (PfIsa isa)
{
  g_assert (pf_isa_is_supported (isa));
  switch (isa) {
#if defined __x86_64__
  case PF_ISA_AVX512:
    return &pf_kernel_avx512;
  case PF_ISA_AVX2:
    return &pf_kernel_avx2;
#elif defined __aarch64__
  case PF_ISA_NEON:
    return &pf_kernel_neon;
#endif
  default:
    return &pf_kernel_scalar;
  }
}
