/* The channel between threads: who wakes whom, and that no value is lost. */
#include "base/test_random.h"
#include "sched/blocked.h"
#include "sched/team.h"
#include "sched/test_channel.h"

static void
run (PfTeam *team)
{
  g_assert_true (pf_team_start (team, NULL));
}

static void
join (PfTeam *team)
{
  g_assert_true (pf_team_join (team, NULL));
}

/* A thread that sends or receives once, and drops its handle. */
typedef struct {
  PfSender *in; /* or NULL */
  PfReceiver *out;
  PfThreadId id;
  gpointer value;         /* to send; or what was received */
  PfChannelStatus status; /* read after the join */
  atomic_bool ended;      /* send or receive has returned */
} Once;

static gboolean
be_once (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Once *self = data;

  pf_thread_announce (&self->id);
  self->status = self->in != NULL
                     ? pf_sender_send (self->in, self->value)
                     : pf_receiver_receive (self->out, &self->value);
  atomic_store (&self->ended, TRUE);
  pf_sender_drop (self->in);
  pf_receiver_drop (self->out);
  return TRUE;
}

#define N_BLOCKED 3

static void
start_blocked (PfTeam *team, Once *threads, const Link *link, gboolean sending)
{
  for (guint i = 0; i < N_BLOCKED; i++) {
    threads[i] = (Once){ .value = sending ? value_of (i) : NULL };
    if (sending)
      threads[i].in = pf_sender_ref (link->in);
    else
      threads[i].out = pf_receiver_ref (link->out);
    pf_team_add (team, "blocked", be_once, &threads[i]);
  }
  run (team);
  for (guint i = 0; i < N_BLOCKED; i++)
    pf_thread_wait_blocked (&threads[i].id);
  for (guint i = 0; i < N_BLOCKED; i++)
    g_assert_false (atomic_load (&threads[i].ended));
}

static void
assert_all (const Once *threads, PfChannelStatus status)
{
  for (guint i = 0; i < N_BLOCKED; i++)
    g_assert_cmpint (threads[i].status, ==, status);
}

/*   capacity 1
 *   main:     send 9 (full)               drop the receiver
 *   senders:                 send (wait) ········▶ HUNG_UP, all of them
 */
static void
test_drop_wakes_senders (void)
{
  g_auto (Link) link = new_link (1, NULL);
  g_autoptr (PfTeam) team = pf_team_new ();
  Once senders[N_BLOCKED];

  put (&link, 9);
  start_blocked (team, senders, &link, TRUE);
  pf_receiver_drop (g_steal_pointer (&link.out));
  join (team);
  assert_all (senders, PF_CHANNEL_HUNG_UP);
  for (guint i = 0; i < N_BLOCKED; i++)
    g_assert_cmpuint (number_of (senders[i].value), ==, i);
}

/*   main:                     drop the sender
 *   receivers: receive (wait) ·····▶ HUNG_UP, all of them
 */
static void
test_drop_wakes_receivers (void)
{
  g_auto (Link) link = new_link (1, NULL);
  g_autoptr (PfTeam) team = pf_team_new ();
  Once receivers[N_BLOCKED];

  start_blocked (team, receivers, &link, FALSE);
  pf_sender_drop (g_steal_pointer (&link.in));
  join (team);
  assert_all (receivers, PF_CHANNEL_HUNG_UP);
}

/*   main:                     wake all
 *   receivers: receive (wait) ·····▶ WOKEN, all of them
 */
static void
test_wake_wakes_receivers (void)
{
  g_auto (Link) link = new_link (1, NULL);
  g_autoptr (PfTeam) team = pf_team_new ();
  Once receivers[N_BLOCKED];

  start_blocked (team, receivers, &link, FALSE);
  pf_receiver_wake (link.out, N_BLOCKED);
  join (team);
  assert_all (receivers, PF_CHANNEL_WOKEN);
}

static PfChannelStatus
receive_first_of_batch (PfReceiver *self, gpointer *value)
{
  gsize n;

  return pf_receiver_receive_batch (self, value, 1, &n);
}

/*   capacity 1
 *   main:    send 9 (full)                receive 9   receive   receive ...
 *   senders:                send (wait) ···········▶ one of them goes on
 *
 * No place may be lost: where a sender is not woken, main waits for ever.
 */
