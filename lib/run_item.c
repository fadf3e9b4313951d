/* Items: how they are loaded ahead, and how a worker works one. */
#include <uv.h>

#include "run_private.h"

/* Who had not opened a file and read its beginning by then waited for a device,
 * in nanoseconds: what is in memory takes a tenth of that. */
#define WAITED_AFTER ((guint64)150 * 1000)

static PfDocument *
take_document (PfRun *self)
{
  PfDocument *document = pf_pool_take (self->documents);

  return document != NULL ? document
                          : pf_document_new (&self->document_options);
}

static const char *
path_of (const PfName *name)
{
  return name->is_stdin ? NULL : name->name;
}

/* What a program reads, nobody else does. Of what may be packed, the first
 * bytes must tell that it is not. */
static gboolean
read_ahead (const PfRunConfig *config, PfDocument *document, const char *path,
            PfError *error)
{
  PfSpan begin;

  if (pf_run_is_filtered (config, path))
    return TRUE;
  if (config->search_zip) {
    if (!pf_run_look (document, &begin, error))
      return FALSE;
    if (pf_run_is_packed (begin))
      return TRUE;
  }
  return pf_document_fill (document, error);
}

/* A stream is left to the matcher, which can wait for it and show what came so
 * far. */
static gboolean
open_and_read (const PfRunConfig *config, PfDocument *document,
               const char *path, PfError *error)
{
  return pf_document_open (document, path, error) &&
         (pf_document_is_stream (document) ||
          read_ahead (config, document, path, error));
}

/* As if it had not been loaded. */
static void
unload (PfRun *self, PfLoaded *loaded)
{
  pf_document_close (loaded->document);
  pf_pool_give (self->documents, g_steal_pointer (&loaded->document));
}

/* FALSE where it is left to the matcher to read it, or to read on. */
static gboolean
load (PfRun *self, PfLoaded *loaded, const PfName *name)
{
  PfDocument *document = loaded->document = take_document (self);

  if (!open_and_read (self->config, document, path_of (name), &loaded->error)) {
    pf_document_close (document);
    return TRUE;
  }
  if (!pf_document_pause (document))
    unload (self, loaded);
  return loaded->document != NULL && pf_document_is_whole (document);
}

/* What is known of an input that need not be worked, or NULL. */
static const PfFileRecord *
find_record (const PfRun *self, const PfName *name)
{
  return self->journal != NULL ? pf_run_journal_find (self->journal, name)
                               : NULL;
}

/* Counts a file of ITEM whose loading began at BEGIN. */
static void
count_wait (PfItem *item, guint64 begin)
{
  item->n_timed++;
  item->n_waited += uv_hrtime () - begin > WAITED_AFTER;
}

/* Whether a file can come to anything. */
static gboolean
wants_inputs (const PfRunConfig *config)
{
  return config->max_count != PF_MAX_COUNT_NONE ||
         config->action == PF_RUN_WITHOUT_MATCH;
}

void
pf_run_load (PfRun *self, PfItem *item, guint64 serial)
{
  PfStage stage;

  if (!wants_inputs (self->config))
    return;
  pf_run_stats_reader (self->stats);
  stage = pf_stage_enter (PF_STAGE_READ);
  item->loaded = g_new0 (PfLoaded, item->to - item->from);
  for (gsize i = item->from; i < item->to && !pf_run_is_over (self, serial);
       i++) {
    PfName name = pf_names_get (item->names, i);
    guint64 begin = uv_hrtime ();
    /* An item that waits holds one descriptor at most. */
    gboolean more = name.error != NULL || find_record (self, &name) != NULL ||
                    load (self, &item->loaded[i - item->from], &name);

    count_wait (item, begin);
    if (!more)
      break;
  }
  pf_stage_enter (stage);
}

PfResult *
pf_run_new_result (PfRun *self)
{
  PfResult *result = pf_pool_take (self->results);

  return result != NULL ? result : pf_result_new ();
}

static PfWorker *
worker_of (const PfWork *work)
{
  return &work->run->workers[work->number];
}

/* A file of which nobody read anything is read here, in a pipeline, to know
 * whether that is waited for. */
