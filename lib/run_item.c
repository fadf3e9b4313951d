/* Items: how inputs become units of work, and how a worker works one. */
#include <errno.h>
#include <string.h>
#include <uv.h>

#include "run_private.h"
#include "sink/format.h"
#include "sink/markup.h"

/* In an item that is not loaded ahead: to hand it over costs as much as to look
 * through a file. But where there are few files, each worker wants some. */
#define FILES_MOST 32
#define FILES_PART 64
/* One part in so many of the memory for a hunk of a diff, at most. */
#define HUNK_PART 4
/* Who had not opened a file and read its beginning by then waited for a device,
 * in nanoseconds: what is in memory takes a tenth of that. */
#define WAITED_AFTER ((guint64)150 * 1000)

/* Takes MATCHER. */
static PfItem *
item_new (PfMatcher *matcher)
{
  PfItem *self = g_new0 (PfItem, 1);

  self->matcher = matcher;
  self->names = pf_names_new ();
  return self;
}

void
pf_item_free (gpointer item)
{
  PfItem *self = item;

  if (self == NULL)
    return;
  for (gsize i = 0; self->loaded != NULL && i < self->to - self->from; i++) {
    pf_document_free (self->loaded[i].document);
    pf_error_clear (&self->loaded[i].error);
  }
  g_free (self->loaded);
  pf_names_free (self->names);
  pf_matcher_unref (self->matcher);
  g_free (self);
}

/* What the lister's callbacks need. */
typedef struct {
  PfRun *run;
  gsize files_ahead;    /* in an item that is loaded ahead */
  gsize files_per_item; /* in the one that is gathered */
  guint64 submitted;    /* files */
  gboolean (*submit) (PfItem *item, gpointer user);
  gpointer user;
  PfItem *gathering; /* NULL, or an item with at least one file */
  guint64 version;   /* of its matcher */
  guint64 stdin_names;
  gboolean stopped;
} Gathering;

static gsize
files_wanted (const Gathering *self)
{
  guint64 part = self->submitted / FILES_PART;

  if (pf_pipeline_loads_ahead (self->run->pipeline))
    return self->files_ahead;
  return (gsize)CLAMP (part, self->files_ahead, FILES_MOST);
}

static gboolean
submit_gathered (Gathering *self)
{
  if (self->gathering == NULL || self->stopped)
    return !self->stopped;
  self->submitted += self->gathering->to;
  self->stopped =
      !self->submit (g_steal_pointer (&self->gathering), self->user);
  self->files_per_item = files_wanted (self);
  return !self->stopped;
}

/* A name that was found is not kept waiting for one that is not there yet. */
static void
on_wait (gpointer user)
{
  submit_gathered (user);
  pf_stage_enter (PF_STAGE_WAIT);
}

/* Whether ERROR says no more than that there is no such file, and nobody minds.
 */
static gboolean
is_missing (const PfRunConfig *config, gboolean is_list, const PfError *error)
{
  return config->ignore_missing && !is_list &&
         (error->errnum == ENOENT || error->errnum == ENOTDIR);
}

/* Whether nothing that is listed behind LISTED can matter. */
static gboolean
ends_list (const PfRunConfig *config, const PfListed *listed)
{
  return listed->error != NULL &&
         !is_missing (config, listed->is_list, listed->error) &&
         (config->fail_fast || config->action == PF_RUN_ANSWER);
}

/* Where documents become files, an input may be passed over, which is FALSE, or
 * get an error. */
static gboolean
claim (PfRun *self, PfListed *listed, PfError *error)
{
  listed->is_done =
      self->journal != NULL && pf_run_journal_follows (self->journal, listed);
  if (self->targets == NULL)
    return TRUE;
  if (!pf_claims_take (pf_targets_claims (self->targets), listed, error))
    return FALSE;
  if (pf_error_is_set (error))
    listed->error = error;
  return TRUE;
}

