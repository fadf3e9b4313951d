#include "base/append.h"

static void
check_number (guint64 n)
{
  g_autoptr (GString) out = g_string_new ("<");
  g_autofree char *expected = g_strdup_printf ("<%" G_GUINT64_FORMAT, n);

  pf_append_number (out, n);
  g_assert_cmpstr (out->str, ==, expected);
  g_assert_cmpuint (out->len, ==, strlen (expected));
}

static void
test_number (void)
{
  guint64 power = 1;

  check_number (G_MAXUINT64);
  for (guint64 n = 0; n < 12000; n++)
    check_number (n);
  for (guint i = 0; i < 20; i++, power *= 10) {
    check_number (power - 1);
    check_number (power);
    check_number (power + 1);
  }
}

/* Parts of any length, one behind the other: what g_string_append_len makes of
 * them, NUL at the end included. */
static void
test_parts (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  guint8 bytes[300];

  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8)(i % 251);
  for (guint n = 0; n < 2000; n++) {
    PfSpan span = { bytes, (gsize)g_test_rand_int_range (0, sizeof bytes) };
    char *to = pf_append_begin (out, span.len + 1);

    pf_append_end (out, pf_put_char (pf_put_span (to, span), 'x'));
    pf_append_span (out, span);
    pf_append_char (out, 'y');
    for (const char *end = "xy"; *end != '\0'; end++) {
      g_string_append_len (expected, (const char *)bytes, (gssize)span.len);
      g_string_append_c (expected, *end);
    }
    g_assert_cmpuint (out->str[out->len], ==, '\0');
  }
  g_assert_true (g_string_equal (out, expected));
}

static void
test_nothing (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  pf_append_span (out, (PfSpan){ NULL, 0 });
  g_assert_cmpstr (out->str, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/append/number", test_number);
  g_test_add_func ("/append/parts", test_parts);
  g_test_add_func ("/append/nothing", test_nothing);
  return g_test_run ();
}
