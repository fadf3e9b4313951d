/* What the parts of a run share. Private to lib/run*.c.
 *
 *   run.c        checks the plan, chooses the mode, starts and ends it
 *   run_list.c   from what is listed to items
 *   run_item.c   working items: plan and task meet the scheduler
 *   run_plan.c   what is done with each document
 *   run_memory.c how the memory is shared out
 *   run_known.c  fork-join over a known list
 *   run_deal.c   which worker gets which items of a known list
 *   run_cut.c    one large file, worked by all workers
 *   run_packed.c compressed files, archives
 *   run_filter.c files as a program shows them
 *   run_reload.c another glossary, while names or documents stream in
 *   run_files.c  what is read must not be written
 *   run_journal.c what was done, for a run that goes on there
 *   run_target.c each document to a file of its own; run_claim.c  none twice
 *   run_stats.c, stats_file.c  statistics, where they are asked for
 *   deliver.c    results in order: output, messages, totals, summary
 *   rows.c       totals, in their order; frame.c  what stands around records
 */
#pragma once

#include <stdatomic.h>

#include <uv.h>

#include "base/cancel.h"
#include "base/cutoff.h"
#include "base/pool.h"
#include "base/retry.h"
#include "base/slot.h"
#include "engine_private.h"
#include "frame.h"
#include "plan/cut.h"
#include "plan/deal.h"
#include "plan/names.h"
#include "rows.h"
#include "run_stats.h"
#include "sched/crew.h"
#include "sched/pipeline.h"
#include "sched/sequencer.h"
#include "sink/output.h"
#include "sink/template.h"
#include "task/task.h"

/* An input that was opened ahead of its work. */
typedef struct {
  PfDocument *document; /* or NULL */
  PfError error;        /* why it could not be */
} PfLoaded;

/* A unit of work: one file, or a run of them. */
typedef struct {
  PfMatcher *matcher; /* a reference, taken when it was listed */
  PfNames *names;     /* of which [from, to) are this item's */
  gsize from, to;
  PfLoaded *loaded; /* one for each, or NULL */
  gsize n_timed;    /* files whose loading was timed */
  gsize n_waited;   /* of these, those for which it waited */
} PfItem;

/* For items that own their names. */
void pf_item_free (gpointer item);

/* What a worker has for itself. */
typedef struct {
  PfTask *task;
  PfDocument *document; /* for one file after the other */
  PfDocument *inner;    /* for texts that come out of files; NULL until then */
  PfTask *piece_task;   /* for pieces of large files; NULL until there are */
  PfDocument *part;     /* likewise */
} PfWorker;

/* An item being worked; also what the callbacks of its task get. */
/* What becomes of each input, for a run that is taken up. */
typedef struct PfRunJournal PfRunJournal;

typedef struct PfWork {
  PfRun *run;
  PfItem *item;
  guint64 serial;
  guint number; /* of the worker */
  PfResult *result;
  PfDocument *document; /* that is being processed, or NULL */
  const char *path;     /* of that */
  guint n_parts;        /* of results that were handed on so far */
  struct stat state;    /* of the file, or of what it has become */
  guint64 written;      /* bytes, to a file of its own below a folder */
  /* For the journal: what RESULT had when the input began, unless it was handed
   * on since. */
  guint parts_before;
  PfTextCounts text_before;
  guint64 matched_before, binaries_before;
  PfWorkerStats *stats; /* the worker's, or NULL */
} PfWork;

/* FALSE with PF_STATUS_USAGE where CONFIG's journal cannot be. */
gboolean pf_run_journal_check (const PfRunConfig *config, PfError *error);

/* CONFIG's journal. (transfer full) NULL as pf_journal_open. */
PfRunJournal *pf_run_journal_open (const PfRunConfig *config, PfError *error);

/* NULL is allowed. */
void pf_run_journal_free (PfRunJournal *self);

/* For the thread that lists, in order: whether the output has what LISTED came
 * to, and what all before it came to. */
gboolean pf_run_journal_follows (PfRunJournal *self, const PfListed *listed);

/* What is known of an input that is done, or NULL. Any thread. */
const PfFileRecord *pf_run_journal_find (const PfRunJournal *self,
                                         const PfName *name);

