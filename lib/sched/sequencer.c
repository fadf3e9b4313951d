#include "sched/sequencer.h"

#include <errno.h>

#include "base/guard.h"
#include "base/lock.h"

/* Results that can wait before the table grows; a power of two. */
#define TABLE_FIRST ((guint64)16)
/* No run is ever that far ahead of itself. */
#define TABLE_MAX ((guint64)1 << 28)

/* Who asks for admission; on its stack. */
typedef struct Waiter Waiter;

struct Waiter {
  guint64 serial;
  Waiter *next;
};

struct PfSequencer {
  PfGuard guard;
  uv_cond_t let_in;     /* may_begin () of whoever waits */
  uv_cond_t turn_moved; /* is_over_for () of whoever waits */
  PfCutoff cutoff;      /* written under the guard, read without it */
  guint64 limit;        /* constant */
  guint64 under_way;    /* guard, as all below: admitted, not released */
  guint64 turn;         /* the earliest serial that was not released */
  gpointer *waiting;    /* a ring: serial s stands in slot s % capacity */
  guint64 capacity;     /* 0, or a power of two: turn, turn + 1, ... fit */
  Waiter *waiters;      /* for admission, the lowest serial first */
  gboolean cancelled;
  PfReleaseFunc release;  /* constant */
  GDestroyNotify destroy; /* constant */
  gpointer user;          /* constant */
};

/* Under the lock. */
static void
wake_all (gpointer user)
{
  PfSequencer *self = user;

  uv_cond_broadcast (&self->let_in);
  uv_cond_broadcast (&self->turn_moved);
}

PfSequencer *
pf_sequencer_new (guint64 limit, PfReleaseFunc release, GDestroyNotify destroy,
                  gpointer user)
{
  PfSequencer *self = g_new0 (PfSequencer, 1);

  g_assert (limit > 0);
  pf_guard_init (&self->guard, wake_all, self);
  pf_cond_init (&self->let_in);
  pf_cond_init (&self->turn_moved);
  pf_cutoff_init (&self->cutoff);
  self->limit = limit;
  self->release = release;
  self->destroy = destroy;
  self->user = user;
  return self;
}

static void
destroy_result (const PfSequencer *self, gpointer result)
{
  if (result != NULL && self->destroy != NULL)
    self->destroy (result);
}

void
pf_sequencer_free (PfSequencer *self)
{
  if (self == NULL)
    return;
  for (guint64 i = 0; i < self->capacity; i++)
    destroy_result (self, self->waiting[i]);
  g_free (self->waiting);
  uv_cond_destroy (&self->turn_moved);
  uv_cond_destroy (&self->let_in);
  pf_guard_clear (&self->guard);
  g_free (self);
}

/* Whether SERIAL stands behind the end of the sequence. */
static gboolean
is_past (const PfSequencer *self, guint64 serial)
{
  return pf_cutoff_is_past (&self->cutoff, serial);
}

/* The predicate of let_in. Where there is room, the earliest of those who wait
 * comes first: it would be let in anyway when its turn came, but alone, with
 * all the others waiting for it. What is dropped needs no room. */
static gboolean
may_begin (const PfSequencer *self, guint64 serial)
{
  return (self->under_way < self->limit && self->waiters->serial == serial) ||
         self->turn == serial || self->cancelled || is_past (self, serial);
}

/* Under the lock, as the next. */
static void
line_up (PfSequencer *self, Waiter *waiter)
{
  Waiter **at = &self->waiters;

  while (*at != NULL && (*at)->serial < waiter->serial)
    at = &(*at)->next;
  waiter->next = *at;
  *at = waiter;
}

static void
step_out (PfSequencer *self, const Waiter *waiter)
{
  Waiter **at = &self->waiters;

  while (*at != waiter)
    at = &(*at)->next;
  *at = waiter->next;
  /* Another one comes first now, and there may be room for it. */
  uv_cond_broadcast (&self->let_in);
}

gboolean
pf_sequencer_admit (PfSequencer *self, guint64 serial, PfError *error)
{
  g_auto (PfHold) hold = { 0 };
  Waiter waiter = { .serial = serial };
  gboolean going_on = TRUE;

  if (!pf_hold_begin (&hold, &self->guard, error))
    return FALSE;
  line_up (self, &waiter);
  while (going_on && !may_begin (self, serial))
    going_on = pf_hold_wait (&hold, &self->let_in, error);
  going_on = going_on && !self->cancelled;
  self->under_way += going_on;
  step_out (self, &waiter);
  pf_hold_whole (&hold);
  return going_on;
}

static gboolean
has_turn (const PfSequencer *self, guint64 serial)
{
  return self->turn == serial && !is_past (self, serial);
}

gboolean
pf_sequencer_is_turn (PfSequencer *self, guint64 serial)
{
  g_auto (PfHold) hold = { 0 };

  if (!pf_hold_begin (&hold, &self->guard, NULL))
    return FALSE;
  pf_hold_whole (&hold);
  return has_turn (self, serial);
}

/* The predicate of turn_moved. */
static gboolean
is_over_for (const PfSequencer *self, guint64 serial)
{
  return self->turn == serial || self->cancelled || is_past (self, serial);
}

gboolean
pf_sequencer_wait_turn (PfSequencer *self, guint64 serial, PfError *error)
{
  g_auto (PfHold) hold = { 0 };

  if (!pf_hold_begin (&hold, &self->guard, error))
    return FALSE;
  while (!is_over_for (self, serial))
    if (!pf_hold_wait (&hold, &self->turn_moved, error))
      return FALSE;
  pf_hold_whole (&hold);
  return has_turn (self, serial);
}

