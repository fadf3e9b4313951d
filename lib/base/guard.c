#include "base/guard.h"

#include "base/lock.h"

void
pf_guard_init (PfGuard *self, void (*wake) (gpointer user), gpointer user)
{
  *self = (PfGuard){ .wake = wake, .user = user };
  pf_mutex_init (&self->lock);
}

void
pf_guard_clear (PfGuard *self)
{
  uv_mutex_destroy (&self->lock);
  pf_error_clear (&self->poison);
}

static void
assert_mine (const PfHold *self)
{
  uv_thread_t here = uv_thread_self ();

  g_assert (self->guard != NULL && uv_thread_equal (&self->owner, &here));
}

static void
copy_error (PfError *self, const PfError *source)
{
  pf_error_set (self, source->status, "%s", source->message);
  if (self != NULL)
    self->errnum = source->errnum;
}

/* FALSE where it is poisoned. Under the lock. */
static gboolean
check (const PfGuard *self, PfError *error)
{
  if (!pf_error_is_set (&self->poison))
    return TRUE;
  copy_error (error, &self->poison);
  return FALSE;
}

gboolean
pf_hold_override (PfHold *self, PfGuard *guard, PfError *poison)
{
  g_assert (self->guard == NULL);
  uv_mutex_lock (&guard->lock);
  *self = (PfHold){ .guard = guard, .owner = uv_thread_self () };
  return check (guard, poison);
}

gboolean
pf_hold_begin (PfHold *self, PfGuard *guard, PfError *error)
{
  if (pf_hold_override (self, guard, error))
    return TRUE;
  pf_hold_end (self);
  return FALSE;
}

void
pf_hold_heal (PfHold *self)
{
  assert_mine (self);
  pf_error_clear (&self->guard->poison);
}

gboolean
pf_hold_wait (PfHold *self, uv_cond_t *condition, PfError *error)
{
  assert_mine (self);
  if (check (self->guard, NULL))
    uv_cond_wait (condition, &self->guard->lock);
  return check (self->guard, error);
}

void
pf_hold_pause (PfHold *self)
{
  assert_mine (self);
  g_assert (!self->is_paused);
  self->is_paused = TRUE;
  uv_mutex_unlock (&self->guard->lock);
}

gboolean
pf_hold_resume (PfHold *self, PfError *error)
{
  assert_mine (self);
  g_assert (self->is_paused);
  self->is_paused = FALSE;
  uv_mutex_lock (&self->guard->lock);
  return check (self->guard, error);
}

gboolean
pf_hold_fail (PfHold *self, const PfError *error)
{
  assert_mine (self);
  pf_error_clear (&self->failure);
  copy_error (&self->failure, error);
  return FALSE;
}

gboolean
pf_hold_whole (PfHold *self)
{
  assert_mine (self);
  self->is_whole = TRUE;
  return TRUE;
}

/* Under the lock. */
static void
poison (PfGuard *self, PfError *failure)
{
  if (pf_error_is_set (failure))
    pf_error_move (&self->poison, failure);
  else
    pf_error_set (&self->poison, PF_STATUS_SOFTWARE,
                  "somebody failed in the middle of a change");
  if (self->wake != NULL)
    self->wake (self->user);
}

void
pf_hold_end (PfHold *self)
{
  PfGuard *guard = self->guard;

  if (guard == NULL)
    return;
  assert_mine (self);
  g_assert (!self->is_paused);
  if (!self->is_whole && check (guard, NULL))
    poison (guard, &self->failure);
  pf_error_clear (&self->failure);
  self->guard = NULL;
  uv_mutex_unlock (&guard->lock);
}
