/* libuv's locks, whose making fails only where the process is out of what
 * nothing can go on without. */
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
