#include "text/lines.h"

#include <string.h>

#define LEN 200

/* The counter at TO, one byte at a time. */
static PfLineCounter
naive (const guint8 *text, guint64 base, guint64 to)
{
  PfLineCounter counter = { 1, 0, to };

  for (guint64 at = base; at < to; at++)
    if (text[at - base] == '\n') {
      counter.line++;
      counter.line_start = at + 1;
    }
  return counter;
}

static void
assert_same (const PfLineCounter *a, const PfLineCounter *b)
{
  g_assert_cmpuint (a->line, ==, b->line);
  g_assert_cmpuint (a->line_start, ==, b->line_start);
  g_assert_cmpuint (a->at, ==, b->at);
}

static void
test_init (void)
{
  PfLineCounter counter = { 7, 7, 7 };
  PfLineCounter expected = { 1, 0, 0 };
  PfSpan empty = { NULL, 0 };

  pf_line_counter_init (&counter);
  assert_same (&counter, &expected);
  pf_line_counter_advance (&counter, empty, 0, 0);
  assert_same (&counter, &expected);
}

static void
test_breaks (void)
{
  static const PfLineCounter expected[] = {
    { 1, 0, 0 }, { 1, 0, 1 }, { 2, 2, 2 }, { 3, 3, 3 }, { 3, 3, 4 },
    { 3, 3, 5 }, { 4, 6, 6 }, { 4, 6, 7 }, { 4, 6, 8 }
  };
  PfSpan text = pf_span_str ("a\n\n\rb\n\fc");
  PfLineCounter counter;

  pf_line_counter_init (&counter);
  for (guint64 to = 0; to < G_N_ELEMENTS (expected); to++) {
    pf_line_counter_advance (&counter, text, 0, to);
    assert_same (&counter, &expected[to]);
  }
}

/* Windows that slide, overlap and end anywhere count what one pass counts. */
static void
check_windows (const guint8 *text)
{
  PfLineCounter counter;

  pf_line_counter_init (&counter);
  while (counter.at < LEN) {
    guint64 from = (guint64)g_test_rand_int_range (0, (int)counter.at + 1);
    guint64 to = (guint64)g_test_rand_int_range ((int)counter.at, LEN + 1);
    guint64 end = (guint64)g_test_rand_int_range ((int)to, LEN + 1);
    PfSpan window = { text + from, end - from };
    PfLineCounter expected = naive (text, 0, to);

    pf_line_counter_advance (&counter, window, from, to);
    assert_same (&counter, &expected);
  }
}

static void
test_windows (void)
{
  guint8 text[LEN];

  for (guint n = 0; n < 2000; n++) {
    int rarity = g_test_rand_int_range (1, 50);

    for (gsize i = 0; i < LEN; i++)
      text[i] = g_test_rand_int_range (0, rarity) == 0 ? '\n' : 'x';
    check_windows (text);
  }
}

/* The counter before it looked at many bytes at a time. */
static void
twin_advance (PfLineCounter *self, PfSpan window, guint64 to)
{
  while (self->at < to) {
    const guint8 *from = window.data + self->at;
    const guint8 *lf = memchr (from, '\n', to - self->at);

    if (lf == NULL)
      break;
    self->at += (guint64)(lf - from) + 1;
    self->line++;
    self->line_start = self->at;
  }
  self->at = to;
}

/* Stretches of every length up to many blocks, from bytes of any alignment,
 * with many line breaks and with few. */
static void
test_twin (void)
{
  enum { LONG = 40000 };
  g_autofree guint8 *text = g_malloc (LONG);
  PfSpan window = { text, LONG };

  for (guint n = 0; n < 200; n++) {
    PfLineCounter counter, expected;
    int rarity = g_test_rand_int_range (1, 100);
    int longest = g_test_rand_int_range (1, n % 5 == 0 ? LONG : 100);

    for (gsize i = 0; i < LONG; i++)
      text[i] = g_test_rand_int_range (0, rarity) == 0 ? '\n' : (guint8)i;
    pf_line_counter_init (&counter);
    pf_line_counter_init (&expected);
    while (counter.at < LONG) {
      guint64 to = counter.at + (guint64)g_test_rand_int_range (0, longest + 1);

      to = MIN (to, LONG);
      pf_line_counter_advance (&counter, window, 0, to);
      twin_advance (&expected, window, to);
      assert_same (&counter, &expected);
    }
  }
}

/* Nothing but line breaks: every byte of every block counts. */
static void
test_all_breaks (void)
{
  enum { LONG = 100001 };
  g_autofree guint8 *text = g_malloc (LONG);
  PfLineCounter counter;
  PfLineCounter expected = { LONG + 1, LONG, LONG };

  for (gsize i = 0; i < LONG; i++)
    text[i] = '\n';
  pf_line_counter_init (&counter);
  pf_line_counter_advance (&counter, (PfSpan){ text, LONG }, 0, LONG);
  assert_same (&counter, &expected);
}

/* Offsets of documents beyond 4 GiB. */
static void
test_large (void)
{
  guint64 base = G_GUINT64_CONSTANT (0x500000000);
  PfLineCounter counter = { G_GUINT64_CONSTANT (0x200000000), base - 9, base };
  PfLineCounter expected = { G_GUINT64_CONSTANT (0x200000001), base + 2,
                             base + 3 };

  pf_line_counter_advance (&counter, pf_span_str ("a\nbc"), base, base + 3);
  assert_same (&counter, &expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lines/init", test_init);
  g_test_add_func ("/lines/breaks", test_breaks);
  g_test_add_func ("/lines/windows", test_windows);
  g_test_add_func ("/lines/twin", test_twin);
  g_test_add_func ("/lines/all-breaks", test_all_breaks);
  g_test_add_func ("/lines/large", test_large);
  return g_test_run ();
}
