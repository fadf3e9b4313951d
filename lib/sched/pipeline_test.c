#include "sched/pipeline.h"

#include <uv.h>

#include "sched/test_pipeline.h"

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
  return g_test_run ();
}
