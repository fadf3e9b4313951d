/* Trying again what failed for a reason that may pass.
 *
 *   operation ──fails──▶ will it pass? ──no──▶ the error
 *       ▲                     │ yes
 *       └──── short pause ◀───┘   a cancel flag ends the pause, and the tries
 *
 * Tried again are EAGAIN, EMFILE, ENFILE, ENOMEM, ESTALE and EIO, each
 * operation as often as the policy says, after 5, 20, 80 and then always 320
 * milliseconds. An operation is one call of the system (open, read, ...), not a
 * whole file: who reads goes on where he stood, so that nothing is read or
 * reported twice.
 *
 *   PfTries tries = { 0 };
 *
 *   do
 *     n = read (fd, to, room);
 *   while (n < 0 && pf_retry_again (retry, &tries, errno));
 *
 * What can be polled is better polled: EAGAIN from a pipe says nothing of how
 * long it will last.
 *
 * Descriptors come back by themselves where other threads have some and are at
 * work with them: they are the holders. As long as there is one, EMFILE and
 * ENFILE cost no try, and the pauses go on. A holder must never wait for a
 * thread that may itself be waiting for a descriptor; before it does, it lets
 * go, and then the tries count again. So the wait always ends.
 *
 * Threads: one policy is shared by all threads of a run; each operation has a
 * PfTries of its own, which stays in its thread.
 */
#pragma once

#include "base/cancel.h"

typedef struct PfRetry PfRetry;

/* What one operation has had; all zero before its first try. */
typedef struct {
  guint retries; /* that count */
  guint pauses;
} PfTries;

/* MOST tries beyond the first; 0: nothing is tried again, and nothing waited
 * for. CANCEL must outlive SELF, and may be NULL. (transfer full) */
PfRetry *pf_retry_new (guint most, const PfCancel *cancel);

/* NULL is allowed. */
void pf_retry_free (PfRetry *self);

/* After an operation failed with ERRNUM: TRUE, after a pause, where it is to be
 * tried again; FALSE at once where it is not, with errno as ERRNUM. Any thread.
 * Without a policy (NULL) the answer is no. */
gboolean pf_retry_again (PfRetry *self, PfTries *tries, int errnum);

/* How often something was tried again, for statistics: a relaxed counter, exact
 * once the threads that retry have been joined. Any thread; NULL gives 0. */
guint64 pf_retry_count (const PfRetry *self);

/* The caller has a descriptor and will give it back without waiting for others;
 * or no longer. Calls come in pairs, from any threads; NULL is allowed. */
void pf_retry_hold (PfRetry *self);
void pf_retry_let_go (PfRetry *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfRetry, pf_retry_free)
