#include "sched/pipeline.h"

#include <uv.h>

#include "sched/blocked.h"

#define ITEMS_MAX 600

static guint
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

static guint32
dawdle (const Run *self, guint64 number)
{
  return self->dawdling ? pf_thread_dawdle ((guint32)number * 2654435761u + 1)
                        : 0;
}

static void
item_free (Run *self, Item *item)
{
  g_free (item);
  atomic_fetch_add (&self->n_freed, 1);
}

/* The plan's destroy functions get no user data. */
static Run *destroying;

static void
destroy (gpointer item)
{
  item_free (destroying, item);
}

static gboolean
submit (Run *self, guint number)
{
  Item *item = g_new0 (Item, 1);

  item->number = number;
  atomic_fetch_add (&self->n_submitted, 1);
  return pf_pipeline_submit (self->pipeline, item);
}

static void
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
static void
note (Run *self, const Item *item)
{
  if (self->noting)
    pf_pipeline_note_loading (self->pipeline,
                              item->number / TURNS_SLOW_AT % 2 == 1);
}

static void
load (gpointer data, guint64 serial, gpointer user)
{
  Item *item = data;

  g_assert_cmpuint (serial, ==, item->number);
  g_assert_false (item->loaded);
  dawdle (user, item->number);
  item->loaded = TRUE;
  note (user, item);
}

static void
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

static void
match (gpointer data, guint64 serial, guint matcher, gpointer user)
{
  Run *self = user;

  check_matched (self, data, serial, matcher);
  dawdle (self, serial + 77);
  pf_sequencer_put (self->results, serial, data, NULL);
}

static void
write_next (gpointer data, gpointer user)
{
  Run *self = user;
  Item *item = data;

  g_assert_cmpuint (item->number, ==, self->n_written);
  self->n_written++;
  item_free (self, item);
}

static void
count_idle (gpointer user)
{
  Run *self = user;

  atomic_fetch_add (&self->n_idle, 1);
}

static void
release (gpointer result, gpointer user)
{
  Run *self = user;

  pf_pipeline_write (self->pipeline, result);
}

static void
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
static void
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

static void
check_complete (const Run *self)
{
  g_assert_cmpuint (self->n_written, ==, self->n_items);
  g_assert_cmpuint (self->n_matched, ==, self->n_items);
  g_assert_false (self->refused);
}

/* Whoever dawdles, and however little room there is. */
static void
test_order (void)
{
  for (guint readers = 1; readers <= 3; readers++)
    for (guint matchers = 1; matchers <= 3; matchers++)
      for (guint64 limit = 1; limit <= 4; limit += 3) {
        Run self;

        run_init (&self, readers, matchers, 1 + (readers + matchers) % 2,
                  limit);
        self.dawdling = TRUE;
        run (&self);
        check_complete (&self);
      }
}

static void
test_many_threads (void)
{
  Run self;

  run_init (&self, 8, 16, 1, 2);
  run (&self);
  check_complete (&self);
}

/* Nothing listed, nothing written, and the end comes. */
static void
test_empty (void)
{
  Run self;

  run_init (&self, 2, 2, 1, 1);
  self.n_items = 0;
  run (&self);
  check_complete (&self);
  pf_pipeline_free (NULL);
}

/* A match that needs its turn before it is done, as one with much output. */
static void
match_at_turn (gpointer data, guint64 serial, guint matcher, gpointer user)
{
  Run *self = user;

  check_matched (self, data, serial, matcher);
  g_assert_true (pf_sequencer_wait_turn (self->results, serial, NULL));
  pf_sequencer_put (self->results, serial, data, NULL);
}

/*   readers:   1 is loaded      0 is loaded
 *   matcher:                    0 (waits for its turn, has it)   1 ...
 *
 * If the one matcher got 1 first, it would wait for the turn of 1 for ever.
 */
static void
test_matchers_in_order (void)
{
  for (guint matchers = 1; matchers <= 2; matchers++) {
    Run self;

    run_init (&self, 4, matchers, 2, 4);
    self.plan.match = match_at_turn;
    self.dawdling = TRUE;
    run (&self);
    check_complete (&self);
  }
}

/*   items 0 to 99:   loaded without a wait: the last of them pass the readers
 *   from item 100:   the matchers wait for their loading: so the next ones
 *                    come loaded again
 *
 * They stay in order, whichever way they came; and no matcher gets one for
 * whose turn it would wait for ever.
 */
static void
test_passing_readers (void)
{
  for (guint readers = 1; readers <= 3; readers++)
    for (guint64 limit = 1; limit <= 4; limit += 3)
      for (guint matchers = 1; matchers <= 2; matchers++) {
        Run self;

        run_init (&self, readers, matchers, 2, limit);
        self.plan.match = match_at_turn;
        self.dawdling = self.noting = TRUE;
        run (&self);
        check_complete (&self);
        g_assert_cmpuint (self.n_passed, >, 0);
        g_assert_cmpuint (self.n_again, >, 0);
      }
}

