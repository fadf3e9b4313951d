#include "sched/crew.h"

#include <stdatomic.h>

#include "base/lock.h"

struct PfCrew {
  uv_mutex_t lock;
  uv_cond_t left;     /* is_left () of the job of whoever waits */
  uv_cond_t wanted;   /* is_wanted (): a job to help with, or the end */
  GPtrArray *jobs;    /* lock; PfCrewJob */
  guint at_work;      /* lock; members who did not finish */
  atomic_uint n_jobs; /* written under the lock; a hint without it */
};

PfCrew *
pf_crew_new (guint n_members)
{
  PfCrew *self = g_new0 (PfCrew, 1);

  pf_mutex_init (&self->lock);
  pf_cond_init (&self->left);
  pf_cond_init (&self->wanted);
  self->jobs = g_ptr_array_new ();
  self->at_work = n_members;
  return self;
}

void
pf_crew_free (PfCrew *self)
{
  if (self == NULL)
    return;
  g_assert (self->jobs->len == 0); /* or one was never withdrawn */
  g_ptr_array_unref (self->jobs);
  uv_cond_destroy (&self->wanted);
  uv_cond_destroy (&self->left);
  uv_mutex_destroy (&self->lock);
  g_free (self);
}

/* Under the lock. */
static void
note_jobs (PfCrew *self)
{
  atomic_store_explicit (&self->n_jobs, self->jobs->len, memory_order_relaxed);
}

void
pf_crew_offer (PfCrew *self, PfCrewJob *job)
{
  job->helpers = 0;
  job->exhausted = FALSE;
  uv_mutex_lock (&self->lock);
  g_ptr_array_add (self->jobs, job);
  note_jobs (self);
  uv_cond_broadcast (&self->wanted);
  uv_mutex_unlock (&self->lock);
}

/* The predicate of left. */
static gboolean
is_left (const PfCrewJob *job)
{
  return job->helpers == 0;
}

void
pf_crew_withdraw (PfCrew *self, PfCrewJob *job)
{
  uv_mutex_lock (&self->lock);
  g_ptr_array_remove_fast (self->jobs, job);
  note_jobs (self);
  while (!is_left (job))
    uv_cond_wait (&self->left, &self->lock);
  uv_mutex_unlock (&self->lock);
}

/* The earliest job before BEFORE in which there is something to do, or NULL.
 * Under the lock. */
static PfCrewJob *
find_job (PfCrew *self, guint64 before)
{
  PfCrewJob *earliest = NULL;

  for (guint i = 0; i < self->jobs->len; i++) {
    PfCrewJob *job = g_ptr_array_index (self->jobs, i);

    if (job->exhausted || job->serial >= before)
      continue;
    earliest = job;
    before = job->serial;
  }
  return earliest;
}

/* Under the lock, which is given up meanwhile. */
static void
help_with (PfCrew *self, PfCrewJob *job, guint member)
{
  job->helpers++;
  uv_mutex_unlock (&self->lock);
  job->help (member, job->user);
  uv_mutex_lock (&self->lock);
  job->helpers--;
  job->exhausted = TRUE;
  if (is_left (job))
    uv_cond_broadcast (&self->left);
}

void
pf_crew_help (PfCrew *self, guint member, guint64 before)
{
  PfCrewJob *job;

  if (atomic_load_explicit (&self->n_jobs, memory_order_relaxed) == 0)
    return;
  uv_mutex_lock (&self->lock);
  while ((job = find_job (self, before)) != NULL)
    help_with (self, job, member);
  uv_mutex_unlock (&self->lock);
}

/* The predicate of wanted: there is *JOB to help with, or all have finished. */
static gboolean
is_wanted (PfCrew *self, PfCrewJob **job)
{
  *job = self->at_work > 0 ? find_job (self, G_MAXUINT64) : NULL;
  return *job != NULL || self->at_work == 0;
}

void
pf_crew_finish (PfCrew *self, guint member)
{
  PfCrewJob *job;

  uv_mutex_lock (&self->lock);
  g_assert (self->at_work > 0); /* or a member finishes twice */
  self->at_work--;
  if (self->at_work == 0)
    uv_cond_broadcast (&self->wanted);
  do {
    while (!is_wanted (self, &job))
      uv_cond_wait (&self->wanted, &self->lock);
    if (job != NULL)
      help_with (self, job, member);
  } while (job != NULL);
  uv_mutex_unlock (&self->lock);
}
