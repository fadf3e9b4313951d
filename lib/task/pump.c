/* Drives a document through the matcher into an action. */
#include "base/stage_clock.h"
#include "task/action.h"
#include "text/utf8.h"

/* A result this large is handed on, or waits for its turn. */
#define RESULT_SHARE ((gsize)256 << 10)
/* How often a stream with output that waits for its turn looks whether the
 * turn has come, in milliseconds. */
#define TURN_POLL 20
/* After so many matches it is asked whether the task was stopped. */
#define LOOK_EVERY 1024

PfTask *
pf_task_new (const PfTaskPlan *plan, guint worker)
{
  PfTask *self = g_new0 (PfTask, 1);

  self->plan = plan;
  self->result_share =
      plan->result_share > 0 ? plan->result_share : RESULT_SHARE;
  self->worker = worker;
  self->scratch = pf_scratch_new ();
  pf_gate_init (&self->gate, plan->has_markers, plan->isa);
  self->entries = g_array_new (FALSE, FALSE, sizeof (PfEntry));
  self->value = g_string_new (NULL);
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
  pf_gate_clear (&self->gate);
  g_array_unref (self->entries);
  pf_unified_diff_free (self->diff);
  pf_error_clear (&self->failure);
  g_string_free (self->value, TRUE);
  g_string_free (self->name, TRUE);
  pf_tally_clear (&self->tally);
  pf_raw_lines_free (self->raw_lines);
  g_free (self);
}

gboolean
pf_task_hand_on (PfTask *self)
{
  self->refused = !self->plan->flush (self->result, TRUE, self->user);
  return !self->refused;
}

void
pf_task_fail (PfTask *self, PfStatus status, const char *message)
{
  if (!pf_error_is_set (&self->failure))
    pf_error_set (&self->failure, status, "%s", message);
}

gboolean
pf_task_look (PfTask *self)
{
  self->look_at = MIN (self->n_matches + LOOK_EVERY, self->most);
  self->answered = self->n_matches >= self->most;
  return !self->answered && !pf_task_is_stopped (self);
}

gboolean
pf_task_note_first (const PfMatch *match G_GNUC_UNUSED, gpointer user)
{
  PfTask *self = user;

  self->n_matches++;
  self->answered = TRUE;
  return FALSE;
}

void
pf_task_count_lines (PfTask *self, gsize to)
{
  if (self->window_offset + to > self->lines.at)
    pf_line_counter_advance (&self->lines, self->window, self->window_offset,
                             self->window_offset + to);
}

const PfEntry *
pf_task_entries (PfTask *self, const PfMatch *match)
{
  g_array_set_size (self->entries, match->n_entries);
  for (guint i = 0; i < match->n_entries; i++)
    g_array_index (self->entries, PfEntry, i) =
        pf_glossary_entry (self->glossary, match->entries[i]);
  return (const PfEntry *)self->entries->data;
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
  while (!pf_task_is_stopped (self)) {
    gboolean flushed = self->plan->flush (self->result, FALSE, self->user);

    if (pf_document_wait (document, flushed ? -1 : TURN_POLL))
      return TRUE;
  }
  return FALSE;
}

gboolean
pf_task_fill (PfTask *self, PfDocument *document, PfError *error)
{
  gboolean is_stream = pf_document_is_stream (document), filled = FALSE;
  PfStage stage = pf_stage_enter (is_stream ? PF_STAGE_WAIT : PF_STAGE_READ);

  if (!is_stream || wait_for_stream (self, document)) {
    pf_stage_enter (PF_STAGE_READ);
    filled = pf_document_fill (document, error);
  }
  pf_stage_enter (stage);
  self->window = pf_document_window (document);
  self->window_offset = pf_document_offset (document);
  return filled;
}

/* Where the character at AT begins, in text that is UTF-8, as far as can be
 * seen. */
static gsize
character_at (PfSpan text, gsize at)
{
  for (guint i = 0;
       i < 3 && at > 0 && at < text.len && pf_utf8_is_tail (text.data[at]); i++)
    at--;
  return at;
}