static gboolean
gather (Gathering *self, const PfListed *listed)
{
  PfSlot *matchers = self->run->matchers;
  guint64 number = listed->stdin_listed ? ++self->stdin_names : 0;
  gboolean is_last = ends_list (self->run->config, listed);

  /* Wherever the run ends, this stands behind it. */
  if (pf_run_is_over (self->run, G_MAXUINT64))
    return FALSE;
  /* A file has the matcher that was there when it was listed. */
  if (pf_slot_version (matchers) != self->version && !submit_gathered (self))
    return FALSE;
  if (self->gathering == NULL)
    self->gathering = item_new (pf_slot_get (matchers, &self->version));
  self->gathering->to++;
  pf_names_add (self->gathering->names, listed, number);
  if (is_last)
    submit_gathered (self);
  else if (self->gathering->to == self->files_per_item)
    return submit_gathered (self);
  return !is_last;
}

static gboolean
on_listed (const PfListed *listed, gpointer user)
{
  Gathering *self = user;
  g_auto (PfError) error = { 0 };
  PfListed claimed = *listed;

  pf_stage_enter (PF_STAGE_LIST);
  return !claim (self->run, &claimed, &error) || gather (self, &claimed);
}

typedef struct {
  PfRun *run;
  PfNames *names;
  guint64 stdin_names;
} Listing;

static gboolean
keep_name (const PfListed *listed, gpointer user)
{
  Listing *self = user;
  g_auto (PfError) error = { 0 };
  PfListed claimed = *listed;

  if (!claim (self->run, &claimed, &error))
    return TRUE;
  pf_names_add (self->names, &claimed,
                claimed.stdin_listed ? ++self->stdin_names : 0);
  /* A list keeps the error. */
  return !ends_list (self->run->config, &claimed);
}

PfListerOptions
pf_run_lister_options (const PfRunConfig *config)
{
  PfListerOptions options = { .inputs = config->inputs,
                              .n_inputs = config->n_inputs,
                              .null_delimited = config->null_delimited,
                              .recursive = config->recursive,
                              .follow = config->follow,
                              .hidden = config->hidden,
                              .globs = { config->globs, config->n_globs,
                                         config->excluded_dirs,
                                         config->n_excluded_dirs } };

  return options;
}

PfNames *
pf_run_list (PfRun *self)
{
  Listing listing = { .run = self, .names = pf_names_new () };
  PfListerOptions options = pf_run_lister_options (self->config);

  options.cancel = self->cancel;
  options.retry = self->retry;
  options.emit = keep_name;
  options.user = &listing;
  pf_list_inputs (&options);
  return listing.names;
}

void
pf_run_stream (PfRun *self, gsize files_per_item,
               gboolean (*submit) (PfItem *item, gpointer user), gpointer user)
{
  Gathering gathering = { .run = self,
                          .files_ahead = files_per_item,
                          .files_per_item = files_per_item,
                          .submit = submit,
                          .user = user };
  PfListerOptions options = pf_run_lister_options (self->config);

  options.cancel = self->cancel;
  options.retry = self->retry;
  options.emit = on_listed;
  options.on_wait = on_wait;
  options.user = &gathering;
  if (pf_list_inputs (&options))
    submit_gathered (&gathering);
  pf_item_free (gathering.gathering);
}

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

/* Everything in RESULT goes on as a result of its own; RESULT starts anew. */
static void
put_part (PfWork *work, PfResult *result, gboolean flush)
{
  PfResult *part = pf_run_new_result (work->run), swap;
  PfStage stage;

  work->n_parts++;
  swap = *part;
  *part = *result;
  *result = swap;
  part->flush = flush;
  stage = pf_stage_enter (PF_STAGE_WAIT);
  pf_sequencer_put_part (work->run->sequencer, work->serial, part);
  pf_stage_enter (stage);
}

/* Those before it may need a descriptor, and must not wait for this one. */
gboolean
pf_run_wait_turn (const PfWork *work)
{
  gboolean is_turn;

  pf_document_pause (work->document);
  is_turn = pf_sequencer_wait_turn (work->run->sequencer, work->serial, NULL);
  pf_document_resume (work->document);
  return is_turn;
}

/* Of a document that becomes a file, only messages must wait for their turn. */
static gboolean
flush_to_target (PfWork *work, PfResult *result, gboolean *is_small)
{
  if (!pf_target_take (work, result))
    return FALSE;
  *is_small = result->remark_bytes < work->run->task_plan.result_share / 2;
  return TRUE;
}

