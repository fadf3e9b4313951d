/* A queue between threads that knows when one side has gone.
 *
 *   PfSender ──send──▶                      ──receive──▶ PfReceiver
 *   PfSender ──send──▶ [ value, value, … ]  ──receive──▶ PfReceiver
 *
 * Any number of threads may send and receive at once. Values are pointers,
 * never NULL; they come out in the order in which they went in, each to one
 * receiver, and ownership travels with them.
 *
 * Each side is a handle that is counted. Who has a reference may use the
 * handle, take another reference for somebody else, and must drop his own:
 *
 *   the last sender is dropped    receivers get what is left, then they are
 *                                 told PF_CHANNEL_HUNG_UP
 *   the last receiver is dropped  what is left is destroyed; who sends is told
 *                                 PF_CHANNEL_HUNG_UP and keeps the value
 *
 * So a stage of a pipeline that ends, for whatever reason, ends its neighbours,
 * and nobody waits for somebody who has gone. A thread must not wait on a
 * channel while it is the only one with the other side's handle.
 *
 * A full channel blocks its senders: this is the backpressure that bounds what
 * a pipeline holds. How full it was, and how long either side waited, can be
 * asked for.
 *
 * One value at a time costs a lock; a batch costs one, too. So where values
 * are small and many, send and receive them in batches. A thread that sends or
 * receives wakes at most one of those that wait, and that one wakes the next
 * where something is left for it: so a thread is woken only where there is
 * something to do, and order among those that wait is not promised.
 * Where senders and receivers keep each other busy, they do not sleep for what
 * comes in a moment: they look for it, for some microseconds; where things take
 * longer, they soon stop to.
 *
 * Threads, type by type:
 *
 *   PfSender, PfReceiver   may be shared and may move: all functions are for
 *                          any thread at any time that has a reference
 *   a value                moves: it belongs to who sent it until it is sent,
 *                          then to nobody, then to the one who received it,
 *                          who sees all that was written before it was sent
 *   DESTROY                is called by whoever drops the last receiver
 *   PfChannelStats         is a copy, plain data
 *
 * A reference belongs to one thread at a time, which passes it on or drops it,
 * never while it is inside a call. That a handle still has references is
 * asserted wherever one is taken, used or dropped.
 */
#pragma once

#include <glib.h>

typedef struct PfSender PfSender;
typedef struct PfReceiver PfReceiver;

typedef enum {
  PF_CHANNEL_OK,
  PF_CHANNEL_NOT_NOW, /* it is full, or empty, and one was not to wait */
  PF_CHANNEL_LATE,    /* and still was when the time was over */
  PF_CHANNEL_WOKEN,   /* by pf_receiver_wake */
  PF_CHANNEL_HUNG_UP  /* the other side has gone */
} PfChannelStatus;

typedef struct {
  guint64 values;             /* sent so far */
  gsize high_water;           /* the most that were waiting at once */
  guint64 send_blocked_ns;    /* how long senders waited, all together */
  guint64 receive_blocked_ns; /* and receivers */
} PfChannelStats;

#define PF_CHANNEL_UNBOUNDED 0

/* A channel for CAPACITY values, or for any number. DESTROY frees values that
 * nobody will receive; it may be NULL. (transfer full) */
void pf_channel_new (gsize capacity, GDestroyNotify destroy, PfSender **sender,
                     PfReceiver **receiver);

/* (transfer full) */
PfSender *pf_sender_ref (PfSender *self);
PfReceiver *pf_receiver_ref (PfReceiver *self);

/* NULL is allowed. */
void pf_sender_drop (PfSender *self);
void pf_receiver_drop (PfReceiver *self);

/* Waits while the channel is full. OK: VALUE is the channel's; else it is still
 * the caller's. */
PfChannelStatus pf_sender_send (PfSender *self, gpointer value);

/* Does not wait. */
PfChannelStatus pf_sender_try_send (PfSender *self, gpointer value);

/* Waits for at most TIMEOUT nanoseconds. */
PfChannelStatus pf_sender_send_within (PfSender *self, gpointer value,
                                       guint64 timeout);

/* Sends N values in order, some at a time where not all have room. SENT says
 * how many: fewer than N where the receivers have gone. */
PfChannelStatus pf_sender_send_batch (PfSender *self, gpointer const *values,
                                      gsize n, gsize *sent);

/* Waits while the channel is empty. OK: VALUE is the caller's. */
PfChannelStatus pf_receiver_receive (PfReceiver *self, gpointer *value);

/* Does not wait. */
PfChannelStatus pf_receiver_try_receive (PfReceiver *self, gpointer *value);

/* Waits for at most TIMEOUT nanoseconds. */
PfChannelStatus pf_receiver_receive_within (PfReceiver *self, gpointer *value,
                                            guint64 timeout);

/* Waits for a value, and takes up to MOST that are there: N of them, at least
 * one where all is well. */
PfChannelStatus pf_receiver_receive_batch (PfReceiver *self, gpointer *values,
                                           gsize most, gsize *n);

/* The next N calls that would wait for a value return PF_CHANNEL_WOKEN instead,
 * and those that wait do so now. No more wakes are kept than there are
 * references. */
void pf_receiver_wake (PfReceiver *self, guint n);

/* What happened until now. */
void pf_receiver_stats (PfReceiver *self, PfChannelStats *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfSender, pf_sender_drop)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfReceiver, pf_receiver_drop)
