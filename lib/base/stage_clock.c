#include "base/stage_clock.h"

#include <time.h>

_Thread_local PfStageClock *pf_stage_clock_own;

static guint64
now (clockid_t id)
{
  struct timespec time = { 0 };

  clock_gettime (id, &time);
  return (guint64)time.tv_sec * G_GUINT64_CONSTANT (1000000000) +
         (guint64)time.tv_nsec;
}

PfTimeSpent
pf_time_of_process (void)
{
  return (PfTimeSpent){ now (CLOCK_MONOTONIC), now (CLOCK_PROCESS_CPUTIME_ID) };
}

/* Charges what the processor spent since it was asked last. All laps but that
 * of the stage at hand, which took LAP, are short, and a short lap was hardly
 * ever interrupted. */
static void
settle (PfStageClock *self, guint64 wall, guint64 lap)
{
  guint64 cpu = now (CLOCK_THREAD_CPUTIME_ID), left = cpu - self->asked.cpu_ns;

  self->laps[self->stage] -= lap;
  for (guint i = 0; i < PF_N_STAGES; i++) {
    guint64 share = MIN (self->laps[i], left);

    self->spent[i].cpu_ns += share;
    left -= share;
    self->laps[i] = 0;
  }
  self->spent[self->stage].cpu_ns += left;
  self->asked = (PfTimeSpent){ wall, cpu };
}

/* Ends the lap at hand. */
static void
charge (PfStageClock *self, gboolean is_last)
{
  guint64 wall = now (CLOCK_MONOTONIC), lap = wall - self->since;

  self->spent[self->stage].wall_ns += lap;
  self->laps[self->stage] += lap;
  self->since = wall;
  if (is_last || wall - self->asked.wall_ns >= PF_STAGE_STRETCH)
    settle (self, wall, lap);
}

void
pf_stage_clock_start (PfStageClock *self, PfStage stage)
{
  if (self == pf_stage_clock_own)
    return;
  pf_stage_clock_stop ();
  if (self == NULL)
    return;
  g_assert (!self->runs);
  self->runs = TRUE;
  self->stage = stage;
  memset (self->laps, 0, sizeof self->laps);
  self->since = now (CLOCK_MONOTONIC);
  self->asked = (PfTimeSpent){ self->since, now (CLOCK_THREAD_CPUTIME_ID) };
  pf_stage_clock_own = self;
}

void
pf_stage_clock_stop (void)
{
  if (pf_stage_clock_own == NULL)
    return;
  charge (pf_stage_clock_own, TRUE);
  pf_stage_clock_own->runs = FALSE;
  pf_stage_clock_own = NULL;
}

PfStage
pf_stage_change (PfStage stage)
{
  PfStageClock *self = pf_stage_clock_own;
  PfStage before = self->stage;

  if (before != stage) {
    charge (self, FALSE);
    self->stage = stage;
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
