#include "plan/cut.h"

static void
check_place (const char *text, gsize expected)
{
  g_assert_cmpuint (pf_cut_place (pf_span_str (text)), ==, expected);
}

/* Blank line before line break before space before character. */
static void
test_place (void)
{
  check_place ("", 0);
  check_place ("abc", 0);
  check_place ("\xAC"
               "bc",
               1);
  check_place ("\x82\xAC"
               "bc",
               2);
  check_place ("\x80\x80\x80\x80\x80\x80", 4);
  check_place ("ab cd", 3);
  check_place ("a\tb cd", 2);
  check_place ("ab cd\nef", 6);
  check_place ("ab\ncd\n\nef\n\n", 7);
  check_place ("ab\r\ncd\r\n\r\nef", 10);
  check_place ("\n\nab", 2);
  check_place ("ab\n", 3);
}

static void
test_plan (void)
{
  PfCutPlan plan = pf_cut_plan (2, 256 << 20, 0);

  g_assert_cmpuint (plan.piece, ==, 1 << 20);
  g_assert_cmpuint (plan.under_way, ==, 4);
  g_assert_false (pf_cut_is_worth (&plan, 0));
  g_assert_false (pf_cut_is_worth (&plan, (4 << 20) - 1));
  g_assert_true (pf_cut_is_worth (&plan, 4 << 20));
  plan = pf_cut_plan (2, 256 << 20, 64);
  g_assert_cmpuint (plan.piece, ==, 64);
  g_assert_true (pf_cut_is_worth (&plan, 300));
}

/* All pieces under way, text and result, fit into the memory, but for the
 * least that there must be. */
static void
test_memory (void)
{
  for (guint64 memory = 8 << 20; memory <= 1 << 30; memory *= 2)
    for (guint workers = 1; workers <= 32; workers *= 2) {
      PfCutPlan plan = pf_cut_plan (workers, memory, 0);

      g_assert_cmpuint (plan.piece, >=, 64 << 10);
      g_assert_cmpuint ((plan.piece + plan.result_share) * plan.under_way, <=,
                        MAX (memory, plan.under_way * (128 << 10)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cut/place", test_place);
  g_test_add_func ("/cut/plan", test_plan);
  g_test_add_func ("/cut/memory", test_memory);
  return g_test_run ();
}
