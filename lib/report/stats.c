#include "report/stats.h"

#include "report/json.h"

static void
add_time (PfJson *json, const char *name, PfTimeSpent time)
{
  pf_json_begin_object (json, name);
  pf_json_number (json, "wall_ns", time.wall_ns);
  pf_json_number (json, "cpu_ns", time.cpu_ns);
  pf_json_end (json);
}

static void
add_outcome (PfJson *json, const PfStats *self)
{
  static const char *const outcomes[] = { "complete", "cancelled", "failed" };

  pf_json_string (json, "outcome", outcomes[self->outcome]);
  if (self->outcome == PF_STATS_CANCELLED)
    pf_json_null (json, "exit_status");
  else
    pf_json_number (json, "exit_status", self->status);
  pf_json_string (json, "mode", self->mode);
  pf_json_number (json, "jobs", self->jobs);
}

static void
add_files (PfJson *json, const PfStats *self)
{
  pf_json_number (json, "files", self->files);
  pf_json_number (json, "files_matched", self->files_matched);
  pf_json_number (json, "files_failed", self->files_failed);
  pf_json_number (json, "files_skipped_binary", self->files_skipped_binary);
  pf_json_number (json, "files_too_large", self->files_too_large);
  pf_json_number (json, "files_missing", self->files_missing);
  pf_json_number (json, "files_with_invalid_bytes",
                  self->files_with_invalid_bytes);
  pf_json_number (json, "bytes", self->bytes);
  pf_json_number (json, "tokens", self->tokens);
  pf_json_number (json, "matches", self->matches);
}

/* Keyed by the exit status that each error stands for. */
static void
add_errors (PfJson *json, const PfStats *self)
{
  pf_json_begin_object (json, "errors");
  for (gsize i = 0; i < self->n_errors; i++) {
    g_autofree char *name = g_strdup_printf ("%d", self->errors[i].status);

    pf_json_number (json, name, self->errors[i].files);
  }
  pf_json_end (json);
}

static void
add_system (PfJson *json, const PfStats *self)
{
  pf_json_number (json, "read_calls", self->read_calls);
  pf_json_number (json, "read_bytes", self->read_bytes);
  pf_json_number (json, "steals", self->steals);
  pf_json_number (json, "retries", self->retries);
  pf_json_number (json, "reloads", self->reloads);
  pf_json_number (json, "peak_memory_bytes", self->peak_memory_bytes);
}

static void
add_stages (PfJson *json, const PfStats *self)
{
  pf_json_begin_object (json, "stages");
  add_time (json, "glossary", self->glossary);
  add_time (json, "prepare", self->prepare);
  add_time (json, "list", self->list);
  add_time (json, "read", self->read);
  add_time (json, "match", self->match);
  add_time (json, "write", self->write);
  add_time (json, "wait", self->wait);
  add_time (json, "total", self->total);
  pf_json_end (json);
}

static void
add_use (PfJson *json, const PfStatsWorker *self)
{
  pf_json_number (json, "busy_wall_ns", self->busy.wall_ns);
  pf_json_number (json, "busy_cpu_ns", self->busy.cpu_ns);
  pf_json_number (json, "waiting_wall_ns", self->waiting.wall_ns);
}

static void
add_workers (PfJson *json, const PfStats *self)
{
  pf_json_begin_array (json, "workers");
  for (gsize i = 0; i < self->n_workers; i++) {
    const PfStatsWorker *worker = &self->workers[i];

    pf_json_begin_object (json, NULL);
    pf_json_number (json, "items", worker->items);
    pf_json_number (json, "items_stolen", worker->stolen);
    pf_json_number (json, "files", worker->files);
    pf_json_number (json, "bytes", worker->bytes);
    pf_json_number (json, "pieces", worker->pieces);
    pf_json_number (json, "pieces_helped", worker->pieces_helped);
    add_use (json, worker);
    pf_json_end (json);
  }
  pf_json_end (json);
}

static void
add_readers (PfJson *json, const PfStats *self)
{
  pf_json_begin_array (json, "readers");
  for (gsize i = 0; i < self->n_readers; i++) {
    pf_json_begin_object (json, NULL);
    add_use (json, &self->readers[i]);
    pf_json_end (json);
  }
  pf_json_end (json);
}

static void
add_channel (PfJson *json, const char *name, const PfStatsChannel *channel)
{
  pf_json_begin_object (json, name);
  pf_json_number (json, "values", channel->values);
  pf_json_number (json, "high_water", channel->high_water);
  pf_json_number (json, "send_blocked_ns", channel->send_blocked_ns);
  pf_json_number (json, "receive_blocked_ns", channel->receive_blocked_ns);
  pf_json_end (json);
}

static void
add_channels (PfJson *json, const PfStats *self)
{
  pf_json_begin_object (json, "channels");
  add_channel (json, "listed", &self->listed);
  add_channel (json, "ready", &self->ready);
  add_channel (json, "finished", &self->finished);
  pf_json_end (json);
}

char *
pf_stats_to_json (const PfStats *self)
{
  PfJson *json = pf_json_new ();

  pf_json_begin_object (json, NULL);
  pf_json_number (json, "version", PF_STATS_VERSION);
  add_outcome (json, self);
  add_files (json, self);
  add_errors (json, self);
  add_system (json, self);
  add_stages (json, self);
  add_workers (json, self);
  add_readers (json, self);
  add_channels (json, self);
  pf_json_end (json);
  return pf_json_finish (json);
}
