/* Deals items into worklists. Pure functions. */
#pragma once

#include "base/worklist.h"

/* Deals the serials 0 to N_ITEMS - 1 in turn into N_LISTS worklists, each
 * ascending: list k gets k, k + N_LISTS, k + 2 N_LISTS, ... (transfer full:
 * free with pf_worklists_free) */
PfWorklist *pf_deal_in_turn (guint64 n_items, guint n_lists);

void pf_worklists_free (PfWorklist *lists, guint n_lists);

/* How many of N_FILES make one item for N_WORKERS: enough items for an even
 * share of the work, and not more than the bookkeeping is worth. */
guint64 pf_files_per_item (guint64 n_files, guint n_workers);
