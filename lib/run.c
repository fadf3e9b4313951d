/* The one place that sees every layer: makes the parts of a run from its
 * configuration and drives them in one of two modes.
 *
 *   fork-join  list everything, deal it, N workers, join
 *   pipeline   lister ──▶ readers ──▶ matchers ──▶ sequencer ──▶ writer
 *
 * In both, each item is worked by pf_run_work and its result goes through the
 * one sequencer into the one delivery.
 */
#include "base/archive.h"
#include "base/lock.h"
#include "base/processors.h"
#include "run_private.h"
#include "sink/format.h"
#include "text/transcode.h"

#define STREAM_FILES_PER_ITEM 8
#define READERS_DEFAULT 4
#define SPARE_PER_WORKER 8

static gboolean
refuse_output (const PfRunConfig *config, const char *what, PfError *error)
{
  return pf_error_set (error, PF_STATUS_USAGE, "%s: output is also %s",
                       config->output, what);
}

/* Before anything is opened for writing: is the output something we read? */
static gboolean
check_output (const PfRunConfig *config, const PfFileId *output, PfError *error)
{
  if (config->output == NULL || !output->is_set)
    return TRUE;
  if (pf_run_protects (config, output))
    return refuse_output (config, "a glossary", error);
  if (pf_run_reads (config, output))
    return refuse_output (config, "an input", error);
  return TRUE;
}

static void
stop (gpointer user)
{
  PfRun *self = user;

  pf_cancel_set (self->cancel);
  pf_sequencer_cancel (self->sequencer);
  if (self->pipeline != NULL)
    pf_pipeline_cancel (self->pipeline);
}

void
pf_run_fail (PfRun *self, const PfError *error)
{
  pf_sequencer_fail (self->sequencer, error);
  stop (self);
}

static void
fail (const PfError *error, gpointer user)
{
  pf_run_fail (user, error);
}

/* The sequencer's release in fork-join mode, the writer's work in the other. */
static void
deliver (gpointer result, gpointer user)
{
  PfRun *self = user;
  PfStage stage;

  pf_run_stats_writer (self->stats);
  stage = pf_stage_enter (PF_STAGE_WRITE);
  pf_delivery_take (self->delivery, result);
  pf_stage_enter (stage);
}

/* The sequencer's release in pipeline mode. */
static void
pass_to_writer (gpointer result, gpointer user)
{
  PfRun *self = user;

  pf_pipeline_write (self->pipeline, result);
}

static void
result_destroy (gpointer result)
{
  pf_result_free (result);
}

static void
flush_output (gpointer user)
{
  PfRun *self = user;
  PfStage stage = pf_stage_enter (PF_STAGE_WRITE);

  pf_delivery_flush (self->delivery);
  pf_stage_enter (stage);
}

static gboolean
submit_to_pipeline (PfItem *item, gpointer user)
{
  PfStage stage = pf_stage_enter (PF_STAGE_WAIT);
  gboolean submitted = pf_pipeline_submit (user, item);

  pf_stage_enter (stage);
  return submitted;
}

static void
list_into_pipeline (PfPipeline *pipeline, gpointer user)
{
  pf_stage_enter (PF_STAGE_LIST);
  pf_run_stream (user, STREAM_FILES_PER_ITEM, submit_to_pipeline, pipeline);
  pf_stage_enter (PF_STAGE_WAIT);
}

/* Whether most of its files were waited for: a thread that lost its processor
 * waits for one of many. */
static void
note_loading (PfRun *self, const PfItem *item)
{
  pf_pipeline_note_loading (self->pipeline, item->n_waited * 2 > item->n_timed);
}

static void
load_item (gpointer item, guint64 serial, gpointer user)
{
  pf_run_load (user, item, serial);
  note_loading (user, item);
}

static void
match_item (gpointer item, guint64 serial, guint matcher, gpointer user)
{
  const PfItem *worked = item;

  pf_run_work (user, item, serial, matcher);
  if (worked->loaded == NULL)
    note_loading (user, worked);
  pf_item_free (item);
}

static void
help_crew (guint matcher, gpointer user)
{
  PfRun *self = user;

  pf_run_stats_worker (self->stats, matcher);
  pf_crew_help (self->crew, matcher, G_MAXUINT64);
}

void
pf_run_finish_worker (PfRun *self, guint worker)
{
  pf_run_stats_worker (self->stats, worker);
  pf_crew_finish (self->crew, worker);
  pf_stage_clock_stop ();
}

