/* Join: runs two tasks, or all of several, at once and waits for all.
 *
 *   task 0 ──▶ the caller's thread ─┐
 *   task 1 ──▶ a thread of its own ─┼─▶ all have ended ──▶ results in place,
 *   task 2 ──▶ a thread of its own ─┘                      first error by order
 *
 * It takes as long as the longest task. All tasks are waited for, also where
 * one fails; so what they use may lie on the caller's stack. Each thread costs
 * some ten microseconds to start: for few and large tasks, which may as well
 * wait for something as compute. Where there are many and small ones, use
 * base/par.h.
 *
 * Threads: any thread may call these, also from inside a task. What a task did
 * is visible to the caller afterwards. The functions of two tasks run at once,
 * so they share only what is made for that.
 */
#pragma once

#include "base/thread.h"

/* One task. A zeroed struct with FUNC set is complete. */
typedef struct {
  PfSpawnFunc func;
  gpointer data;
  const char *name; /* of its thread, as in pf_spawn; NULL: "pf-join" */

  /* Set when it has ended. What RESULT points to is the caller's. */
  gpointer result; /* also where the task failed; NULL where it never ran */
  gboolean failed;
} PfJoinTask;

/* Runs FIRST on the caller's thread and SECOND on another. FALSE with the error
 * of the first that failed by order; a thread that is refused is the error of
 * its task, with PF_STATUS_OS. */
gboolean pf_join2 (PfJoinTask *first, PfJoinTask *second, PfError *error);

/* Runs all N tasks, the first on the caller's thread; none is no error. FALSE
 * as in pf_join2. */
gboolean pf_join_all (PfJoinTask *tasks, gsize n, PfError *error);
