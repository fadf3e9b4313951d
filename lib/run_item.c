/* Items: how inputs become units of work, and how a worker works one. */
#include <string.h>

#include "run_private.h"

static void
file_clear (gpointer data)
{
  PfFile *file = data;

  g_free (file->name);
  pf_error_clear (&file->error);
  pf_document_free (file->document);
}

static PfItem *
item_new (PfMatcher *matcher)
{
  PfItem *self = g_new0 (PfItem, 1);

  self->matcher = pf_matcher_ref (matcher);
  self->files = g_array_new (FALSE, FALSE, sizeof (PfFile));
  g_array_set_clear_func (self->files, file_clear);
  return self;
}

void
pf_item_free (gpointer item)
{
  PfItem *self = item;

  if (self == NULL)
    return;
  g_array_unref (self->files);
  pf_matcher_unref (self->matcher);
  g_free (self);
}

void
pf_item_absorb (PfItem *self, PfItem *other)
{
  g_array_append_vals (self->files, other->files->data, other->files->len);
  g_array_set_clear_func (other->files, NULL);
  pf_item_free (other);
}

static void
item_add (PfItem *self, const PfListed *listed, guint64 stdin_number)
{
  PfFile file = { .name = g_strdup (listed->name),
                  .is_stdin = listed->is_stdin,
                  .stdin_number = stdin_number };

  if (listed->error != NULL)
    pf_error_move (&file.error, listed->error);
  g_array_append_val (self->files, file);
}

/* What the lister's callbacks need. */
typedef struct {
  PfRun *run;
  gsize files_per_item;
  gboolean (*submit) (PfItem *item, gpointer user);
  gpointer user;
  PfItem *gathering; /* NULL, or an item with at least one file */
  guint64 stdin_names;
  gboolean stopped;
} Gathering;

static gboolean
submit_gathered (Gathering *self)
{
  if (self->gathering != NULL && !self->stopped)
    self->stopped =
        !self->submit (g_steal_pointer (&self->gathering), self->user);
  return !self->stopped;
}

/* A name that was found is not kept waiting for one that is not there yet. */
static void
on_wait (gpointer user)
{
  submit_gathered (user);
}

static gboolean
on_listed (const PfListed *listed, gpointer user)
{
  Gathering *self = user;
  guint64 number = listed->stdin_listed ? ++self->stdin_names : 0;

  if (self->gathering == NULL)
    self->gathering = item_new (self->run->matcher);
  item_add (self->gathering, listed, number);
  return self->gathering->files->len < self->files_per_item ||
         submit_gathered (self);
}

PfListerOptions
pf_run_lister_options (const PfRunConfig *config)
{
  PfListerOptions options = { .inputs = config->inputs,
                              .n_inputs = config->n_inputs,
                              .null_delimited = config->null_delimited,
                              .recursive = config->recursive,
                              .follow = config->follow,
                              .hidden = config->hidden };

  return options;
}

void
pf_run_list (PfRun *self, gsize files_per_item,
             gboolean (*submit) (PfItem *item, gpointer user), gpointer user)
{
  Gathering gathering = { .run = self,
                          .files_per_item = files_per_item,
                          .submit = submit,
                          .user = user };
  PfListerOptions options = pf_run_lister_options (self->config);

  options.cancel = self->cancel;
  options.emit = on_listed;
  options.on_wait = on_wait;
  options.user = &gathering;
  if (pf_list_inputs (&options))
    submit_gathered (&gathering);
  pf_item_free (gathering.gathering);
}

static void
open_file (PfRun *self, PfFile *file)
{
  if (file->document == NULL && !pf_error_is_set (&file->error))
    file->document = pf_document_open (file->is_stdin ? NULL : file->name,
                                       &self->documents, &file->error);
}

void
pf_run_load (PfRun *self, PfItem *item)
{
  for (guint i = 0; i < item->files->len; i++) {
    PfFile *file = &g_array_index (item->files, PfFile, i);

    open_file (self, file);
    /* A stream is left to the matcher, which can wait for it and show what
     * came so far. */
    if (file->document != NULL && !pf_document_is_stream (file->document) &&
        !pf_document_fill (file->document, &file->error))
      g_clear_pointer (&file->document, pf_document_free);
    /* An item that waits holds one descriptor at most. */
    if (file->document != NULL && !pf_document_is_whole (file->document))
      return;
  }
}

/* An item being worked; also what the flush callback of its task gets. */
typedef struct {
  PfRun *run;
  PfItem *item;
  guint64 serial;
  PfTask *task;
  PfResult *result;
} Work;

/* Everything in RESULT as a result of its own; RESULT starts anew. */
static PfResult *
split_off (PfResult *result)
{
  PfResult *part = pf_result_new (), swap;

  swap = *part;
  *part = *result;
  *result = swap;
  return part;
}

static gboolean
flush (PfResult *result, gboolean must, gpointer user)
{
  const Work *work = user;
  PfSequencer *sequencer = work->run->sequencer;
  PfResult *part;

  if (must ? !pf_sequencer_wait_turn (sequencer, work->serial)
           : !pf_sequencer_is_turn (sequencer, work->serial))
    return FALSE;
  part = split_off (result);
  part->flush = !must;
  pf_sequencer_put_part (sequencer, work->serial, part);
  return TRUE;
}

PfTaskPlan
pf_run_task_plan (const PfRun *self)
{
  static const PfAction *const actions[] = {
    [PF_RUN_FIND] = &pf_action_find,
    [PF_RUN_COUNT] = &pf_action_count,
    [PF_RUN_COUNT_TERMS] = &pf_action_count_terms,
    [PF_RUN_TOTAL] = &pf_action_total,
    [PF_RUN_WITH_MATCH] = &pf_action_with_match,
    [PF_RUN_WITHOUT_MATCH] = &pf_action_without_match,
    [PF_RUN_ANSWER] = &pf_action_answer
  };
  PfTaskPlan plan = { .action = actions[self->config->action],
                      .format = self->format,
                      .style = self->style,
                      .binary = self->config->binary,
                      .cancel = self->cancel,
                      .totals = self->totals,
                      .flush = flush };

  return plan;
}

static void
work_file (Work *self, PfFile *file)
{
  PfTaskJob job = { .matcher = self->item->matcher,
                    .path = file->name,
                    .result = self->result,
                    .user = self };

  self->result->files++;
  self->result->stdin_listed += file->stdin_number > 0;
  open_file (self->run, file);
  job.document = file->document;
  if (file->document != NULL)
    pf_task_process (self->task, &job, &file->error);
  if (pf_error_is_set (&file->error))
    pf_result_add_error (self->result, file->name, file->stdin_number,
                         &file->error);
  g_clear_pointer (&file->document, pf_document_free);
}

gboolean
pf_run_work (PfRun *self, PfItem *item, guint64 serial, guint worker)
{
  gboolean first_only = self->config->action == PF_RUN_ANSWER;
  Work work = { self, item, serial, self->tasks[worker], pf_result_new () };

  for (guint i = 0; i < item->files->len; i++) {
    if (first_only && work.result->first_event != PF_EVENT_NONE)
      break;
    work_file (&work, &g_array_index (item->files, PfFile, i));
    if (pf_cancel_is_set (self->cancel)) {
      pf_result_free (work.result);
      return FALSE;
    }
  }
  pf_sequencer_put (self->sequencer, serial, work.result);
  return TRUE;
}
