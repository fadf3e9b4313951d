/* What the workers do with each document, and where its results go: on to the
 * sequencer, or into a file of its own. */
#include "run_private.h"
#include "sink/format.h"
#include "sink/markup.h"

/* One part in so many of the memory for a hunk of a diff, at most. */
#define HUNK_PART 4

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

gboolean
pf_run_flush (PfResult *result, gboolean must, gpointer user)
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
                                   self->config->plain_case,
                                   self->config->keep_lines },
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
                      .flush = pf_run_flush,
                      .pass = pass };

  if (self->groups != NULL)
    plan.action = &pf_action_total_groups;
  else if (self->config->action == PF_RUN_TOTAL && self->totals == NULL)
    plan.action = &pf_action_total_folders;
  return plan;
}
