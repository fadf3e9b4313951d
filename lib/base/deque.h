/* The deque of work stealing: its owner works at one end, thieves at the other.
 *
 *             oldest                      newest
 *   thieves ◀── take ── [ 7 | 8 | 9 | 4 | 5 ] ◀── push ── owner
 *     (owner, too)                            ── pop  ──▶
 *
 * Neither end ever waits for a lock. The owner contends with thieves only for
 * the last value that there is, and thieves with each other, by one
 * compare-and-swap; who loses one has lost it to somebody who got on. A value
 * is a number, such as an index or a range of indices; each that was pushed
 * comes out exactly once.
 *
 * After Chase and Lev, Dynamic Circular Work-Stealing Deque, SPAA 2005, with
 * the memory orders of Lê, Pop, Cohen and Zappa Nardelli, Correct and Efficient
 * Work-Stealing for Weak Memory Models, PPoPP 2013, section 4; where those have
 * fences this has sequentially consistent operations, which are as strong here
 * and which ThreadSanitizer understands. It does not grow.
 *
 * Threads: the deque is shared. Push and pop are for its one owner, which may
 * change where one thread hands it to another (by spawn, join or a lock); take,
 * peek and is_empty are for any thread; new and free while nobody else has it.
 */
#pragma once

#include <glib.h>

typedef struct PfDeque PfDeque;

/* Room for at least CAPACITY values. (transfer full) */
PfDeque *pf_deque_new (gsize capacity);

/* NULL is allowed. */
void pf_deque_free (PfDeque *self);

/* The owner's. FALSE where there is no room. */
gboolean pf_deque_push (PfDeque *self, guint64 value);

/* The owner's: takes the newest. FALSE where there is none. */
gboolean pf_deque_pop (PfDeque *self, guint64 *value);

/* Takes the oldest. FALSE where there is none. */
gboolean pf_deque_take (PfDeque *self, guint64 *value);

/* What pf_deque_take would have taken; by the time it is looked at somebody
 * else may have it. FALSE where there was none. */
gboolean pf_deque_peek (const PfDeque *self, guint64 *value);

/* TRUE holds until the owner pushes again. Pushing and asking are sequentially
 * consistent: of two threads, of which one pushes and then looks whether the
 * other sleeps, and the other says that it sleeps and then asks, one sees what
 * the other did, if saying and looking are so, too. */
gboolean pf_deque_is_empty (const PfDeque *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfDeque, pf_deque_free)
