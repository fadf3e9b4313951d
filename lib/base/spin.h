/* Waiting without sleep, for moments that are shorter than to sleep and be
 * woken would take.
 *
 *   held? ──no──▶ mine
 *     │ yes                             relax 4, 8, 16 … 256 times: each time
 *     └──▶ relax ──▶ held? … ──▶ sleep  it stays away for longer
 *
 * Any thread. Nothing here can fail, and nothing is fair: who comes later may
 * be first.
 */
#pragma once

#include <glib.h>
#include <uv.h>

/* What pf_mutex_lock_soon relaxes for at first and at most, in turns: together
 * some microseconds. */
#define PF_RELAX_FIRST 4
#define PF_RELAX_MOST 256

/* Tells the processor that its thread waits for another one. */
static inline void
pf_relax (void)
{
#if defined __x86_64__ || defined __i386__
  __builtin_ia32_pause ();
#elif defined __aarch64__
  __asm__ volatile("yield");
#endif
}

/* Locks MUTEX, which is only ever held for a moment, but by many in turn. Who
 * finds it held stays away from it, for longer each time, so that whoever works
 * under it again and again is not disturbed at each turn; and sleeps in the
 * end. (Anderson, The Performance of Spin Lock Alternatives for Shared-Memory
 * Multiprocessors, 1990: delays between references) */
static inline void
pf_mutex_lock_soon (uv_mutex_t *mutex)
{
  for (guint turns = PF_RELAX_FIRST; turns <= PF_RELAX_MOST; turns *= 2) {
    if (uv_mutex_trylock (mutex) == 0)
      return;
    for (guint i = 0; i < turns; i++)
      pf_relax ();
  }
  uv_mutex_lock (mutex);
}
