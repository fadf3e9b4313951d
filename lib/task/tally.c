#include "task/tally.h"

#define CAPACITY_FIRST 512 /* a power of two */

static void
allocate (PfTally *self, guint32 capacity)
{
  self->capacity = capacity;
  self->counts = g_renew (PfTallyCount, self->counts, capacity);
  self->slots = g_new0 (guint32, (gsize)capacity * 2);
  self->shift = 31 - g_bit_nth_lsf (capacity, -1);
}

void
pf_tally_init (PfTally *self)
{
  *self = (PfTally){ 0 };
  allocate (self, CAPACITY_FIRST);
}

void
pf_tally_clear (PfTally *self)
{
  g_free (self->counts);
  g_free (self->slots);
  *self = (PfTally){ 0 };
}

void
pf_tally_reset (PfTally *self)
{
  for (guint32 i = 0; i < self->n; i++)
    self->slots[self->counts[i].slot] = 0;
  self->n = 0;
}

static guint32
free_slot (const PfTally *self, guint32 term_id)
{
  guint32 slot = (term_id * 0x9E3779B1u) >> self->shift;

  while (self->slots[slot] > 0)
    slot = (slot + 1) & (self->capacity * 2 - 1);
  return slot;
}

static void
grow (PfTally *self)
{
  g_free (self->slots);
  allocate (self, self->capacity * 2);
  for (guint32 i = 0; i < self->n; i++) {
    PfTallyCount *count = &self->counts[i];

    count->slot = free_slot (self, count->term_id);
    self->slots[count->slot] = i + 1;
  }
}

PfTallyCount *
pf_tally_find (PfTally *self, guint32 term_id, guint32 slot)
{
  guint32 place;

  while ((place = self->slots[slot]) > 0) {
    if (self->counts[place - 1].term_id == term_id)
      return &self->counts[place - 1];
    slot = (slot + 1) & (self->capacity * 2 - 1);
  }
  if (self->n == self->capacity) {
    grow (self);
    slot = free_slot (self, term_id);
  }
  self->counts[self->n] = (PfTallyCount){ .term_id = term_id, .slot = slot };
  self->slots[slot] = ++self->n;
  return &self->counts[self->n - 1];
}
