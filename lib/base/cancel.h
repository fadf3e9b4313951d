/* A cancel flag that can be asked for and waited for.
 *
 * Set once, by any thread, and never taken back. A thread that computes asks
 * pf_cancel_is_set between steps; a thread that waits for a descriptor does so
 * by pf_cancel_wait_readable, which the flag ends. The flag publishes nothing
 * but itself.
 */
#pragma once

#include "base/error.h"

typedef struct PfCancel PfCancel;

/* NULL with an error where the system has no descriptor left. */
PfCancel *pf_cancel_new (PfError *error);

/* No thread may use SELF any more. NULL is allowed. */
void pf_cancel_free (PfCancel *self);

/* Any thread; a second call does nothing. */
void pf_cancel_set (PfCancel *self);

/* Any thread. */
gboolean pf_cancel_is_set (const PfCancel *self);

/* For poll only: readable once the flag is set; nobody reads it. */
int pf_cancel_fd (const PfCancel *self);

/* Waits until FD can be read, has ended or is in error, or until TIMEOUT
 * milliseconds are over (-1: for ever). TRUE where a read would not block;
 * FALSE where the flag was set or the time ran out. */
gboolean pf_cancel_wait_readable (const PfCancel *self, int fd, int timeout);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfCancel, pf_cancel_free)
