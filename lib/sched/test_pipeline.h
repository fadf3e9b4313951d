/* For the tests of the pipeline: one whose stages check what they get and count
 * it, and how it is run to its end.
 */
#pragma once

#include "sched/blocked.h"
#include "sched/pipeline.h"

#define ITEMS_MAX 600

static inline guint
times (guint n)
{
  return g_getenv ("PF_SANITIZER") != NULL ? n / 4 : n;
}

/* An item, which becomes its own result. */
typedef struct {
  guint number;
  gboolean loaded; /* by a reader, before a matcher has it */
} Item;

/* A pipeline under test, and what its stages saw. */
typedef struct {
  PfPipelinePlan plan;
  PfPipeline *pipeline;
  PfSequencer *results;
  guint64 limit; /* of the sequencer */
  guint n_items;
  gboolean dawdling;
  gboolean noting; /* whether loading waited; else all items are loaded ahead */

  atomic_uint n_submitted; /* handed to submit */
  atomic_uint n_freed;     /* items and results, wherever they ended */
  atomic_uint n_matched;
  atomic_uint n_passed; /* items that came to the matchers unloaded */
  atomic_uint n_again;  /* that were loaded ahead after one was noted for it */
  atomic_uint n_idle;
  atomic_int n_failures;
  gboolean refused; /* the lister's: submit said FALSE */
  guint n_written;  /* the writer's */
  PfThreadId lister;
} Run;

static inline guint32
dawdle (const Run *self, guint64 number)
{
  return self->dawdling ? pf_thread_dawdle ((guint32)number * 2654435761u + 1)
                        : 0;
}

static inline void
item_free (Run *self, Item *item)
{
  g_free (item);
  atomic_fetch_add (&self->n_freed, 1);
}

/* The plan's destroy functions get no user data. */
static Run *destroying;

static inline void
destroy (gpointer item)
{
  item_free (destroying, item);
}

static inline gboolean
submit (Run *self, guint number)
{
  Item *item = g_new0 (Item, 1);

  item->number = number;
  atomic_fetch_add (&self->n_submitted, 1);
  return pf_pipeline_submit (self->pipeline, item);
}

static inline void
list_all (PfPipeline *pipeline, gpointer user)
{
  Run *self = user;

  g_assert_true (pipeline == self->pipeline);
  pf_thread_announce (&self->lister);
  for (guint n = 0; n < self->n_items && !self->refused; n++)
    self->refused = !submit (self, n);
}

#define TURNS_SLOW_AT 100

/* As if some items lay in memory, and the next ones on a disk. */
static inline void
note (Run *self, const Item *item)
{
  if (self->noting)
    pf_pipeline_note_loading (self->pipeline,
                              item->number / TURNS_SLOW_AT % 2 == 1);
}

static inline void
load (gpointer data, guint64 serial, gpointer user)
{
  Item *item = data;

  g_assert_cmpuint (serial, ==, item->number);
  g_assert_false (item->loaded);
  dawdle (user, item->number);
  item->loaded = TRUE;
  note (user, item);
}

static inline void
check_matched (Run *self, const Item *item, guint64 serial, guint matcher)
{
  g_assert_cmpuint (serial, ==, item->number);
  g_assert_cmpuint (matcher, <, self->plan.matchers);
  g_assert_true (item->loaded || self->noting);
  if (!item->loaded) {
    atomic_fetch_add (&self->n_passed, 1);
    note (self, item);
  } else if (item->number > TURNS_SLOW_AT) {
    atomic_fetch_add (&self->n_again, 1);
  }
  atomic_fetch_add (&self->n_matched, 1);
}

static inline void
match (gpointer data, guint64 serial, guint matcher, gpointer user)
{
  Run *self = user;

  check_matched (self, data, serial, matcher);
  dawdle (self, serial + 77);
  pf_sequencer_put (self->results, serial, data, NULL);
}

static inline void
write_next (gpointer data, gpointer user)
{
  Run *self = user;
  Item *item = data;

  g_assert_cmpuint (item->number, ==, self->n_written);
  self->n_written++;
  item_free (self, item);
}

static inline void
count_idle (gpointer user)
{
  Run *self = user;

  atomic_fetch_add (&self->n_idle, 1);
}

static inline void
release (gpointer result, gpointer user)
{
  Run *self = user;

  pf_pipeline_write (self->pipeline, result);
}

static inline void
run_init (Run *self, guint readers, guint matchers, gsize capacity,
          guint64 limit)
{
  *self = (Run){ .limit = limit, .n_items = times (ITEMS_MAX) };
  self->results = pf_sequencer_new (limit, release, destroy, self);
  self->plan = (PfPipelinePlan){ .readers = readers,
                                 .matchers = matchers,
                                 .capacity = capacity,
                                 .results = self->results,
                                 .list = list_all,
                                 .load = load,
                                 .match = match,
                                 .write = write_next,
                                 .idle = count_idle,
                                 .destroy_item = destroy,
                                 .destroy_result = destroy,
                                 .user = self };
  destroying = self;
}

/* Runs to the end and frees everything; nothing may be left. */
static inline void
run (Run *self)
{
  g_auto (PfError) error = { 0 };

  self->pipeline = pf_pipeline_new (&self->plan);
  g_assert_true (pf_pipeline_run (self->pipeline, &error));
  g_assert_false (pf_error_is_set (&error));
  pf_sequencer_free (self->results);
  pf_pipeline_free (self->pipeline);
  g_assert_cmpuint (atomic_load (&self->n_freed), ==,
                    atomic_load (&self->n_submitted));
}

static inline void
check_complete (const Run *self)
{
  g_assert_cmpuint (self->n_written, ==, self->n_items);
  g_assert_cmpuint (self->n_matched, ==, self->n_items);
  g_assert_false (self->refused);
}
