/* A number that many threads add to and one reads in the end.
 *
 *   thread ──add──▶ ┐
 *   thread ──add──▶ ├─ counter ──get──▶ who joined the threads
 *   thread ──add──▶ ┘
 *
 * What it is for: events that are counted wherever they happen, by threads that
 * have nothing else in common. Where a thread has data of its own anyway, a
 * plain number there, read after the join, is quicker and says more.
 *
 * Memory order: all is relaxed. A counter orders nothing but itself; no
 * addition is lost, and none is seen twice. Who asks while others still add
 * gets some value between the first and the last; who asks after the threads
 * were joined gets the sum, because the join orders what they did before what
 * comes after it.
 *
 * Threads: a counter may be shared, and must stay where it is while it is. All
 * functions but init are for any thread. It owns nothing and cannot fail;
 * beyond 2^64 - 1 it begins at 0 again.
 */
#pragma once

#include <glib.h>
#include <stdatomic.h>

typedef struct {
  atomic_uint_fast64_t value;
} PfCounter;

/* Before any thread shares it; a zeroed counter is as good. */
static inline void
pf_counter_init (PfCounter *self)
{
  atomic_init (&self->value, 0);
}

/* SELF NULL counts nothing: for what is counted only where it is asked for. */
static inline void
pf_counter_add (PfCounter *self, guint64 n)
{
  if (self != NULL)
    atomic_fetch_add_explicit (&self->value, n, memory_order_relaxed);
}

static inline guint64
pf_counter_get (const PfCounter *self)
{
  return atomic_load_explicit (&self->value, memory_order_relaxed);
}
