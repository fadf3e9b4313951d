/* Fork-join: N worklists on N threads, all joined at the end.
 *
 *   worklist 0: 0 2 4 … ──▶ deque 0 ──▶ worker 0 ─┐
 *                               ╲ steals          ├─▶ join
 *   worklist 1: 1 3 5 … ──▶ deque 1 ──▶ worker 1 ─┘
 *
 * Each worklist is worked from its front, which is its lowest serial and the
 * oldest in its deque (base/deque.h). With stealing, a worker whose own list is
 * empty takes from the front of the list that has the lowest serial; so the
 * earliest item that nobody has taken is always the next to be taken from its
 * list, and results that are wanted in order are not long in coming. Without,
 * each worker works its own list and nothing else.
 *
 * Threads: any thread may call pf_fork_join, which uses the lists until it
 * returns; work and finish are called on the workers' threads, several at once.
 * What happened before the call is visible to them, and what they did is
 * visible after it.
 */
#pragma once

#include "base/error.h"
#include "base/worklist.h"

/* Works item SERIAL; WORKER is below the number of lists. FALSE stops all
 * workers before their next item. */
typedef gboolean (*PfWorkFunc) (guint64 serial, guint worker, gpointer user);

/* What one worker did. */
typedef struct {
  guint64 items;  /* that it worked, stolen ones among them */
  guint64 steals; /* items that it took from the lists of others */
} PfForkJoinStats;

typedef struct {
  const PfWorklist *lists; /* one for each worker */
  guint n_lists;           /* at least 1 */
  gboolean stealing;
  PfWorkFunc work;
  /* Called by each worker once, when there is nothing left for it to take; may
   * be NULL. */
  void (*finish) (guint worker, gpointer user);
  gpointer user;
  /* One for each worker, who writes it when there is nothing left to take; to
   * be read after the join. May be NULL. */
  PfForkJoinStats *stats;
} PfForkJoin;

/* Returns when all workers have ended. FALSE with PF_STATUS_OS where the
 * threads could not be had; then no item was worked. */
gboolean pf_fork_join (const PfForkJoin *plan, PfError *error);
