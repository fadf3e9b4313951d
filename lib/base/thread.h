/* Spawn and join: one thread with a name, a result and an error.
 *
 *   pf_spawn ──▶ PfThread ─────────────────────────────▶ pf_join
 *                   └─ func (data, &error) ──▶ result ──────┘
 *
 * A thread that was spawned is joined, exactly once: that is where its result
 * and its error go, and what keeps its data alive until it has ended. A handle
 * that is dropped without a join is a programming error, and so is a thread
 * that joins itself; both end the process with a message that names the
 * thread. For several threads at once see base/join.h; for many small things
 * to do, base/par.h.
 *
 * Threads: the handle may move to another thread, which then joins it; it may
 * not be shared. What happened before pf_spawn is visible to the thread, and
 * what the thread did is visible after pf_join.
 */
#pragma once

#include "base/error.h"

typedef struct PfThread PfThread;

/* A thread's whole life. Returns its result, which may come along with an
 * error. ERROR is never NULL here. */
typedef gpointer (*PfSpawnFunc) (gpointer data, PfError *error);

/* Starts FUNC (DATA) on a new thread. NAME is copied and shows in debuggers (15
 * bytes of it); DATA must live until the join. NULL with PF_STATUS_OS where the
 * system refuses a thread; then FUNC was not and will not be called. (transfer
 * full: for pf_join) */
PfThread *pf_spawn (const char *name, PfSpawnFunc func, gpointer data,
                    PfError *error);

/* Waits for the end of the thread and frees SELF. FALSE where the thread left
 * an error, which moves to ERROR. RESULT gets what the function returned in
 * either case; both may be NULL. */
gboolean pf_join (PfThread *self, gpointer *result, PfError *error);

/* For a handle that goes out of scope: does not return unless SELF is NULL. */
void pf_thread_drop (PfThread *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfThread, pf_thread_drop)
