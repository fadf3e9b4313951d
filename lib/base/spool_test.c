/* The spool against a string, with little and with much memory. */
#include "base/spool.h"

static guint8
byte_at (guint64 n)
{
  return (guint8)(n * 31 + (n >> 8) * 7);
}

/* Adds LEN bytes, of which the first is number N of all. */
static void
add (PfSpool *spool, guint64 n, gsize len)
{
  g_autofree guint8 *bytes = g_malloc (len + 1);

  for (gsize i = 0; i < len; i++)
    bytes[i] = byte_at (n + i);
  g_assert_true (pf_spool_add (spool, (PfSpan){ bytes, len }, NULL));
}

/* All of it is there: the bytes from number BEGIN up to END. */
static void
check (PfSpool *spool, guint64 begin, guint64 end)
{
  guint64 at = begin;

  g_assert_cmpuint (pf_spool_size (spool), ==, end - begin);
  while (at < end) {
    PfSpan some = pf_spool_peek (spool, at - begin, NULL);

    g_assert_cmpuint (some.len, >, 0);
    for (gsize i = 0; i < some.len; i++)
      g_assert_cmpuint (some.data[i], ==, byte_at (at + i));
    at += some.len;
  }
  g_assert_cmpuint (at, ==, end);
}

static void
check_random (gsize memory, gint32 most)
{
  g_autoptr (PfSpool) spool = pf_spool_new (memory);
  guint64 begin = 0, end = 0;

  for (guint n = 0; n < 200; n++) {
    gsize len = (gsize)g_test_rand_int_range (0, most);
    guint64 dropped;

    add (spool, end, len);
    end += len;
    check (spool, begin, end);
    dropped = (guint64)g_test_rand_int_range (0, most);
    dropped = n % 17 == 0 ? end - begin : MIN (dropped, end - begin);
    pf_spool_drop (spool, dropped);
    begin += dropped;
    check (spool, begin, end);
  }
}

static void
test_memory (void)
{
  check_random (0, 100);
}

static void
test_file (void)
{
  check_random (1, 100);
  check_random (64, 100);
  check_random (1000, 30000);
}

/* Room is given back while more comes. */
static void
test_much (void)
{
  g_autoptr (PfSpool) spool = pf_spool_new (1 << 10);

  for (guint64 n = 0; n < 80; n++) {
    add (spool, n * 100000, 100000);
    if (n >= 20)
      pf_spool_drop (spool, 100000);
  }
  check (spool, 60 * 100000, 80 * 100000);
}

static void
check_no_file (void)
{
  g_auto (PfError) error = { 0 };
  g_autoptr (PfSpool) spool = pf_spool_new (10);

  add (spool, 0, 10);
  g_assert_false (pf_spool_add (spool, pf_span_str ("x"), &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_IO);
  g_assert_true (g_str_has_prefix (error.message, "temporary file: "));
  check (spool, 0, 10);
}

/* The file cannot be made: what was there stays. In a process of its own, since
 * the folder is asked for once. */
static void
test_no_file (void)
{
  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_passed ();
    return;
  }
  check_no_file ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_test_subprocess ())
    g_setenv ("TMPDIR", "/nonexistent", TRUE);
  g_test_add_func ("/spool/memory", test_memory);
  g_test_add_func ("/spool/file", test_file);
  g_test_add_func ("/spool/much", test_much);
  g_test_add_func ("/spool/no-file", test_no_file);
  return g_test_run ();
}
