#include "base/slot.h"

#include <stdatomic.h>

#include "base/lock.h"

struct PfSlot {
  uv_rwlock_t lock;
  gpointer value;               /* lock; a reference */
  atomic_uint_fast64_t version; /* written under the lock, read by anybody */
  PfRefFunc ref;                /* constant */
  GDestroyNotify unref;         /* constant */
};

PfSlot *
pf_slot_new (gpointer value, PfRefFunc ref, GDestroyNotify unref)
{
  PfSlot *self = g_new0 (PfSlot, 1);

  pf_rwlock_init (&self->lock);
  self->value = value;
  self->ref = ref;
  self->unref = unref;
  return self;
}

void
pf_slot_free (PfSlot *self)
{
  if (self == NULL)
    return;
  self->unref (self->value);
  uv_rwlock_destroy (&self->lock);
  g_free (self);
}

gpointer
pf_slot_get (PfSlot *self, guint64 *version)
{
  gpointer value;

  uv_rwlock_rdlock (&self->lock);
  value = self->ref (self->value);
  if (version != NULL)
    *version = pf_slot_version (self);
  uv_rwlock_rdunlock (&self->lock);
  return value;
}

void
pf_slot_swap (PfSlot *self, gpointer value)
{
  gpointer old;

  uv_rwlock_wrlock (&self->lock);
  old = self->value;
  self->value = value;
  atomic_fetch_add_explicit (&self->version, 1, memory_order_release);
  uv_rwlock_wrunlock (&self->lock);
  self->unref (old);
}

guint64
pf_slot_version (const PfSlot *self)
{
  return atomic_load_explicit (&self->version, memory_order_acquire);
}