static gboolean
open_now (const PfWork *self, const PfName *name, PfError *error)
{
  PfDocument *document = worker_of (self)->document;
  guint64 begin = uv_hrtime ();
  gboolean opened = pf_document_open (document, path_of (name), error);

  if (opened && self->run->pipeline != NULL &&
      !pf_document_is_stream (document))
    opened = read_ahead (self->run->config, document, path_of (name), error);
  if (!opened)
    pf_document_close (document);
  count_wait (self->item, begin);
  return opened;
}

static PfDocument *
resumed (PfDocument *document)
{
  pf_document_resume (document);
  return document;
}

/* The document of input I, opened now or ahead. It stays the item's or the
 * worker's. */
static PfDocument *
open_input (PfWork *self, gsize i, PfError *error)
{
  const PfItem *item = self->item;
  PfLoaded *loaded =
      item->loaded != NULL ? &item->loaded[i - item->from] : NULL;
  PfName name = pf_names_get (item->names, i);

  if (name.error != NULL)
    pf_error_move (error, name.error);
  else if (loaded != NULL && pf_error_is_set (&loaded->error))
    pf_error_move (error, &loaded->error);
  else if (loaded != NULL && loaded->document != NULL)
    return resumed (loaded->document);
  else if (open_now (self, &name, error))
    return worker_of (self)->document;
  return NULL;
}

static void
close_input (PfWork *self, gsize i, PfDocument *document)
{
  const PfItem *item = self->item;

  pf_document_close (document);
  if (document == worker_of (self)->document)
    return;
  item->loaded[i - item->from].document = NULL;
  pf_pool_give (self->run->documents, document);
}

/* A shield that reaches across a cut would hide what overlaps it behind the
 * cut, where nobody knows of it. */
static gboolean
may_cut (const PfRun *self, const PfTaskJob *job)
{
  return !self->config->match.overlapping ||
         pf_glossary_n_shields (pf_matcher_glossary (job->matcher)) == 0;
}

/* Whether the document is worth the help of others. */
static gboolean
is_large (const PfRun *self, const PfTaskJob *job, PfError *error)
{
  PfDocument *document = job->document;
  guint64 size = pf_document_size (document);

  /* Units are counted from the beginning of a line, which another piece may
   * hold. */
  if (self->jobs == 1 || !pf_task_takes_pieces (self->workers[0].task) ||
      self->format->counts_utf16 || !pf_cut_is_worth (&self->cut_plan, size) ||
      !may_cut (self, job))
    return FALSE;
  /* What it is shows only where some of it was read. */
  if (pf_document_window (document).len == 0 &&
      !pf_document_fill (document, error))
    return FALSE;
  return pf_document_divisible_size (document) > 0;
}

static void
count_bytes (PfWork *self)
{
  if (self->stats != NULL)
    self->stats->bytes += pf_task_text_bytes (worker_of (self)->task);
}

/* What is passed over for a binary becomes no file. */
static void
process_to_target (PfWork *self, const PfTaskJob *job, PfError *error)
{
  guint64 binaries = self->result->binaries;
  gboolean done = pf_target_begin (self, error);

  if (!done)
    return;
  done = pf_task_process (worker_of (self)->task, job, error);
  count_bytes (self);
  pf_target_end (self, done && self->result->binaries == binaries, error);
}

static void
process_document (PfWork *self, const PfTaskJob *job, PfError *error)
{
  if (self->run->targets != NULL)
    process_to_target (self, job, error);
  else if (is_large (self->run, job, error))
    pf_run_cut (self, job, error);
  else if (!pf_error_is_set (error)) {
    pf_task_process (worker_of (self)->task, job, error);
    count_bytes (self);
  }
}

/* Only streams are counted: a counter that all workers write for each file
 * would be handed from processor to processor. */
static void
work_document (PfWork *self, const PfTaskJob *job, PfError *error)
{
  atomic_uint *n_streams = &self->run->n_streams;

  if (!pf_document_is_stream (job->document)) {
    process_document (self, job, error);
    return;
  }
  atomic_fetch_add_explicit (n_streams, 1, memory_order_relaxed);
  process_document (self, job, error);
  atomic_fetch_sub_explicit (n_streams, 1, memory_order_relaxed);
}

/* Where input I is the last and streams, it may go on for ever, and the matcher
 * that the item has is of no use any more. */
static void
let_go_of_matcher (PfWork *self, gsize i, PfTaskJob *job)
{
  if (i + 1 < self->item->to || !pf_task_follows (worker_of (self)->task, job))
    return;
  g_clear_pointer (&self->item->matcher, pf_matcher_unref);
  job->matcher = NULL;
}

