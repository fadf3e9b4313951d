/* A large file, worked by all workers.
 *
 *   owner ──offer──▶ crew ──help──▶ begin a piece ──▶ scan ──▶ join, in order
 *
 * The worker who came upon the file owns it. Pieces are begun one after the
 * other, each where the one before it ends, by the owner and by whoever helps;
 * what they come to is put in order by a sequencer, whose release joins it.
 * The owner stays until all is joined, and then ends the file as any other.
 *
 * Line numbers, and what markers say, are handed on from piece to piece before
 * any is scanned: who has read a piece counts its line breaks first, and waits
 * for the sum of those before it, which others have read just before.
 */
#include "base/lock.h"
#include "run_private.h"
#include "task/piece.h"

typedef struct {
  PfWork *work;
  const PfTaskJob *job;
  guint64 text_begin; /* constant, as the next */
  guint64 size;
  gboolean counts_lines;
  gboolean has_markers;
  PfSequencer *order; /* PfPiece, by the order in which they were begun */
  PfJoiner *joiner;   /* its release's */

  uv_mutex_t lock;
  uv_cond_t handed_on; /* is_my_count () of whoever waits */
  guint64 next_begin;  /* lock, as all below */
  guint64 n_begun;
  guint64 n_counted;
  PfLineCounter lines;   /* where the next piece to be counted begins */
  PfMarkerState markers; /* likewise */
  gboolean stopped;      /* pieces that were not begun are not wanted */
} Cut;

static void
stop (Cut *self)
{
  uv_mutex_lock (&self->lock);
  self->stopped = TRUE;
  uv_mutex_unlock (&self->lock);
}

/* Whether nothing of the whole file is wanted any more. */
static gboolean
is_given_up (const Cut *self)
{
  const PfRun *run = self->work->run;

  return pf_cancel_is_set (run->cancel) ||
         pf_run_is_over (run, self->work->serial);
}

static gboolean
is_stopped (Cut *self)
{
  gboolean stopped;

  uv_mutex_lock (&self->lock);
  stopped = self->stopped;
  uv_mutex_unlock (&self->lock);
  return stopped || is_given_up (self);
}

/* Where the piece ends that begins at BEGIN. */
static guint64
find_limit (const Cut *self, guint64 begin)
{
  gsize piece = self->work->run->cut_plan.piece;
  guint8 look[PF_CUT_LOOK];
  PfSpan text = { look, 0 };

  if (self->size - begin <= piece)
    return self->size;
  begin += piece;
  text.len = (gsize)MIN (MIN (sizeof look, piece), self->size - begin);
  text.len = pf_document_peek (self->job->document, begin, look, text.len);
  return begin + pf_cut_place (text);
}

/* The next piece, and its NUMBER; NULL where there is none. */
static PfPiece *
begin_piece (Cut *self, guint64 *number)
{
  PfResult *result = pf_run_new_result (self->work->run);
  PfPiece *piece = NULL;

  uv_mutex_lock (&self->lock);
  if (!self->stopped && self->next_begin < self->size) {
    guint64 limit = find_limit (self, self->next_begin);

    piece = pf_piece_new (self->next_begin, limit, result);
    self->next_begin = limit;
    *number = self->n_begun++;
  }
  uv_mutex_unlock (&self->lock);
  if (piece == NULL)
    pf_pool_give (self->work->run->results, result);
  return piece;
}

/* The predicate of handed_on. Under the lock. */
static gboolean
is_my_count (const Cut *self, guint64 number)
{
  return self->n_counted == number;
}

/* What a piece adds to what is handed on. */
typedef struct {
  PfLineCounter lines;
  PfMarkerState markers;
} Counted;

/* PART is NULL where nothing is wanted any more. */
static Counted
count (const Cut *self, PfPiece *piece, PfDocument *part)
{
  Counted counted = { { .at = piece->begin }, PF_MARKER_UNKNOWN };

  if (part != NULL && self->counts_lines)
    pf_piece_count_lines (piece, part, &counted.lines);
  if (part != NULL && self->has_markers)
    counted.markers =
        pf_piece_find_markers (piece, part, self->work->run->piece_plan.isa);
  return counted;
}

/* Under the lock. */
static void
take_count (Cut *self, PfPiece *piece, const Counted *counted)
{
  piece->lines = self->lines;
  piece->markers = self->markers;
  self->lines.at = piece->limit;
  self->lines.line += counted->lines.line;
  if (counted->lines.line > 0)
    self->lines.line_start = counted->lines.line_start;
  self->markers = pf_marker_state_then (self->markers, counted->markers);
  self->n_counted++;
}

/* Every piece that was begun comes here, or those behind it would wait. PART is
 * NULL where nothing is wanted any more. */
static void
hand_on_counts (Cut *self, PfPiece *piece, guint64 number, PfDocument *part)
{
  Counted counted;
  PfStage stage;

  if (!self->counts_lines && !self->has_markers)
    return;
  counted = count (self, piece, part);
  uv_mutex_lock (&self->lock);
  stage = pf_stage_enter (PF_STAGE_WAIT);
  while (!is_my_count (self, number))
    uv_cond_wait (&self->handed_on, &self->lock);
  pf_stage_enter (stage);
  take_count (self, piece, &counted);
  uv_cond_broadcast (&self->handed_on);
  uv_mutex_unlock (&self->lock);
}

