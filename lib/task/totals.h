/* How often each term occurred in all documents, and in how many of them.
 *
 *   worker 0 ──add──▶ counters ─┐                worker 0 ─┐
 *   worker 1 ──add──▶ counters ─┴─▶ sums   or    worker 1 ─┴─▶ atomic counters
 *
 * Each worker adds a whole document at a time. Where memory allows, each has
 * counters of its own, which are summed up once all have ended; otherwise all
 * share one array of atomic counters, which promise nothing but their own
 * sums. Pages that nobody touches cost nothing.
 */
#pragma once

#include "base/error.h"
#include "task/tally.h"

typedef struct PfTotals PfTotals;

typedef struct {
  guint64 count;
  guint64 files;
} PfTotal;

/* For N_TERMS terms and N_WORKERS workers, in at most MEMORY bytes, unless one
 * shared array is larger than that. NULL with PF_STATUS_TEMPORARY. (transfer
 * full) */
PfTotals *pf_totals_new (guint32 n_terms, guint n_workers, guint64 memory,
                         PfError *error);

/* NULL is allowed. */
void pf_totals_free (PfTotals *self);

/* What the counters take, in bytes. */
guint64 pf_totals_size (const PfTotals *self);

/* Adds one document. By each WORKER's own thread at any time. */
void pf_totals_add (PfTotals *self, guint worker, const PfTally *tally);

/* The same for N COUNTS, each a term's in one document. */
void pf_totals_add_counts (PfTotals *self, guint worker,
                           const PfTallyCount *counts, guint n);

/* After all workers have ended. */
PfTotal pf_totals_get (const PfTotals *self, guint32 term_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTotals, pf_totals_free)
