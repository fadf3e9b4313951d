/* Where the statistics of a run are gathered while it goes on. Private to
 * lib/run*.c.
 *
 *   worker 0 ──▶ its own numbers and clock ─┐
 *   worker 1 ──▶ its own numbers and clock ─┼─ after the joins ─▶ PfStats
 *   readers, writer, caller ──▶ clocks ─────┤
 *   delivery ──▶ counts, in input order ────┘
 *
 * What is the same for every mode, schedule and number of threads comes with
 * the results, and is added up as they are delivered. What is not is kept by
 * each thread for itself.
 *
 * Where SELF is NULL, nobody asked, and nothing is done.
 */
#pragma once

#include "base/stage_clock.h"
#include "pfproc.h"
#include "sched/pipeline.h"
#include "task/document.h"

typedef struct {
  PfStageClock clock;
  guint64 items, stolen, files, bytes, pieces, pieces_helped;
} PfWorkerStats;

typedef struct {
  guint n_workers, n_readers;
  PfWorkerStats *workers;   /* each its worker's, until the join */
  PfStageClock *readers;    /* each its reader's */
  atomic_uint readers_seen; /* how many of them are taken */
  PfStageClock writer;      /* the pipeline's writer's */
  PfStageClock caller;      /* the thread's that executes the run */
  PfReadCounters reads;
  PfTimeSpent begun, made; /* of the process, before and after preparation */
  gboolean failed;         /* until it is known that the run did not */
} PfRunStats;

/* A file that appears when it is whole. Belongs to one thread, but for discard:
 * that is for any thread, also for signal handlers, of a process about to end,
 * and removes what is not whole. */
typedef struct PfStatsFile PfStatsFile;

/* CONFIG's stats_file. (transfer full) NULL with PF_STATUS_USAGE where it is
 * read or written otherwise, too, and with PF_STATUS_CANT_CREATE. */
PfStatsFile *pf_stats_file_open (const PfRunConfig *config, PfError *error);

/* Once only. FALSE with PF_STATUS_IO. */
gboolean pf_stats_file_write (PfStatsFile *self, const char *text,
                              PfError *error);
void pf_stats_file_discard (PfStatsFile *self);

/* NULL is allowed; what was not written is dropped. */
void pf_stats_file_free (PfStatsFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfStatsFile, pf_stats_file_free)

/* BEGUN is when preparation began. (transfer full) */
PfRunStats *pf_run_stats_new (guint n_workers, guint n_readers,
                              PfTimeSpent begun);
void pf_run_stats_free (PfRunStats *self);

/* The calling thread is worker NUMBER from now on; NULL where nobody asked. */
PfWorkerStats *pf_run_stats_worker (PfRunStats *self, guint number);

/* The calling thread is a reader, the writer or the caller, unless it is known
 * to be something already. */
void pf_run_stats_reader (PfRunStats *self);
void pf_run_stats_writer (PfRunStats *self);
void pf_run_stats_caller (PfRunStats *self);