/* Each channel says what went through it, and how full it was. */
static void
test_stats (void)
{
  for (guint noting = 0; noting < 2; noting++) {
    PfPipelineStats stats;
    Run self;

    run_init (&self, 2, 3, 4, 3);
    self.noting = noting == 1;
    self.pipeline = pf_pipeline_new (&self.plan);
    g_assert_true (pf_pipeline_run (self.pipeline, NULL));
    pf_pipeline_stats (self.pipeline, &stats);
    g_assert_cmpuint (stats.listed.values, ==, self.n_items - self.n_passed);
    g_assert_cmpuint (stats.ready.values, ==, self.n_items);
    g_assert_cmpuint (stats.finished.values, ==, self.n_items);
    g_assert_cmpuint (stats.listed.high_water, <=, 4);
    g_assert_cmpuint (stats.ready.high_water, <=, 3);
    g_assert_cmpuint (stats.finished.high_water, >=, 1);
    pf_sequencer_free (self.results);
    pf_pipeline_free (self.pipeline);
  }
}

/* The first write looks on while everything before it fills up. */
static void
write_when_full (gpointer data, gpointer user)
{
  Run *self = user;
  const PfPipelinePlan *plan = &self->plan;
  guint in_flight;

  if (self->n_written == 0) {
    pf_thread_wait_blocked (&self->lister);
    pf_threads_wait_all_blocked ();
  }
  in_flight = atomic_load (&self->n_submitted) - self->n_written;
  /* At most: one in submit, the first channel, one in the hands of each
   * reader, the admitted ones, the last channel, and one that is written. */
  g_assert_cmpuint (in_flight, <=,
                    1 + plan->capacity + plan->readers + self->limit + 1 +
                        plan->capacity + 1);
  write_next (data, user);
}

/*   lister:  submit, submit, submit (wait)
 *   writer:  write 0 (until nobody else can go on)   write 1 ...
 */
static void
test_bounded (void)
{
  for (guint64 limit = 1; limit <= 5; limit++) {
    Run self;

    run_init (&self, 2, 3, 1 + limit % 2, limit);
    self.plan.write = write_when_full;
    run (&self);
    check_complete (&self);
  }
}

/* A lister that lists on when the last item is written and shown. */
typedef struct {
  Run run;
  uv_sem_t shown;
  guint n_shown; /* the writer's */
} Stream;

static void
list_slowly (PfPipeline *pipeline G_GNUC_UNUSED, gpointer user)
{
  Stream *self = user;

  for (guint n = 0; n < self->run.n_items; n++) {
    g_assert_true (submit (&self->run, n));
    uv_sem_wait (&self->shown);
  }
}

/* Flushes, where there is something new. */
static void
show (gpointer user)
{
  Stream *self = user;

  for (; self->n_shown < self->run.n_written; self->n_shown++)
    uv_sem_post (&self->shown);
}

/*   lister:  submit 0   (waits until 0 is shown)          submit 1 ...
 *   writer:             write 0   idle: shows it ········▶
 *
 * A result comes out while the lister still waits for its next name.
 */
static void
test_shows_at_once (void)
{
  Stream self;

  run_init (&self.run, 2, 2, 2, 8);
  self.n_shown = 0;
  g_assert_cmpint (uv_sem_init (&self.shown, 0), ==, 0);
  self.run.plan.list = list_slowly;
  self.run.plan.idle = show;
  run (&self.run);
  check_complete (&self.run);
  uv_sem_destroy (&self.shown);
}

static void
cancel (Run *self)
{
  pf_pipeline_cancel (self->pipeline);
  pf_sequencer_cancel (self->results);
}

static void
check_cancelled (const Run *self)
{
  g_assert_true (self->refused);
  g_assert_cmpuint (self->n_written, <=, self->n_matched);
  g_assert_cmpuint (self->n_submitted, <, self->n_items);
}

#define CANCEL_AT 20
/* When items pass the readers by, if they ever do. */
#define CANCEL_LATE_AT 90

/* One item cancels when the lister can submit no more. */
static void
match_and_cancel (gpointer data, guint64 serial, guint matcher, gpointer user)
{
  Run *self = user;

  if (serial == (self->noting ? CANCEL_LATE_AT : CANCEL_AT)) {
    pf_thread_wait_blocked (&self->lister);
    cancel (self);
  }
  match (data, serial, matcher, user);
}

/*   lister:   submit (wait) ·············▶ FALSE
 *   readers:  wait for admission ········▶ destroy
 *   matcher:                      cancel
 */
static void
check_cancel (gboolean noting)
{
  for (guint readers = 1; readers <= 3; readers++)
    for (guint64 limit = 1; limit <= 3; limit++) {
      Run self;

      run_init (&self, readers, 2, 1, limit);
      self.noting = noting;
      self.plan.match = match_and_cancel;
      run (&self);
      check_cancelled (&self);
    }
}

