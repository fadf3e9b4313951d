/* A cutoff: the lowest number that anybody has given so far.
 *
 *   items   0   1   2   3   4   5   6   7
 *                       │       │
 *                       │   lower (5): nothing behind 5 counts
 *                   lower (3): nor behind 3
 *           ────────────┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌
 *             go on       is_past: left out, or given up midway
 *
 * It is the cancel flag of work that stands in an order. A plain flag, set when
 * something happens at item 3, also ends items 0 to 2, where they happen to be
 * slower; then what comes of the work depends on who was quicker. A cutoff ends
 * only what stands behind. It falls and never rises: so what is past it once
 * stays past, and items up to the lowest number that is ever given never see
 * it, however many give numbers, in whatever order.
 *
 * Ownership: plain data, inside whatever the workers share; it needs no clear,
 * and must not be copied while others use it.
 *
 * Threads: a cutoff is shared; any number of them may lower it and ask at once.
 * It must be initialised before they can see it. Nothing here can fail.
 *
 * Memory order: all is relaxed, since a cutoff publishes nothing but itself.
 * Who sees it late has worked in vain, no more; and a thread that has seen it
 * sees nothing higher later on. What happened at the number must be handed on
 * by other means, such as a lock.
 */
#pragma once

#include <glib.h>
#include <stdatomic.h>
#include <stdint.h>

typedef struct {
  atomic_uint_fast64_t lowest;
} PfCutoff;

/* Nothing is past it. */
static inline void
pf_cutoff_init (PfCutoff *self)
{
  atomic_init (&self->lowest, G_MAXUINT64);
}

/* Nothing behind NUMBER counts. */
static inline void
pf_cutoff_lower (PfCutoff *self, guint64 number)
{
  uint_fast64_t lowest =
      atomic_load_explicit (&self->lowest, memory_order_relaxed);

  while (number < lowest && !atomic_compare_exchange_weak_explicit (
                                &self->lowest, &lowest, number,
                                memory_order_relaxed, memory_order_relaxed))
    ;
}

/* Whether NUMBER stands behind a number that was given. G_MAXUINT64 does as
 * soon as there is any. */
static inline gboolean
pf_cutoff_is_past (const PfCutoff *self, guint64 number)
{
  return number > atomic_load_explicit (&self->lowest, memory_order_relaxed);
}
