#include "sched/channel.h"

#include <stdatomic.h>
#include <string.h>

#include "base/lock.h"
#include "base/spin.h"

#define FOREVER G_MAXUINT64
/* What an unbounded channel has room for at first, in values. */
#define UNBOUNDED_FIRST 16
/* How often one looks for a change before one sleeps for it: for some hundred
 * nanoseconds at least, and at most for the tens of microseconds that it takes
 * to sleep and be woken. (Karlin and others, Empirical Studies of Competitive
 * Spinning for a Shared-Memory Multiprocessor, 1991) */
#define LOOKS_LEAST 16
#define LOOKS_MOST 2048
/* After so many in vain, one looks for long again. */
#define FAILURES_MOST 32

typedef struct Channel Channel;

struct PfSender {
  Channel *channel;
};

struct PfReceiver {
  Channel *channel;
};

/* Threads that wait for one predicate.
 *
 * Whoever gives up the lock while the predicate holds wakes one of them, and
 * none where one is on its way already: that one gives up the lock, too, and
 * wakes the next where it has left something. So no more of them are woken than
 * find something to do, however many values are sent meanwhile. */
typedef struct {
  uv_cond_t changed;
  guint n;        /* in the wait, or on their way out of it */
  gboolean woken; /* one was, and nobody has left the wait since */
  guint looks;    /* before one sleeps; the most after a success */
  guint failures; /* of looks, since the last success or try with the most */
} Waiters;

struct Channel {
  atomic_int sides; /* that still have handles; the last one frees */
  PfSender sender;
  PfReceiver receiver;
  gsize capacity;         /* constant, in values */
  GDestroyNotify destroy; /* constant */
  uv_mutex_t lock;
  gpointer *ring; /* lock, as all below */
  gsize size;     /* of ring, a power of two */
  gsize first, n;
  atomic_size_t n_seen; /* n; a hint, for looks without the lock: relaxed */
  guint n_senders, n_receivers;
  guint wakes;
  PfChannelStats stats;
  Waiters senders;   /* for may_send: there is room, or there is no receiver */
  Waiters receivers; /* for has_news: a value, a wake, or no sender */
};

static gsize
power_of_two (gsize least)
{
  gsize size = 1;

  while (size < least)
    size *= 2;
  return size;
}

static void
waiters_init (Waiters *self)
{
  pf_cond_init (&self->changed);
  self->looks = LOOKS_LEAST;
}

void
pf_channel_new (gsize capacity, GDestroyNotify destroy, PfSender **sender,
                PfReceiver **receiver)
{
  Channel *self = g_new0 (Channel, 1);
  gboolean bounded = capacity != PF_CHANNEL_UNBOUNDED;

  atomic_init (&self->sides, 2);
  self->sender.channel = self->receiver.channel = self;
  self->capacity = bounded ? capacity : G_MAXSIZE;
  self->destroy = destroy;
  pf_mutex_init (&self->lock);
  waiters_init (&self->senders);
  waiters_init (&self->receivers);
  self->size = power_of_two (bounded ? capacity : UNBOUNDED_FIRST);
  self->ring = g_new (gpointer, self->size);
  self->n_senders = self->n_receivers = 1;
  *sender = &self->sender;
  *receiver = &self->receiver;
}

/* One side has gone. Not under the lock, which the other side may hold yet. */
static void
leave (Channel *self)
{
  if (atomic_fetch_sub_explicit (&self->sides, 1, memory_order_acq_rel) != 1)
    return;
  g_free (self->ring);
  uv_cond_destroy (&self->receivers.changed);
  uv_cond_destroy (&self->senders.changed);
  uv_mutex_destroy (&self->lock);
  g_free (self);
}

/* --- under the lock --- */

static gboolean
has_room (const Channel *self)
{
  return self->n < self->capacity;
}

/* Whether a sender has nothing to wait for. */
static gboolean
may_send (const Channel *self)
{
  return has_room (self) || self->n_receivers == 0;
}

/* Whether a receiver has nothing to wait for. */
static gboolean
has_news (const Channel *self)
{
  return self->n > 0 || self->n_senders == 0 || self->wakes > 0;
}