/* Around the work on an input: what it came to, or that it failed with ERROR,
 * goes into the result, if there is a journal. */
void pf_run_journal_begin_input (PfWork *work);
void pf_run_journal_end_input (PfWork *work, const PfError *error);

/* The input at hand is done: it counts as it did. */
void pf_run_journal_pass_over (PfWork *work, const PfFileRecord *record);

/* The file at hand is about to become what has NEW_STATE. Any thread. FALSE
 * with PF_STATUS_IO. */
gboolean pf_run_journal_replace (PfWork *work, const struct stat *new_state,
                                 PfError *error);

/* For the delivery, before it writes anything: cuts OUTPUT where it goes on,
 * and tells its LENGTH. */
gboolean pf_run_journal_settle (PfRunJournal *self, PfOutput *output,
                                guint64 *length, PfError *error);

/* For the delivery: the bytes of RESULT were written to OUTPUT, and its records
 * say how long that is. Lines wait until there are some, or some time has
 * passed. */
gboolean pf_run_journal_take (PfRunJournal *self, const PfResult *result,
                              PfOutput *output, PfError *error);
gboolean pf_run_journal_flush (PfRunJournal *self, PfOutput *output,
                               PfError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfRunJournal, pf_run_journal_free)

/* Which inputs are worked where each becomes a file of its own: each once,
 * decided as they are listed, so that nothing depends on who is quicker. */
typedef struct PfClaims PfClaims;

/* CONFIG's output_dir is there by now. (transfer full) */
PfClaims *pf_claims_new (const PfRunConfig *config);

/* The file at PATH, which is there, must neither be edited nor replaced: a
 * glossary, or the journal. Before anything is taken. */
void pf_claims_protect (PfClaims *self, const char *path);

/* NULL is allowed. */
void pf_claims_free (PfClaims *self);

/* For the thread that lists. FALSE where LISTED is passed over, since it has
 * been listed under another name, or the backup of another goes there. TRUE
 * with ERROR where it cannot be worked; PF_STATUS_USAGE: nor anything else. */
gboolean pf_claims_take (PfClaims *self, const PfListed *listed,
                         PfError *error);

/* Any thread. Around the replacing of a file, so that who lists sees either the
 * old one or the new one, which is known by then. */
void pf_claims_lock (PfClaims *self);
void pf_claims_unlock (PfClaims *self);

/* Under the lock: the file at WAS is now NEW_ID. */
void pf_claims_replaced (PfClaims *self, const struct stat *was,
                         const PfFileId *new_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfClaims, pf_claims_free)

/* Where documents go that become files of their own. Shared by all workers,
 * each of which has a part of it. */
typedef struct PfTargets PfTargets;

/* Whether CONFIG writes files, one for each input. */
gboolean pf_run_writes_files (const PfRunConfig *config);

/* FALSE with PF_STATUS_USAGE where CONFIG cannot be done. */
gboolean pf_targets_check (const PfRunConfig *config, PfError *error);

/* RETRY must outlive it. (transfer full) NULL with PF_STATUS_CANT_CREATE. */
PfTargets *pf_targets_new (const PfRunConfig *config, guint n_workers,
                           PfRetry *retry, PfError *error);

/* NULL is allowed. */
void pf_targets_free (PfTargets *self);
PfClaims *pf_targets_claims (const PfTargets *self);

/* Any thread, for a process that is about to end: no temporary file stays. */
void pf_targets_discard (PfTargets *self);

/* For the worker, before its document is processed. FALSE with ERROR where it
 * cannot become a file. */
gboolean pf_target_begin (PfWork *work, PfError *error);

/* Takes the bytes of RESULT, which are the document's. FALSE where that failed;
 * pf_target_end says why. */
gboolean pf_target_take (PfWork *work, PfResult *result);

/* After all of it: the file gets its name where the document is COMPLETE. */
void pf_target_end (PfWork *work, gboolean complete, PfError *error);

/* Blocks until it is the turn of the work's item. FALSE where that will never
 * come. */
gboolean pf_run_wait_turn (const PfWork *work);

/* Results in order. Each is called by one thread at a time, in serial order;
 * the sequencer or the writer's being alone sees to that. */
typedef struct PfDelivery PfDelivery;