static gboolean
flush (PfResult *result, gboolean must, gpointer user)
{
  PfWork *work = user;
  PfSequencer *sequencer = work->run->sequencer;
  gboolean is_turn, is_small = FALSE;
  PfStage stage;

  if (work->run->targets != NULL && !flush_to_target (work, result, &is_small))
    return FALSE;
  if (is_small)
    return TRUE;
  stage = pf_stage_enter (PF_STAGE_WAIT);
  is_turn = must ? pf_run_wait_turn (work)
                 : pf_sequencer_is_turn (sequencer, work->serial);
  pf_stage_enter (stage);
  if (!is_turn)
    return FALSE;
  put_part (work, result, !must);
  return TRUE;
}

static gboolean
pass (PfResult *result, PfResult *part, gpointer user)
{
  PfWork *work = user;

  if (!pf_sequencer_is_turn (work->run->sequencer, work->serial))
    return FALSE;
  if (result->bytes->len > 0 || result->notes->len > 0)
    put_part (work, result, FALSE);
  put_part (work, part, FALSE);
  return TRUE;
}

static PfIsa
isa_of (PfRun *self)
{
  PfMatcher *matcher = pf_run_take_matcher (self);
  PfIsa isa = pf_matcher_isa (matcher);

  pf_matcher_unref (matcher);
  return isa;
}

static const PfRewriter *
rewriter_of (const PfRunConfig *config)
{
  if (config->action == PF_RUN_ANNOTATE)
    return &pf_rewriter_markup;
  return config->diff ? &pf_rewriter_diff : &pf_rewriter_plain;
}

static PfMarkupPlan
markup_plan (const PfRun *self)
{
  static const PfMarkup *const markups[] = {
    [PF_MARKUP_UNSET] = &pf_markup_html,
    [PF_MARKUP_HTML] = &pf_markup_html,
    [PF_MARKUP_MARKDOWN] = &pf_markup_markdown,
    [PF_MARKUP_ANSI] = &pf_markup_ansi
  };
  const PfRunConfig *config = self->config;

  return (
      PfMarkupPlan){ .how = self->template != NULL ? &pf_markup_template
                                                   : markups[config->markup],
                     .template = self->template,
                     .first_only = config->first_only,
                     .is_page = config->standalone && self->targets != NULL,
                     .has_names = config->standalone && self->targets == NULL };
}

static const PfLineFormat *
line_format_of (const PfRunConfig *config)
{
  return config->null_output ? &pf_line_format_null : &pf_line_format_text;
}

PfTaskPlan
pf_run_task_plan (PfRun *self)
{
  static const PfAction *const actions[] = {
    [PF_RUN_FIND] = &pf_action_find,
    [PF_RUN_COUNT] = &pf_action_count,
    [PF_RUN_COUNT_TERMS] = &pf_action_count_terms,
    [PF_RUN_TOTAL] = &pf_action_total,
    [PF_RUN_WITH_MATCH] = &pf_action_with_match,
    [PF_RUN_WITHOUT_MATCH] = &pf_action_without_match,
    [PF_RUN_LINES] = &pf_action_lines,
    [PF_RUN_ANSWER] = &pf_action_answer,
    [PF_RUN_REPLACE] = &pf_action_replace,
    [PF_RUN_ANNOTATE] = &pf_action_annotate
  };
  PfTaskPlan plan = { .action = actions[self->config->action],
                      .format = self->format,
                      .style = self->style,
                      .rewriter = rewriter_of (self->config),
                      .markup = markup_plan (self),
                      .hunk = (gsize)(self->config->memory / HUNK_PART),
                      .replace = { self->config->first_value,
                                   self->config->plain_case },
                      .lines = self->config->lines,
                      .line_format = line_format_of (self->config),
                      .binary = self->config->binary,
                      .has_markers = !self->config->no_ignore,
                      .cancel = self->cancel,
                      .max_count = self->config->max_count,
                      .totals = self->config->fail_fast ? NULL : self->totals,
                      .groups = self->groups,
                      .folder_depth = self->config->group_depth,
                      .census = self->config->stats,
                      .isa = isa_of (self),
                      .flush = flush,
                      .pass = pass };

  if (self->groups != NULL)
    plan.action = &pf_action_total_groups;
  else if (self->config->action == PF_RUN_TOTAL && self->totals == NULL)
    plan.action = &pf_action_total_folders;
  return plan;
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
    flush (self->result, FALSE, self);
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
  } else if (is_missing (self->run->config, name.is_list, error)) {
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
