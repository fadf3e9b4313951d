#include "task/totals.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Count and files side by side, so that adding touches one cache line. */
typedef struct {
  atomic_uint_fast64_t count, files;
} Shared;

struct PfTotals {
  guint32 n_terms;
  guint n_workers;
  PfTotal **own;  /* by worker; NULL where they share */
  Shared *shared; /* or NULL */
};

static gboolean
allocate_own (PfTotals *self)
{
  self->own = g_new0 (PfTotal *, self->n_workers);
  for (guint i = 0; i < self->n_workers; i++) {
    self->own[i] = calloc ((gsize)self->n_terms + 1, sizeof (PfTotal));
    if (self->own[i] == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
allocate_shared (PfTotals *self)
{
  self->shared = calloc ((gsize)self->n_terms + 1, sizeof (Shared));
  return self->shared != NULL;
}

PfTotals *
pf_totals_new (guint32 n_terms, guint n_workers, guint64 memory, PfError *error)
{
  g_autoptr (PfTotals) self = g_new0 (PfTotals, 1);
  guint64 set = (guint64)n_terms * sizeof (PfTotal);

  self->n_terms = n_terms;
  self->n_workers = n_workers;
  if (set <= memory / n_workers ? allocate_own (self) : allocate_shared (self))
    return g_steal_pointer (&self);
  pf_error_set_errno (error, ENOMEM);
  return NULL;
}

void
pf_totals_free (PfTotals *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; self->own != NULL && i < self->n_workers; i++)
    free (self->own[i]);
  g_free (self->own);
  free (self->shared);
  g_free (self);
}

guint64
pf_totals_size (const PfTotals *self)
{
  guint64 sets = self->own != NULL ? self->n_workers : 1;

  return sets * self->n_terms * sizeof (PfTotal);
}

static void
add_to_shared (Shared *shared, const PfTallyCount *count)
{
  atomic_fetch_add_explicit (&shared->count, count->count,
                             memory_order_relaxed);
  atomic_fetch_add_explicit (&shared->files, 1, memory_order_relaxed);
}

void
pf_totals_add (PfTotals *self, guint worker, const PfTally *tally)
{
  pf_totals_add_counts (self, worker, tally->counts, tally->n);
}

void
pf_totals_add_counts (PfTotals *self, guint worker, const PfTallyCount *counts,
                      guint n)
{
  for (guint i = 0; i < n; i++) {
    const PfTallyCount *count = &counts[i];

    if (self->own != NULL) {
      PfTotal *total = &self->own[worker][count->term_id];

      total->count += count->count;
      total->files++;
    } else {
      add_to_shared (&self->shared[count->term_id], count);
    }
  }
}

PfTotal
pf_totals_get (const PfTotals *self, guint32 term_id)
{
  PfTotal sum = { 0 };

  if (self->own == NULL) {
    const Shared *shared = &self->shared[term_id];

    sum.count = atomic_load_explicit (&shared->count, memory_order_relaxed);
    sum.files = atomic_load_explicit (&shared->files, memory_order_relaxed);
    return sum;
  }
  for (guint i = 0; i < self->n_workers; i++) {
    sum.count += self->own[i][term_id].count;
    sum.files += self->own[i][term_id].files;
  }
  return sum;
}
