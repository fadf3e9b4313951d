/* Shares of work: which part of N things each of several workers gets.
 *
 *   pf_share (10, 3, i)    0 1 2 3 │ 4 5 6 │ 7 8 9
 *                           i = 0     1       2
 *
 * Plain data and pure functions, so that whoever plans may deal, and whoever
 * schedules may work. The same numbers always give the same shares.
 *
 * Threads: functions are for any thread. A worklist moves, and may be shared
 * once nobody changes it any more. Nothing here can fail.
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
