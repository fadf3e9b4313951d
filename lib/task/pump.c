/* Drives a document through the matcher into an action. */
#include "task/action.h"

/* How often a stream with output that waits for its turn looks whether the
 * turn has come, in milliseconds. */
#define TURN_POLL 20

PfTask *
pf_task_new (const PfTaskPlan *plan, guint worker)
{
  PfTask *self = g_new0 (PfTask, 1);

  self->plan = plan;
  self->worker = worker;
  self->scratch = pf_scratch_new ();
  self->entries = g_array_new (FALSE, FALSE, sizeof (PfEntry));
  self->name = g_string_new (NULL);
  pf_tally_init (&self->tally);
  return self;
}

void
pf_task_free (PfTask *self)
{
  if (self == NULL)
    return;
  pf_scratch_free (self->scratch);
  g_array_unref (self->entries);
  g_string_free (self->name, TRUE);
  pf_tally_clear (&self->tally);
  g_free (self);
}

gboolean
pf_task_hand_on (PfTask *self)
{
  return self->plan->flush (self->result, TRUE, self->user);
}

gboolean
pf_task_note_first (const PfMatch *match G_GNUC_UNUSED, gpointer user)
{
  PfTask *self = user;

  self->n_matches++;
  return FALSE;
}

PfSpan
pf_task_name (PfTask *self)
{
  if (!self->has_name) {
    g_string_truncate (self->name, 0);
    self->plan->format->name (self->name, self->path, &self->plan->style);
    self->has_name = TRUE;
  }
  return (PfSpan){ (const guint8 *)self->name->str, self->name->len };
}

/* Before a stream is waited for, what is there is shown; where it is not its
 * turn yet, the turn is asked for again and again. */
static gboolean
wait_for_stream (PfTask *self, const PfDocument *document)
{
  while (!pf_cancel_is_set (self->plan->cancel)) {
    gboolean flushed = self->plan->flush (self->result, FALSE, self->user);

    if (pf_document_wait (document, flushed ? -1 : TURN_POLL))
      return TRUE;
  }
  return FALSE;
}

static gboolean
fill (PfTask *self, PfDocument *document, PfError *error)
{
  if (pf_document_is_stream (document) && !wait_for_stream (self, document))
    return FALSE;
  if (!pf_document_fill (document, error))
    return FALSE;
  self->window = pf_document_window (document);
  self->window_offset = pf_document_offset (document);
  return TRUE;
}

/* Drops what is decided, but for the context that boundaries need. */
static gsize
consume (PfTask *self, PfDocument *document, gsize at)
{
  gsize len = at - MIN (at, PF_MATCH_CONTEXT);

  if (self->plan->action->leave != NULL)
    self->plan->action->leave (self, len);
  pf_document_consume (document, len);
  return at - len;
}

typedef enum { PUMP_DONE, PUMP_BINARY, PUMP_FAILED } Outcome;

static Outcome
pump (PfTask *self, PfDocument *document, PfError *error)
{
  gsize at = 0;

  for (;;) {
    gboolean final;

    if (pf_document_is_binary (document) && !pf_document_is_stream (document))
      return PUMP_BINARY;
    final = pf_document_at_end (document);
    at = pf_matcher_scan (self->matcher, self->scratch,
                          &(PfScan){ .text = self->window,
                                     .from = at,
                                     .final = final,
                                     .func = self->plan->action->match,
                                     .user = self });
    if (pf_cancel_is_set (self->plan->cancel))
      return PUMP_FAILED;
    if (final || (self->plan->action->first_only && self->n_matches > 0))
      return PUMP_DONE;
    if (pf_document_is_binary (document))
      return PUMP_BINARY;
    at = consume (self, document, at);
    if (!fill (self, document, error))
      return PUMP_FAILED;
  }
}

static void
begin (PfTask *self, const PfTaskJob *job)
{
  self->matcher = job->matcher;
  self->glossary = pf_matcher_glossary (job->matcher);
  self->path = pf_span_str (job->path);
  self->has_name = FALSE;
  self->result = job->result;
  self->user = job->user;
  self->window = pf_document_window (job->document);
  self->window_offset = pf_document_offset (job->document);
  self->n_matches = 0;
  pf_line_counter_init (&self->lines);
  pf_tally_reset (&self->tally);
}

static gboolean
pass_over_binary (PfTask *self, const char *path, PfError *error)
{
  if (self->plan->binary == PF_BINARY_ERROR)
    return pf_error_set (error, PF_STATUS_DATA, "binary file");
  pf_result_add_binary (self->result, path);
  return TRUE;
}

gboolean
pf_task_process (PfTask *self, const PfTaskJob *job, PfError *error)
{
  Outcome outcome;

  begin (self, job);
  if (self->window.len == 0 && !pf_document_at_end (job->document) &&
      !fill (self, job->document, error))
    return FALSE;
  self->lines.at = self->window_offset;
  outcome = pump (self, job->document, error);
  if (outcome == PUMP_FAILED && pf_cancel_is_set (self->plan->cancel))
    return FALSE;
  if (self->n_matches > 0)
    pf_result_add_match (self->result);
  if (self->plan->action->end != NULL)
    self->plan->action->end (self, outcome == PUMP_DONE);
  if (outcome == PUMP_BINARY)
    return pass_over_binary (self, job->path, error);
  return outcome == PUMP_DONE;
}
