#include "base/isa.h"

static void
test_names (void)
{
  PfIsa isa = PF_ISA_NEON;

  g_assert_true (pf_isa_parse ("scalar", &isa));
  g_assert_cmpint (isa, ==, PF_ISA_SCALAR);
  g_assert_true (pf_isa_parse ("avx2", &isa));
  g_assert_cmpint (isa, ==, PF_ISA_AVX2);
  g_assert_true (pf_isa_parse ("avx512", &isa));
  g_assert_cmpint (isa, ==, PF_ISA_AVX512);
  g_assert_true (pf_isa_parse ("neon", &isa));
  g_assert_cmpint (isa, ==, PF_ISA_NEON);
  g_assert_false (pf_isa_parse ("", &isa));
  g_assert_false (pf_isa_parse ("AVX2", &isa));
  g_assert_false (pf_isa_parse ("avx", &isa));
  g_assert_cmpint (isa, ==, PF_ISA_NEON);
}

static void
test_support (void)
{
  g_assert_true (pf_isa_is_supported (PF_ISA_SCALAR));
  g_assert_true (pf_isa_is_supported (pf_isa_best ()));
  g_assert_false (pf_isa_is_supported ((PfIsa)PF_N_ISAS));
  g_assert_false (pf_isa_is_supported (PF_ISA_NEON) &&
                  pf_isa_is_supported (PF_ISA_AVX2));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/isa/names", test_names);
  g_test_add_func ("/isa/support", test_support);
  return g_test_run ();
}
