/* The pipeline: stages joined by bounded channels.
 *
 *   lister ─listed▶ readers ─ready▶ matchers ──▶ sequencer ─finished▶ writer
 *   (caller)        R threads    ▲  M threads    (orders)            1 thread
 *      └─────where reading───────┘
 *             is quick
 *
 * Items are numbered as they are submitted. Readers may finish them in any
 * order, but matchers get them in serial order: so a matcher that must wait
 * for its turn never stands in the way of an earlier item that nobody works
 * on. The results go to a PfSequencer, which is the caller's: its release
 * function hands them to pf_pipeline_write.
 *
 * Loading ahead is worth its while only where whoever loads would wait for a
 * device: where all is in memory, it costs a thread's wake and a buffer that
 * another processor's cache holds. So those who load say whether they waited.
 * Where nobody did for a while, the lister passes items by the readers, and
 * they reach the matchers as they are.
 *
 * Each named arrow is a bounded channel: a stage that is ahead waits, so memory
 * does not grow with the list. Nothing here knows what an item is.
 *
 * Threads: a PfPipeline may move until it runs. Then the thread that runs it is
 * the lister, which is asserted, and it is shared with the threads of the
 * stages: each function says who may call it. An item, or a result, moves: it
 * belongs to the stage that has it.
 */
#pragma once

#include "base/error.h"
#include "sched/channel.h"
#include "sched/sequencer.h"

typedef struct PfPipeline PfPipeline;

typedef struct {
  guint readers;        /* at least 1 */
  guint matchers;       /* at least 1 */
  gsize capacity;       /* of each channel, at least 1 */
  PfSequencer *results; /* admission is obtained from it, ahead of
                           loading or matching */

  /* The lister, on the calling thread: submits items until there are none. */
  void (*list) (PfPipeline *pipeline, gpointer user);
  /* A reader's work on an item, ahead of its matching. Not called for all: see
   * pf_pipeline_note_loading. */
  void (*load) (gpointer item, guint64 serial, gpointer user);
  /* A matcher's work: puts the result into RESULTS. Owns ITEM. */
  void (*match) (gpointer item, guint64 serial, guint matcher, gpointer user);
  /* What a matcher does when pf_pipeline_nudge wakes it; may be NULL. */
  void (*help) (guint matcher, gpointer user);
  /* Called by each matcher once, when no item will come any more, while the
   * writer still writes; may be NULL. */
  void (*finish) (guint matcher, gpointer user);
  /* The writer's work: takes one result, in order, and owns it. */
  void (*write) (gpointer result, gpointer user);
  /* The writer has nothing to do for now. */
  void (*idle) (gpointer user);
  /* RESULTS or the order of loading failed, and the pipeline is to be
   * cancelled. Any thread, also more than once. */
  void (*fail) (const PfError *error, gpointer user);
  GDestroyNotify destroy_item;
  GDestroyNotify destroy_result;
  gpointer user;
} PfPipelinePlan;

/* What went through the channels. */
typedef struct {
  PfChannelStats listed;   /* items to readers */
  PfChannelStats ready;    /* items to matchers */
  PfChannelStats finished; /* results to the writer */
} PfPipelineStats;

/* PLAN is copied; its RESULTS must outlive it. (transfer full) */
PfPipeline *pf_pipeline_new (const PfPipelinePlan *plan);

/* Not while it runs. NULL is allowed. */
void pf_pipeline_free (PfPipeline *self);

/* Runs list on the calling thread and the other stages on their own; returns
 * when all have ended. FALSE with PF_STATUS_OS where the threads could not be
 * had; then nothing was listed. */
gboolean pf_pipeline_run (PfPipeline *self, PfError *error);

/* For the lister: hands ITEM on, blocking while the readers are behind. FALSE
 * where the pipeline was cancelled: ITEM was destroyed. */
gboolean pf_pipeline_submit (PfPipeline *self, gpointer item);

/* For load and match: the thread has loaded an item, and WAITED for a device,
 * or not. It decides whether items that are submitted from now on are loaded
 * ahead: those up to the 64th after the last for which somebody waited are. */
void pf_pipeline_note_loading (PfPipeline *self, gboolean waited);

/* Whether an item that was submitted now would be loaded ahead. Any thread. */
gboolean pf_pipeline_loads_ahead (PfPipeline *self);

/* For a matcher: those that wait for an item are to help once. */
void pf_pipeline_nudge (PfPipeline *self);

/* For the release function of RESULTS: hands RESULT to the writer. */
void pf_pipeline_write (PfPipeline *self, gpointer result);

/* After pf_pipeline_run. */
void pf_pipeline_stats (PfPipeline *self, PfPipelineStats *stats);

/* Any thread: no further items; those under way end as their callbacks see
 * fit, the rest is destroyed. The caller must cancel RESULTS, too, or a reader
 * may wait for its admission for ever. */
void pf_pipeline_cancel (PfPipeline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfPipeline, pf_pipeline_free)
