/* Which worker gets which items of a known list.
 *
 * Where workers may steal, the deal matters little, and items by turns keep
 * ordered output flowing from the start. Where they may not, no worker should
 * have more to read than another.
 */
#include "plan/sizes.h"
#include "run_private.h"

static PfWorklist *
deal_by_bytes (const PfRun *self, const PfNames *names, guint64 per_item,
               guint64 n_items, PfError *error)
{
  g_autoptr (PfPar) par = pf_par_new (self->jobs, error);
  g_autofree guint64 *bytes = NULL;

  if (par == NULL)
    return NULL;
  /* A run that was cancelled works none of them. */
  if (!pf_sizes_of_items (names, per_item, par, self->cancel, &bytes))
    return pf_deal_by_count (n_items, self->jobs);
  return pf_deal_by_bytes (bytes, n_items, self->jobs);
}

PfWorklist *
pf_run_deal (const PfRun *self, const PfNames *names, guint64 per_item,
             PfError *error)
{
  guint64 n_items = (pf_names_n (names) + per_item - 1) / per_item;

  if (self->config->schedule == PF_SCHEDULE_STATIC)
    return deal_by_bytes (self, names, per_item, n_items, error);
  return pf_deal_in_runs (n_items, self->jobs, 1);
}
