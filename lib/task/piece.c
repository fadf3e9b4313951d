#include "task/piece.h"

#include "base/stage_clock.h"
#include "task/action.h"

/* The head is long enough for scans to come together in it. */
#define HEAD ((guint64)32 << 10)
/* After so many bytes of text, it is asked how large the result is. */
#define STEP ((guint64)64 << 10)
/* What is read behind a piece, for matches that reach across. */
#define BEHIND ((gsize)8 << 10)

PfPiece *
pf_piece_new (guint64 begin, guint64 limit, PfResult *result)
{
  PfPiece *self = g_new0 (PfPiece, 1);

  self->begin = begin;
  self->limit = limit;
  self->head_limit = MIN (limit, begin + HEAD);
  self->head = (PfStretch){ .from = begin, .end = begin };
  self->body = self->head;
  self->result = result;
  pf_line_counter_init (&self->lines);
  self->lines.at = begin;
  return self;
}

void
pf_piece_free (PfPiece *self)
{
  if (self == NULL)
    return;
  g_free (self->head.counts);
  g_free (self->body.counts);
  pf_result_free (self->result);
  pf_error_clear (&self->error);
  g_free (self);
}

/* Where the window of a text must begin that is scanned from AT. */
static guint64
context_before (guint64 at, guint64 text_begin)
{
  return at - MIN (at - text_begin, PF_MATCH_CONTEXT);
}

void
pf_piece_read (PfPiece *self, PfDocument *part, const PfDocument *whole,
               guint64 text_begin)
{
  guint64 from = context_before (self->begin, text_begin);
  gsize room = (gsize)(self->limit - from) + BEHIND;
  PfStage stage = pf_stage_enter (PF_STAGE_READ);

  if (pf_document_open_part (part, whole, from, room, &self->error))
    pf_document_fill (part, &self->error);
  pf_stage_enter (stage);
  /* What stands behind the piece may not be needed; if it is, it fails again.
   */
  if (from + pf_document_window (part).len >= self->limit)
    pf_error_clear (&self->error);
}

gboolean
pf_task_counts_lines (const PfTask *task)
{
  return task->plan->action->leave != NULL;
}

void
pf_piece_count_lines (const PfPiece *self, PfDocument *part,
                      PfLineCounter *lines)
{
  PfSpan window = pf_document_window (part);
  guint64 offset = pf_document_offset (part);
  guint64 to = MIN (self->limit, offset + window.len);

  if (to > lines->at)
    pf_line_counter_advance (lines, window, offset, to);
}

/* Moves what the task found since it began, or since the last time. */
static void
take_found (PfStretch *self, PfTask *task)
{
  PfTally *tally = &task->tally;

  self->n_matches = task->n_matches;
  self->n_counts = tally->n;
  self->counts = g_new (PfTallyCount, tally->n);
  if (tally->n > 0)
    memcpy (self->counts, tally->counts, tally->n * sizeof *tally->counts);
  task->n_matches = task->look_at = 0;
  pf_tally_reset (tally);
}

/* Whether the text ends at AT, where the task has come to. */
static gboolean
is_text_over (const PfTask *task, const PfDocument *part, guint64 at)
{
  return pf_document_at_end (part) &&
         at == task->window_offset + task->window.len;
}

/* Scans on from *AT. FALSE where the scan cannot go on. Of a step whose result
 * was refused nothing stays. */
static gboolean
scan_step (PfPiece *self, PfTask *task, PfDocument *part, guint64 *at,
           guint64 limit)
{
  guint64 n_matches = task->n_matches, from = *at;
  gsize n_bytes = self->result->bytes->len;
  g_auto (PfError) error = { 0 };
  PfOutcome outcome = pf_task_pump (task, part, at, limit, &error);

  /* The first error is the one that counts. */
  if (pf_error_is_set (&error) && !pf_error_is_set (&self->error))
    pf_error_move (&self->error, &error);
  self->at_end = outcome == PF_OUTCOME_DONE && is_text_over (task, part, *at);
  if (task->refused) {
    g_string_truncate (self->result->bytes, n_bytes);
    task->n_matches = n_matches;
    *at = from;
  }
  return outcome == PF_OUTCOME_DONE && !self->at_end && !task->answered;
}

static gboolean
scan_head (PfPiece *self, PfTask *task, PfDocument *part)
{
  guint64 at = self->begin;
  gboolean going_on = scan_step (self, task, part, &at, self->head_limit);

  take_found (&self->head, task);
  self->head.end = at;
  self->head.n_bytes = self->result->bytes->len;
  self->body.from = self->body.end = at;
  return going_on;
}