/* Whether one of the waiters is to be woken now, as their predicate HOLDS. */
static gboolean
must_wake (Waiters *self, gboolean holds)
{
  if (self->n == 0 || self->woken || !holds)
    return FALSE;
  return self->woken = TRUE;
}

/* Gives up the lock, for good or to wait. Waking comes after that, or who is
 * woken would run into the lock at once; the caller's reference keeps the
 * channel until then. */
static void
unlock (Channel *self)
{
  gboolean wake_sender = must_wake (&self->senders, may_send (self));
  gboolean wake_receiver = must_wake (&self->receivers, has_news (self));

  atomic_store_explicit (&self->n_seen, self->n, memory_order_relaxed);
  uv_mutex_unlock (&self->lock);
  if (wake_sender)
    uv_cond_signal (&self->senders.changed);
  if (wake_receiver)
    uv_cond_signal (&self->receivers.changed);
}

/* Whether the number of values was seen to come into [FROM, TO]. */
static gboolean
look (Channel *self, gsize from, gsize to, guint times)
{
  for (guint i = 0; i < times; i++) {
    gsize n = atomic_load_explicit (&self->n_seen, memory_order_relaxed);

    if (n >= from && n <= to)
      return TRUE;
    pf_relax ();
  }
  return FALSE;
}

/* Where looking fails, the next ones look for half as long: who waits for
 * something slow soon sleeps at once. But two sides that both sleep would go on
 * to sleep and wake in turn, even though they could keep each other awake; so
 * now and then one of them looks for long. Under the lock. */
static void
note_looks (Waiters *self, gboolean seen)
{
  if (seen || ++self->failures == FAILURES_MOST) {
    self->failures = 0;
    self->looks = LOOKS_MOST;
  } else {
    self->looks = MAX (self->looks / 2, LOOKS_LEAST);
  }
}

/* Gives up the lock for a moment, to see whether one need not sleep. Who looks
 * is not among the waiters: nobody wakes it, and it looks for itself before it
 * sleeps. */
static void
look_for_change (Channel *self, Waiters *waiters, gsize from, gsize to)
{
  guint looks = waiters->looks;
  gboolean seen;

  unlock (self);
  seen = look (self, from, to, looks);
  pf_mutex_lock_soon (&self->lock);
  note_looks (waiters, seen);
}

/* Waits once. FALSE where TIMEOUT nanoseconds are over since SINCE. */
static gboolean
wait_once (Channel *self, Waiters *waiters, guint64 since, guint64 timeout)
{
  guint64 waited = timeout == FOREVER ? 0 : uv_hrtime () - since;

  if (waited >= timeout)
    return FALSE;
  waiters->n++;
  if (timeout == FOREVER)
    uv_cond_wait (&waiters->changed, &self->lock);
  else
    uv_cond_timedwait (&waiters->changed, &self->lock, timeout - waited);
  waiters->n--;
  waiters->woken = FALSE;
  return TRUE;
}

static PfChannelStatus
wait_for_room (Channel *self, guint64 timeout)
{
  guint64 since;
  gboolean in_time = TRUE;

  g_assert (self->n_senders > 0); /* or the caller has no reference */
  if (self->n_receivers == 0)
    return PF_CHANNEL_HUNG_UP;
  if (has_room (self))
    return PF_CHANNEL_OK;
  if (timeout == 0)
    return PF_CHANNEL_NOT_NOW;
  since = uv_hrtime ();
  look_for_change (self, &self->senders, 0, self->capacity - 1);
  while (in_time && !may_send (self))
    in_time = wait_once (self, &self->senders, since, timeout);
  self->stats.send_blocked_ns += uv_hrtime () - since;
  if (self->n_receivers == 0)
    return PF_CHANNEL_HUNG_UP;
  return has_room (self) ? PF_CHANNEL_OK : PF_CHANNEL_LATE;
}

