/* What the parts of a run share. Private to lib/run*.c.
 *
 *   run.c      checks the plan, chooses the mode, starts and ends it
 *   run_item.c listing and working items: plan and task meet the scheduler
 *   deliver.c  results in order: output, messages, totals, summary
 */
#pragma once

#include <stdatomic.h>

#include "base/cancel.h"
#include "engine_private.h"
#include "plan/lister.h"
#include "sched/pipeline.h"
#include "sched/sequencer.h"
#include "sink/output.h"
#include "task/task.h"

/* One input on its way. */
typedef struct {
  char *name;
  gboolean is_stdin;
  guint64 stdin_number; /* its place among names on standard input, from 1 */
  PfError error;        /* found while it was listed or opened */
  PfDocument *document; /* opened ahead by a reader, or NULL */
} PfFile;

/* A unit of work: one file, or a run of them. */
typedef struct {
  PfMatcher *matcher; /* a reference, taken when it was listed */
  GArray *files;      /* PfFile */
} PfItem;

void pf_item_free (gpointer item);

/* Puts the files of OTHER behind those of SELF, and frees OTHER. */
void pf_item_absorb (PfItem *self, PfItem *other);

/* Results in order. Each is called by one thread at a time, in serial order;
 * the sequencer or the writer's being alone sees to that. */
typedef struct PfDelivery PfDelivery;

typedef struct {
  const PfRunConfig *config;
  const PfRecordFormat *format;
  const PfGlossary *glossary;
  const PfTotals *totals; /* to write at the end, or NULL */
  PfOutput *output;
  void (*stop) (gpointer user); /* no more results are wanted */
  gpointer user;
} PfDeliveryOptions;

PfDelivery *pf_delivery_new (const PfDeliveryOptions *options);
void pf_delivery_free (PfDelivery *self);

/* Takes RESULT. */
void pf_delivery_take (PfDelivery *self, PfResult *result);

/* Writes what is buffered. */
void pf_delivery_flush (PfDelivery *self);

/* After all threads have ended: totals where COMPLETE, then the end of the
 * output. FALSE with the error that ended the run. */
gboolean pf_delivery_finish (PfDelivery *self, gboolean complete,
                             PfError *error);

const PfSummary *pf_delivery_summary (const PfDelivery *self);

/* All pointers are constant from pf_run_new on, so that any thread may cancel.
 */
struct PfRun {
  const PfRunConfig *config;
  PfMatcher *matcher;
  guint jobs;
  PfCancel *cancel;
  atomic_bool cancelled_from_outside;
  PfOutput *output;
  PfDocumentOptions documents;
  const PfRecordFormat *format;
  PfRecordStyle style;
  PfTaskPlan task_plan;
  PfTotals *totals; /* NULL unless they are asked for */
  PfTask **tasks;   /* one for each worker */
  PfSequencer *sequencer;
  PfPipeline *pipeline; /* NULL in fork-join mode */
  PfDelivery *delivery;
  PfSummary summary;
};

/* What the workers do with each document. */
PfTaskPlan pf_run_task_plan (const PfRun *self);

/* What to list, without callbacks. */
PfListerOptions pf_run_lister_options (const PfRunConfig *config);

/* Lists all inputs in items of one run of files each, handed to SUBMIT, which
 * takes the item. FALSE from SUBMIT ends it. */
void pf_run_list (PfRun *self, gsize files_per_item,
                  gboolean (*submit) (PfItem *item, gpointer user),
                  gpointer user);

/* Opens the files of ITEM and reads their beginnings, ahead of the work. */
void pf_run_load (PfRun *self, PfItem *item);

/* Works ITEM, whose number is SERIAL, in the place of worker WORKER, and puts
 * its result into the sequencer. FALSE where the run was cancelled. */
gboolean pf_run_work (PfRun *self, PfItem *item, guint64 serial, guint worker);