static void
scan_body (PfPiece *self, PfTask *task, PfDocument *part)
{
  guint64 at = self->body.from;
  gboolean going_on = TRUE;

  while (going_on && at < self->limit &&
         self->result->bytes->len < task->result_share / 2)
    going_on = scan_step (self, task, part, &at, MIN (self->limit, at + STEP));
  take_found (&self->body, task);
  self->body.end = at;
  self->body.n_bytes = self->result->bytes->len - self->head.n_bytes;
}

/* All of the piece is in the window. */
static void
take_census (PfPiece *self, const PfTask *task, const PfDocument *part)
{
  pf_census_init_within (&self->census, task->plan->isa, task->window,
                         task->window_offset, self->begin);
  pf_census_advance (&self->census, task->window, task->window_offset,
                     self->limit, pf_document_at_end (part));
}

void
pf_piece_scan (PfPiece *self, PfTask *task, const PfTaskJob *job)
{
  pf_task_begin (task, job);
  /* How many are wanted, the joiner sees to. */
  task->most = G_MAXUINT64;
  task->answered = FALSE;
  task->lines = self->lines;
  if (task->window_offset + task->window.len <= self->begin) {
    self->at_end = pf_document_at_end (job->document);
    return;
  }
  if (task->plan->census)
    take_census (self, task, job->document);
  if (scan_head (self, task, job->document))
    scan_body (self, task, job->document);
}

gboolean
pf_piece_has_answer (const PfPiece *self, const PfTask *task)
{
  return task->plan->action->first_only &&
         self->head.n_matches + self->body.n_matches > 0;
}

struct PfJoiner {
  PfJoinerOptions options;
  guint64 at;          /* up to which all is joined */
  PfLineCounter lines; /* at or before it */
  gboolean over;       /* nothing that follows matters */
  PfCensus census;     /* of what was joined */
  PfOutcome outcome;
  PfError error;
};

PfJoiner *
pf_joiner_new (const PfJoinerOptions *options)
{
  PfJoiner *self = g_new0 (PfJoiner, 1);

  self->options = *options;
  self->at = options->text_begin;
  self->outcome = PF_OUTCOME_DONE;
  pf_census_init (&self->census, options->task->plan->isa, self->at);
  pf_task_begin (options->task, options->job);
  return self;
}

void
pf_joiner_free (PfJoiner *self)
{
  if (self == NULL)
    return;
  pf_error_clear (&self->error);
  g_free (self);
}

static void
end_with (PfJoiner *self, PfOutcome outcome)
{
  self->over = TRUE;
  self->outcome = outcome;
}

/* Reads on until self->at is in the window of the task. What fails behind it
 * fails again when the scan comes there. */
static gboolean
read_up_to (PfJoiner *self)
{
  PfTask *task = self->options.task;
  PfDocument *part = self->options.part;
  gboolean filled = pf_task_fill (task, part, &self->error);
  guint64 end;

  while ((end = task->window_offset + task->window.len) < self->at && filled &&
         !pf_document_at_end (part)) {
    guint64 keep =
        MIN (context_before (self->at, self->options.text_begin), end);

    if (task->plan->action->leave != NULL)
      task->plan->action->leave (task, (gsize)(keep - task->window_offset));
    pf_document_consume (part, (gsize)(keep - task->window_offset));
    filled = pf_task_fill (task, part, &self->error);
  }
  if (!filled && end < self->at)
    return FALSE;
  pf_error_clear (&self->error);
  return TRUE;
}

/* Makes the task's window one of what stands at the joiner's lines. */
static gboolean
reopen (PfJoiner *self)
{
  PfTask *task = self->options.task;
  guint64 from = context_before (self->lines.at, self->options.text_begin);

  task->lines = self->lines;
  return pf_document_open_part (self->options.part, self->options.job->document,
                                from, STEP, &self->error) &&
         read_up_to (self);
}

/* Scans from where all is joined up to LIMIT, into the document's result. */
static void
scan_again (PfJoiner *self, guint64 limit)
{
  PfTask *task = self->options.task;
  PfOutcome outcome;

  if (!reopen (self)) {
    end_with (self, PF_OUTCOME_FAILED);
    return;
  }
  self->at = MIN (self->at, task->window_offset + task->window.len);
  outcome =
      pf_task_pump (task, self->options.part, &self->at, limit, &self->error);
  if (outcome != PF_OUTCOME_DONE || task->answered ||
      is_text_over (task, self->options.part, self->at))
    end_with (self, outcome);
}