static void
finish_matcher (guint matcher, gpointer user)
{
  pf_run_finish_worker (user, matcher);
}

static guint
readers_of (const PfRun *self)
{
  return self->config->readers > 0 ? self->config->readers
                                   : MIN (self->jobs, READERS_DEFAULT);
}

static void
make_pipeline (PfRun *self)
{
  PfPipelinePlan plan = { .readers = readers_of (self),
                          .matchers = self->jobs,
                          .capacity = pf_run_channel_capacity (self->config),
                          .list = list_into_pipeline,
                          .load = load_item,
                          .match = match_item,
                          .help = help_crew,
                          .finish = finish_matcher,
                          .write = deliver,
                          .idle = flush_output,
                          .fail = fail,
                          .destroy_item = pf_item_free,
                          .destroy_result = result_destroy,
                          .user = self };

  self->sequencer = pf_sequencer_new (pf_run_items_under_way (self),
                                      pass_to_writer, result_destroy, self);
  plan.results = self->sequencer;
  self->pipeline = pf_pipeline_new (&plan);
}

static gboolean
is_streaming (const PfRunConfig *config)
{
  return config->mode == PF_MODE_PIPELINE ||
         (config->mode == PF_MODE_AUTO &&
          !pf_inputs_are_known (config->inputs, config->n_inputs));
}

static void
make_scheduler (PfRun *self)
{
  if (is_streaming (self->config))
    make_pipeline (self);
  else
    self->sequencer = pf_sequencer_new (pf_run_items_under_way (self), deliver,
                                        result_destroy, self);
}

/* The flush function of pieces: their results wait to be joined. */
static gboolean
refuse (PfResult *result G_GNUC_UNUSED, gboolean must G_GNUC_UNUSED,
        gpointer user G_GNUC_UNUSED)
{
  return FALSE;
}

static void
destroy_document (gpointer document)
{
  pf_document_free (document);
}

static void
make_workers (PfRun *self)
{
  self->workers = g_new0 (PfWorker, self->jobs);
  for (guint i = 0; i < self->jobs; i++) {
    self->workers[i].task = pf_task_new (&self->task_plan, i);
    self->workers[i].document = pf_document_new (&self->document_options);
  }
  self->crew = pf_crew_new (self->jobs);
  self->results =
      pf_pool_new ((gsize)self->jobs * SPARE_PER_WORKER, result_destroy);
  self->documents =
      pf_pool_new ((gsize)self->jobs * SPARE_PER_WORKER, destroy_document);
}

static void
free_workers (PfRun *self)
{
  if (self->workers == NULL)
    return;
  for (guint i = 0; i < self->jobs; i++) {
    pf_task_free (self->workers[i].task);
    pf_document_free (self->workers[i].document);
    pf_document_free (self->workers[i].inner);
    pf_task_free (self->workers[i].piece_task);
    pf_document_free (self->workers[i].part);
  }
  g_free (self->workers);
  pf_crew_free (self->crew);
  pf_pool_free (self->results);
  pf_pool_free (self->documents);
}

static gsize
separator_size (const PfRun *self)
{
  g_autoptr (GString) separator = g_string_new (NULL);

  pf_line_format_text.separator (separator, &self->style);
  return separator->len;
}

static void
make_delivery (PfRun *self)
{
  PfDeliveryOptions options = {
    .config = self->config,
    .format = self->format,
    .totals = self->totals,
    .page = self->config->standalone && self->targets == NULL
                ? self->task_plan.markup.how
                : NULL,
    .groups = self->groups,
    .folder_memory = pf_run_memory (self->config) / 4,
    .output = self->output,
    .journal = self->journal,
    .stop = stop,
    .spare = self->results,
    .user = self
  };

  if (self->config->action == PF_RUN_LINES && self->config->lines.groups)
    options.dropped = separator_size (self);
  /* With totals the matcher stays, and the glossary with it. */
  if (self->totals != NULL)
    options.glossary = self->config->glossary;
  self->delivery = pf_delivery_new (&options);
}

/* Most of the memory may go to counters: where they leave little room, fewer
 * results wait for each other. */
