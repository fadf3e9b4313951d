/* The statistics of a run: gathered, put together, and written to a file. */
#include "run_stats.h"

#include "base/memory.h"
#include "report/stats.h"
#include "run_private.h"

PfRunStats *
pf_run_stats_new (guint n_workers, guint n_readers, PfTimeSpent begun)
{
  PfRunStats *self = g_new0 (PfRunStats, 1);

  self->n_workers = n_workers;
  self->n_readers = n_readers;
  self->workers = g_new0 (PfWorkerStats, n_workers);
  self->readers = g_new0 (PfStageClock, n_readers);
  self->begun = begun;
  self->failed = TRUE;
  return self;
}

void
pf_run_stats_free (PfRunStats *self)
{
  if (self == NULL)
    return;
  g_free (self->workers);
  g_free (self->readers);
  g_free (self);
}

PfWorkerStats *
pf_run_stats_worker (PfRunStats *self, guint number)
{
  if (self == NULL)
    return NULL;
  pf_stage_clock_start (&self->workers[number].clock, PF_STAGE_WAIT);
  return &self->workers[number];
}

void
pf_run_stats_reader (PfRunStats *self)
{
  guint number;

  if (self == NULL || pf_stage_clock_runs ())
    return;
  /* It gives each thread a number of its own, and orders nothing else. */
  number =
      atomic_fetch_add_explicit (&self->readers_seen, 1, memory_order_relaxed);
  if (number < self->n_readers)
    pf_stage_clock_start (&self->readers[number], PF_STAGE_WAIT);
}

void
pf_run_stats_writer (PfRunStats *self)
{
  if (self != NULL && !pf_stage_clock_runs ())
    pf_stage_clock_start (&self->writer, PF_STAGE_WAIT);
}

void
pf_run_stats_caller (PfRunStats *self)
{
  if (self != NULL && !pf_stage_clock_runs ())
    pf_stage_clock_start (&self->caller, PF_STAGE_WAIT);
}

static PfStatsWorker
use_of (const PfStageClock *clock)
{
  return (PfStatsWorker){ .busy = pf_stage_clock_busy (clock),
                          .waiting = clock->spent[PF_STAGE_WAIT] };
}

static PfStatsWorker *
describe_workers (const PfRunStats *self)
{
  PfStatsWorker *workers = g_new (PfStatsWorker, self->n_workers);

  for (guint i = 0; i < self->n_workers; i++) {
    const PfWorkerStats *from = &self->workers[i];

    workers[i] = use_of (&from->clock);
    workers[i].items = from->items;
    workers[i].stolen = from->stolen;
    workers[i].files = from->files;
    workers[i].bytes = from->bytes;
    workers[i].pieces = from->pieces;
    workers[i].pieces_helped = from->pieces_helped;
  }
  return workers;
}

static PfStatsWorker *
describe_readers (const PfRunStats *self)
{
  PfStatsWorker *readers = g_new (PfStatsWorker, self->n_readers);

  for (guint i = 0; i < self->n_readers; i++)
    readers[i] = use_of (&self->readers[i]);
  return readers;
}

/* What all threads together spent in STAGE. */
static PfTimeSpent
sum_of (const PfRunStats *self, PfStage stage)
{
  PfTimeSpent sum =
      pf_time_add (self->writer.spent[stage], self->caller.spent[stage]);

  for (guint i = 0; i < self->n_workers; i++)
    sum = pf_time_add (sum, self->workers[i].clock.spent[stage]);
  for (guint i = 0; i < self->n_readers; i++)
    sum = pf_time_add (sum, self->readers[i].spent[stage]);
  return sum;
}

static void
add_stages (PfStats *stats, const PfRunStats *self)
{
  PfTimeSpent run = pf_time_between (self->begun, pf_time_of_process ());

  stats->prepare = pf_time_between (self->begun, self->made);
  stats->list = sum_of (self, PF_STAGE_LIST);
  stats->read = sum_of (self, PF_STAGE_READ);
  stats->match = sum_of (self, PF_STAGE_MATCH);
  stats->write = sum_of (self, PF_STAGE_WRITE);
  stats->wait = sum_of (self, PF_STAGE_WAIT);
  stats->total = pf_time_add (stats->glossary, run);
}

