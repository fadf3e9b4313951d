/* A pool of things that are costly to make: what one thread has done with,
 * another may take. All but new and free are for any thread.
 */
#pragma once

#include <glib.h>

typedef struct PfPool PfPool;

/* Keeps at most MOST things; DESTROY frees those beyond. (transfer full) */
PfPool *pf_pool_new (gsize most, GDestroyNotify destroy);

/* No thread may use it any more. NULL is allowed. */
void pf_pool_free (PfPool *self);

/* NULL where there is none. (transfer full) */
gpointer pf_pool_take (PfPool *self);

/* THING is the pool's. */
void pf_pool_give (PfPool *self, gpointer thing);
