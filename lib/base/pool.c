#include "base/pool.h"

#include "base/lock.h"

struct PfPool {
  uv_mutex_t lock;
  gpointer *things;       /* lock */
  gsize n;                /* lock */
  gsize most;             /* constant */
  GDestroyNotify destroy; /* constant */
};

PfPool *
pf_pool_new (gsize most, GDestroyNotify destroy)
{
  PfPool *self = g_new0 (PfPool, 1);

  pf_mutex_init (&self->lock);
  self->things = g_new (gpointer, most);
  self->most = most;
  self->destroy = destroy;
  return self;
}

void
pf_pool_free (PfPool *self)
{
  if (self == NULL)
    return;
  while (self->n > 0)
    self->destroy (self->things[--self->n]);
  g_free (self->things);
  uv_mutex_destroy (&self->lock);
  g_free (self);
}

gpointer
pf_pool_take (PfPool *self)
{
  gpointer thing = NULL;

  uv_mutex_lock (&self->lock);
  if (self->n > 0)
    thing = self->things[--self->n];
  uv_mutex_unlock (&self->lock);
  return thing;
}

void
pf_pool_give (PfPool *self, gpointer thing)
{
  gboolean kept;

  uv_mutex_lock (&self->lock);
  kept = self->n < self->most;
  if (kept)
    self->things[self->n++] = thing;
  uv_mutex_unlock (&self->lock);
  if (!kept)
    self->destroy (thing);
}