static gboolean
make_totals (PfRun *self, PfError *error)
{
  const PfRunConfig *config = self->config;
  guint32 n_terms = (guint32)pf_glossary_n_entries (config->glossary);

  if (config->action != PF_RUN_TOTAL || config->group == PF_GROUP_FOLDER)
    return TRUE;
  if (config->group != PF_GROUP_TERM) {
    self->groups = pf_groups_new (config->glossary,
                                  config->group == PF_GROUP_LABEL, error);
    if (self->groups == NULL)
      return FALSE;
    n_terms = self->groups->n;
  }
  /* With fail_fast, the delivery alone adds to them. */
  self->totals = pf_totals_new (n_terms, config->fail_fast ? 1 : self->jobs,
                                pf_run_memory (config) / 4 * 3, error);
  return self->totals != NULL;
}

/* Without what the run has yet to make. */
static PfDocumentOptions
document_options (const PfRunConfig *config)
{
  PfDocumentOptions options = { .raw = config->binary == PF_BINARY_TEXT,
                                .encoding = config->encoding,
                                /* What was read in one go is not cut. */
                                .block = config->piece,
                                .forbidden = pf_run_output_id (config) };

  options.forbidden_status =
      config->output != NULL ? PF_STATUS_USAGE : PF_STATUS_IO;
  if (config->stats_file != NULL)
    options.reserved = pf_run_file_id (config->stats_file);
  return options;
}

static const PfRecordFormat *
format_of (const PfRunConfig *config)
{
  static const PfRecordFormat *const formats[] = {
    [PF_FORMAT_TEXT] = &pf_record_format_text,
    [PF_FORMAT_TSV] = &pf_record_format_tsv,
    [PF_FORMAT_JSONL] = &pf_record_format_jsonl,
    [PF_FORMAT_SARIF] = &pf_record_format_sarif,
    [PF_FORMAT_GITHUB] = &pf_record_format_github
  };

  return config->null_output ? &pf_record_format_null : formats[config->format];
}

static gboolean
open_outputs (PfRun *self, PfError *error)
{
  const PfRunConfig *config = self->config;

  if (pf_run_writes_files (config)) {
    self->targets = pf_targets_new (config, self->jobs, self->retry, error);
    if (self->targets == NULL)
      return FALSE;
  }
  self->output = config->journal != NULL && config->output != NULL
                     ? pf_output_open_in_place (config->output, error)
                     : pf_output_open (config->output, error);
  if (self->output == NULL || config->journal == NULL)
    return self->output != NULL;
  self->journal = pf_run_journal_open (config, error);
  /* Only now it is there in any case. */
  if (self->journal != NULL && self->targets != NULL)
    pf_claims_protect (pf_targets_claims (self->targets), config->journal);
  return self->journal != NULL;
}

static gboolean
prepare (PfRun *self, PfError *error)
{
  const PfRunConfig *config = self->config;
  PfMatcher *matcher;

  if (config->template != NULL &&
      (self->template = pf_template_new (config->template, error)) == NULL)
    return FALSE;
  if (config->encoding != NULL &&
      !pf_transcoder_check_name (config->encoding, error))
    return FALSE;
  if (config->search_zip && !pf_archive_is_there ())
    return pf_error_set (error, PF_STATUS_USAGE,
                         "--search-zip needs libarchive, which this build "
                         "lacks");
  if (config->pre != NULL &&
      (self->filter = pf_run_find_filter (config, error)) == NULL)
    return FALSE;
  self->format = format_of (config);
  self->style.terminal = config->terminal;
  self->style.color = config->color;
  self->style.exact_space = config->match.space == PF_SPACE_EXACT;
  self->document_options = document_options (config);
  self->jobs = config->jobs > 0 ? config->jobs : pf_usable_processors ();
  self->inputs_stream = pf_run_inputs_stream (config);
  matcher = pf_matcher_create (config->glossary, &config->match, error);
  if (matcher == NULL)
    return FALSE;
  self->matchers = pf_run_new_slot (matcher);
  if (!check_output (config, &self->document_options.forbidden, error))
    return FALSE;
  if (!pf_targets_check (config, error) ||
      !pf_run_journal_check (config, error) || !make_totals (self, error))
    return FALSE;
  if (config->stats_file != NULL &&
      (self->stats_file = pf_stats_file_open (config, error)) == NULL)
    return FALSE;
  self->cancel = pf_cancel_new (error);
  if (self->cancel != NULL)
    self->retry = pf_retry_new (pf_retries_of (config->retries), self->cancel);
  return self->cancel != NULL && open_outputs (self, error);
}

