/* Shares of work: which part of N things each of several workers gets. Plain
 * data and pure functions, so that the plan may deal and the scheduler work.
 */
#pragma once

#include "base/types.h"

/* The items dealt to one worker: their serial numbers, ascending. */
typedef struct {
  guint64 *serials; /* owned by whoever dealt it */
  gsize n;
} PfWorklist;

/* The things from FROM up to, but not including, TO. */
typedef struct {
  guint64 from, to;
} PfShare;

/* The share of worker I among N_WORKERS in N things, by count: one behind the
 * other, together all of them, none more than one larger than another. */
PfShare pf_share (guint64 n, guint n_workers, guint i);
