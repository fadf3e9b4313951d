#include "sched/pipeline.h"

#include <stdatomic.h>

#include "sched/channel.h"
#include "sched/join.h"

/* An item on its way; or, without one, a nudge. */
typedef struct {
  PfPipeline *pipeline;
  guint64 serial;
  gpointer item;
} Parcel;

typedef struct {
  PfPipeline *pipeline;
  guint number;
} Matcher;

struct PfPipeline {
  PfPipelinePlan plan;
  guint64 submitted;   /* the lister's */
  PfChannel *listed;   /* Parcel: lister to readers */
  PfSequencer *loaded; /* Parcel: readers to the next channel, in order */
  PfChannel *ready;    /* Parcel: to matchers, in serial order */
  PfChannel *finished; /* results: sequencer to writer */
  atomic_bool cancelled;
  atomic_uint readers;  /* that still run; the last one closes ready */
  atomic_uint matchers; /* that still run; the last one closes finished */
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

  if (!pf_channel_send (self->ready, parcel))
    parcel_free (parcel);
}

PfPipeline *
pf_pipeline_new (const PfPipelinePlan *plan)
{
  PfPipeline *self = g_new0 (PfPipeline, 1);

  self->plan = *plan;
  self->listed = pf_channel_new (plan->capacity, parcel_free);
  self->ready = pf_channel_new (plan->matchers, parcel_free);
  self->finished = pf_channel_new (plan->capacity, plan->destroy_result);
  /* Loading runs ahead by a few items only: they hold descriptors, of which
   * there are fewer than there is memory. */
  self->loaded = pf_sequencer_new ((guint64)plan->readers * 2, hand_to_matchers,
                                   parcel_free, self);
  return self;
}

void
pf_pipeline_free (PfPipeline *self)
{
  if (self == NULL)
    return;
  pf_channel_free (self->listed);
  pf_sequencer_free (self->loaded);
  pf_channel_free (self->ready);
  pf_channel_free (self->finished);
  g_free (self);
}

gboolean
pf_pipeline_submit (PfPipeline *self, gpointer item)
{
  Parcel *parcel = g_new0 (Parcel, 1);

  parcel->pipeline = self;
  parcel->serial = self->submitted++;
  parcel->item = item;
  if (!is_cancelled (self) && pf_channel_send (self->listed, parcel))
    return TRUE;
  parcel_free (parcel);
  return FALSE;
}

/* Who does not wait need not be woken: where the channel is full, nobody does.
 */
void
pf_pipeline_nudge (PfPipeline *self)
{
  for (guint i = 1; i < self->plan.matchers; i++) {
    Parcel *parcel = g_new0 (Parcel, 1);

    parcel->pipeline = self;
    if (!pf_channel_try_send (self->ready, parcel))
      parcel_free (parcel);
  }
}

void
pf_pipeline_write (PfPipeline *self, gpointer result)
{
  if (!pf_channel_send (self->finished, result))
    self->plan.destroy_result (result);
}

void
pf_pipeline_cancel (PfPipeline *self)
{
  atomic_store_explicit (&self->cancelled, TRUE, memory_order_release);
  pf_channel_close (self->listed);
  pf_sequencer_cancel (self->loaded);
}

static void
load (PfPipeline *self, Parcel *parcel)
{
  if (is_cancelled (self) ||
      !pf_sequencer_admit (self->plan.results, parcel->serial) ||
      !pf_sequencer_admit (self->loaded, parcel->serial)) {
    parcel_free (parcel);
    return;
  }
  self->plan.load (parcel->item, self->plan.user);
  pf_sequencer_put (self->loaded, parcel->serial, parcel);
}

static gboolean
run_reader (gpointer data, PfError *error G_GNUC_UNUSED)
{
  PfPipeline *self = data;
  Parcel *parcel;

  while ((parcel = pf_channel_receive (self->listed)) != NULL)
    load (self, parcel);
  if (atomic_fetch_sub_explicit (&self->readers, 1, memory_order_acq_rel) == 1)
    pf_channel_close (self->ready);
  return TRUE;
}

static gboolean
run_matcher (gpointer data, PfError *error G_GNUC_UNUSED)
{
  Matcher *matcher = data;
  PfPipeline *self = matcher->pipeline;
  Parcel *parcel;

  while ((parcel = pf_channel_receive (self->ready)) != NULL) {
    if (parcel->item == NULL)
      self->plan.help (matcher->number, self->plan.user);
    else if (!is_cancelled (self))
      self->plan.match (g_steal_pointer (&parcel->item), parcel->serial,
                        matcher->number, self->plan.user);
    parcel_free (parcel);
  }
  if (self->plan.finish != NULL)
    self->plan.finish (matcher->number, self->plan.user);
  if (atomic_fetch_sub_explicit (&self->matchers, 1, memory_order_acq_rel) == 1)
    pf_channel_close (self->finished);
  return TRUE;
}

static gboolean
run_writer (gpointer data, PfError *error G_GNUC_UNUSED)
{
  PfPipeline *self = data;
  gpointer result;

  for (;;) {
    result = pf_channel_try_receive (self->finished);
    if (result == NULL) {
      self->plan.idle (self->plan.user);
      result = pf_channel_receive (self->finished);
    }
    if (result == NULL)
      return TRUE;
    self->plan.write (result, self->plan.user);
  }
}

gboolean
pf_pipeline_run (PfPipeline *self, PfError *error)
{
  g_autoptr (PfTeam) team = pf_team_new ();
  g_autofree Matcher *matchers = g_new0 (Matcher, self->plan.matchers);

  atomic_store (&self->readers, self->plan.readers);
  atomic_store (&self->matchers, self->plan.matchers);
  pf_team_add (team, "pf-writer", run_writer, self);
  for (guint i = 0; i < self->plan.readers; i++)
    pf_team_add (team, "pf-reader", run_reader, self);
  for (guint i = 0; i < self->plan.matchers; i++) {
    matchers[i] = (Matcher){ self, i };
    pf_team_add (team, "pf-matcher", run_matcher, &matchers[i]);
  }
  if (!pf_team_start (team, error))
    return FALSE;
  self->plan.list (self, self->plan.user);
  pf_channel_close (self->listed);
  return pf_team_join (team, error);
}
