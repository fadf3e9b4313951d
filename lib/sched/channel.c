#include "sched/channel.h"

#include "base/lock.h"

struct PfChannel {
  uv_mutex_t lock;
  uv_cond_t has_room;  /* n < capacity, or closed */
  uv_cond_t has_value; /* n > 0, or closed */
  gpointer *ring;      /* lock, as all below */
  gsize capacity;      /* constant */
  gsize first, n;
  gboolean closed;
  GDestroyNotify destroy; /* constant */
};

PfChannel *
pf_channel_new (gsize capacity, GDestroyNotify destroy)
{
  PfChannel *self = g_new0 (PfChannel, 1);

  g_assert (capacity > 0);
  pf_mutex_init (&self->lock);
  pf_cond_init (&self->has_room);
  pf_cond_init (&self->has_value);
  self->ring = g_new (gpointer, capacity);
  self->capacity = capacity;
  self->destroy = destroy;
  return self;
}

/* The value at the front; there must be one. */
static gpointer
take (PfChannel *self)
{
  gpointer value = self->ring[self->first];

  self->first = (self->first + 1) % self->capacity;
  self->n--;
  return value;
}

void
pf_channel_free (PfChannel *self)
{
  if (self == NULL)
    return;
  while (self->n > 0) {
    gpointer value = take (self);
    if (self->destroy != NULL)
      self->destroy (value);
  }
  g_free (self->ring);
  uv_cond_destroy (&self->has_value);
  uv_cond_destroy (&self->has_room);
  uv_mutex_destroy (&self->lock);
  g_free (self);
}

/* Under the lock. */
static gboolean
put (PfChannel *self, gpointer value)
{
  if (self->closed || self->n == self->capacity)
    return FALSE;
  self->ring[(self->first + self->n++) % self->capacity] = value;
  uv_cond_signal (&self->has_value);
  return TRUE;
}

gboolean
pf_channel_send (PfChannel *self, gpointer value)
{
  gboolean sent;

  g_assert (value != NULL);
  uv_mutex_lock (&self->lock);
  while (self->n == self->capacity && !self->closed)
    uv_cond_wait (&self->has_room, &self->lock);
  sent = put (self, value);
  uv_mutex_unlock (&self->lock);
  return sent;
}

gboolean
pf_channel_try_send (PfChannel *self, gpointer value)
{
  gboolean sent;

  g_assert (value != NULL);
  uv_mutex_lock (&self->lock);
  sent = put (self, value);
  uv_mutex_unlock (&self->lock);
  return sent;
}

gpointer
pf_channel_receive (PfChannel *self)
{
  gpointer value = NULL;

  uv_mutex_lock (&self->lock);
  while (self->n == 0 && !self->closed)
    uv_cond_wait (&self->has_value, &self->lock);
  if (self->n > 0) {
    value = take (self);
    uv_cond_signal (&self->has_room);
  }
  uv_mutex_unlock (&self->lock);
  return value;
}

gpointer
pf_channel_try_receive (PfChannel *self)
{
  gpointer value = NULL;

  uv_mutex_lock (&self->lock);
  if (self->n > 0) {
    value = take (self);
    uv_cond_signal (&self->has_room);
  }
  uv_mutex_unlock (&self->lock);
  return value;
}

void
pf_channel_close (PfChannel *self)
{
  uv_mutex_lock (&self->lock);
  self->closed = TRUE;
  uv_cond_broadcast (&self->has_room);
  uv_cond_broadcast (&self->has_value);
  uv_mutex_unlock (&self->lock);
}
