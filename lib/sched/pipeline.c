#include "sched/pipeline.h"

#include <stdatomic.h>

#include "base/lock.h"
#include "base/owner.h"
#include "sched/team.h"

/* So many items are loaded ahead from the start, and from the last one on for
 * which somebody waited. */
#define AHEAD 64

/* An item on its way. */
typedef struct {
  PfPipeline *pipeline;
  guint64 serial;
  gpointer item;
} Parcel;

typedef struct {
  PfPipeline *pipeline;
  guint number;
} Matcher;

/* Both ends of a channel. Each thread of a stage has references of its own to
 * what it sends to and receives from, and drops them when it ends. */
typedef struct {
  PfSender *in;
  PfReceiver *out;
} Link;

struct PfPipeline {
  PfPipelinePlan plan;
  PfOwner lister;      /* constant while it runs */
  guint64 submitted;   /* the lister's */
  Link listed;         /* Parcel: lister to readers */
  PfSequencer *loaded; /* Parcel: readers to the next channel, in order */
  Link ready;          /* Parcel: to matchers, in serial order */
  Link finished;       /* results: sequencer to writer */
  gboolean handed_out; /* the references are the threads' */
  atomic_bool cancelled;
  atomic_uint ahead; /* items that will be loaded ahead; a hint: relaxed */
  uv_mutex_t lock;
  PfPipelineStats stats; /* lock, until all threads have ended */
};

static void
parcel_free (gpointer data)
{
  Parcel *self = data;

  if (self->item != NULL)
    self->pipeline->plan.destroy_item (self->item);
  g_free (self);
}

static gboolean
is_cancelled (PfPipeline *self)
{
  return atomic_load_explicit (&self->cancelled, memory_order_acquire);
}

/* The release function of the loaded sequencer. */
static void
hand_to_matchers (gpointer parcel, gpointer user)
{
  PfPipeline *self = user;

  if (pf_sender_send (self->ready.in, parcel) != PF_CHANNEL_OK)
    parcel_free (parcel);
}

PfPipeline *
pf_pipeline_new (const PfPipelinePlan *plan)
{
  PfPipeline *self = g_new0 (PfPipeline, 1);

  self->plan = *plan;
  pf_channel_new (plan->capacity, parcel_free, &self->listed.in,
                  &self->listed.out);
  pf_channel_new (plan->matchers, parcel_free, &self->ready.in,
                  &self->ready.out);
  pf_channel_new (plan->capacity, plan->destroy_result, &self->finished.in,
                  &self->finished.out);
  /* Loading runs ahead by a few items only: they hold descriptors, of which
   * there are fewer than there is memory. */
  self->loaded = pf_sequencer_new ((guint64)plan->readers * 2, hand_to_matchers,
                                   parcel_free, self);
  atomic_init (&self->ahead, AHEAD);
  pf_mutex_init (&self->lock);
  return self;
}

static void
drop_link (const Link *link)
{
  pf_sender_drop (link->in);
  pf_receiver_drop (link->out);
}

void
pf_pipeline_free (PfPipeline *self)
{
  if (self == NULL)
    return;
  if (!self->handed_out) {
    drop_link (&self->listed);
    drop_link (&self->ready);
    drop_link (&self->finished);
  }
  pf_sequencer_free (self->loaded);
  uv_mutex_destroy (&self->lock);
  g_free (self);
}

gboolean
pf_pipeline_loads_ahead (PfPipeline *self)
{
  return atomic_load_explicit (&self->ahead, memory_order_relaxed) > 0;
}

void
pf_pipeline_note_loading (PfPipeline *self, gboolean waited)
{
  guint ahead = atomic_load_explicit (&self->ahead, memory_order_relaxed);

  while ((waited || ahead > 0) &&
         !atomic_compare_exchange_weak_explicit (
             &self->ahead, &ahead, waited ? AHEAD : ahead - 1,
             memory_order_relaxed, memory_order_relaxed))
    ;
}

