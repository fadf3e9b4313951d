/* For tests of the sequencer: threads that wait for it. */
#pragma once

#include "sched/blocked.h"
#include "sched/sequencer.h"
#include "sched/team.h"

/* A thread that calls one of the functions that may wait. */
typedef struct {
  PfSequencer *sequencer;
  gboolean (*wait) (PfSequencer *sequencer, guint64 serial, PfError *error);
  guint64 serial;
  PfThreadId id;
  atomic_bool ended;
  gboolean answer;            /* read after the join, as the next */
  PfStatus status;            /* of the error, or 0 */
  const atomic_bool *watched; /* may be NULL */
  gboolean was_set;           /* what WATCHED was when the wait was over */
} Waiter;

static inline gboolean
wait_once (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Waiter *self = data;
  g_auto (PfError) failure = { 0 };

  pf_thread_announce (&self->id);
  self->answer = self->wait (self->sequencer, self->serial, &failure);
  self->status = failure.status;
  self->was_set = self->watched != NULL && atomic_load (self->watched);
  atomic_store (&self->ended, TRUE);
  return TRUE;
}

/* Returns when all of them wait. */
static inline PfTeam *
start_waiters (Waiter *waiters, guint n)
{
  PfTeam *team = pf_team_new ();

  for (guint i = 0; i < n; i++)
    pf_team_add (team, "waiter", wait_once, &waiters[i]);
  g_assert_true (pf_team_start (team, NULL));
  for (guint i = 0; i < n; i++)
    pf_thread_wait_blocked (&waiters[i].id);
  for (guint i = 0; i < n; i++)
    g_assert_false (atomic_load (&waiters[i].ended));
  return team;
}

static inline void
join (PfTeam *team)
{
  g_assert_true (pf_team_join (team, NULL));
  pf_team_free (team);
}
