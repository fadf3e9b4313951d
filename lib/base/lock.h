/* libuv's locks and condition variables, made ready for use.
 *
 *   lock ──▶ while (! predicate) wait ──▶ read, change ──▶ tell ──▶ unlock
 *                       ▲                                   │
 *                       └───────────────────────────────────┘
 *
 * How they are used here: a field that several threads touch says in a comment
 * which lock it is under. A condition variable has one predicate, which is
 * named beside it; it is waited for in a loop, and told of whenever the
 * predicate may have become true. Waits that have a time limit serve the
 * caller's limit only, never to make good for a wake that was forgotten.
 *
 * Threads: each is shared, and stays where it is. It is made before others know
 * of it, and destroyed (uv_mutex_destroy and so on) when they have done with
 * it. Making fails only where the process is out of what nothing can go on
 * without, and then does not return.
 */
#pragma once

#include <glib.h>
#include <uv.h>

static inline void
pf_mutex_init (uv_mutex_t *mutex)
{
  int failed = uv_mutex_init (mutex);

  g_assert (failed == 0);
}

static inline void
pf_cond_init (uv_cond_t *cond)
{
  int failed = uv_cond_init (cond);

  g_assert (failed == 0);
}

static inline void
pf_rwlock_init (uv_rwlock_t *lock)
{
  int failed = uv_rwlock_init (lock);

  g_assert (failed == 0);
}
