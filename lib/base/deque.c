#include "base/deque.h"

#include <stdatomic.h>

#define CACHE_LINE 64

/* Values [oldest, newest) are there, value I at I modulo the capacity. Both
 * numbers only grow, but for the owner's while it pops. They are signed, for an
 * owner who finds nothing is one below for a moment. */
struct PfDeque {
  _Atomic gint64 oldest;  /* whoever takes; moved by compare-and-swap */
  char apart[CACHE_LINE]; /* thieves write the one, the owner the other */
  _Atomic gint64 newest;  /* the owner's */
  char apart_too[CACHE_LINE];
  guint64 mask; /* constant: the capacity, a power of two, less one */
  _Atomic guint64 values[]; /* the owner's, read by all */
};

PfDeque *
pf_deque_new (gsize capacity)
{
  gsize size = 1;
  PfDeque *self;

  while (size < capacity)
    size *= 2;
  self = g_malloc0 (sizeof *self + size * sizeof self->values[0]);
  self->mask = size - 1;
  return self;
}

void
pf_deque_free (PfDeque *self)
{
  g_free (self);
}

/* The place is overwritten only when OLDEST has moved on, so a thief who reads
 * what is not its value any more fails to take it. */
static guint64
value_at (const PfDeque *self, gint64 i)
{
  return atomic_load_explicit (&self->values[(guint64)i & self->mask],
                               memory_order_relaxed);
}

gboolean
pf_deque_push (PfDeque *self, guint64 value)
{
  gint64 newest = atomic_load_explicit (&self->newest, memory_order_relaxed);
  gint64 oldest = atomic_load_explicit (&self->oldest, memory_order_acquire);

  if (newest - oldest > (gint64)self->mask)
    return FALSE;
  atomic_store_explicit (&self->values[(guint64)newest & self->mask], value,
                         memory_order_relaxed);
  /* Release, for those who take it; and in the single order, for those who go
   * to sleep when they find nothing. */
  atomic_store_explicit (&self->newest, newest + 1, memory_order_seq_cst);
  return TRUE;
}

/* Moves OLDEST on, which says whose the value is. */
static gboolean
claim (PfDeque *self, gint64 oldest)
{
  gint64 expected = oldest;

  return atomic_compare_exchange_strong_explicit (
      &self->oldest, &expected, expected + 1, memory_order_seq_cst,
      memory_order_relaxed);
}

gboolean
pf_deque_pop (PfDeque *self, guint64 *value)
{
  gint64 newest =
      atomic_load_explicit (&self->newest, memory_order_relaxed) - 1;
  gint64 oldest;
  gboolean mine;

  /* First say that it is taken, then look whether thieves have come so far. A
   * thief looks the other way round, so one of the two sees the other. */
  atomic_store_explicit (&self->newest, newest, memory_order_seq_cst);
  oldest = atomic_load_explicit (&self->oldest, memory_order_seq_cst);
  if (oldest < newest) {
    *value = value_at (self, newest);
    return TRUE;
  }
  mine = oldest == newest && claim (self, oldest);
  if (mine)
    *value = value_at (self, newest);
  atomic_store_explicit (&self->newest, newest + 1, memory_order_release);
  return mine;
}

gboolean
pf_deque_take (PfDeque *self, guint64 *value)
{
  for (;;) {
    gint64 oldest = atomic_load_explicit (&self->oldest, memory_order_seq_cst);
    gint64 newest = atomic_load_explicit (&self->newest, memory_order_seq_cst);

    if (oldest >= newest)
      return FALSE;
    *value = value_at (self, oldest);
    /* Who fails has lost to somebody who got it. */
    if (claim (self, oldest))
      return TRUE;
  }
}

gboolean
pf_deque_peek (const PfDeque *self, guint64 *value)
{
  gint64 oldest = atomic_load_explicit (&self->oldest, memory_order_seq_cst);
  gint64 newest = atomic_load_explicit (&self->newest, memory_order_seq_cst);

  if (oldest >= newest)
    return FALSE;
  *value = value_at (self, oldest);
  return TRUE;
}

gboolean
pf_deque_is_empty (const PfDeque *self)
{
  guint64 ignored;

  return !pf_deque_peek (self, &ignored);
}