static void
make_stats (PfRun *self, PfTimeSpent begun)
{
  self->stats = pf_run_stats_new (
      self->jobs, is_streaming (self->config) ? readers_of (self) : 0, begun);
  self->document_options.reads = &self->stats->reads;
}

PfRun *
pf_run_new (const PfRunConfig *config, GError **error)
{
  g_autoptr (PfRun) self = g_new0 (PfRun, 1);
  g_auto (PfError) failure = { 0 };
  PfTimeSpent begun =
      config->stats ? pf_time_of_process () : (PfTimeSpent){ 0 };

  self->config = config;
  pf_mutex_init (&self->filter_lock);
  if (!prepare (self, &failure))
    return pf_error_propagate (error, &failure);
  if (config->stats)
    make_stats (self, begun);
  self->document_options.cancel = self->cancel;
  self->document_options.retry = self->retry;
  self->task_plan = pf_run_task_plan (self);
  self->task_plan.result_share = (gsize)pf_run_result_share (config);
  self->cut_plan =
      pf_cut_plan (self->jobs, pf_run_pieces_memory (config), config->piece);
  self->piece_plan = self->task_plan;
  self->piece_plan.flush = refuse;
  self->piece_plan.result_share = self->cut_plan.result_share;
  make_workers (self);
  make_delivery (self);
  make_scheduler (self);
  if (self->stats != NULL)
    self->stats->made = pf_time_of_process ();
  return g_steal_pointer (&self);
}

gsize
pf_run_anywhere (const PfRun *self, gboolean *is_stored)
{
  g_autoptr (PfMatcher) matcher = pf_slot_get (self->matchers, NULL);

  return pf_matcher_anywhere (matcher, is_stored);
}

gboolean
pf_run_maps_terms (const PfRun *self)
{
  g_autoptr (PfMatcher) matcher = pf_slot_get (self->matchers, NULL);

  return pf_matcher_is_mapped (matcher);
}

void
pf_run_free (PfRun *self)
{
  if (self == NULL)
    return;
  pf_pipeline_free (self->pipeline);
  pf_sequencer_free (self->sequencer);
  pf_delivery_free (self->delivery);
  free_workers (self);
  pf_totals_free (self->totals);
  pf_groups_free (self->groups);
  pf_template_free (self->template);
  g_free (self->filter);
  uv_mutex_destroy (&self->filter_lock);
  pf_output_free (self->output);
  pf_targets_free (self->targets);
  pf_run_journal_free (self->journal);
  pf_retry_free (self->retry);
  pf_cancel_free (self->cancel);
  pf_slot_free (self->matchers);
  pf_run_stats_free (self->stats);
  pf_stats_file_free (self->stats_file);
  g_free (self);
}

/* After all threads have ended. What was delivered is written in any case. */
static gboolean
finish (PfRun *self, PfError *error, gboolean *complete)
{
  gboolean done = pf_sequencer_check (self->sequencer, error), written;

  *complete = done && !atomic_load (&self->cancelled_from_outside);
  pf_run_stats_caller (self->stats);
  pf_stage_enter (PF_STAGE_WRITE);
  written = pf_delivery_finish (self->delivery, *complete, done ? error : NULL);
  pf_stage_enter (PF_STAGE_WAIT);
  return written && done;
}

gboolean
pf_run_execute (PfRun *self, GError **error)
{
  g_auto (PfError) failure = { 0 };
  gboolean complete, done;

  pf_run_stats_caller (self->stats);
  done = self->pipeline != NULL ? pf_pipeline_run (self->pipeline, &failure)
                                : pf_run_known (self, &failure);
  if (done)
    done = finish (self, &failure, &complete);
  else
    complete = FALSE;
  self->summary = *pf_delivery_summary (self->delivery);
  self->summary.cancelled = !complete;
  if (self->stats != NULL)
    self->stats->failed = !done;
  pf_stage_clock_stop ();
  if (!done)
    pf_error_propagate (error, &failure);
  return done;
}

const PfSummary *
pf_run_summary (const PfRun *self)
{
  return &self->summary;
}

void
pf_run_cancel (PfRun *self)
{
  atomic_store (&self->cancelled_from_outside, TRUE);
  stop (self);
}

void
pf_run_discard (PfRun *self)
{
  pf_output_discard (self->output);
  pf_targets_discard (self->targets);
  pf_stats_file_discard (self->stats_file);
}