static void
prepare_worker (PfRun *run, guint number)
{
  PfWorker *worker = &run->workers[number];

  if (worker->piece_task != NULL)
    return;
  worker->piece_task = pf_task_new (&run->piece_plan, number);
  worker->part = pf_document_new (&run->document_options);
}

static void
scan_piece (Cut *self, PfPiece *piece, guint64 number, PfWorker *worker)
{
  PfTaskJob job = *self->job;
  gboolean wanted = !is_stopped (self);

  job.document = worker->part;
  job.result = piece->result;
  if (wanted)
    pf_piece_read (piece, worker->part, self->job->document, self->text_begin);
  hand_on_counts (self, piece, number, wanted ? worker->part : NULL);
  if (wanted)
    pf_piece_scan (piece, worker->piece_task, &job);
  if (wanted && pf_piece_has_answer (piece, worker->piece_task))
    stop (self);
}

static void
count_piece (const Cut *self, const PfPiece *piece, guint member)
{
  PfWorkerStats *stats = pf_run_stats_worker (self->work->run->stats, member);

  if (stats == NULL)
    return;
  stats->pieces++;
  stats->pieces_helped += member != self->work->number;
  stats->bytes += piece->limit - piece->begin;
}

static gboolean
work_piece (Cut *self, guint member)
{
  PfRun *run = self->work->run;
  guint64 number;
  PfPiece *piece;
  g_auto (PfError) error = { 0 };

  if (is_given_up (self))
    stop (self);
  piece = begin_piece (self, &number);
  if (piece == NULL)
    return FALSE;
  prepare_worker (run, member);
  count_piece (self, piece, member);
  pf_stage_enter (PF_STAGE_WAIT);
  /* Where somebody failed, putting the piece will say so. */
  pf_sequencer_admit (self->order, number, NULL);
  pf_stage_enter (PF_STAGE_MATCH);
  scan_piece (self, piece, number, &run->workers[member]);
  /* Whoever then looks for another piece finds that all is given up. */
  if (!pf_sequencer_put (self->order, number, piece, &error))
    pf_run_fail (run, &error);
  return TRUE;
}

static void
help (guint member, gpointer user)
{
  PfStage stage = pf_stage_enter (PF_STAGE_MATCH);

  while (work_piece (user, member))
    ;
  pf_stage_enter (stage);
}

/* The release function of the pieces' sequencer. */
static void
join (gpointer piece, gpointer user)
{
  Cut *self = user;

  if (!pf_joiner_add (self->joiner, piece))
    stop (self);
  pf_piece_free (piece);
}

static void
destroy_piece (gpointer piece)
{
  pf_piece_free (piece);
}

static void
cut_init (Cut *self, PfWork *work, const PfTaskJob *job)
{
  *self = (Cut){ .work = work,
                 .job = job,
                 .text_begin = pf_document_offset (job->document),
                 .size = pf_document_divisible_size (job->document) };
  self->next_begin = self->text_begin;
  pf_line_counter_init (&self->lines);
  self->lines.at = self->text_begin;
  self->counts_lines =
      pf_task_counts_lines (work->run->workers[work->number].task);
  self->has_markers = work->run->piece_plan.has_markers;
  self->order = pf_sequencer_new (work->run->cut_plan.under_way, join,
                                  destroy_piece, self);
  pf_mutex_init (&self->lock);
  pf_cond_init (&self->handed_on);
}

static void
cut_clear (Cut *self)
{
  pf_sequencer_free (self->order);
  uv_cond_destroy (&self->handed_on);
  uv_mutex_destroy (&self->lock);
}

/* All pieces, by all who come. */
static void
work_pieces (Cut *self)
{
  PfRun *run = self->work->run;
  guint number = self->work->number;
  PfCrewJob job = { .serial = self->work->serial, .help = help, .user = self };

  pf_crew_offer (run->crew, &job);
  if (run->pipeline != NULL)
    pf_pipeline_nudge (run->pipeline);
  help (number, self);
  /* No piece is left to begin: this is how many there are. */
  pf_stage_enter (PF_STAGE_WAIT);
  pf_sequencer_wait_turn (self->order, self->n_begun, NULL);
  pf_crew_withdraw (run->crew, &job);
  pf_stage_enter (PF_STAGE_MATCH);
}

gboolean
pf_run_cut (PfWork *work, const PfTaskJob *job, PfError *error)
{
  g_autoptr (PfDocument) again = pf_document_new (&work->run->document_options);
  Cut cut;
  PfJoinerOptions options = { .task = work->run->workers[work->number].task,
                              .job = job,
                              .part = again };
  gboolean done;

  cut_init (&cut, work, job);
  options.text_begin = cut.text_begin;
  cut.joiner = pf_joiner_new (&options);
  work_pieces (&cut);
  cut.lines.at = cut.size;
  done = pf_joiner_finish (cut.joiner, &cut.lines, cut.markers, error);
  pf_joiner_free (cut.joiner);
  cut_clear (&cut);
  return done;
}
