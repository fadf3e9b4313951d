/* The one place that sees every layer: makes the parts of a run from its
 * configuration and drives them in one of two modes.
 *
 *   fork-join  list everything, deal it, N workers, join
 *   pipeline   lister ──▶ readers ──▶ matchers ──▶ sequencer ──▶ writer
 *
 * In both, each item is worked by pf_run_work and its result goes through the
 * one sequencer into the one delivery.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/processors.h"
#include "run_private.h"
#include "sched/fork_join.h"
#include "sink/format.h"

#define MEMORY_DEFAULT ((guint64)256 << 20)
/* What an item holds at most while it waits: the beginnings of its files, and
 * its result, with what a last match may add. */
#define ITEM_INPUT ((guint64)1280 << 10)
#define RESULT_LEAST ((guint64)256 << 10)
#define RESULT_MOST ((guint64)2 << 20)
#define STREAM_FILES_PER_ITEM 8
#define CHANNEL_CAPACITY 64
#define READERS_DEFAULT 4
#define SPARE_PER_WORKER 8
/* One part in so many of the memory is for pieces of large files, and one for
 * results on their way to the writer; items have the rest. */
#define PIECES_PART 4
#define WRITER_PART 8

static guint64
memory_of (const PfRunConfig *config)
{
  return config->memory > 0 ? config->memory : MEMORY_DEFAULT;
}

/* Where there is room, results that are dense need not wait for their turn. */
static guint64
result_share (const PfRunConfig *config)
{
  return CLAMP (memory_of (config) / 128, RESULT_LEAST, RESULT_MOST);
}

/* The counters of totals are there all the time. */
static guint64
items_under_way (const PfRun *self)
{
  guint64 memory = memory_of (self->config);
  guint64 counters = self->totals != NULL ? pf_totals_size (self->totals) : 0;
  guint64 rest = memory - memory / PIECES_PART - memory / WRITER_PART;

  return MAX ((rest - MIN (counters, rest)) /
                  (ITEM_INPUT + result_share (self->config)),
              1);
}

/* What of a result waits for a slow writer has been put, and is under way no
 * more. */
static gsize
channel_capacity (const PfRunConfig *config)
{
  return (gsize)CLAMP (memory_of (config) / WRITER_PART / result_share (config),
                       1, CHANNEL_CAPACITY);
}

static gboolean
is_same_file (const PfFileId *id, const char *path)
{
  struct stat st;
  PfFileId other;
  int found =
      strcmp (path, "-") == 0 ? fstat (STDIN_FILENO, &st) : stat (path, &st);

  if (found != 0)
    return FALSE;
  other = pf_file_id_of (&st);
  return pf_file_id_equal (id, &other);
}

/* The regular file that output will go to, where it exists by now. */
static PfFileId
find_output_file (const PfRunConfig *config)
{
  struct stat st;
  int found = config->output != NULL ? stat (config->output, &st)
                                     : fstat (STDOUT_FILENO, &st);

  if (found != 0 || !S_ISREG (st.st_mode) ||
      (config->output == NULL && config->action == PF_RUN_ANSWER))
    return (PfFileId){ 0 };
  return pf_file_id_of (&st);
}

static gboolean
refuse_output (const PfRunConfig *config, const char *what, PfError *error)
{
  return pf_error_set (error, PF_STATUS_USAGE, "%s: output is also %s",
                       config->output, what);
}

typedef struct {
  const PfFileId *output;
  gboolean found;
} InputCheck;

static gboolean
check_input (const PfListed *listed, gpointer user)
{
  InputCheck *check = user;

  check->found = listed->error == NULL && !listed->is_stdin &&
                 is_same_file (check->output, listed->name);
  return !check->found;
}

/* Looks for the output among all inputs, as far as they can be known. */
static gboolean
output_is_input (const PfRunConfig *config, const PfFileId *output)
{
  InputCheck check = { .output = output };
  PfListerOptions options = pf_run_lister_options (config);

  options.emit = check_input;
  options.user = &check;
  for (gsize i = 0; i < config->n_inputs; i++)
    if (is_same_file (output, config->inputs[i].name))
      return TRUE;
  if (pf_inputs_are_known (config->inputs, config->n_inputs))
    pf_list_inputs (&options);
  return check.found;
}

/* Before anything is opened for writing: is the output something we read? */
static gboolean
check_output (const PfRunConfig *config, const PfFileId *output, PfError *error)
{
  if (config->output == NULL || !output->is_set)
    return TRUE;
  for (gsize i = 0; i < config->n_protected_files; i++)
    if (is_same_file (output, config->protected_files[i]))
      return refuse_output (config, "a glossary", error);
  if (output_is_input (config, output))
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

  pf_delivery_take (self->delivery, result);
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

  pf_delivery_flush (self->delivery);
}

