/* The pipeline: stages joined by bounded channels.
 *
 *   lister ──▶ readers ──▶ matchers ──▶ sequencer ──▶ writer
 *   (caller)   R threads   M threads    (orders)      1 thread
 *
 * Items are numbered as they are submitted. Readers may finish them in any
 * order, but matchers get them in serial order: so a matcher that must wait
 * for its turn never stands in the way of an earlier item that nobody works
 * on. The results go to a PfSequencer, which is the caller's: its release
 * function hands them to pf_pipeline_write.
 *
 * Each arrow is a bounded channel: a stage that is ahead waits, so memory does
 * not grow with the list. Nothing here knows what an item is.
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
  PfSequencer *results; /* admission is obtained from it, by the readers */

  /* The lister, on the calling thread: submits items until there are none. */
  void (*list) (PfPipeline *pipeline, gpointer user);
  /* A reader's work on an item, ahead of its matching. */
  void (*load) (gpointer item, gpointer user);
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
  GDestroyNotify destroy_item;
  GDestroyNotify destroy_result;
  gpointer user;
} PfPipelinePlan;

PfPipeline *pf_pipeline_new (const PfPipelinePlan *plan);

/* NULL is allowed. */
void pf_pipeline_free (PfPipeline *self);

/* Runs list on the calling thread and the other stages on their own; returns
 * when all have ended. FALSE with PF_STATUS_OS where the threads could not be
 * had; then nothing was listed. */
gboolean pf_pipeline_run (PfPipeline *self, PfError *error);

/* For the lister: hands ITEM on, blocking while the readers are behind. FALSE
 * where the pipeline was cancelled: ITEM was destroyed. */
gboolean pf_pipeline_submit (PfPipeline *self, gpointer item);

/* For a matcher: those that wait for an item are to help once. */
void pf_pipeline_nudge (PfPipeline *self);

/* For the release function of RESULTS: hands RESULT to the writer. */
void pf_pipeline_write (PfPipeline *self, gpointer result);

/* Any thread: no further items; those under way end as their callbacks see
 * fit, the rest is destroyed. The caller must cancel RESULTS, too, or a reader
 * may wait for its admission for ever. */
void pf_pipeline_cancel (PfPipeline *self);

/* The arrows between the stages. */
typedef struct {
  PfChannelStats listed;   /* lister to readers */
  PfChannelStats ready;    /* readers to matchers */
  PfChannelStats finished; /* sequencer to writer */
} PfPipelineStats;

/* What went through the channels, once pf_pipeline_run has returned. */
void pf_pipeline_stats (PfPipeline *self, PfPipelineStats *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfPipeline, pf_pipeline_free)
