/* The channel in one thread: what each function says. */
#include <uv.h>

#include "sched/test_channel.h"

#define MILLISECOND ((guint64)1000 * 1000)

static void
assert_over (const Link *link)
{
  gpointer value;

  g_assert_cmpint (pf_receiver_receive (link->out, &value), ==,
                   PF_CHANNEL_HUNG_UP);
  g_assert_cmpint (pf_receiver_try_receive (link->out, &value), ==,
                   PF_CHANNEL_HUNG_UP);
}

/* First in, first out, also where the ring wraps around, or grows. */
static void
check_order (gsize capacity, guint most)
{
  g_auto (Link) link = new_link (capacity, NULL);
  guint sent = 0, received = 0;

  for (guint n = 0; n < 4 * most; n++) {
    for (guint k = 0; k <= n % most; k++)
      put (&link, sent++);
    while (received < sent - (capacity == 0 ? n / 7 : 0))
      g_assert_cmpuint (get (&link), ==, received++);
  }
}

static void
test_order (void)
{
  check_order (3, 3);
  check_order (PF_CHANNEL_UNBOUNDED, 100);
}

static void
test_try (void)
{
  g_auto (Link) link = new_link (2, NULL);
  gpointer value;

  g_assert_cmpint (pf_receiver_try_receive (link.out, &value), ==,
                   PF_CHANNEL_NOT_NOW);
  g_assert_cmpint (pf_sender_try_send (link.in, value_of (7)), ==,
                   PF_CHANNEL_OK);
  put (&link, 8);
  g_assert_cmpint (pf_sender_try_send (link.in, value_of (9)), ==,
                   PF_CHANNEL_NOT_NOW);
  g_assert_cmpuint (get (&link), ==, 7);
  g_assert_cmpint (pf_receiver_try_receive (link.out, &value), ==,
                   PF_CHANNEL_OK);
  g_assert_cmpuint (number_of (value), ==, 8);
}

/* It never comes back before the time is over. */
static void
test_within (void)
{
  g_auto (Link) link = new_link (1, NULL);
  guint64 begin = uv_hrtime ();
  gpointer value;

  g_assert_cmpint (
      pf_receiver_receive_within (link.out, &value, 3 * MILLISECOND), ==,
      PF_CHANNEL_LATE);
  put (&link, 1);
  g_assert_cmpint (
      pf_sender_send_within (link.in, value_of (2), 3 * MILLISECOND), ==,
      PF_CHANNEL_LATE);
  g_assert_cmpuint (uv_hrtime () - begin, >=, 6 * MILLISECOND);
  g_assert_cmpint (pf_receiver_receive_within (link.out, &value, MILLISECOND),
                   ==, PF_CHANNEL_OK);
  g_assert_cmpuint (number_of (value), ==, 1);
  g_assert_cmpint (pf_sender_send_within (link.in, value_of (3), MILLISECOND),
                   ==, PF_CHANNEL_OK);
}

/* Without senders, what there is comes out, and then nothing. */
static void
test_senders_gone (void)
{
  g_auto (Link) link = new_link (2, NULL);
  PfSender *other = pf_sender_ref (link.in);

  put (&link, 1);
  pf_sender_drop (g_steal_pointer (&link.in));
  g_assert_cmpint (pf_sender_send (other, value_of (2)), ==, PF_CHANNEL_OK);
  pf_sender_drop (other);
  g_assert_cmpuint (get (&link), ==, 1);
  g_assert_cmpuint (get (&link), ==, 2);
  assert_over (&link);
}

static guint n_destroyed; /* the main thread's */

static void
count_destroyed (gpointer value G_GNUC_UNUSED)
{
  n_destroyed++;
}

/* Without receivers, what there is is destroyed, and nothing more goes in. */
static void
test_receivers_gone (void)
{
  g_auto (Link) link = new_link (3, count_destroyed);
  PfReceiver *other = pf_receiver_ref (link.out);
  gpointer values[] = { value_of (3), value_of (4) };
  gsize sent;

  for (guint n = 0; n < 3; n++)
    put (&link, n);
  g_assert_cmpuint (get (&link), ==, 0);
  put (&link, 5);
  n_destroyed = 0;
  pf_receiver_drop (g_steal_pointer (&link.out));
  g_assert_cmpuint (n_destroyed, ==, 0);
  pf_receiver_drop (other);
  g_assert_cmpuint (n_destroyed, ==, 3);
  g_assert_cmpint (pf_sender_send (link.in, value_of (6)), ==,
                   PF_CHANNEL_HUNG_UP);
  g_assert_cmpint (pf_sender_try_send (link.in, value_of (6)), ==,
                   PF_CHANNEL_HUNG_UP);
  g_assert_cmpint (pf_sender_send_batch (link.in, values, 2, &sent), ==,
                   PF_CHANNEL_HUNG_UP);
  g_assert_cmpuint (sent, ==, 0);
  g_assert_cmpuint (n_destroyed, ==, 3);
}