static gboolean
submit_to_pipeline (PfItem *item, gpointer user)
{
  return pf_pipeline_submit (user, item);
}

static void
list_into_pipeline (PfPipeline *pipeline, gpointer user)
{
  pf_run_stream (user, STREAM_FILES_PER_ITEM, submit_to_pipeline, pipeline);
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

  pf_crew_help (self->crew, matcher, G_MAXUINT64);
}

static void
finish_in_crew (guint worker, gpointer user)
{
  PfRun *self = user;

  pf_crew_finish (self->crew, worker);
}

static void
make_pipeline (PfRun *self)
{
  const PfRunConfig *config = self->config;
  PfPipelinePlan plan = { .readers = config->readers > 0
                                         ? config->readers
                                         : MIN (self->jobs, READERS_DEFAULT),
                          .matchers = self->jobs,
                          .capacity = channel_capacity (config),
                          .list = list_into_pipeline,
                          .load = load_item,
                          .match = match_item,
                          .help = help_crew,
                          .finish = finish_in_crew,
                          .write = deliver,
                          .idle = flush_output,
                          .fail = fail,
                          .destroy_item = pf_item_free,
                          .destroy_result = result_destroy,
                          .user = self };

  self->sequencer = pf_sequencer_new (items_under_way (self), pass_to_writer,
                                      result_destroy, self);
  plan.results = self->sequencer;
  self->pipeline = pf_pipeline_new (&plan);
}

static void
make_scheduler (PfRun *self)
{
  const PfRunConfig *config = self->config;
  gboolean streams = config->mode == PF_MODE_PIPELINE ||
                     (config->mode == PF_MODE_AUTO &&
                      !pf_inputs_are_known (config->inputs, config->n_inputs));

  if (streams)
    make_pipeline (self);
  else
    self->sequencer = pf_sequencer_new (items_under_way (self), deliver,
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
    pf_task_free (self->workers[i].piece_task);
    pf_document_free (self->workers[i].part);
  }
  g_free (self->workers);
  pf_crew_free (self->crew);
  pf_pool_free (self->results);
  pf_pool_free (self->documents);
}

static void
make_delivery (PfRun *self)
{
  PfDeliveryOptions options = { .config = self->config,
                                .format = self->format,
                                .totals = self->totals,
                                .output = self->output,
                                .stop = stop,
                                .spare = self->results,
                                .user = self };

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

  if (config->action != PF_RUN_TOTAL)
    return TRUE;
  /* With fail_fast, the delivery alone adds to them. */
  self->totals = pf_totals_new (n_terms, config->fail_fast ? 1 : self->jobs,
                                memory_of (config) / 4 * 3, error);
  return self->totals != NULL;
}

static gboolean
prepare (PfRun *self, PfError *error)
{
  static const PfRecordFormat *const formats[] = { [PF_FORMAT_TEXT] =
                                                       &pf_record_format_text,
                                                   [PF_FORMAT_TSV] =
                                                       &pf_record_format_tsv };
  const PfRunConfig *config = self->config;
  PfMatcher *matcher;

  self->format = formats[config->format];
  self->style.terminal = config->terminal;
  self->style.exact_space = config->match.space == PF_SPACE_EXACT;
  self->document_options.raw = config->binary == PF_BINARY_TEXT;
  /* What was read in one go is not cut. */
  self->document_options.block = config->piece;
  self->document_options.forbidden = find_output_file (config);
  self->document_options.forbidden_status =
      config->output != NULL ? PF_STATUS_USAGE : PF_STATUS_IO;
  self->jobs = config->jobs > 0 ? config->jobs : pf_usable_processors ();
  self->inputs_stream = pf_run_inputs_stream (config);
  matcher = pf_matcher_create (config->glossary, &config->match, error);
  if (matcher == NULL)
    return FALSE;
  self->matchers = pf_run_new_slot (matcher);
  if (!check_output (config, &self->document_options.forbidden, error))
    return FALSE;
  if (!make_totals (self, error))
    return FALSE;
  self->cancel = pf_cancel_new (error);
  if (self->cancel != NULL)
    self->retry = pf_retry_new (pf_retries_of (config->retries), self->cancel);
  self->output =
      self->cancel != NULL ? pf_output_open (config->output, error) : NULL;
  return self->output != NULL;
}

