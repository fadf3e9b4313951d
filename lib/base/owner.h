/* Which thread something belongs to, so that it can be asserted.
 *
 *   made by thread A ──▶ set ──▶ used: is it the caller's? ──no──▶ assertion
 *                         ▲
 *   moved to thread B ────┘
 *
 * For types that may move between threads, or must not, but are never shared: a
 * call from another thread is a programming error, which without this shows
 * only now and then. It costs no more than to compare two numbers.
 *
 * Threads: it belongs to the thread that it names, like what it stands in.
 */
#pragma once

#include <glib.h>
#include <uv.h>

typedef struct {
  uv_thread_t thread;
} PfOwner;

/* The calling thread's from now on. */
static inline void
pf_owner_set (PfOwner *self)
{
  self->thread = uv_thread_self ();
}

/* Whether it is the calling thread's. */
static inline gboolean
pf_owner_is_here (const PfOwner *self)
{
  uv_thread_t here = uv_thread_self ();

  return uv_thread_equal (&self->thread, &here) != 0;
}
