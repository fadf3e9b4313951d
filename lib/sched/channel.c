#include "sched/channel.h"

#include <stdatomic.h>
#include <string.h>

#include "base/lock.h"

#define FOREVER G_MAXUINT64
/* What an unbounded channel has room for at first, in values. */
#define UNBOUNDED_FIRST 16

typedef struct Channel Channel;

struct PfSender {
  Channel *channel;
};

struct PfReceiver {
  Channel *channel;
};

struct Channel {
  atomic_int sides; /* that still have handles; the last one frees */
  PfSender sender;
  PfReceiver receiver;
  gboolean bounded;       /* constant */
  GDestroyNotify destroy; /* constant */
  uv_mutex_t lock;
  uv_cond_t has_room;  /* n < size, or no receivers */
  uv_cond_t has_value; /* n > 0, wakes > 0, or no senders */
  gpointer *ring;      /* lock, as all below */
  gsize size;          /* of ring */
  gsize first, n;
  guint n_senders, n_receivers;
  guint wakes;
  PfChannelStats stats;
};

void
pf_channel_new (gsize capacity, GDestroyNotify destroy, PfSender **sender,
                PfReceiver **receiver)
{
  Channel *self = g_new0 (Channel, 1);

  atomic_init (&self->sides, 2);
  self->sender.channel = self->receiver.channel = self;
  self->bounded = capacity != PF_CHANNEL_UNBOUNDED;
  self->destroy = destroy;
  pf_mutex_init (&self->lock);
  pf_cond_init (&self->has_room);
  pf_cond_init (&self->has_value);
  self->size = self->bounded ? capacity : UNBOUNDED_FIRST;
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
  uv_cond_destroy (&self->has_value);
  uv_cond_destroy (&self->has_room);
  uv_mutex_destroy (&self->lock);
  g_free (self);
}

PfSender *
pf_sender_ref (PfSender *self)
{
  uv_mutex_lock (&self->channel->lock);
  self->channel->n_senders++;
  uv_mutex_unlock (&self->channel->lock);
  return self;
}

PfReceiver *
pf_receiver_ref (PfReceiver *self)
{
  uv_mutex_lock (&self->channel->lock);
  self->channel->n_receivers++;
  uv_mutex_unlock (&self->channel->lock);
  return self;
}

void
pf_sender_drop (PfSender *self)
{
  Channel *channel;
  gboolean last;

  if (self == NULL)
    return;
  channel = self->channel;
  uv_mutex_lock (&channel->lock);
  g_assert (channel->n_senders > 0);
  last = --channel->n_senders == 0;
  if (last)
    uv_cond_broadcast (&channel->has_value);
  uv_mutex_unlock (&channel->lock);
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
    destroy (rest->ring[(rest->first + i) % rest->size]);
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
  uv_mutex_lock (&channel->lock);
  g_assert (channel->n_receivers > 0);
  last = --channel->n_receivers == 0;
  if (last) {
    rest = steal_rest (channel);
    uv_cond_broadcast (&channel->has_room);
  }
  uv_mutex_unlock (&channel->lock);
  if (!last)
    return;
  destroy_rest (&rest, channel->destroy);
  leave (channel);
}

/* Twice the room. Under the lock. */
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

/* Under the lock, as all that follows but the public functions. */
static gboolean
has_room (const Channel *self)
{
  return !self->bounded || self->n < self->size;
}

static void
put (Channel *self, gpointer value)
{
  if (self->n == self->size)
    grow (self);
  self->ring[(self->first + self->n++) % self->size] = value;
  self->stats.values++;
  self->stats.high_water = MAX (self->stats.high_water, self->n);
}

static gpointer
take (Channel *self)
{
  gpointer value = self->ring[self->first];

  self->first = (self->first + 1) % self->size;
  self->n--;
  return value;
}

/* Waits once. FALSE where TIMEOUT nanoseconds are over since SINCE. */
static gboolean
wait_once (Channel *self, uv_cond_t *cond, guint64 since, guint64 timeout)
{
  guint64 waited;

  if (timeout == FOREVER) {
    uv_cond_wait (cond, &self->lock);
    return TRUE;
  }
  waited = uv_hrtime () - since;
  if (waited >= timeout)
    return FALSE;
  uv_cond_timedwait (cond, &self->lock, timeout - waited);
  return TRUE;
}