/* The stretch's scan began where all is joined: what it found holds. */
static void
take_stretch (PfJoiner *self, const PfStretch *stretch)
{
  PfTask *task = self->options.task;

  self->at = stretch->end;
  task->n_matches += stretch->n_matches;
  task->answered = task->plan->action->first_only && task->n_matches > 0;
  for (guint32 i = 0; i < stretch->n_counts; i++)
    pf_tally_add (&task->tally, stretch->counts[i].term_id,
                  stretch->counts[i].count);
}

/* Adds all bytes of RESULT but the first DROPPED to the document's. */
static void
take_bytes (PfJoiner *self, PfResult *result, gsize dropped)
{
  PfTask *task = self->options.task;
  GString *bytes = result->bytes;

  g_string_erase (bytes, 0, (gssize)dropped);
  if (bytes->len == 0 || task->plan->pass (task->result, result, task->user))
    return;
  g_string_append_len (task->result->bytes, bytes->str, (gssize)bytes->len);
  if (!pf_task_limit_result (task))
    end_with (self, PF_OUTCOME_FAILED);
}

/* After the scans of PIECE: what ended them? */
static void
take_end (PfJoiner *self, PfPiece *piece)
{
  const PfTask *task = self->options.task;

  if (task->answered || piece->at_end)
    end_with (self, PF_OUTCOME_DONE);
}

/* After all that could be read of PIECE: it is where the document failed. */
static void
take_error (PfJoiner *self, PfPiece *piece)
{
  pf_error_move (&self->error, &piece->error);
  end_with (self, PF_OUTCOME_FAILED);
}

/* Whether the last match that is wanted may be in PIECE. It is scanned again
 * then: that ends where it does in one go. */
static gboolean
has_last_match (const PfJoiner *self, const PfPiece *piece)
{
  const PfTask *task = self->options.task;

  return task->n_matches + piece->head.n_matches + piece->body.n_matches >=
         task->most;
}

/* Takes what the scans of PIECE found where they began right. */
static void
take_scans (PfJoiner *self, PfPiece *piece)
{
  gboolean guessed = piece->head.from == self->at;

  if (guessed)
    take_stretch (self, &piece->head);
  else if (self->at < piece->head_limit)
    scan_again (self, piece->head_limit);
  if (!self->over && piece->body.from == self->at) {
    take_stretch (self, &piece->body);
    take_bytes (self, piece->result, guessed ? 0 : piece->head.n_bytes);
    take_end (self, piece);
  }
}

static void
join (PfJoiner *self, PfPiece *piece)
{
  self->lines = piece->lines;
  if (!has_last_match (self, piece))
    take_scans (self, piece);
  if (!self->over && self->at < piece->limit)
    scan_again (self, piece->limit);
  if (!self->over && pf_error_is_set (&piece->error))
    take_error (self, piece);
}

/* The census of a piece holds where all of the piece belongs to the text that
 * was looked at. */
static void
join_census (PfJoiner *self, const PfPiece *piece)
{
  const PfCensus *census = &piece->census;

  if (census->at > census->begin && census->begin == self->census.at &&
      self->at >= MIN (census->at, piece->limit))
    pf_census_join (&self->census, census);
}

/* Takes the census of what no piece has: of the rest of one in which the
 * document was answered or failed, say. What cannot be read is not counted. */
static void
finish_census (PfJoiner *self)
{
  PfDocument *part = self->options.part;
  PfCensus *census = &self->census;
  guint64 before;

  if (census->at >= self->at ||
      !pf_document_open_part (part, self->options.job->document, census->at,
                              STEP, NULL))
    return;
  do {
    before = census->at;
    if (!pf_document_fill (part, NULL))
      return;
    pf_census_advance (census, pf_document_window (part),
                       pf_document_offset (part), self->at,
                       pf_document_at_end (part));
    pf_document_consume (part, (gsize)(census->at - pf_document_offset (part)));
  } while (census->at > before && census->at < self->at);
}

gboolean
pf_joiner_add (PfJoiner *self, PfPiece *piece)
{
  if (!self->over && !pf_task_is_stopped (self->options.task))
    join (self, piece);
  join_census (self, piece);
  return !self->over;
}

gboolean
pf_joiner_finish (PfJoiner *self, const PfLineCounter *lines, PfError *error)
{
  gboolean done;

  self->lines = *lines;
  if (!self->over && !pf_task_is_stopped (self->options.task))
    scan_again (self, PF_NO_LIMIT);
  if (self->options.task->plan->census)
    finish_census (self);
  pf_task_count_text (self->options.task, self->options.text_begin, self->at,
                      self->options.task->plan->census ? &self->census : NULL);
  done = pf_task_end (self->options.task, self->outcome);
  if (pf_error_is_set (&self->error))
    pf_error_move (error, &self->error);
  return done;
}
