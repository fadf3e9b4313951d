/* Fork-join: N worklists on N threads, all joined at the end.
 *
 *   worklist 0: 0 2 4 … ──▶ worker 0 ─┐
 *   worklist 1: 1 3 5 … ──▶ worker 1 ─┴─▶ join
 *
 * Each worklist is worked from its front, which is its lowest serial. With
 * stealing, a worker whose own list is empty takes from the front of the list
 * that has the lowest serial; so the earliest item that nobody has taken is
 * always the next to be taken from its list.
 */
#pragma once

#include "base/error.h"
#include "base/worklist.h"

/* Works item SERIAL; WORKER is below the number of lists. FALSE stops all
 * workers before their next item. */
typedef gboolean (*PfWorkFunc) (guint64 serial, guint worker, gpointer user);

typedef struct {
  const PfWorklist *lists; /* one for each worker */
  guint n_lists;           /* at least 1 */
  gboolean stealing;
  PfWorkFunc work;
  /* Called by each worker once, when there is nothing left for it to take; may
   * be NULL. */
  void (*finish) (guint worker, gpointer user);
  gpointer user;
} PfForkJoin;

/* Returns when all workers have ended. FALSE with PF_STATUS_OS where the
 * threads could not be had; then no item was worked. */
gboolean pf_fork_join (const PfForkJoin *plan, PfError *error);
