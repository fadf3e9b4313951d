#include "sched/channel.h"

#include "sched/blocked.h"
#include "sched/join.h"

/* Values are numbers plus one, since none may be NULL. */
static gpointer
value_of (guint n)
{
  return GUINT_TO_POINTER (n + 1);
}

static guint
number_of (gpointer value)
{
  return GPOINTER_TO_UINT (value) - 1;
}

static guint
times (guint n)
{
  return g_getenv ("PF_SANITIZER") != NULL ? n / 10 : n;
}

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

/* First in, first out, also where the ring wraps around. */
static void
test_order (void)
{
  g_autoptr (PfChannel) channel = pf_channel_new (3, NULL);
  guint sent = 0, received = 0;

  for (guint n = 0; n < 20; n++) {
    for (guint k = 0; k <= n % 3; k++)
      g_assert_true (pf_channel_send (channel, value_of (sent++)));
    while (received < sent)
      g_assert_cmpuint (number_of (pf_channel_receive (channel)), ==,
                        received++);
  }
}

static void
test_try_receive (void)
{
  g_autoptr (PfChannel) channel = pf_channel_new (2, NULL);

  g_assert_null (pf_channel_try_receive (channel));
  pf_channel_send (channel, value_of (7));
  pf_channel_send (channel, value_of (8));
  g_assert_cmpuint (number_of (pf_channel_try_receive (channel)), ==, 7);
  pf_channel_close (channel);
  g_assert_cmpuint (number_of (pf_channel_try_receive (channel)), ==, 8);
  g_assert_null (pf_channel_try_receive (channel));
}

/* A closed channel takes nothing more, and gives out what it has. */
static void
test_close (void)
{
  g_autoptr (PfChannel) channel = pf_channel_new (2, NULL);

  pf_channel_send (channel, value_of (1));
  pf_channel_close (channel);
  pf_channel_close (channel);
  g_assert_false (pf_channel_send (channel, value_of (2)));
  g_assert_cmpuint (number_of (pf_channel_receive (channel)), ==, 1);
  g_assert_null (pf_channel_receive (channel));
  g_assert_null (pf_channel_receive (channel));
}

static guint n_destroyed; /* the main thread's */

static void
count_destroyed (gpointer value G_GNUC_UNUSED)
{
  n_destroyed++;
}

static void
test_free (void)
{
  PfChannel *channel = pf_channel_new (3, count_destroyed);

  for (guint n = 0; n < 3; n++)
    pf_channel_send (channel, value_of (n));
  pf_channel_receive (channel);
  n_destroyed = 0;
  pf_channel_free (channel);
  g_assert_cmpuint (n_destroyed, ==, 2);
  pf_channel_free (NULL);
}

/* A thread that sends or receives once. */
typedef struct {
  PfChannel *channel;
  PfThreadId id;
  gpointer value;    /* to send; or what was received */
  gboolean sent;     /* read after the join */
  atomic_bool ended; /* send or receive has returned */
} Once;

static gboolean
send_once (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Once *self = data;

  pf_thread_announce (&self->id);
  self->sent = pf_channel_send (self->channel, self->value);
  atomic_store (&self->ended, TRUE);
  return TRUE;
}

static gboolean
receive_once (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Once *self = data;

  pf_thread_announce (&self->id);
  self->value = pf_channel_receive (self->channel);
  atomic_store (&self->ended, TRUE);
  return TRUE;
}

#define N_BLOCKED 3

static void
start_blocked (PfTeam *team, Once *threads, PfChannel *channel,
               PfThreadFunc func)
{
  for (guint i = 0; i < N_BLOCKED; i++) {
    threads[i] = (Once){ .channel = channel, .value = value_of (i) };
    pf_team_add (team, "blocked", func, &threads[i]);
  }
  run (team);
  for (guint i = 0; i < N_BLOCKED; i++)
    pf_thread_wait_blocked (&threads[i].id);
}

/*   capacity 1
 *   main:     send 9 (full)               close   receive 9   receive: over
 *   senders:                 send (wait) ········▶ FALSE, all of them
 */
static void
test_close_wakes_senders (void)
{
  g_autoptr (PfChannel) channel = pf_channel_new (1, NULL);
  g_autoptr (PfTeam) team = pf_team_new ();
  Once senders[N_BLOCKED];

  pf_channel_send (channel, value_of (9));
  start_blocked (team, senders, channel, send_once);
  for (guint i = 0; i < N_BLOCKED; i++)
    g_assert_false (atomic_load (&senders[i].ended));
  pf_channel_close (channel);
  join (team);
  for (guint i = 0; i < N_BLOCKED; i++)
    g_assert_false (senders[i].sent);
  g_assert_cmpuint (number_of (pf_channel_receive (channel)), ==, 9);
  g_assert_null (pf_channel_receive (channel));
}