static PfChannelStatus
wait_for_room (Channel *self, guint64 timeout)
{
  guint64 since;
  gboolean in_time = TRUE;

  if (self->n_receivers == 0)
    return PF_CHANNEL_HUNG_UP;
  if (has_room (self))
    return PF_CHANNEL_OK;
  if (timeout == 0)
    return PF_CHANNEL_NOT_NOW;
  since = uv_hrtime ();
  while (in_time && !has_room (self) && self->n_receivers > 0)
    in_time = wait_once (self, &self->has_room, since, timeout);
  self->stats.send_blocked_ns += uv_hrtime () - since;
  if (self->n_receivers == 0)
    return PF_CHANNEL_HUNG_UP;
  return has_room (self) ? PF_CHANNEL_OK : PF_CHANNEL_LATE;
}

/* Whether a receiver has nothing to wait for. */
static gboolean
has_news (const Channel *self)
{
  return self->n > 0 || self->n_senders == 0 || self->wakes > 0;
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

  if (timeout == 0 && self->n == 0)
    return self->n_senders == 0 ? PF_CHANNEL_HUNG_UP : PF_CHANNEL_NOT_NOW;
  if (has_news (self))
    return take_news (self);
  since = uv_hrtime ();
  while (in_time && !has_news (self))
    in_time = wait_once (self, &self->has_value, since, timeout);
  self->stats.receive_blocked_ns += uv_hrtime () - since;
  return take_news (self);
}

PfChannelStatus
pf_sender_send_within (PfSender *self, gpointer value, guint64 timeout)
{
  Channel *channel = self->channel;
  PfChannelStatus status;

  g_assert (value != NULL);
  uv_mutex_lock (&channel->lock);
  status = wait_for_room (channel, timeout);
  if (status == PF_CHANNEL_OK) {
    put (channel, value);
    uv_cond_signal (&channel->has_value);
  }
  uv_mutex_unlock (&channel->lock);
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

/* Puts as many of the N as there is room for; one receiver for each of them
 * has something to do. */
static gsize
put_some (Channel *self, gpointer const *values, gsize n)
{
  gsize k = 0;

  while (k < n && has_room (self)) {
    g_assert (values[k] != NULL);
    put (self, values[k++]);
  }
  if (k > 1)
    uv_cond_broadcast (&self->has_value);
  else
    uv_cond_signal (&self->has_value);
  return k;
}

PfChannelStatus
pf_sender_send_batch (PfSender *self, gpointer const *values, gsize n,
                      gsize *sent)
{
  Channel *channel = self->channel;
  PfChannelStatus status = PF_CHANNEL_OK;

  *sent = 0;
  uv_mutex_lock (&channel->lock);
  while (*sent < n && status == PF_CHANNEL_OK) {
    status = wait_for_room (channel, FOREVER);
    if (status == PF_CHANNEL_OK)
      *sent += put_some (channel, values + *sent, n - *sent);
  }
  uv_mutex_unlock (&channel->lock);
  return status;
}

PfChannelStatus
pf_receiver_receive_within (PfReceiver *self, gpointer *value, guint64 timeout)
{
  Channel *channel = self->channel;
  PfChannelStatus status;

  uv_mutex_lock (&channel->lock);
  status = wait_for_value (channel, timeout);
  if (status == PF_CHANNEL_OK) {
    *value = take (channel);
    uv_cond_signal (&channel->has_room);
  }
  uv_mutex_unlock (&channel->lock);
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

static gsize
take_some (Channel *self, gpointer *values, gsize most)
{
  gsize k = 0;

  while (k < most && self->n > 0)
    values[k++] = take (self);
  if (k > 1)
    uv_cond_broadcast (&self->has_room);
  else
    uv_cond_signal (&self->has_room);
  return k;
}

PfChannelStatus
pf_receiver_receive_batch (PfReceiver *self, gpointer *values, gsize most,
                           gsize *n)
{
  Channel *channel = self->channel;
  PfChannelStatus status;

  *n = 0;
  uv_mutex_lock (&channel->lock);
  status = wait_for_value (channel, FOREVER);
  if (status == PF_CHANNEL_OK)
    *n = take_some (channel, values, most);
  uv_mutex_unlock (&channel->lock);
  return status;
}

void
pf_receiver_wake (PfReceiver *self, guint n)
{
  Channel *channel = self->channel;

  uv_mutex_lock (&channel->lock);
  channel->wakes = MIN (channel->wakes + n, channel->n_receivers);
  uv_cond_broadcast (&channel->has_value);
  uv_mutex_unlock (&channel->lock);
}

static void
get_stats (Channel *self, PfChannelStats *stats)
{
  uv_mutex_lock (&self->lock);
  *stats = self->stats;
  uv_mutex_unlock (&self->lock);
}

void
pf_sender_stats (PfSender *self, PfChannelStats *stats)
{
  get_stats (self->channel, stats);
}

void
pf_receiver_stats (PfReceiver *self, PfChannelStats *stats)
{
  get_stats (self->channel, stats);
}