static void
check_receive_wakes_senders (PfChannelStatus (*receive_it) (PfReceiver *,
                                                            gpointer *))
{
  g_auto (Link) link = new_link (1, NULL);
  g_autoptr (PfTeam) team = pf_team_new ();
  Once senders[N_BLOCKED];
  gpointer value;
  guint seen = 0;

  put (&link, 9);
  start_blocked (team, senders, &link, TRUE);
  g_assert_cmpint (receive_it (link.out, &value), ==, PF_CHANNEL_OK);
  g_assert_cmpuint (number_of (value), ==, 9);
  for (guint i = 0; i < N_BLOCKED; i++) {
    while (receive_it (link.out, &value) != PF_CHANNEL_OK)
      sched_yield ();
    seen |= 1u << number_of (value);
  }
  join (team);
  g_assert_cmphex (seen, ==, (1u << N_BLOCKED) - 1);
  assert_all (senders, PF_CHANNEL_OK);
}

static void
test_receive_wakes_senders (void)
{
  check_receive_wakes_senders (pf_receiver_receive);
  check_receive_wakes_senders (pf_receiver_try_receive);
  check_receive_wakes_senders (receive_first_of_batch);
}

/* What is sent while all receivers wait wakes one of them for each value. */
static void
check_send_wakes_receivers (gboolean in_batch)
{
  g_auto (Link) link = new_link (N_BLOCKED, NULL);
  g_autoptr (PfTeam) team = pf_team_new ();
  gpointer values[N_BLOCKED];
  Once receivers[N_BLOCKED];
  guint seen = 0;
  gsize sent;

  start_blocked (team, receivers, &link, FALSE);
  for (guint i = 0; i < N_BLOCKED; i++) {
    values[i] = value_of (i);
    if (!in_batch)
      put (&link, i);
  }
  if (in_batch)
    pf_sender_send_batch (link.in, values, N_BLOCKED, &sent);
  join (team);
  for (guint i = 0; i < N_BLOCKED; i++)
    seen |= 1u << number_of (receivers[i].value);
  g_assert_cmphex (seen, ==, (1u << N_BLOCKED) - 1);
}

static void
test_send_wakes_receivers (void)
{
  check_send_wakes_receivers (FALSE);
  check_send_wakes_receivers (TRUE);
}

/*   main:      send 5                    try_receive 5   (again and again)
 *   receiver:         (woken) ............ finds nothing, waits on
 *
 * A receiver whose value was taken from it before it got the lock must not
 * believe that the channel is over.
 */
static void
test_stolen_value (void)
{
  g_auto (Link) link = new_link (1, NULL);
  g_autoptr (PfTeam) team = pf_team_new ();
  Once receiver = { .out = pf_receiver_ref (link.out) };
  gboolean stolen = TRUE;
  gpointer value;

  pf_team_add (team, "receiver", be_once, &receiver);
  run (team);
  for (guint n = 0; n < 100 && stolen; n++) {
    pf_thread_wait_blocked (&receiver.id);
    put (&link, 5);
    stolen = pf_receiver_try_receive (link.out, &value) == PF_CHANNEL_OK;
  }
  if (stolen)
    put (&link, 5);
  join (team);
  g_assert_cmpint (receiver.status, ==, PF_CHANNEL_OK);
}

/* Many senders and receivers of numbers, each with a handle of its own. */
typedef struct {
  PfSender *in;
  PfReceiver *out;
  atomic_uint *seen; /* by number: how often it was received */
  guint first, n;    /* what this sender sends */
  guint leave_after; /* a receiver leaves after so many values; 0: never */
  guint batch;       /* values at a time */
  guint32 seed;
  guint count; /* of values sent or received; read after the join */
} Party;

#define BATCH_MAX 16

static gboolean
send_many (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Party *self = data;
  gsize sent = 1;

  while (self->count < self->n && sent > 0) {
    guint n = MIN (self->batch, self->n - self->count);
    gpointer values[BATCH_MAX];

    for (guint i = 0; i < n; i++)
      values[i] = value_of (self->first + self->count + i);
    self->seed = pf_thread_dawdle (self->seed);
    pf_sender_send_batch (self->in, values, n, &sent);
    self->count += (guint)sent;
  }
  pf_sender_drop (self->in);
  return TRUE;
}

static gboolean
receive_many (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Party *self = data;
  gpointer values[BATCH_MAX];
  gsize n;

  while ((self->leave_after == 0 || self->count < self->leave_after) &&
         pf_receiver_receive_batch (self->out, values, self->batch, &n) ==
             PF_CHANNEL_OK) {
    for (gsize i = 0; i < n; i++)
      atomic_fetch_add (&self->seen[number_of (values[i])], 1);
    self->seed = pf_thread_dawdle (self->seed);
    self->count += (guint)n;
  }
  pf_receiver_drop (self->out);
  return TRUE;
}

