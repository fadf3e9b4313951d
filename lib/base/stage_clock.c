#include "base/stage_clock.h"

#include <time.h>

/* Of this thread. What a thread spends its time on is known far below those who
 * know whose thread it is, so this is not handed down. */
static _Thread_local PfStageClock *current;

static guint64
now (clockid_t id)
{
  struct timespec time = { 0 };

  clock_gettime (id, &time);
  return (guint64)time.tv_sec * G_GUINT64_CONSTANT (1000000000) +
         (guint64)time.tv_nsec;
}

static PfTimeSpent
time_of_thread (void)
{
  return (PfTimeSpent){ now (CLOCK_MONOTONIC), now (CLOCK_THREAD_CPUTIME_ID) };
}

PfTimeSpent
pf_time_of_process (void)
{
  return (PfTimeSpent){ now (CLOCK_MONOTONIC), now (CLOCK_PROCESS_CPUTIME_ID) };
}

/* Until NOW the thread was in the clock's stage. */
static void
charge (PfStageClock *self, PfTimeSpent now)
{
  PfTimeSpent *spent = &self->spent[self->stage];

  *spent = pf_time_add (*spent, pf_time_between (self->since, now));
  self->since = now;
}

void
pf_stage_clock_start (PfStageClock *self, PfStage stage)
{
  if (self == current)
    return;
  pf_stage_clock_stop ();
  if (self == NULL)
    return;
  g_assert (!self->runs);
  self->runs = TRUE;
  self->stage = stage;
  self->since = time_of_thread ();
  current = self;
}

void
pf_stage_clock_stop (void)
{
  if (current == NULL)
    return;
  charge (current, time_of_thread ());
  current->runs = FALSE;
  current = NULL;
}

gboolean
pf_stage_clock_runs (void)
{
  return current != NULL;
}

PfStage
pf_stage_enter (PfStage stage)
{
  PfStage before;

  if (current == NULL)
    return stage;
  before = current->stage;
  if (before != stage) {
    charge (current, time_of_thread ());
    current->stage = stage;
  }
  return before;
}

PfTimeSpent
pf_stage_clock_busy (const PfStageClock *self)
{
  PfTimeSpent busy = { 0 };

  for (guint i = 0; i < PF_N_STAGES; i++)
    if (i != PF_STAGE_WAIT)
      busy = pf_time_add (busy, self->spent[i]);
  return busy;
}
