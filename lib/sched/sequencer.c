#include "sched/sequencer.h"

#include "base/lock.h"

struct PfSequencer {
  uv_mutex_t lock;
  uv_cond_t has_room; /* admission: room, a turn that moved, end or cancelled */
  uv_cond_t turn_moved; /* turn, end, or cancelled */
  PfCutoff cutoff;      /* written under the lock, read without it */
  guint64 limit;        /* constant */
  guint64 under_way;    /* lock, as all below: admitted, not released */
  guint64 turn;         /* the earliest serial that was not released */
  GHashTable *waiting;  /* gint64 serial (owned) -> result */
  gboolean cancelled;
  PfReleaseFunc release;  /* constant */
  GDestroyNotify destroy; /* constant */
  gpointer user;          /* constant */
};

PfSequencer *
pf_sequencer_new (guint64 limit, PfReleaseFunc release, GDestroyNotify destroy,
                  gpointer user)
{
  PfSequencer *self = g_new0 (PfSequencer, 1);

  g_assert (limit > 0);
  pf_mutex_init (&self->lock);
  pf_cond_init (&self->has_room);
  pf_cond_init (&self->turn_moved);
  pf_cutoff_init (&self->cutoff);
  self->waiting =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, destroy);
  self->limit = limit;
  self->release = release;
  self->destroy = destroy;
  self->user = user;
  return self;
}

void
pf_sequencer_free (PfSequencer *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->waiting);
  uv_cond_destroy (&self->turn_moved);
  uv_cond_destroy (&self->has_room);
  uv_mutex_destroy (&self->lock);
  g_free (self);
}

gboolean
pf_sequencer_admit (PfSequencer *self, guint64 serial)
{
  gboolean admitted;

  uv_mutex_lock (&self->lock);
  /* What is dropped holds no memory, and needs no room. */
  while (self->under_way >= self->limit && self->turn != serial &&
         !self->cancelled && !pf_cutoff_is_past (&self->cutoff, serial))
    uv_cond_wait (&self->has_room, &self->lock);
  admitted = !self->cancelled;
  if (admitted)
    self->under_way++;
  uv_mutex_unlock (&self->lock);
  return admitted;
}

/* Under the lock. */
static gboolean
has_turn (const PfSequencer *self, guint64 serial)
{
  return self->turn == serial && !pf_cutoff_is_past (&self->cutoff, serial);
}

gboolean
pf_sequencer_is_turn (PfSequencer *self, guint64 serial)
{
  gboolean is_turn;

  uv_mutex_lock (&self->lock);
  is_turn = has_turn (self, serial);
  uv_mutex_unlock (&self->lock);
  return is_turn;
}

gboolean
pf_sequencer_wait_turn (PfSequencer *self, guint64 serial)
{
  gboolean is_turn;

  uv_mutex_lock (&self->lock);
  while (self->turn != serial && !self->cancelled &&
         !pf_cutoff_is_past (&self->cutoff, serial))
    uv_cond_wait (&self->turn_moved, &self->lock);
  is_turn = has_turn (self, serial);
  uv_mutex_unlock (&self->lock);
  return is_turn;
}

void
pf_sequencer_put_part (PfSequencer *self, guint64 serial, gpointer result)
{
  /* The turn stays here until this thread puts the last part, so nobody else
   * can be releasing. */
  g_assert (pf_sequencer_is_turn (self, serial));
  self->release (result, self->user);
}

/* Takes the result whose turn it is out of the table; NULL where it is not
 * there. Under the lock. */
static gpointer
take_ready (PfSequencer *self)
{
  gpointer key = NULL, result = NULL;

  if (g_hash_table_steal_extended (self->waiting, &self->turn, &key, &result))
    g_free (key);
  return result;
}

/* Releases RESULT, whose turn it is, and those that waited for it. Under the
 * lock, which is given up around each release. Meanwhile no other thread finds
 * anything to release, since the turn moves only afterwards. */
static void
release_from (PfSequencer *self, gpointer result)
{
  for (; result != NULL; result = take_ready (self)) {
    uv_mutex_unlock (&self->lock);
    self->release (result, self->user);
    uv_mutex_lock (&self->lock);
    self->turn++;
    self->under_way--;
    uv_cond_broadcast (&self->has_room);
    uv_cond_broadcast (&self->turn_moved);
  }
}

/* Under the lock. */
static void
keep_waiting (PfSequencer *self, guint64 serial, gpointer result)
{
  guint64 *key = g_new (guint64, 1);

  *key = serial;
  g_hash_table_insert (self->waiting, key, result);
}

/* Under the lock. */
static void
drop (PfSequencer *self, gpointer result)
{
  if (self->destroy != NULL)
    self->destroy (result);
  self->under_way--;
  uv_cond_broadcast (&self->has_room);
}

void
pf_sequencer_put (PfSequencer *self, guint64 serial, gpointer result)
{
  g_assert (result != NULL);
  uv_mutex_lock (&self->lock);
  g_assert (serial >= self->turn && self->under_way > 0);
  if (pf_cutoff_is_past (&self->cutoff, serial))
    drop (self, result);
  else if (serial == self->turn)
    release_from (self, result);
  else
    keep_waiting (self, serial, result);
  uv_mutex_unlock (&self->lock);
}

static gboolean
is_past (gpointer key, gpointer result G_GNUC_UNUSED, gpointer user)
{
  const PfSequencer *self = user;
  const guint64 *serial = key;

  return pf_cutoff_is_past (&self->cutoff, *serial);
}

void
pf_sequencer_end_after (PfSequencer *self, guint64 serial)
{
  uv_mutex_lock (&self->lock);
  /* Since SERIAL is not put, nothing behind it has had its turn. */
  g_assert (serial >= self->turn);
  pf_cutoff_lower (&self->cutoff, serial);
  self->under_way -= g_hash_table_foreach_remove (self->waiting, is_past, self);
  uv_cond_broadcast (&self->has_room);
  uv_cond_broadcast (&self->turn_moved);
  uv_mutex_unlock (&self->lock);
}

const PfCutoff *
pf_sequencer_cutoff (const PfSequencer *self)
{
  return &self->cutoff;
}

void
pf_sequencer_cancel (PfSequencer *self)
{
  uv_mutex_lock (&self->lock);
  self->cancelled = TRUE;
  uv_cond_broadcast (&self->has_room);
  uv_cond_broadcast (&self->turn_moved);
  uv_mutex_unlock (&self->lock);
}