static guint
sum_counts (const Party *parties, guint n)
{
  guint sum = 0;

  for (guint i = 0; i < n; i++)
    sum += parties[i].count;
  return sum;
}

static atomic_uint n_lost; /* destroyed by the channel */

static void
count_lost (gpointer value G_GNUC_UNUSED)
{
  atomic_fetch_add (&n_lost, 1);
}

#define N_PARTIES 4

/* Each value that was sent is received once or destroyed. Returns how many were
 * received. */
static guint
check_many (gsize capacity, guint n_each, guint leave_after, guint batch)
{
  g_auto (Link) link = new_link (capacity, count_lost);
  g_autoptr (PfTeam) team = pf_team_new ();
  g_autofree atomic_uint *seen = g_new0 (atomic_uint, N_PARTIES * n_each);
  Party senders[N_PARTIES], receivers[N_PARTIES];
  guint received = 0;

  atomic_store (&n_lost, 0);
  for (guint i = 0; i < N_PARTIES; i++) {
    senders[i] = (Party){ .in = pf_sender_ref (link.in),
                          .first = i * n_each,
                          .n = n_each,
                          .batch = batch,
                          .seed = (guint32)g_test_rand_int () };
    receivers[i] = (Party){ .out = pf_receiver_ref (link.out),
                            .seen = seen,
                            .leave_after = leave_after,
                            .batch = batch,
                            .seed = (guint32)g_test_rand_int () };
    pf_team_add (team, "sender", send_many, &senders[i]);
    pf_team_add (team, "receiver", receive_many, &receivers[i]);
  }
  pf_sender_drop (g_steal_pointer (&link.in));
  pf_receiver_drop (g_steal_pointer (&link.out));
  run (team);
  join (team);
  for (guint n = 0; n < N_PARTIES * n_each; n++) {
    g_assert_cmpuint (atomic_load (&seen[n]), <=, 1);
    received += atomic_load (&seen[n]);
  }
  g_assert_cmpuint (sum_counts (receivers, N_PARTIES), ==, received);
  g_assert_cmpuint (sum_counts (senders, N_PARTIES), ==,
                    received + atomic_load (&n_lost));
  return received;
}

static void
test_each_once (void)
{
  guint n = pf_test_rounds (3000);

  for (gsize capacity = 0; capacity <= 3; capacity++)
    for (guint batch = 1; batch <= BATCH_MAX; batch *= 4)
      g_assert_cmpuint (check_many (capacity, n, 0, batch), ==, N_PARTIES * n);
}

/* All receivers leave in the middle. */
static void
test_leave_under_way (void)
{
  for (guint n = 0; n < pf_test_rounds (200); n++)
    check_many (n % 3, 200, 1 + n % 50, 1 + n % BATCH_MAX);
}

/* One sender, one receiver: the order holds, whoever is faster. */
static void
test_order_between_threads (void)
{
  for (gsize capacity = 0; capacity <= 2; capacity++) {
    g_auto (Link) link = new_link (capacity, NULL);
    g_autoptr (PfTeam) team = pf_team_new ();
    Party sender = { .in = g_steal_pointer (&link.in),
                     .n = pf_test_rounds (20000),
                     .batch = 1 + (guint)capacity };
    guint expected = 0;
    gpointer value;

    pf_team_add (team, "sender", send_many, &sender);
    run (team);
    while (pf_receiver_receive (link.out, &value) == PF_CHANNEL_OK)
      g_assert_cmpuint (number_of (value), ==, expected++);
    join (team);
    g_assert_cmpuint (expected, ==, sender.n);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/channel/order/between-threads",
                   test_order_between_threads);
  g_test_add_func ("/channel/drop/wakes-senders", test_drop_wakes_senders);
  g_test_add_func ("/channel/drop/wakes-receivers", test_drop_wakes_receivers);
  g_test_add_func ("/channel/drop/under-way", test_leave_under_way);
  g_test_add_func ("/channel/wake/wakes-receivers", test_wake_wakes_receivers);
  g_test_add_func ("/channel/receive/wakes-senders",
                   test_receive_wakes_senders);
  g_test_add_func ("/channel/send/wakes-receivers", test_send_wakes_receivers);
  g_test_add_func ("/channel/receive/stolen-value", test_stolen_value);
  g_test_add_func ("/channel/each-once", test_each_once);
  return g_test_run ();
}