static gboolean
is_too_large (const PfRun *self, const PfDocument *document)
{
  guint64 most = self->config->max_filesize;

  return most > 0 && pf_document_size (document) > most;
}

/* FALSE where the file is a text as it is, and nothing was done. */
static gboolean
work_inside (PfWork *self, const PfTaskJob *job, const PfName *name,
             PfError *error)
{
  PfSpan begin;

  if (pf_run_is_filtered (self->run->config, path_of (name))) {
    pf_run_work_filtered (self, job, error);
    return TRUE;
  }
  if (!self->run->config->search_zip ||
      pf_document_window (job->document).len > 0)
    return FALSE;
  if (pf_document_is_stream (job->document))
    pf_run_flush (self->result, FALSE, self);
  if (!pf_run_look (job->document, &begin, error))
    return TRUE;
  if (!pf_run_is_packed (begin))
    return FALSE;
  pf_run_work_packed (self, job, begin, error);
  return TRUE;
}

/* Works what was opened for JOB, and closes it. */
static void
work_open_input (PfWork *self, gsize i, PfTaskJob *job, PfError *error)
{
  PfName name = pf_names_get (self->item->names, i);

  self->state = *pf_document_stat (job->document);
  if (is_too_large (self->run, job->document)) {
    self->result->too_large++;
  } else if (!work_inside (self, job, &name, error)) {
    let_go_of_matcher (self, i, job);
    work_document (self, job, error);
  }
  close_input (self, i, job->document);
}

/* Opens input I and works it. */
static void
work_opened (PfWork *self, gsize i, PfError *error)
{
  PfName name = pf_names_get (self->item->names, i);
  PfTaskJob job = { .matcher = self->item->matcher,
                    .matchers = self->run->matchers,
                    .path = name.name,
                    .result = self->result,
                    .user = self,
                    .cutoff = pf_sequencer_cutoff (self->run->sequencer),
                    .number = self->serial };

  self->document = NULL;
  if (wants_inputs (self->run->config) || name.error != NULL)
    self->document = open_input (self, i, error);
  job.document = self->document;
  if (job.document != NULL) {
    work_open_input (self, i, &job, error);
  } else if (pf_run_is_missing (self->run->config, name.is_list, error)) {
    self->result->missing++;
    pf_error_clear (error);
  }
}

static void
work_input (PfWork *self, gsize i)
{
  g_auto (PfError) error = { 0 };
  PfName name = pf_names_get (self->item->names, i);
  const PfFileRecord *record = find_record (self->run, &name);

  pf_stage_enter (PF_STAGE_READ);
  self->result->files++;
  self->result->stdin_listed += name.stdin_number > 0;
  self->path = name.name;
  if (self->stats != NULL)
    self->stats->files++;
  if (record != NULL) {
    pf_run_journal_pass_over (self, record);
    return;
  }
  pf_run_journal_begin_input (self);
  work_opened (self, i, &error);
  pf_run_journal_end_input (self, &error);
  if (pf_error_is_set (&error))
    pf_result_add_error (self->result, name.name, name.stdin_number, &error);
}

gboolean
pf_run_work (PfRun *self, PfItem *item, guint64 serial, guint worker)
{
  PfWorkerStats *stats = pf_run_stats_worker (self->stats, worker);
  PfWork work = { .run = self,
                  .item = item,
                  .serial = serial,
                  .number = worker,
                  .stats = stats };
  g_auto (PfError) error = { 0 };

  if (stats != NULL)
    stats->items++;
  pf_crew_help (self->crew, worker, serial);
  work.result = pf_run_new_result (self);
  for (gsize i = item->from; i < item->to && !pf_run_is_over (self, serial);
       i++) {
    work_input (&work, i);
    if (pf_cancel_is_set (self->cancel)) {
      pf_stage_enter (PF_STAGE_WAIT);
      pf_result_free (work.result);
      return FALSE;
    }
    if (pf_run_ends_with (self->config, work.result)) {
      pf_sequencer_end_after (self->sequencer, serial);
      break;
    }
  }
  pf_stage_enter (PF_STAGE_WAIT);
  if (pf_sequencer_put (self->sequencer, serial, work.result, &error))
    return TRUE;
  pf_run_fail (self, &error);
  return FALSE;
}