/* FALSE where the pipeline was cancelled, or has failed with ERROR: PARCEL was
 * destroyed. */
static gboolean
admit (PfPipeline *self, Parcel *parcel, PfError *error)
{
  if (!is_cancelled (self) &&
      pf_sequencer_admit (self->plan.results, parcel->serial, error) &&
      pf_sequencer_admit (self->loaded, parcel->serial, error))
    return TRUE;
  parcel_free (parcel);
  return FALSE;
}

static gboolean
send_to_readers (PfPipeline *self, Parcel *parcel)
{
  if (!is_cancelled (self) &&
      pf_sender_send (self->listed.in, parcel) == PF_CHANNEL_OK)
    return TRUE;
  parcel_free (parcel);
  return FALSE;
}

static gboolean
pass_by_readers (PfPipeline *self, Parcel *parcel)
{
  g_auto (PfError) error = { 0 };

  if (admit (self, parcel, &error) &&
      pf_sequencer_put (self->loaded, parcel->serial, parcel, &error))
    return TRUE;
  if (pf_error_is_set (&error))
    self->plan.fail (&error, self->plan.user);
  return FALSE;
}

gboolean
pf_pipeline_submit (PfPipeline *self, gpointer item)
{
  Parcel *parcel = g_new0 (Parcel, 1);

  g_assert (pf_owner_is_here (&self->lister));
  parcel->pipeline = self;
  parcel->serial = self->submitted++;
  parcel->item = item;
  if (pf_pipeline_loads_ahead (self))
    return send_to_readers (self, parcel);
  return pass_by_readers (self, parcel);
}

void
pf_pipeline_nudge (PfPipeline *self)
{
  if (self->plan.matchers > 1)
    pf_receiver_wake (self->ready.out, self->plan.matchers - 1);
}

void
pf_pipeline_write (PfPipeline *self, gpointer result)
{
  if (pf_sender_send (self->finished.in, result) != PF_CHANNEL_OK)
    self->plan.destroy_result (result);
}

void
pf_pipeline_cancel (PfPipeline *self)
{
  /* Readers go on taking what is listed, and destroy it: so the lister never
   * stays blocked. */
  atomic_store_explicit (&self->cancelled, TRUE, memory_order_release);
  pf_sequencer_cancel (self->loaded);
}

static void
load_in_order (PfPipeline *self, Parcel *parcel, PfError *error)
{
  if (!admit (self, parcel, error))
    return;
  self->plan.load (parcel->item, parcel->serial, self->plan.user);
  pf_sequencer_put (self->loaded, parcel->serial, parcel, error);
}

static void
load (PfPipeline *self, Parcel *parcel)
{
  g_auto (PfError) error = { 0 };

  load_in_order (self, parcel, &error);
  if (pf_error_is_set (&error))
    self->plan.fail (&error, self->plan.user);
}

/* Each thread of a stage does so before it drops its reference; so the last
 * one leaves what there is to know in the end. */
static void
keep_stats (PfPipeline *self, PfReceiver *of, PfChannelStats *stats)
{
  uv_mutex_lock (&self->lock);
  pf_receiver_stats (of, stats);
  uv_mutex_unlock (&self->lock);
}

void
pf_pipeline_stats (PfPipeline *self, PfPipelineStats *stats)
{
  *stats = self->stats;
}

static gboolean
run_reader (gpointer data, PfError *error G_GNUC_UNUSED)
{
  PfPipeline *self = data;
  gpointer parcel;

  while (pf_receiver_receive (self->listed.out, &parcel) == PF_CHANNEL_OK)
    load (self, parcel);
  keep_stats (self, self->listed.out, &self->stats.listed);
  pf_receiver_drop (self->listed.out);
  pf_sender_drop (self->ready.in);
  return TRUE;
}

