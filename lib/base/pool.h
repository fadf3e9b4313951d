/* A pool of things that are costly to make: what one thread has done with,
 * another may take.
 *
 *   thread ──give──▶ ┌────────────────┐ ──take──▶ thread
 *   thread ──give──▶ │ at most MOST   │ ──take──▶ thread
 *              │     └────────────────┘    └─ NULL where there is none: the
 *              └─ beyond: destroyed           thread makes one itself
 *
 * Which thing one gets is not promised; at present it is the one that was given
 * last, whose memory is likely to be in a cache yet. Nobody waits here but for
 * the lock, and nothing can fail.
 *
 * Threads: a pool is shared; all functions but new and free are for any thread.
 * A thing moves: it is the giver's until it is given, then the pool's, then the
 * taker's, who sees all that the giver did with it.
 */
#pragma once

#include <glib.h>

typedef struct PfPool PfPool;

/* Keeps at most MOST things; DESTROY frees those beyond, on the thread that
 * gives them, and without the lock. (transfer full) */
PfPool *pf_pool_new (gsize most, GDestroyNotify destroy);

/* No thread may use it any more. NULL is allowed. */
void pf_pool_free (PfPool *self);

/* NULL where there is none. (transfer full) */
gpointer pf_pool_take (PfPool *self);

/* THING is the pool's. */
void pf_pool_give (PfPool *self, gpointer thing);
