/* Deals items into worklists, one for each worker.
 *
 *               0 1 2 3 4 5 6 7 8 9
 *   by count    0 0 0 0 0 1 1 1 1 1    one behind the other, evenly
 *   in runs     0 0 1 1 0 0 1 1 0 0    by turns; the front of the input is
 *                                      worked first, by all
 *   by bytes    0 1 1 1 0 1 1 1 0 1    the largest first, each to whoever has
 *                                      least: even also where nobody may steal
 *
 * Pure functions, for any thread. Each serial from 0 to N_ITEMS - 1 is dealt
 * once, and each list is ascending.
 */
#pragma once

#include "base/worklist.h"

/* All make N_LISTS (at least 1) lists. (transfer full: pf_worklists_free) */

PfWorklist *pf_deal_by_count (guint64 n_items, guint n_lists);

/* RUN (at least 1) serials, one behind the other, to each list in turn. */
PfWorklist *pf_deal_in_runs (guint64 n_items, guint n_lists, guint64 run);

/* BYTES has the size of each item. Longest processing time first: no list holds
 * more than 4/3 - 1/(3 N_LISTS) times what the fullest of the best deal must
 * hold. (Graham, Bounds on Multiprocessing Timing Anomalies, SIAM J. Appl.
 * Math. 17, 1969, theorem 2) Where lists hold equally much, the one with fewer
 * items is next, then the first: so items of no size are spread evenly. */
PfWorklist *pf_deal_by_bytes (const guint64 *bytes, guint64 n_items,
                              guint n_lists);

void pf_worklists_free (PfWorklist *lists, guint n_lists);

/* How many of N_FILES make one item for N_WORKERS: enough items for an even
 * share of the work, and not more than the bookkeeping is worth. */
guint64 pf_files_per_item (guint64 n_files, guint n_workers);
