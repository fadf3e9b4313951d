/* How many messages a second go through a channel, for one, two and eight
 * senders and as many receivers, one at a time and in batches; and through
 * GLib's queue between threads, which has no bound and no end.
 *
 *   senders ──1 or BATCH at a time──▶ channel ──likewise──▶ receivers
 *
 * Prints NAME, messages a second in millions, and the unit. The two queues take
 * turns, and what is printed is the median of all turns.
 */
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "base/crowd.h"
#include "sched/channel.h"

#define CAPACITY 1024
#define BATCH 256
#define TURNS 5
/* Of each turn, so that it takes some tens of milliseconds. */
#define MESSAGES_SINGLE (1u << 19)
#define MESSAGES_IN_BATCHES (1u << 20)

/* One turn: each of N_SENDERS sends MESSAGES / N_SENDERS. */
typedef struct {
  guint n_senders; /* and as many receivers */
  guint messages;
  guint batch; /* values at a time */
  PfSender *in;
  PfReceiver *out;
  GAsyncQueue *queue;
} Turn;

/* Threads 0 to N_SENDERS - 1 send, the others receive. */
static gboolean
use_channel (guint i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  const Turn *turn = user;
  gpointer values[BATCH];
  guint n = turn->messages / turn->n_senders;
  gsize done = turn->batch;

  for (guint k = 0; k < turn->batch; k++)
    values[k] = GUINT_TO_POINTER (k + 1);
  if (i >= turn->n_senders) {
    while (pf_receiver_receive_batch (turn->out, values, turn->batch, &done) ==
           PF_CHANNEL_OK)
      ;
    pf_receiver_drop (turn->out);
    return TRUE;
  }
  for (guint sent = 0; sent < n; sent += turn->batch)
    pf_sender_send_batch (turn->in, values, turn->batch, &done);
  pf_sender_drop (turn->in);
  return TRUE;
}

static gboolean
use_channel_singly (guint i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  const Turn *turn = user;
  guint n = turn->messages / turn->n_senders;
  gpointer value;

  if (i >= turn->n_senders) {
    while (pf_receiver_receive (turn->out, &value) == PF_CHANNEL_OK)
      ;
    pf_receiver_drop (turn->out);
    return TRUE;
  }
  for (guint sent = 0; sent < n; sent++)
    pf_sender_send (turn->in, GUINT_TO_POINTER (sent + 1));
  pf_sender_drop (turn->in);
  return TRUE;
}

/* Each receiver takes as many as a sender sends: the queue cannot say that it
 * is over. */
static gboolean
use_queue (guint i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  const Turn *turn = user;
  GAsyncQueue *queue = turn->queue;
  guint n = turn->messages / turn->n_senders;

  for (guint done = 0; done < n;) {
    g_async_queue_lock (queue);
    if (i < turn->n_senders) {
      for (guint k = 0; k < turn->batch; k++)
        g_async_queue_push_unlocked (queue, GUINT_TO_POINTER (k + 1));
      done += turn->batch;
    } else {
      guint until = MIN (done + turn->batch, n);

      g_async_queue_pop_unlocked (queue);
      done++;
      while (done < until && g_async_queue_try_pop_unlocked (queue) != NULL)
        done++;
    }
    g_async_queue_unlock (queue);
  }
  return TRUE;
}

static gboolean
use_queue_singly (guint i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  const Turn *turn = user;
  guint n = turn->messages / turn->n_senders;

  for (guint done = 0; done < n; done++)
    if (i < turn->n_senders)
      g_async_queue_push (turn->queue, GUINT_TO_POINTER (done + 1));
    else
      g_async_queue_pop (turn->queue);
  return TRUE;
}

/* Millions of messages a second. */
static double
time_turn (Turn *turn, PfCrowdFunc func)
{
  guint64 begin = uv_hrtime ();

  if (!pf_crowd (turn->n_senders * 2, func, turn, NULL))
    abort ();
  return turn->messages * 1e3 / (double)(uv_hrtime () - begin);
}

static double
time_channel (Turn *turn)
{
  pf_channel_new (CAPACITY, NULL, &turn->in, &turn->out);
  for (guint i = 1; i < turn->n_senders; i++) {
    pf_sender_ref (turn->in);
    pf_receiver_ref (turn->out);
  }
  return time_turn (turn, turn->batch > 1 ? use_channel : use_channel_singly);
}

static double
time_queue (Turn *turn)
{
  double rate;

  turn->queue = g_async_queue_new ();
  rate = time_turn (turn, turn->batch > 1 ? use_queue : use_queue_singly);
  g_async_queue_unref (turn->queue);
  return rate;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

static void
print_median (const char *what, const Turn *turn, double *rates)
{
  qsort (rates, TURNS, sizeof *rates, compare);
  printf ("%s-%u-%u-%s\t%.3f\tM messages/s\n", what, turn->n_senders,
          turn->n_senders, turn->batch > 1 ? "batch" : "single",
          rates[TURNS / 2]);
}

static void
measure (guint n_senders, guint batch)
{
  Turn turn = { .n_senders = n_senders,
                .batch = batch,
                .messages = batch > 1 ? MESSAGES_IN_BATCHES : MESSAGES_SINGLE };
  double channel[TURNS], queue[TURNS];

  for (guint i = 0; i < TURNS; i++) {
    channel[i] = time_channel (&turn);
    queue[i] = time_queue (&turn);
  }
  print_median ("channel", &turn, channel);
  print_median ("g-async-queue", &turn, queue);
}

int
main (void)
{
  for (guint n_senders = 1; n_senders <= 8;
       n_senders = n_senders == 2 ? 8 : n_senders * 2) {
    measure (n_senders, 1);
    measure (n_senders, BATCH);
  }
  return 0;
}