/* What there is without waiting. */
static PfChannelStatus
take_news (Channel *self)
{
  if (self->n > 0)
    return PF_CHANNEL_OK;
  if (self->n_senders == 0)
    return PF_CHANNEL_HUNG_UP;
  if (self->wakes == 0)
    return PF_CHANNEL_LATE;
  self->wakes--;
  return PF_CHANNEL_WOKEN;
}

static PfChannelStatus
wait_for_value (Channel *self, guint64 timeout)
{
  guint64 since;
  gboolean in_time = TRUE;

  g_assert (self->n_receivers > 0); /* or the caller has no reference */
  if (timeout == 0 && self->n == 0)
    return self->n_senders == 0 ? PF_CHANNEL_HUNG_UP : PF_CHANNEL_NOT_NOW;
  if (has_news (self))
    return take_news (self);
  since = uv_hrtime ();
  look_for_change (self, &self->receivers, 1, self->capacity);
  while (in_time && !has_news (self))
    in_time = wait_once (self, &self->receivers, since, timeout);
  self->stats.receive_blocked_ns += uv_hrtime () - since;
  return take_news (self);
}

/* Twice the room. */
static void
grow (Channel *self)
{
  gpointer *ring = g_new (gpointer, self->size * 2);
  gsize until_end = self->size - self->first;

  memcpy (ring, self->ring + self->first, until_end * sizeof *ring);
  memcpy (ring + until_end, self->ring, self->first * sizeof *ring);
  g_free (self->ring);
  self->ring = ring;
  self->size *= 2;
  self->first = 0;
}

/* As many of the N as there is room for; at least one is there is. */
static gsize
put (Channel *self, gpointer const *values, gsize n)
{
  gsize at, until_end;

  n = MIN (n, self->capacity - self->n);
  while (self->n + n > self->size)
    grow (self);
  at = (self->first + self->n) & (self->size - 1);
  until_end = MIN (n, self->size - at);
  memcpy (self->ring + at, values, until_end * sizeof *values);
  memcpy (self->ring, values + until_end, (n - until_end) * sizeof *values);
  self->n += n;
  self->stats.values += n;
  self->stats.high_water = MAX (self->stats.high_water, self->n);
  return n;
}

/* Up to MOST of those that are there. */
static gsize
take (Channel *self, gpointer *values, gsize most)
{
  gsize n = MIN (most, self->n);
  gsize until_end = MIN (n, self->size - self->first);

  memcpy (values, self->ring + self->first, until_end * sizeof *values);
  memcpy (values + until_end, self->ring, (n - until_end) * sizeof *values);
  self->first = (self->first + n) & (self->size - 1);
  self->n -= n;
  return n;
}

/* --- the public functions --- */

PfSender *
pf_sender_ref (PfSender *self)
{
  uv_mutex_lock (&self->channel->lock);
  g_assert (self->channel->n_senders > 0);
  self->channel->n_senders++;
  uv_mutex_unlock (&self->channel->lock);
  return self;
}

PfReceiver *
pf_receiver_ref (PfReceiver *self)
{
  uv_mutex_lock (&self->channel->lock);
  g_assert (self->channel->n_receivers > 0);
  self->channel->n_receivers++;
  uv_mutex_unlock (&self->channel->lock);
  return self;
}

/* Gives up the lock. Who drops a reference that is not the last has none to
 * touch the channel with any more; and nobody waits for that. */
static void
unlock_dropped (Channel *self, gboolean last)
{
  if (last)
    unlock (self);
  else
    uv_mutex_unlock (&self->lock);
}

void
pf_sender_drop (PfSender *self)
{
  Channel *channel;
  gboolean last;

  if (self == NULL)
    return;
  channel = self->channel;
  pf_mutex_lock_soon (&channel->lock);
  g_assert (channel->n_senders > 0);
  last = --channel->n_senders == 0;
  unlock_dropped (channel, last);
  if (last)
    leave (channel);
}

/* Values that nobody will receive. */
typedef struct {
  gpointer *ring;
  gsize size, first, n;
} Rest;

/* Under the lock. */
static Rest
steal_rest (Channel *self)
{
  Rest rest = { self->ring, self->size, self->first, self->n };

  self->ring = NULL;
  self->n = 0;
  return rest;
}