PfRun *
pf_run_new (const PfRunConfig *config, GError **error)
{
  g_autoptr (PfRun) self = g_new0 (PfRun, 1);
  g_auto (PfError) failure = { 0 };

  self->config = config;
  if (!prepare (self, &failure))
    return pf_error_propagate (error, &failure);
  self->document_options.cancel = self->cancel;
  self->document_options.retry = self->retry;
  self->task_plan = pf_run_task_plan (self);
  self->task_plan.result_share = (gsize)result_share (config);
  self->cut_plan =
      pf_cut_plan (self->jobs, memory_of (config) / PIECES_PART, config->piece);
  self->piece_plan = self->task_plan;
  self->piece_plan.flush = refuse;
  self->piece_plan.result_share = self->cut_plan.result_share;
  make_workers (self);
  make_delivery (self);
  make_scheduler (self);
  return g_steal_pointer (&self);
}

gsize
pf_run_anywhere (const PfRun *self, gboolean *is_stored)
{
  g_autoptr (PfMatcher) matcher = pf_slot_get (self->matchers, NULL);

  return pf_matcher_anywhere (matcher, is_stored);
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
  pf_output_free (self->output);
  pf_retry_free (self->retry);
  pf_cancel_free (self->cancel);
  pf_slot_free (self->matchers);
  g_free (self);
}

/* A known list, and the worker's view of it. */
typedef struct {
  PfRun *run;
  /* A reference, taken when all was listed; whoever begins the last item drops
   * it, so that an input that streams for long keeps no old glossary. */
  PfMatcher *matcher;
  PfNames *names;
  guint64 per_item;
  guint64 n_items;
  atomic_uint_fast64_t n_begun;
} KnownList;

/* The list's matcher for one more item. (transfer full) */
static PfMatcher *
begin_known (KnownList *list)
{
  PfMatcher *matcher = pf_matcher_ref (list->matcher);

  if (atomic_fetch_add_explicit (&list->n_begun, 1, memory_order_acq_rel) + 1 ==
      list->n_items)
    pf_matcher_unref (list->matcher);
  return matcher;
}

static gboolean
work_known (guint64 serial, guint worker, gpointer user)
{
  KnownList *list = user;
  gsize from = serial * list->per_item;
  PfItem item = { .names = list->names,
                  .from = from,
                  .to = MIN (from + list->per_item, pf_names_n (list->names)) };
  gboolean going_on;

  if (!pf_sequencer_admit (list->run->sequencer, serial, NULL))
    return FALSE;
  item.matcher = begin_known (list);
  going_on = pf_run_work (list->run, &item, serial, worker);
  pf_matcher_unref (item.matcher);
  return going_on;
}

static void
finish_known (guint worker, gpointer user)
{
  KnownList *list = user;

  finish_in_crew (worker, list->run);
}

static gboolean
execute_fork_join (PfRun *self, PfError *error)
{
  g_autoptr (PfNames) names = pf_run_list (self);
  gsize n = pf_names_n (names);
  KnownList list = { .run = self,
                     .matcher = pf_run_take_matcher (self),
                     .names = names,
                     .per_item = pf_files_per_item (n, self->jobs) };
  PfForkJoin plan = { .n_lists = self->jobs,
                      .stealing =
                          self->config->schedule == PF_SCHEDULE_STEALING,
                      .work = work_known,
                      .finish = finish_known,
                      .user = &list };
  PfWorklist *lists = pf_run_deal (self, names, list.per_item, error);
  gboolean done;

  if (lists == NULL) {
    pf_matcher_unref (list.matcher);
    return FALSE;
  }
  list.n_items = (n + list.per_item - 1) / list.per_item;
  plan.lists = lists;
  done = pf_fork_join (&plan, error);
  if (list.n_begun < list.n_items || list.n_items == 0)
    pf_matcher_unref (list.matcher);
  pf_worklists_free (lists, self->jobs);
  return done;
}

/* After all threads have ended. What was delivered is written in any case. */
static gboolean
finish (PfRun *self, PfError *error, gboolean *complete)
{
  gboolean done = pf_sequencer_check (self->sequencer, error);

  *complete = done && !atomic_load (&self->cancelled_from_outside);
  return pf_delivery_finish (self->delivery, *complete, done ? error : NULL) &&
         done;
}

gboolean
pf_run_execute (PfRun *self, GError **error)
{
  g_auto (PfError) failure = { 0 };
  gboolean complete, done;

  done = self->pipeline != NULL ? pf_pipeline_run (self->pipeline, &failure)
                                : execute_fork_join (self, &failure);
  if (done)
    done = finish (self, &failure, &complete);
  else
    complete = FALSE;
  self->summary = *pf_delivery_summary (self->delivery);
  self->summary.cancelled = !complete;
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
}
