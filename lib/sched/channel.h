/* A bounded queue between threads, with an end.
 *
 *   senders ──send──▶ [ ring of CAPACITY values ] ──receive──▶ receivers
 *
 * Any number of threads may send and receive at once; values come out in the
 * order in which they went in. A full channel blocks its senders, which is
 * the backpressure. After pf_channel_close, sending fails and the value stays
 * with the sender; receiving goes on until the channel is empty, then ends.
 * Either side may close it, so that nobody waits for a partner who has gone.
 * Values are pointers, never NULL; ownership travels with them.
 */
#pragma once

#include <glib.h>

typedef struct PfChannel PfChannel;

/* DESTROY frees values that nobody received; it may be NULL. CAPACITY, in
 * values, is at least 1. (transfer full) */
PfChannel *pf_channel_new (gsize capacity, GDestroyNotify destroy);

/* No thread may use it any more. NULL is allowed. */
void pf_channel_free (PfChannel *self);

/* Blocks while the channel is full. FALSE where it is closed: VALUE is still
 * the caller's. */
gboolean pf_channel_send (PfChannel *self, gpointer value);

/* Does not block: FALSE also where the channel is full. */
gboolean pf_channel_try_send (PfChannel *self, gpointer value);

/* Blocks while the channel is empty and open. NULL: it is over. */
gpointer pf_channel_receive (PfChannel *self);

/* Does not block: NULL where there is nothing at this moment. */
gpointer pf_channel_try_receive (PfChannel *self);

/* May be called more than once. */
void pf_channel_close (PfChannel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfChannel, pf_channel_free)
