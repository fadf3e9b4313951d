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

void
pf_hold_assert_mine (const PfHold *self)
{
  g_assert (self->guard != NULL && !self->is_paused &&
            pf_owner_is_here (&self->owner));
}

static void
copy_error (PfError *self, const PfError *source)
{
  pf_error_set (self, source->status, "%s", source->message);
  if (self != NULL)
    self->errnum = source->errnum;
}

gboolean
pf_guard_tell (const PfGuard *self, PfError *error)
{
  copy_error (error, &self->poison);
  return FALSE;
}

void
pf_guard_poison (PfGuard *self, PfError *failure)
{
  if (!pf_error_is_set (failure))
    pf_error_set (failure, PF_STATUS_SOFTWARE,
                  "somebody failed in the middle of a change");
  /* The first one stays. */
  if (pf_guard_check (self, NULL)) {
    pf_error_move (&self->poison, failure);
    if (self->wake != NULL)
      self->wake (self->user);
  }
  pf_error_clear (failure);
}

void
pf_hold_heal (PfHold *self)
{
  pf_hold_assert_mine (self);
  pf_error_clear (&self->guard->poison);
}

gboolean
pf_hold_wait (PfHold *self, uv_cond_t *condition, PfError *error)
{
  pf_hold_assert_mine (self);
  if (pf_guard_check (self->guard, NULL))
    uv_cond_wait (condition, &self->guard->lock);
  return pf_guard_check (self->guard, error);
}

gboolean
pf_hold_fail (PfHold *self, const PfError *error)
{
  pf_hold_assert_mine (self);
  self->is_whole = FALSE;
  pf_error_clear (&self->failure);
  copy_error (&self->failure, error);
  return FALSE;
}
