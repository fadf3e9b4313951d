/* A cancel flag that can be asked for and waited for.
 *
 *                        ┌─ is_set ────────▶ who computes, between two steps
 *   any thread ──set──▶ flag
 *                        └─ a descriptor ──▶ who waits for input: wakes at once
 *
 * Set once, by any thread, and never taken back. A thread that computes asks
 * pf_cancel_is_set between steps; a thread that waits for a descriptor does so
 * by pf_cancel_wait_readable, which the flag ends. Who waits for a condition
 * variable is not told: that is for whoever sets the flag.
 *
 * Memory order: setting is a release and asking an acquire, so that who sees
 * the flag also sees what was done before it was set, as the note why. No order
 * is needed for the flag itself: who sees it late has worked in vain.
 *
 * Threads: a flag is shared; all functions but new and free are for any thread.
 * It owns two descriptors.
 */
#pragma once

#include "base/error.h"

typedef struct PfCancel PfCancel;

/* NULL with an error where the system has no descriptor left. (transfer full)
 */
PfCancel *pf_cancel_new (PfError *error);

/* No thread may use SELF any more. NULL is allowed. */
void pf_cancel_free (PfCancel *self);

/* Any thread; a second call does nothing. */
void pf_cancel_set (PfCancel *self);

/* Any thread. */
gboolean pf_cancel_is_set (const PfCancel *self);

/* Waits until FD can be read, has ended or is in error, or until TIMEOUT
 * milliseconds are over (-1: for ever). FD may be -1: then for the flag alone.
 * Any thread. TRUE where a read would not block;
 * FALSE where the flag was set or the time ran out. */
gboolean pf_cancel_wait_readable (const PfCancel *self, int fd, int timeout);

/* The same for several of FDS, which get their revents; SELF may be NULL.
 * TRUE where any of them is ready. */
struct pollfd;
gboolean pf_cancel_wait_any (const PfCancel *self, struct pollfd *fds, guint n,
                             int timeout);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfCancel, pf_cancel_free)