/* Item 0 holds the turn until all others wait for it, and cancels. */
static void
match_holding_turn (gpointer data, guint64 serial, guint matcher, gpointer user)
{
  Run *self = user;

  check_matched (self, data, serial, matcher);
  if (serial == 0) {
    pf_threads_wait_all_blocked ();
    cancel (self);
    item_free (self, data);
  } else if (pf_sequencer_wait_turn (self->results, serial, NULL)) {
    pf_sequencer_put (self->results, serial, data, NULL);
  } else {
    item_free (self, data);
  }
}

static void
test_cancel (void)
{
  check_cancel (FALSE);
  check_cancel (TRUE);
}

/*   matcher 0:  0 ...                  cancel
 *   matcher 1:  1: wait_turn (wait) ·········▶ FALSE
 *   matcher 2:  2: wait_turn (wait) ·········▶ FALSE
 */
static void
test_cancel_waiting_for_turn (void)
{
  Run self;

  run_init (&self, 2, 3, 1, 9);
  self.plan.match = match_holding_turn;
  run (&self);
  check_cancelled (&self);
  g_assert_cmpuint (self.n_written, ==, 0);
}

static void
list_and_cancel (PfPipeline *pipeline G_GNUC_UNUSED, gpointer user)
{
  Run *self = user;

  for (guint n = 0; n < CANCEL_AT; n++)
    g_assert_true (submit (self, n));
  cancel (self);
  self->refused = !submit (self, CANCEL_AT);
}

/* The lister itself may cancel; what it submits then is destroyed. */
static void
test_cancel_by_lister (void)
{
  Run self;

  run_init (&self, 2, 2, 1, 3);
  self.plan.list = list_and_cancel;
  run (&self);
  check_cancelled (&self);
}

/* Somebody fails in the order of the results, and tells nobody else. */
static void
match_and_fail (gpointer data, guint64 serial, guint matcher, gpointer user)
{
  Run *self = user;
  g_auto (PfError) error = { 0 };

  if (serial == CANCEL_AT) {
    pf_error_set (&error, PF_STATUS_TEMPORARY, "for a test");
    pf_sequencer_fail (self->results, &error);
  }
  match (data, serial, matcher, user);
}

static void
note_failure (const PfError *error, gpointer user)
{
  Run *self = user;

  g_assert_cmpint (error->status, ==, PF_STATUS_TEMPORARY);
  atomic_fetch_add (&self->n_failures, 1);
  cancel (self);
}

/*   matcher:  fail
 *   readers:        admission: the error ▶ fail ▶ cancel
 *   lister:                                       FALSE
 */
static void
test_failure (void)
{
  for (guint readers = 1; readers <= 3; readers++) {
    Run self;

    run_init (&self, readers, 2, 1, 3);
    self.plan.match = match_and_fail;
    self.plan.fail = note_failure;
    run (&self);
    check_cancelled (&self);
    g_assert_cmpint (self.n_failures, >, 0);
    g_assert_cmpuint (self.n_written, <=, CANCEL_AT);
  }
}

/* Before it runs: nothing is taken up. */
static void
test_cancel_before (void)
{
  Run self;

  run_init (&self, 2, 2, 1, 3);
  self.pipeline = pf_pipeline_new (&self.plan);
  cancel (&self);
  g_assert_true (pf_pipeline_run (self.pipeline, NULL));
  pf_sequencer_free (self.results);
  pf_pipeline_free (self.pipeline);
  g_assert_true (self.refused);
  g_assert_cmpuint (atomic_load (&self.n_matched), ==, 0);
  g_assert_cmpuint (atomic_load (&self.n_freed), ==, 1);
}

static void
submit_as_matcher (gpointer item, guint64 serial G_GNUC_UNUSED,
                   guint matcher G_GNUC_UNUSED, gpointer user)
{
  Run *self = user;

  pf_pipeline_submit (self->pipeline, item);
}

/* Whoever submits and is not the lister is told so. */
static void
test_lister_only (void)
{
  if (g_test_subprocess ()) {
    Run self;

    run_init (&self, 1, 1, 1, 1);
    self.plan.match = submit_as_matcher;
    run (&self);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*pf_owner_is_here*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pipeline/order", test_order);
  g_test_add_func ("/pipeline/many-threads", test_many_threads);
  g_test_add_func ("/pipeline/empty", test_empty);
  g_test_add_func ("/pipeline/lister-only", test_lister_only);
  g_test_add_func ("/pipeline/matchers-in-order", test_matchers_in_order);
  g_test_add_func ("/pipeline/passing-readers", test_passing_readers);
  g_test_add_func ("/pipeline/stats", test_stats);
  g_test_add_func ("/pipeline/bounded", test_bounded);
  g_test_add_func ("/pipeline/shows-at-once", test_shows_at_once);
  g_test_add_func ("/pipeline/cancel/by-matcher", test_cancel);
  g_test_add_func ("/pipeline/cancel/waiting-for-turn",
                   test_cancel_waiting_for_turn);
  g_test_add_func ("/pipeline/cancel/by-lister", test_cancel_by_lister);
  g_test_add_func ("/pipeline/failure", test_failure);
  g_test_add_func ("/pipeline/cancel/before", test_cancel_before);
  return g_test_run ();
}