/* Actions see whole characters leave. */
gsize
pf_task_leave (PfTask *self, gsize len)
{
  len = pf_gate_leave (&self->gate, self->window, self->window_offset, len);
  len = character_at (self->window, len);
  if (self->plan->action->leave != NULL)
    self->plan->action->leave (self, len);
  return len;
}

/* Drops what is decided, but for the context that boundaries need. */
static void
consume (PfTask *self, PfDocument *document, gsize at)
{
  gsize len = pf_task_leave (self, at - MIN (at, PF_MATCH_CONTEXT));

  pf_document_consume (document, len);
}

static gsize
limit_in_window (const PfTask *self, guint64 limit)
{
  return limit == PF_NO_LIMIT
             ? 0
             : (gsize)MIN (limit - self->window_offset, G_MAXSIZE);
}

/* Whether the callback ended the scan before its time. */
static gboolean
is_broken_off (const PfTask *self)
{
  return self->refused || pf_error_is_set (&self->failure) ||
         pf_task_is_stopped (self);
}

/* Scans the window from *AT on, which is moved to where the scan must go on. */
static void
scan_window (PfTask *self, guint64 *at, guint64 limit, gboolean final)
{
  PfScan scan = { .text = self->window,
                  .from = (gsize)(*at - self->window_offset),
                  .limit = limit_in_window (self, limit),
                  .final = final,
                  .func = self->plan->action->match,
                  .user = self };

  *at = self->window_offset + pf_gate_scan (&self->gate, self->matcher,
                                            self->scratch, &scan,
                                            self->window_offset);
  if (self->plan->action->scanned != NULL)
    self->plan->action->scanned (self, (gsize)(*at - self->window_offset));
}

PfOutcome
pf_task_pump (PfTask *self, PfDocument *document, guint64 *at, guint64 limit,
              PfError *error)
{
  for (;;) {
    gboolean final = pf_document_at_end (document);
    guint64 end = MIN (limit, pf_task_change_matcher (self, *at));

    if (pf_document_is_binary (document) && !pf_document_is_stream (document))
      return PF_OUTCOME_BINARY;
    if (self->answered)
      return PF_OUTCOME_DONE;
    scan_window (self, at, end, final);
    if (self->takes_census)
      pf_census_advance (&self->census, self->window, self->window_offset, *at,
                         final);
    if (is_broken_off (self))
      return PF_OUTCOME_FAILED;
    if (self->answered)
      return PF_OUTCOME_DONE;
    if (end < limit && *at >= end)
      continue;
    if (final || *at >= limit)
      return PF_OUTCOME_DONE;
    if (pf_document_is_binary (document))
      return PF_OUTCOME_BINARY;
    consume (self, document, (gsize)(*at - self->window_offset));
    if (!pf_task_fill (self, document, error)) {
      /* What was read before it failed counts, wherever the reads ended. */
      self->gate.no_more = error != NULL && pf_error_is_set (error);
      if (self->gate.no_more)
        scan_window (self, at, limit, FALSE);
      return PF_OUTCOME_FAILED;
    }
  }
}

/* How many matches are wanted of a file. */
static guint64
most_matches (const PfTaskPlan *plan)
{
  if (plan->max_count < 0)
    return 0;
  if (plan->max_count == 0 || plan->action->own_limit ||
      plan->action->first_only)
    return G_MAXUINT64;
  return (guint64)plan->max_count;
}

void
pf_task_begin (PfTask *self, const PfTaskJob *job)
{
  self->matcher = job->matcher;
  self->glossary =
      job->matcher != NULL ? pf_matcher_glossary (job->matcher) : NULL;
  self->path = pf_span_str (job->path);
  self->has_name = FALSE;
  self->result = job->result;
  self->user = job->user;
  self->cutoff = job->cutoff;
  self->number = job->number;
  self->refused = FALSE;
  self->window = pf_document_window (job->document);
  self->window_offset = pf_document_offset (job->document);
  self->n_matches = 0;
  self->most = most_matches (self->plan);
  self->look_at = MIN (self->most, LOOK_EVERY);
  self->answered = self->most == 0;
  pf_error_clear (&self->failure);
  self->n_bytes = 0;
  self->takes_census = FALSE;
  pf_line_counter_init (&self->lines);
  pf_gate_reset (&self->gate, self->window_offset, (PfMarkerState){ 0 });
  pf_tally_reset (&self->tally);
}

