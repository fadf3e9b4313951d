/* Where the time of a thread goes: a clock with a hand for each stage of its
 * work, of which one runs at a time.
 *
 *             enter READ     enter MATCH      enter READ   enter WAIT
 *   start ───────┼───────────────┼────────────────┼────────────┼───── stop
 *         WAIT        READ             MATCH           READ       WAIT
 *
 * Both what passes on the wall and what the processor spends on the thread are
 * charged to the stage that the thread is in; so the stages of a thread add up
 * to its life, and a sum over threads says what a stage took of all.
 *
 * The clock on the wall is asked at each change. The processor's, which costs
 * many times as much, is asked only where PF_STAGE_STRETCH nanoseconds have
 * passed since the last time; what it says is charged to the short laps since
 * then by their time on the wall, and the rest to the lap that took long. So
 * the sum over all stages is what was spent, and a stage is wrong by less than
 * that much for each time it was asked.
 *
 * A thread has one clock or none, and what it calls, however deep, charges that
 * one: pf_stage_enter takes no clock. So a function need not know in whose
 * place it is called, as one that puts in order what several threads made.
 * Without a clock nothing is asked of the system, and entering a stage costs a
 * look.
 *
 * Threads: while it runs, a clock belongs to the thread that started it, which
 * is asserted; once that thread stopped it or was joined, to whoever has its
 * memory. Nothing here can fail.
 */
#pragma once

#include "base/types.h"

typedef enum {
  PF_STAGE_WAIT,  /* for others, or for input that has not come */
  PF_STAGE_LIST,  /* finding out what there is to do */
  PF_STAGE_READ,  /* opening and reading */
  PF_STAGE_MATCH, /* the work itself */
  PF_STAGE_WRITE  /* handing results out */
} PfStage;

#define PF_N_STAGES 5
#define PF_STAGE_STRETCH 50000

typedef struct {
  PfTimeSpent spent[PF_N_STAGES];
  /* The thread's, while it runs. */
  PfStage stage;
  guint64 since;             /* on the wall: in this stage */
  PfTimeSpent asked;         /* when the processor's clock was asked last */
  guint64 laps[PF_N_STAGES]; /* on the wall, since then */
  gboolean runs;
} PfStageClock;

/* SELF, zeroed or stopped before, becomes the clock of the calling thread, in
 * STAGE. It must outlive the thread or be stopped. NULL: the thread has none.
 * Does nothing where it is the thread's already. */
void pf_stage_clock_start (PfStageClock *self, PfStage stage);

/* The calling thread has no clock any more. */
void pf_stage_clock_stop (void);

/* The calling thread's, or NULL. What a thread spends its time on is known far
 * below those who know whose thread it is, so this is not handed down. For the
 * functions here only. */
extern _Thread_local PfStageClock *pf_stage_clock_own;

/* Whether the calling thread has one. */
static inline gboolean
pf_stage_clock_runs (void)
{
  return pf_stage_clock_own != NULL;
}

/* As pf_stage_enter, where there is a clock. */
PfStage pf_stage_change (PfStage stage);

/* Charges the time until now to the stage that the calling thread is in, which
 * is returned, and goes on in STAGE. */
static inline PfStage
pf_stage_enter (PfStage stage)
{
  return G_LIKELY (pf_stage_clock_own == NULL) ? stage
                                               : pf_stage_change (stage);
}

/* All stages but PF_STAGE_WAIT. */
PfTimeSpent pf_stage_clock_busy (const PfStageClock *self);

/* The time on the wall, from some fixed point, and what the processors spent on
 * the whole process until now. */
PfTimeSpent pf_time_of_process (void);

static inline PfTimeSpent
pf_time_add (PfTimeSpent a, PfTimeSpent b)
{
  return (PfTimeSpent){ a.wall_ns + b.wall_ns, a.cpu_ns + b.cpu_ns };
}

/* From A to B. */
static inline PfTimeSpent
pf_time_between (PfTimeSpent a, PfTimeSpent b)
{
  return (PfTimeSpent){ b.wall_ns - a.wall_ns, b.cpu_ns - a.cpu_ns };
}