static void
test_batch (void)
{
  g_auto (Link) link = new_link (PF_CHANNEL_UNBOUNDED, NULL);
  gpointer values[50], received[30];
  gsize n;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    values[i] = value_of (i);
  g_assert_cmpint (pf_sender_send_batch (link.in, values, 50, &n), ==,
                   PF_CHANNEL_OK);
  g_assert_cmpuint (n, ==, 50);
  for (guint from = 0; from < 50; from += 30) {
    g_assert_cmpint (pf_receiver_receive_batch (link.out, received, 30, &n), ==,
                     PF_CHANNEL_OK);
    g_assert_cmpuint (n, ==, MIN (30, 50 - from));
    for (guint i = 0; i < n; i++)
      g_assert_cmpuint (number_of (received[i]), ==, from + i);
  }
  pf_sender_drop (g_steal_pointer (&link.in));
  g_assert_cmpint (pf_receiver_receive_batch (link.out, received, 30, &n), ==,
                   PF_CHANNEL_HUNG_UP);
  g_assert_cmpuint (n, ==, 0);
}

/* Batches of all sizes through a ring that is not as large as the capacity
 * says: in order, and never more than the capacity. */
static void
check_batches (gsize capacity)
{
  g_auto (Link) link = new_link (capacity, NULL);
  gsize most = capacity > 0 ? capacity : 40, waiting = 0, n;
  guint sent = 0, received = 0;
  gpointer values[40];

  for (guint turn = 0; turn < 2000; turn++) {
    gsize k = (gsize)g_test_rand_int_range (0, (gint32)(most - waiting) + 1);

    for (gsize i = 0; i < k; i++)
      values[i] = value_of (sent++);
    g_assert_cmpint (pf_sender_send_batch (link.in, values, k, &n), ==,
                     PF_CHANNEL_OK);
    g_assert_cmpuint (n, ==, k);
    waiting += k;
    if (capacity > 0 && waiting == capacity)
      g_assert_cmpint (pf_sender_try_send (link.in, values), ==,
                       PF_CHANNEL_NOT_NOW);
    if (waiting == 0)
      continue;
    k = (gsize)g_test_rand_int_range (1, 41);
    g_assert_cmpint (pf_receiver_receive_batch (link.out, values, k, &n), ==,
                     PF_CHANNEL_OK);
    g_assert_cmpuint (n, ==, MIN (k, waiting));
    waiting -= n;
    for (gsize i = 0; i < n; i++)
      g_assert_cmpuint (number_of (values[i]), ==, received++);
  }
}

static void
test_batches_wrap (void)
{
  static const gsize capacities[] = { PF_CHANNEL_UNBOUNDED, 1, 3, 5, 8, 40 };

  for (guint i = 0; i < G_N_ELEMENTS (capacities); i++)
    check_batches (capacities[i]);
}

/* Wakes come after values, are counted, and do not pile up. */
static void
test_wake (void)
{
  g_auto (Link) link = new_link (2, NULL);
  PfReceiver *other = pf_receiver_ref (link.out);
  gpointer value;

  pf_receiver_wake (link.out, 5);
  put (&link, 1);
  g_assert_cmpuint (get (&link), ==, 1);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (pf_receiver_receive (link.out, &value), ==,
                     PF_CHANNEL_WOKEN);
  g_assert_cmpint (pf_receiver_receive_within (link.out, &value, 1), ==,
                   PF_CHANNEL_LATE);
  pf_receiver_drop (other);
}

static void
test_stats (void)
{
  g_auto (Link) link = new_link (3, NULL);
  PfChannelStats stats;
  gpointer value;

  for (guint n = 0; n < 2; n++)
    put (&link, n);
  get (&link);
  put (&link, 2);
  get (&link);
  get (&link);
  pf_receiver_receive_within (link.out, &value, 2 * MILLISECOND);
  pf_receiver_stats (link.out, &stats);
  g_assert_cmpuint (stats.values, ==, 3);
  g_assert_cmpuint (stats.high_water, ==, 2);
  g_assert_cmpuint (stats.send_blocked_ns, ==, 0);
  g_assert_cmpuint (stats.receive_blocked_ns, >=, 2 * MILLISECOND);
  for (guint n = 0; n < 3; n++)
    put (&link, n);
  pf_sender_send_within (link.in, value_of (9), 2 * MILLISECOND);
  pf_receiver_stats (link.out, &stats);
  g_assert_cmpuint (stats.values, ==, 6);
  g_assert_cmpuint (stats.high_water, ==, 3);
  g_assert_cmpuint (stats.send_blocked_ns, >=, 2 * MILLISECOND);
}

/* Whoever uses a handle of which no reference is left is told so, as long as
 * the other side is there. */
static void
test_without_reference (void)
{
  if (g_test_subprocess ()) {
    Link link = new_link (3, NULL);

    pf_sender_drop (link.in);
    pf_sender_try_send (link.in, value_of (0));
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*n_senders > 0*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/channel/order/one-thread", test_order);
  g_test_add_func ("/channel/try", test_try);
  g_test_add_func ("/channel/within", test_within);
  g_test_add_func ("/channel/batch/one", test_batch);
  g_test_add_func ("/channel/batch/wraps", test_batches_wrap);
  g_test_add_func ("/channel/wake", test_wake);
  g_test_add_func ("/channel/stats", test_stats);
  g_test_add_func ("/channel/gone/senders", test_senders_gone);
  g_test_add_func ("/channel/gone/receivers", test_receivers_gone);
  g_test_add_func ("/channel/without-reference", test_without_reference);
  return g_test_run ();
}