/*   main:                     close
 *   receivers: receive (wait) ·····▶ NULL, all of them
 */
static void
test_close_wakes_receivers (void)
{
  g_autoptr (PfChannel) channel = pf_channel_new (1, NULL);
  g_autoptr (PfTeam) team = pf_team_new ();
  Once receivers[N_BLOCKED];

  start_blocked (team, receivers, channel, receive_once);
  for (guint i = 0; i < N_BLOCKED; i++)
    g_assert_false (atomic_load (&receivers[i].ended));
  pf_channel_close (channel);
  join (team);
  for (guint i = 0; i < N_BLOCKED; i++)
    g_assert_null (receivers[i].value);
}

/*   capacity 1
 *   main:    send 9 (full)                receive 9   receive   receive ...
 *   senders:                send (wait) ···········▶ one of them goes on
 *
 * No place may be lost: where a sender is not woken, main waits for ever.
 */
static void
check_receive_wakes_senders (gpointer (*receive) (PfChannel *))
{
  g_autoptr (PfChannel) channel = pf_channel_new (1, NULL);
  g_autoptr (PfTeam) team = pf_team_new ();
  Once senders[N_BLOCKED];
  guint seen = 0;

  pf_channel_send (channel, value_of (9));
  start_blocked (team, senders, channel, send_once);
  g_assert_cmpuint (number_of (receive (channel)), ==, 9);
  for (guint i = 0; i < N_BLOCKED; i++) {
    gpointer value;

    while ((value = receive (channel)) == NULL)
      sched_yield ();
    seen |= 1u << number_of (value);
  }
  join (team);
  g_assert_cmphex (seen, ==, (1u << N_BLOCKED) - 1);
  for (guint i = 0; i < N_BLOCKED; i++)
    g_assert_true (senders[i].sent);
}

static void
test_receive_wakes_senders (void)
{
  check_receive_wakes_senders (pf_channel_receive);
}

static void
test_try_receive_wakes_senders (void)
{
  check_receive_wakes_senders (pf_channel_try_receive);
}

/*   capacity 1, receivers that all wait; each value sent wakes one of them */
static void
test_send_wakes_receivers (void)
{
  g_autoptr (PfChannel) channel = pf_channel_new (1, NULL);
  g_autoptr (PfTeam) team = pf_team_new ();
  Once receivers[N_BLOCKED];
  guint seen = 0;

  start_blocked (team, receivers, channel, receive_once);
  for (guint i = 0; i < N_BLOCKED; i++)
    g_assert_true (pf_channel_send (channel, value_of (i)));
  join (team);
  for (guint i = 0; i < N_BLOCKED; i++)
    seen |= 1u << number_of (receivers[i].value);
  g_assert_cmphex (seen, ==, (1u << N_BLOCKED) - 1);
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
  g_autoptr (PfChannel) channel = pf_channel_new (1, NULL);
  g_autoptr (PfTeam) team = pf_team_new ();
  Once receiver = { .channel = channel };
  gboolean stolen = TRUE;

  pf_team_add (team, "receiver", receive_once, &receiver);
  run (team);
  for (guint n = 0; n < 100 && stolen; n++) {
    pf_thread_wait_blocked (&receiver.id);
    g_assert_true (pf_channel_send (channel, value_of (5)));
    stolen = pf_channel_try_receive (channel) != NULL;
  }
  if (stolen)
    g_assert_true (pf_channel_send (channel, value_of (5)));
  join (team);
  g_assert_nonnull (receiver.value);
}

/* Many senders and receivers of numbers. */
typedef struct {
  PfChannel *channel;
  atomic_uint *seen; /* by number: how often it was received */
  atomic_uint *senders_left;
  guint first, n;    /* what this sender sends */
  guint close_after; /* a receiver closes after so many values; 0: never */
  guint32 seed;
  guint count; /* of values sent or received; read after the join */
} Party;

static gboolean
send_many (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Party *self = data;

  for (; self->count < self->n; self->count++) {
    self->seed = pf_thread_dawdle (self->seed);
    if (!pf_channel_send (self->channel, value_of (self->first + self->count)))
      break;
  }
  if (atomic_fetch_sub (self->senders_left, 1) == 1)
    pf_channel_close (self->channel);
  return TRUE;
}