static void
destroy_rest (const Rest *rest, GDestroyNotify destroy)
{
  for (gsize i = 0; destroy != NULL && i < rest->n; i++)
    destroy (rest->ring[(rest->first + i) & (rest->size - 1)]);
  g_free (rest->ring);
}

void
pf_receiver_drop (PfReceiver *self)
{
  Channel *channel;
  Rest rest = { 0 };
  gboolean last;

  if (self == NULL)
    return;
  channel = self->channel;
  pf_mutex_lock_soon (&channel->lock);
  g_assert (channel->n_receivers > 0);
  last = --channel->n_receivers == 0;
  if (last)
    rest = steal_rest (channel);
  unlock_dropped (channel, last);
  if (!last)
    return;
  destroy_rest (&rest, channel->destroy);
  leave (channel);
}

PfChannelStatus
pf_sender_send_within (PfSender *self, gpointer value, guint64 timeout)
{
  Channel *channel = self->channel;
  PfChannelStatus status;

  g_assert (value != NULL);
  pf_mutex_lock_soon (&channel->lock);
  status = wait_for_room (channel, timeout);
  if (status == PF_CHANNEL_OK)
    put (channel, &value, 1);
  unlock (channel);
  return status;
}

PfChannelStatus
pf_sender_send (PfSender *self, gpointer value)
{
  return pf_sender_send_within (self, value, FOREVER);
}

PfChannelStatus
pf_sender_try_send (PfSender *self, gpointer value)
{
  return pf_sender_send_within (self, value, 0);
}

PfChannelStatus
pf_sender_send_batch (PfSender *self, gpointer const *values, gsize n,
                      gsize *sent)
{
  Channel *channel = self->channel;
  PfChannelStatus status = PF_CHANNEL_OK;

  *sent = 0;
  for (gsize i = 0; i < n; i++)
    g_assert (values[i] != NULL);
  while (*sent < n && status == PF_CHANNEL_OK) {
    /* Given up between the parts, so that those who wait for them are woken. */
    pf_mutex_lock_soon (&channel->lock);
    status = wait_for_room (channel, FOREVER);
    if (status == PF_CHANNEL_OK)
      *sent += put (channel, values + *sent, n - *sent);
    unlock (channel);
  }
  return status;
}

PfChannelStatus
pf_receiver_receive_within (PfReceiver *self, gpointer *value, guint64 timeout)
{
  Channel *channel = self->channel;
  PfChannelStatus status;

  pf_mutex_lock_soon (&channel->lock);
  status = wait_for_value (channel, timeout);
  if (status == PF_CHANNEL_OK)
    take (channel, value, 1);
  unlock (channel);
  return status;
}

PfChannelStatus
pf_receiver_receive (PfReceiver *self, gpointer *value)
{
  return pf_receiver_receive_within (self, value, FOREVER);
}

PfChannelStatus
pf_receiver_try_receive (PfReceiver *self, gpointer *value)
{
  return pf_receiver_receive_within (self, value, 0);
}

PfChannelStatus
pf_receiver_receive_batch (PfReceiver *self, gpointer *values, gsize most,
                           gsize *n)
{
  Channel *channel = self->channel;
  PfChannelStatus status;

  *n = 0;
  pf_mutex_lock_soon (&channel->lock);
  status = wait_for_value (channel, FOREVER);
  if (status == PF_CHANNEL_OK)
    *n = take (channel, values, most);
  unlock (channel);
  return status;
}

void
pf_receiver_wake (PfReceiver *self, guint n)
{
  Channel *channel = self->channel;

  pf_mutex_lock_soon (&channel->lock);
  channel->wakes = MIN (channel->wakes + n, channel->n_receivers);
  unlock (channel);
}

void
pf_receiver_stats (PfReceiver *self, PfChannelStats *stats)
{
  Channel *channel = self->channel;

  uv_mutex_lock (&channel->lock);
  *stats = channel->stats;
  uv_mutex_unlock (&channel->lock);
}