typedef struct {
  const PfRunConfig *config;
  const PfRecordFormat *format;
  PfTotals *totals;           /* to write at the end, or NULL */
  const PfMarkup *page;       /* around all that is written, or NULL */
  const PfGlossary *glossary; /* of the totals; otherwise NULL */
  const PfGroups *groups;     /* that they are by, or NULL */
  guint64 folder_memory;      /* bytes for totals by folder */
  PfOutput *output;
  PfRunJournal *journal;        /* or NULL */
  void (*stop) (gpointer user); /* no more results are wanted */
  gsize dropped; /* of the output's first bytes: separators stand before groups
                    of lines, and the first has nothing to separate */
  PfPool *spare; /* where results go that were delivered */
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

/* Of what was delivered: the texts, and how many files failed with STATUS. */
const PfTextCounts *pf_delivery_text (const PfDelivery *self);
guint64 pf_delivery_failed (const PfDelivery *self, PfStatus status);

/* All pointers are constant from pf_run_new on, so that any thread may cancel.
 */
struct PfRun {
  const PfRunConfig *config;
  PfSlot *matchers;       /* PfMatcher: what is listed now takes the present */
  gboolean inputs_stream; /* constant: names, or a document that was named */
  atomic_uint n_streams;  /* documents at work that stream */
  guint jobs;
  PfCancel *cancel;
  PfRetry *retry; /* shared by all threads */
  atomic_bool cancelled_from_outside;
  PfOutput *output;
  PfRunJournal *journal; /* NULL unless there is one */
  PfTargets *targets;    /* NULL unless each document becomes a file */
  PfDocumentOptions document_options;
  const PfRecordFormat *format;
  PfRecordStyle style;
  PfTemplate *template;     /* NULL unless one is given */
  char *filter;             /* likewise; a file to execute */
  atomic_uint filters_wait; /* how many cannot be started at once */
  uv_mutex_t filter_lock;   /* who starts it alone */
  PfTaskPlan task_plan;
  PfTaskPlan piece_plan; /* the same for pieces */
  PfCutPlan cut_plan;
  PfCrew *crew;      /* all workers */
  PfTotals *totals;  /* NULL unless they are asked for */
  PfGroups *groups;  /* likewise */
  PfWorker *workers; /* jobs of them */
  PfPool *results;   /* PfResult, spare */
  PfPool *documents; /* PfDocument, spare; for those that are loaded ahead */
  PfSequencer *sequencer;
  PfPipeline *pipeline; /* NULL in fork-join mode */
  PfDelivery *delivery;
  PfSummary summary;
  PfRunStats *stats;       /* NULL unless they are asked for */
  PfStatsFile *stats_file; /* likewise */
};

/* Any thread: the run itself has failed, and ends with ERROR, or with the one
 * it has failed with before. */
void pf_run_fail (PfRun *self, const PfError *error);

/* The regular file at PATH, or that output will go to, where it exists by now;
 * and the one behind standard error. */
PfFileId pf_run_file_id (const char *path);
PfFileId pf_run_output_id (const PfRunConfig *config);
PfFileId pf_run_messages_id (void);

/* Whether FILE is an input, as far as they can be known; and whether it is one
 * of the protected files. */
/* A name in place of a file, in few bytes. */
PfFileId pf_run_name_id (const char *name);

gboolean pf_run_reads (const PfRunConfig *config, const PfFileId *file);
gboolean pf_run_protects (const PfRunConfig *config, const PfFileId *file);

/* In bytes: all that may be taken for buffers and waiting results, the part of
 * it that is for pieces of large files, and what is large for a result. */
guint64 pf_run_memory (const PfRunConfig *config);
guint64 pf_run_pieces_memory (const PfRunConfig *config);
guint64 pf_run_result_share (const PfRunConfig *config);

/* Items that may be under way, and results on their way to the writer. */
guint64 pf_run_items_under_way (const PfRun *self);
gsize pf_run_channel_capacity (const PfRunConfig *config);

/* The flush of a task's plan, whose user is a PfWork. */
gboolean pf_run_flush (PfResult *result, gboolean must, gpointer user);

/* What the workers do with each document. */
PfTaskPlan pf_run_task_plan (PfRun *self);

/* The present matcher. (transfer full) */
PfMatcher *pf_run_take_matcher (PfRun *self);

/* Puts MATCHER (transfer full) into a slot. */
PfSlot *pf_run_new_slot (PfMatcher *matcher);

/* Whether names, or a document that CONFIG names, come when they come. */
gboolean pf_run_inputs_stream (const PfRunConfig *config);

/* Whether ERROR says no more than that there is no such file, and nobody minds.
 */
gboolean pf_run_is_missing (const PfRunConfig *config, gboolean is_list,
                            const PfError *error);

/* What to list, without callbacks. */
PfListerOptions pf_run_lister_options (const PfRunConfig *config);

/* Whether RESULT ends the run: what stands behind it in input order, in its
 * item and in later ones, cannot change what the run comes to, and must not. */
gboolean pf_run_ends_with (const PfRunConfig *config, const PfResult *result);

/* Whether the run ends before item SERIAL. Any thread; what is seen late is
 * worked in vain. */
static inline gboolean
pf_run_is_over (const PfRun *self, guint64 serial)
{
  return pf_cutoff_is_past (pf_sequencer_cutoff (self->sequencer), serial);
}

/* Lists all inputs and works them by fork-join. FALSE with PF_STATUS_OS where
 * threads are refused. */
gboolean pf_run_known (PfRun *self, PfError *error);

/* There are no items for WORKER any more: it helps others until nobody needs
 * help. */
void pf_run_finish_worker (PfRun *self, guint worker);

/* Lists all inputs, as far as they can matter. (transfer full) */
PfNames *pf_run_list (PfRun *self);

/* Deals the items of PER_ITEM names each among the workers. (transfer full:
 * pf_worklists_free) NULL with PF_STATUS_OS where threads are refused. */
PfWorklist *pf_run_deal (const PfRun *self, const PfNames *names,
                         guint64 per_item, PfError *error);

/* Lists all inputs in items of one run of files each, FILES_PER_ITEM where they
 * are loaded ahead, else more with time; they are handed to SUBMIT as they
 * come, which takes the item. FALSE from SUBMIT ends it. */
void pf_run_stream (PfRun *self, gsize files_per_item,
                    gboolean (*submit) (PfItem *item, gpointer user),
                    gpointer user);

/* Opens the files of ITEM, whose number is SERIAL, and reads their beginnings,
 * ahead of the work. */
void pf_run_load (PfRun *self, PfItem *item, guint64 serial);

/* An empty result. (transfer full) */
PfResult *pf_run_new_result (PfRun *self);

/* As pf_task_process for the work's worker, with the help of all others. JOB's
 * document is divisible, and nothing of it was consumed. */
gboolean pf_run_cut (PfWork *work, const PfTaskJob *job, PfError *error);

/* The first bytes of FILE, which was not filled, as many as tell whether it is
 * packed. FALSE as pf_document_look. */
gboolean pf_run_look (PfDocument *file, PfSpan *begin, PfError *error);

/* Whether a file that begins so is compressed, or an archive. */
gboolean pf_run_is_packed (PfSpan begin);

/* Processes what is in JOB's document, which is packed and begins with BEGIN,
 * in the place of that document: a text, or each member of an archive, whose
 * errors are added to the result. */
void pf_run_work_packed (PfWork *work, const PfTaskJob *job, PfSpan begin,
                         PfError *error);

/* As pf_task_process for the work's worker, but for the text that SOURCE makes
 * of JOB's document; WAIT is that of pf_document_open_source. */
void pf_run_work_source (PfWork *work, const PfTaskJob *job,
                         const PfByteSource *source, PfByteWait wait,
                         PfError *error);

/* Whether the file at PATH (NULL: standard input) goes through a program. */
gboolean pf_run_is_filtered (const PfRunConfig *config, const char *path);

/* The file of that program. (transfer full) NULL with PF_STATUS_USAGE. */
char *pf_run_find_filter (const PfRunConfig *config, PfError *error);

/* Processes what the program makes of JOB's document, of which nothing was
 * read. */
void pf_run_work_filtered (PfWork *work, const PfTaskJob *job, PfError *error);

/* Works ITEM, whose number is SERIAL, in the place of worker WORKER, and puts
 * its result into the sequencer, which ends behind it where the run does. FALSE
 * where the run was cancelled. */
gboolean pf_run_work (PfRun *self, PfItem *item, guint64 serial, guint worker);