static gboolean
receive_many (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Party *self = data;
  gpointer value;

  while ((value = pf_channel_receive (self->channel)) != NULL) {
    atomic_fetch_add (&self->seen[number_of (value)], 1);
    self->seed = pf_thread_dawdle (self->seed);
    if (++self->count == self->close_after)
      pf_channel_close (self->channel);
  }
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

#define N_PARTIES 4

/* Returns how many values went through, each of them once. */
static guint
check_many (gsize capacity, guint n_each, guint close_after)
{
  g_autoptr (PfChannel) channel = pf_channel_new (capacity, NULL);
  g_autoptr (PfTeam) team = pf_team_new ();
  g_autofree atomic_uint *seen = g_new0 (atomic_uint, N_PARTIES * n_each);
  atomic_uint senders_left = N_PARTIES;
  Party senders[N_PARTIES], receivers[N_PARTIES];
  guint sent, received = 0;

  for (guint i = 0; i < N_PARTIES; i++) {
    senders[i] = (Party){ .channel = channel,
                          .senders_left = &senders_left,
                          .first = i * n_each,
                          .n = n_each,
                          .seed = (guint32)g_test_rand_int () };
    receivers[i] = (Party){ .channel = channel,
                            .seen = seen,
                            .close_after = close_after,
                            .seed = (guint32)g_test_rand_int () };
    pf_team_add (team, "sender", send_many, &senders[i]);
    pf_team_add (team, "receiver", receive_many, &receivers[i]);
  }
  run (team);
  join (team);
  sent = sum_counts (senders, N_PARTIES);
  g_assert_cmpuint (sum_counts (receivers, N_PARTIES), ==, sent);
  for (guint n = 0; n < N_PARTIES * n_each; n++) {
    g_assert_cmpuint (atomic_load (&seen[n]), <=, 1);
    received += atomic_load (&seen[n]);
  }
  g_assert_cmpuint (received, ==, sent);
  return received;
}

static void
test_each_once (void)
{
  guint n = times (3000);

  for (gsize capacity = 1; capacity <= 3; capacity++)
    g_assert_cmpuint (check_many (capacity, n, 0), ==, N_PARTIES * n);
}

/* Closed in the middle: what was sent is received, and nothing else. */
static void
test_close_under_way (void)
{
  for (guint n = 0; n < times (200); n++)
    check_many (1 + n % 2, 200, 1 + n % 50);
}

/* One sender, one receiver: the order holds, whoever is faster. */
static void
test_order_between_threads (void)
{
  for (gsize capacity = 1; capacity <= 2; capacity++) {
    g_autoptr (PfChannel) channel = pf_channel_new (capacity, NULL);
    g_autoptr (PfTeam) team = pf_team_new ();
    atomic_uint senders_left = 1;
    Party sender = { .channel = channel,
                     .senders_left = &senders_left,
                     .n = times (20000) };
    guint expected = 0;
    gpointer value;

    pf_team_add (team, "sender", send_many, &sender);
    run (team);
    while ((value = pf_channel_receive (channel)) != NULL)
      g_assert_cmpuint (number_of (value), ==, expected++);
    join (team);
    g_assert_cmpuint (expected, ==, sender.n);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/channel/order/one-thread", test_order);
  g_test_add_func ("/channel/order/between-threads",
                   test_order_between_threads);
  g_test_add_func ("/channel/try-receive/does-not-wait", test_try_receive);
  g_test_add_func ("/channel/close/drains", test_close);
  g_test_add_func ("/channel/free", test_free);
  g_test_add_func ("/channel/close/wakes-senders", test_close_wakes_senders);
  g_test_add_func ("/channel/close/wakes-receivers",
                   test_close_wakes_receivers);
  g_test_add_func ("/channel/close/under-way", test_close_under_way);
  g_test_add_func ("/channel/receive/wakes-senders",
                   test_receive_wakes_senders);
  g_test_add_func ("/channel/try-receive/wakes-senders",
                   test_try_receive_wakes_senders);
  g_test_add_func ("/channel/send/wakes-receivers", test_send_wakes_receivers);
  g_test_add_func ("/channel/receive/stolen-value", test_stolen_value);
  g_test_add_func ("/channel/each-once", test_each_once);
  return g_test_run ();
}