static void
match (Matcher *matcher, Parcel *parcel)
{
  PfPipeline *self = matcher->pipeline;

  if (!is_cancelled (self))
    self->plan.match (g_steal_pointer (&parcel->item), parcel->serial,
                      matcher->number, self->plan.user);
  parcel_free (parcel);
}

static gboolean
run_matcher (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Matcher *matcher = data;
  PfPipeline *self = matcher->pipeline;
  PfChannelStatus status;
  gpointer parcel;

  do {
    status = pf_receiver_receive (self->ready.out, &parcel);
    if (status == PF_CHANNEL_OK)
      match (matcher, parcel);
    else if (status == PF_CHANNEL_WOKEN)
      self->plan.help (matcher->number, self->plan.user);
  } while (status != PF_CHANNEL_HUNG_UP);
  if (self->plan.finish != NULL)
    self->plan.finish (matcher->number, self->plan.user);
  keep_stats (self, self->ready.out, &self->stats.ready);
  pf_receiver_drop (self->ready.out);
  pf_sender_drop (self->finished.in);
  return TRUE;
}

static gboolean
run_writer (gpointer data, PfError *error G_GNUC_UNUSED)
{
  PfPipeline *self = data;
  PfReceiver *finished = self->finished.out;
  PfChannelStatus status = PF_CHANNEL_OK;
  gpointer result;

  while (status != PF_CHANNEL_HUNG_UP) {
    status = pf_receiver_try_receive (finished, &result);
    if (status == PF_CHANNEL_NOT_NOW) {
      self->plan.idle (self->plan.user);
      status = pf_receiver_receive (finished, &result);
    }
    if (status == PF_CHANNEL_OK)
      self->plan.write (result, self->plan.user);
  }
  keep_stats (self, finished, &self->stats.finished);
  pf_receiver_drop (finished);
  return TRUE;
}

static void
add_threads (PfPipeline *self, PfTeam *team, Matcher *matchers)
{
  pf_team_add (team, "pf-writer", run_writer, self);
  for (guint i = 0; i < self->plan.readers; i++)
    pf_team_add (team, "pf-reader", run_reader, self);
  for (guint i = 0; i < self->plan.matchers; i++) {
    matchers[i] = (Matcher){ self, i };
    pf_team_add (team, "pf-matcher", run_matcher, &matchers[i]);
  }
}

/* From one reference to each handle to one for each thread that uses it. No
 * thread runs before that, or none ever will. The lister sends to readers and
 * to matchers. */
static void
hand_out (PfPipeline *self)
{
  pf_sender_ref (self->ready.in);
  for (guint i = 1; i < self->plan.readers; i++) {
    pf_receiver_ref (self->listed.out);
    pf_sender_ref (self->ready.in);
  }
  for (guint i = 1; i < self->plan.matchers; i++) {
    pf_receiver_ref (self->ready.out);
    pf_sender_ref (self->finished.in);
  }
  self->handed_out = TRUE;
}

static void
take_back (PfPipeline *self)
{
  pf_sender_drop (self->ready.in);
  for (guint i = 1; i < self->plan.readers; i++) {
    pf_receiver_drop (self->listed.out);
    pf_sender_drop (self->ready.in);
  }
  for (guint i = 1; i < self->plan.matchers; i++) {
    pf_receiver_drop (self->ready.out);
    pf_sender_drop (self->finished.in);
  }
  self->handed_out = FALSE;
}

gboolean
pf_pipeline_run (PfPipeline *self, PfError *error)
{
  g_autoptr (PfTeam) team = pf_team_new ();
  g_autofree Matcher *matchers = g_new0 (Matcher, self->plan.matchers);

  pf_owner_set (&self->lister);
  add_threads (self, team, matchers);
  hand_out (self);
  if (!pf_team_start (team, error)) {
    take_back (self);
    return FALSE;
  }
  self->plan.list (self, self->plan.user);
  pf_sender_drop (self->listed.in);
  pf_sender_drop (self->ready.in);
  return pf_team_join (team, error);
}
