#include "base/par.h"

/* Ranges where the plan does not say how large they are; a number that does not
 * depend on the number of threads. */
#define RANGES 64
/* Accumulators of different threads do not lie in one cache line. */
#define CACHE_LINE ((gsize)64)

typedef struct {
  const PfParReduction *plan;
  gsize grain, n_ranges;
  gsize stride; /* bytes from one accumulator to the next */
  guint8 *accumulators;
} Reduction;

static gpointer
accumulator (const Reduction *self, gsize range)
{
  return self->accumulators + range * self->stride;
}

static gboolean
map_range (gsize range, gpointer user, PfError *error)
{
  const Reduction *self = user;
  const PfParReduction *plan = self->plan;
  gsize from = range * self->grain;
  gsize to = from + MIN (self->grain, plan->n - from);

  return plan->map (from, to, accumulator (self, range), plan->user, error);
}

static void
reduce (const Reduction *self, gpointer result)
{
  for (gsize i = 0; i < self->n_ranges; i++)
    self->plan->reduce (result, accumulator (self, i), self->plan->user);
}

static void
clear (const Reduction *self)
{
  for (gsize i = 0; self->plan->clear != NULL && i < self->n_ranges; i++)
    self->plan->clear (accumulator (self, i), self->plan->user);
  g_free (self->accumulators);
}

/* From numbers of ranges to the indices where those begin. */
static void
place_errors (const Reduction *self)
{
  GArray *errors = self->plan->errors;

  for (guint i = 0; errors != NULL && i < errors->len; i++)
    g_array_index (errors, PfParError, i).index *= self->grain;
}

gboolean
pf_par_map_reduce (PfPar *self, const PfParReduction *plan, gpointer result,
                   PfError *error)
{
  Reduction reduction = { .plan = plan,
                          .grain = plan->grain > 0 ? plan->grain
                                                   : plan->n / RANGES + 1 };
  PfParLoop loop = { .grain = 1,
                     .body = map_range,
                     .user = &reduction,
                     .cancel = plan->cancel,
                     .errors = plan->errors };
  gboolean done;

  loop.n = plan->n / reduction.grain + (plan->n % reduction.grain > 0);
  reduction.n_ranges = loop.n;
  reduction.stride = (plan->size + CACHE_LINE - 1) & -CACHE_LINE;
  reduction.accumulators = g_malloc0_n (loop.n, reduction.stride);
  done = pf_par_for (self, &loop, error);
  if (done)
    reduce (&reduction, result);
  place_errors (&reduction);
  clear (&reduction);
  return done;
}