void
pf_task_count_text (PfTask *self, guint64 begin, guint64 end,
                    const PfCensus *census)
{
  PfTextCounts *text = &self->result->text;

  self->n_bytes = end - begin;
  text->bytes += self->n_bytes;
  text->matches += self->n_matches;
  if (census == NULL)
    return;
  text->tokens += census->tokens;
  /* Bytes that are taken raw are not asked to be anything. */
  text->invalid += census->is_invalid && self->plan->binary != PF_BINARY_TEXT;
}

gboolean
pf_task_takes_pieces (const PfTask *self)
{
  return !self->plan->action->whole;
}

guint64
pf_task_changes (const PfTask *self)
{
  return self->n_changes;
}

guint64
pf_task_text_bytes (const PfTask *self)
{
  return self->n_bytes;
}

gboolean
pf_task_end (PfTask *self, PfOutcome outcome)
{
  if (outcome == PF_OUTCOME_FAILED && pf_task_is_stopped (self))
    return FALSE;
  if (self->n_matches > 0)
    pf_result_add_match (self->result);
  if (self->plan->action->end != NULL)
    self->plan->action->end (self, outcome == PF_OUTCOME_DONE);
  return outcome == PF_OUTCOME_DONE;
}

static gboolean
pass_over_binary (PfTask *self, const char *path, PfError *error)
{
  if (self->plan->binary == PF_BINARY_ERROR)
    return pf_error_set (error, PF_STATUS_DATA, "binary file");
  pf_result_add_binary (self->result, path);
  return TRUE;
}

/* FALSE where it is no binary, but damaged, or the task was stopped. */
static gboolean
check_binary (const PfTask *self, const PfTaskJob *job, PfError *error)
{
  gssize n = 1;

  for (guint64 left = job->suspect; left > 0 && n > 0;
       left -= MIN (left, (guint64)n)) {
    if (pf_task_is_stopped (self))
      return FALSE;
    n = pf_document_drop (job->document, error);
    if (n < 0)
      return FALSE;
  }
  return TRUE;
}

/* FALSE where the action itself failed. */
static gboolean
take_failure (PfTask *self, PfError *error)
{
  if (!pf_error_is_set (&self->failure))
    return TRUE;
  if (error != NULL && !pf_error_is_set (error))
    pf_error_move (error, &self->failure);
  pf_error_clear (&self->failure);
  return FALSE;
}

static gboolean
process (PfTask *self, const PfTaskJob *job, PfError *error)
{
  PfOutcome outcome;
  gboolean done;
  guint64 at, begin;

  if (self->window.len == 0 && !pf_document_at_end (job->document) &&
      !pf_task_fill (self, job->document, error))
    return FALSE;
  at = begin = self->lines.at = self->window_offset;
  pf_unit_counter_init (&self->units, begin);
  pf_gate_reset (&self->gate, at, (PfMarkerState){ 0 });
  if (self->plan->action->begin != NULL &&
      !self->plan->action->begin (self, at, job->document, error))
    return FALSE;
  self->takes_census = self->plan->census;
  pf_census_init (&self->census, self->plan->isa, begin);
  pf_stage_enter (PF_STAGE_MATCH);
  outcome = pf_task_pump (self, job->document, &at, PF_NO_LIMIT, error);
  pf_task_count_text (self, begin, at,
                      self->takes_census ? &self->census : NULL);
  done = pf_task_end (self, outcome);
  if (!take_failure (self, error))
    return FALSE;
  if (done)
    return TRUE;
  return outcome == PF_OUTCOME_BINARY && check_binary (self, job, error) &&
         pass_over_binary (self, job->path, error);
}

gboolean
pf_task_process (PfTask *self, const PfTaskJob *job, PfError *error)
{
  gboolean done;

  pf_task_begin (self, job);
  if (pf_task_follows (self, job))
    pf_task_follow (self, job->matchers);
  done = process (self, job, error);
  pf_task_unfollow (self);
  return done;
}
