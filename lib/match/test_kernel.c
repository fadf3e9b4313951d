#include "match/test_kernel.h"

guint
pf_test_kernels (PfTestKernel out[PF_TEST_KERNELS_MAX])
{
  static const char *const names[PF_N_ISAS] = { "scalar", "AVX2", "AVX-512",
                                                "NEON" };
  guint n = 0;

  for (int isa = 0; isa < PF_N_ISAS; isa++)
    if (pf_isa_is_supported ((PfIsa)isa))
      out[n++] = (PfTestKernel){ names[isa], pf_kernel_for ((PfIsa)isa) };
#ifdef HAS_GENERIC_KERNEL
  out[n++] = (PfTestKernel){ "generic", &pf_kernel_neon };
#endif
  return n;
}

void
pf_test_kernel_add (const PfTestKernel *subject, const char *topic,
                    GTestDataFunc func)
{
  g_autofree char *path =
      g_strdup_printf ("/kernel/%s/%s", subject->name, topic);

  g_test_add_data_func (path, subject, func);
}

guint64
pf_test_random64 (void)
{
  return (guint64)(guint32)g_test_rand_int () << 32 |
         (guint32)g_test_rand_int ();
}

guint8 *
pf_test_kernel_text (gsize len)
{
  return g_malloc (len + PF_BLOCK_SLACK);
}