/* Whether it was SERIAL's turn when somebody failed, too. */
static gboolean
stands_at (PfSequencer *self, guint64 serial)
{
  g_auto (PfHold) hold = { 0 };

  pf_hold_override (&hold, &self->guard, NULL);
  pf_hold_whole (&hold);
  return self->turn == serial;
}

void
pf_sequencer_put_part (PfSequencer *self, guint64 serial, gpointer result)
{
  /* The turn stays here until this thread puts the last part, so nobody else
   * can be releasing. */
  g_assert (stands_at (self, serial));
  self->release (result, self->user);
}

static gpointer *
slot_of (gpointer *ring, guint64 capacity, guint64 serial)
{
  return &ring[serial & (capacity - 1)];
}

/* Takes the result whose turn it is out of the ring; NULL where it is not
 * there. Under the lock. */
static gpointer
take_ready (PfSequencer *self)
{
  return self->capacity > 0 ? g_steal_pointer (slot_of (
                                  self->waiting, self->capacity, self->turn))
                            : NULL;
}

/* Releases RESULT, whose turn it is, and those that waited for it. Under the
 * lock, which is given up around each release. Meanwhile no other thread finds
 * anything to release, since the turn moves only afterwards. */
static gboolean
release_from (PfSequencer *self, PfHold *hold, gpointer result, PfError *error)
{
  for (; result != NULL; result = take_ready (self)) {
    pf_hold_pause (hold);
    self->release (result, self->user);
    if (!pf_hold_resume (hold, error))
      return FALSE;
    self->turn++;
    self->under_way--;
    wake_all (self);
  }
  return pf_hold_whole (hold);
}

/* Makes room for the result that is AHEAD places behind the turn. Under the
 * lock. */
static gboolean
grow (PfSequencer *self, guint64 ahead, PfError *error)
{
  guint64 capacity = MAX (self->capacity, TABLE_FIRST);
  gpointer *larger = NULL;

  while (capacity <= ahead && capacity < TABLE_MAX)
    capacity *= 2;
  if (capacity > ahead)
    larger = g_try_new0 (gpointer, capacity);
  if (larger == NULL)
    return pf_error_set_errno (error, ENOMEM);
  for (guint64 s = self->turn; s < self->turn + self->capacity; s++)
    *slot_of (larger, capacity, s) =
        *slot_of (self->waiting, self->capacity, s);
  g_free (self->waiting);
  self->waiting = larger;
  self->capacity = capacity;
  return TRUE;
}

/* Under the lock. */
static gboolean
keep_waiting (PfSequencer *self, guint64 serial, gpointer result,
              PfError *error)
{
  guint64 ahead = serial - self->turn;
  gpointer *slot;

  if (ahead >= self->capacity && !grow (self, ahead, error))
    return FALSE;
  slot = slot_of (self->waiting, self->capacity, serial);
  g_assert (*slot == NULL);
  *slot = result;
  return TRUE;
}

/* Takes *RESULT where it can be put and is wanted. */
static gboolean
put (PfSequencer *self, guint64 serial, gpointer *result, PfError *error)
{
  g_auto (PfHold) hold = { 0 };
  g_auto (PfError) failure = { 0 };

  if (!pf_hold_begin (&hold, &self->guard, error))
    return FALSE;
  g_assert (serial >= self->turn && self->under_way > 0);
  if (is_past (self, serial)) {
    self->under_way--;
    uv_cond_broadcast (&self->let_in);
    return pf_hold_whole (&hold);
  }
  if (serial == self->turn)
    return release_from (self, &hold, g_steal_pointer (result), error);
  if (!keep_waiting (self, serial, *result, &failure)) {
    pf_hold_fail (&hold, &failure);
    pf_error_move (error, &failure);
    return FALSE;
  }
  *result = NULL;
  return pf_hold_whole (&hold);
}

gboolean
pf_sequencer_put (PfSequencer *self, guint64 serial, gpointer result,
                  PfError *error)
{
  gboolean done;

  g_assert (result != NULL);
  done = put (self, serial, &result, error);
  destroy_result (self, result);
  return done;
}

/* Under the lock. */
static void
drop_past (PfSequencer *self)
{
  for (guint64 s = self->turn; s < self->turn + self->capacity; s++) {
    gpointer *slot = slot_of (self->waiting, self->capacity, s);

    if (*slot == NULL || !is_past (self, s))
      continue;
    destroy_result (self, g_steal_pointer (slot));
    self->under_way--;
  }
}

void
pf_sequencer_end_after (PfSequencer *self, guint64 serial)
{
  g_auto (PfHold) hold = { 0 };

  pf_hold_override (&hold, &self->guard, NULL);
  /* Since SERIAL is not put, nothing behind it has had its turn. */
  g_assert (serial >= self->turn);
  pf_cutoff_lower (&self->cutoff, serial);
  drop_past (self);
  wake_all (self);
  pf_hold_whole (&hold);
}

const PfCutoff *
pf_sequencer_cutoff (const PfSequencer *self)
{
  return &self->cutoff;
}

void
pf_sequencer_cancel (PfSequencer *self)
{
  g_auto (PfHold) hold = { 0 };

  /* Those who wait for a turn that never comes are to be let go, whole or not.
   */
  pf_hold_override (&hold, &self->guard, NULL);
  self->cancelled = TRUE;
  wake_all (self);
  pf_hold_whole (&hold);
}

void
pf_sequencer_fail (PfSequencer *self, const PfError *error)
{
  g_auto (PfHold) hold = { 0 };

  pf_hold_override (&hold, &self->guard, NULL);
  pf_hold_fail (&hold, error);
}

gboolean
pf_sequencer_check (PfSequencer *self, PfError *error)
{
  g_auto (PfHold) hold = { 0 };

  return pf_hold_begin (&hold, &self->guard, error) && pf_hold_whole (&hold);
}
