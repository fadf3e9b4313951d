/* A lock that knows whether what it guards is whole.
 *
 * Who fails in the middle of a change leaves half a record behind. Under a
 * plain mutex the next one would read it. A guard is poisoned instead:
 *
 *   begin ──▶ hold: read, change, wait ──▶ say that it is whole ──▶ end
 *                         │
 *                         └─ end of the scope without that ──▶ poisoned:
 *                            begin and wait fail, for everybody, with the
 *                            error of the one who failed, until somebody
 *                            who overrides it on purpose has healed it
 *
 *   static gboolean
 *   deposit (Account *self, guint64 sum, PfError *error)
 *   {
 *     g_auto (PfHold) hold = { 0 };
 *
 *     if (!pf_hold_begin (&hold, &self->guard, error))
 *       return FALSE;
 *     while (!has_room (self))
 *       if (!pf_hold_wait (&hold, &self->room, error))
 *         return FALSE;
 *     self->balance += sum;
 *     if (!write_line (self->journal, sum, error))
 *       return FALSE;                      (the guard is poisoned here)
 *     return pf_hold_whole (&hold);
 *   }
 *
 * A hold ends with the scope of its variable, on every way out. The state must
 * be whole, too, whenever others may look at it: while the hold waits, and
 * while it is paused. The first poison stays; later ones are dropped.
 *
 * Poisoning as such is that of Rust's std::sync::Mutex; here it is the holder
 * who forgets to say that all is well, not one who panics.
 *
 * A PfGuard is shared by all threads; it stays where it is. A PfHold belongs to
 * the thread that began it, to the end, which is asserted.
 */
#pragma once

#include <uv.h>

#include "base/error.h"
#include "base/owner.h"

typedef struct {
  uv_mutex_t lock;
  PfError poison;               /* lock; set: what it guards may be broken */
  void (*wake) (gpointer user); /* constant */
  gpointer user;                /* constant */
} PfGuard;

/* Zero before it begins, and after it has ended. Private but for its size. */
typedef struct {
  PfGuard *guard; /* held; NULL: nothing is */
  PfError failure;
  gboolean is_whole;
  gboolean is_paused;
  PfOwner owner;
} PfHold;

/* WAKE is called, with the lock held, when SELF is poisoned: it broadcasts all
 * condition variables that are waited for under it, as what they wait for may
 * never come. It may be NULL where there are none. */
void pf_guard_init (PfGuard *self, void (*wake) (gpointer user), gpointer user);

/* Nobody holds it. */
void pf_guard_clear (PfGuard *self);

/* For the functions below: a copy of the poison; FALSE. */
gboolean pf_guard_tell (const PfGuard *self, PfError *error);
/* Poisons SELF with FAILURE, or with one that has no name. */
void pf_guard_poison (PfGuard *self, PfError *failure);
void pf_hold_assert_mine (const PfHold *self);

/* FALSE with ERROR where it is poisoned. Under the lock. */
static inline gboolean
pf_guard_check (const PfGuard *self, PfError *error)
{
  return G_LIKELY (!pf_error_is_set (&self->poison)) ||
         pf_guard_tell (self, error);
}

/* Begins also where GUARD is poisoned: for those who know what can be relied on
 * all the same. Whether it was whole; if not, POISON, which may be NULL, gets a
 * copy. It is held in either case. */
static inline gboolean
pf_hold_override (PfHold *self, PfGuard *guard, PfError *poison)
{
  g_assert (self->guard == NULL);
  uv_mutex_lock (&guard->lock);
  self->guard = guard;
  pf_owner_set (&self->owner);
  self->is_whole = FALSE;
  return pf_guard_check (guard, poison);
}

/* Lets go; poisons the guard where it must. Does nothing where nothing is
 * held. */
static inline void
pf_hold_end (PfHold *self)
{
  PfGuard *guard = self->guard;

  if (guard == NULL)
    return;
  pf_hold_assert_mine (self);
  if (G_UNLIKELY (!self->is_whole))
    pf_guard_poison (guard, &self->failure);
  self->guard = NULL;
  uv_mutex_unlock (&guard->lock);
}

/* Blocks until the lock is there. FALSE with the poison in ERROR; then nothing
 * is held. */
static inline gboolean
pf_hold_begin (PfHold *self, PfGuard *guard, PfError *error)
{
  if (pf_hold_override (self, guard, error))
    return TRUE;
  pf_hold_end (self);
  return FALSE;
}

/* Whoever overrides it has made the state whole again: takes the poison away.
 */
void pf_hold_heal (PfHold *self);

/* Waits for CONDITION, to be called in a loop around one predicate; others have
 * the lock meanwhile. FALSE with the poison in ERROR; the lock is held in
 * either case. */
gboolean pf_hold_wait (PfHold *self, uv_cond_t *condition, PfError *error);

/* Gives the lock up for a while; the hold cannot end before it is resumed. */
static inline void
pf_hold_pause (PfHold *self)
{
  g_assert (self->guard != NULL && !self->is_paused);
  self->is_paused = TRUE;
  uv_mutex_unlock (&self->guard->lock);
}

/* FALSE with the poison in ERROR; the lock is held in either case. */
static inline gboolean
pf_hold_resume (PfHold *self, PfError *error)
{
  g_assert (self->guard != NULL && self->is_paused);
  self->is_paused = FALSE;
  uv_mutex_lock (&self->guard->lock);
  return pf_guard_check (self->guard, error);
}

/* The guard will be poisoned with a copy of ERROR, and pf_hold_whole must not
 * be called any more; without this the poison says only that somebody failed.
 * Always FALSE, so that a caller can return it. */
gboolean pf_hold_fail (PfHold *self, const PfError *error);

/* The state is whole, and this hold changes nothing any more. Always TRUE, so
 * that a caller can return it. */
static inline gboolean
pf_hold_whole (PfHold *self)
{
  g_assert (self->guard != NULL && !self->is_paused &&
            !pf_error_is_set (&self->failure));
  self->is_whole = TRUE;
  return TRUE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfHold, pf_hold_end)