static PfStatsChannel
describe_channel (const PfChannelStats *channel)
{
  return (PfStatsChannel){ channel->values, channel->high_water,
                           channel->send_blocked_ns,
                           channel->receive_blocked_ns };
}

static void
add_channels (PfStats *stats, const PfRun *run)
{
  PfPipelineStats channels;

  if (run->pipeline == NULL)
    return;
  pf_pipeline_stats (run->pipeline, &channels);
  stats->listed = describe_channel (&channels.listed);
  stats->ready = describe_channel (&channels.ready);
  stats->finished = describe_channel (&channels.finished);
}

static void
add_counts (PfStats *stats, const PfRun *run)
{
  const PfTextCounts *text = pf_delivery_text (run->delivery);
  const PfSummary *summary = pf_delivery_summary (run->delivery);

  stats->files = summary->files;
  stats->files_matched = summary->matched;
  stats->files_failed = summary->failed;
  stats->files_skipped_binary = summary->binaries;
  stats->files_too_large = summary->too_large;
  stats->files_missing = summary->missing;
  stats->files_with_invalid_bytes = text->invalid;
  stats->bytes = text->bytes;
  stats->tokens = text->tokens;
  stats->matches = text->matches;
}

static PfStatsOutcome
outcome_of (const PfRun *run)
{
  if (run->stats->failed)
    return PF_STATS_FAILED;
  /* Also where the signal came when all was done. */
  return atomic_load (&run->cancelled_from_outside) ? PF_STATS_CANCELLED
                                                    : PF_STATS_COMPLETE;
}

static void
add_run (PfStats *stats, const PfRun *run)
{
  const PfRunStats *self = run->stats;

  stats->outcome = outcome_of (run);
  stats->mode = run->pipeline != NULL ? "pipeline" : "fork-join";
  stats->jobs = run->jobs;
  add_counts (stats, run);
  add_stages (stats, self);
  add_channels (stats, run);
  stats->read_calls = pf_counter_get (&self->reads.calls);
  stats->read_bytes = pf_counter_get (&self->reads.bytes);
  for (guint i = 0; i < self->n_workers; i++)
    stats->steals += self->workers[i].stolen;
  stats->retries += pf_retry_count (run->retry);
  stats->reloads = pf_run_n_reloads (run);
}

/* How a file can fail. */
static const PfStatus file_errors[] = {
  PF_STATUS_DATA,      PF_STATUS_NO_INPUT,    PF_STATUS_SOFTWARE,
  PF_STATUS_OS,        PF_STATUS_CANT_CREATE, PF_STATUS_IO,
  PF_STATUS_TEMPORARY, PF_STATUS_PERMISSION
};

char *
pf_run_stats (const PfRun *self, const PfRunConfig *config, PfStatus status)
{
  PfStatsErrors errors[G_N_ELEMENTS (file_errors)] = { 0 };
  g_autofree PfStatsWorker *workers = NULL, *readers = NULL;
  PfStats stats = { .outcome = PF_STATS_FAILED,
                    .status = status,
                    .errors = errors,
                    .n_errors = G_N_ELEMENTS (errors),
                    .peak_memory_bytes = pf_peak_memory (),
                    .retries = config->glossary_cost.retries,
                    .glossary = config->glossary_cost.time };

  stats.total = stats.glossary;
  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++) {
    errors[i].status = file_errors[i];
    if (self != NULL)
      errors[i].files = pf_delivery_failed (self->delivery, file_errors[i]);
  }
  if (self != NULL) {
    g_assert (self->stats != NULL);
    stats.workers = workers = describe_workers (self->stats);
    stats.n_workers = self->stats->n_workers;
    stats.readers = readers = describe_readers (self->stats);
    stats.n_readers = self->stats->n_readers;
    add_run (&stats, self);
  }
  return pf_stats_to_json (&stats);
}

gboolean
pf_run_write_stats (PfRun *self, const PfRunConfig *config, PfStatus status,
                    GError **error)
{
  g_autofree char *text = pf_run_stats (self, config, status);
  g_autoptr (PfStatsFile) file = NULL;
  g_auto (PfError) failure = { 0 };
  PfStatsFile *open = self != NULL ? self->stats_file : NULL;

  if (self == NULL)
    open = file = pf_stats_file_open (config, &failure);
  if (open != NULL && pf_stats_file_write (open, text, &failure))
    return TRUE;
  pf_error_propagate (error, &failure);
  return FALSE;
}
