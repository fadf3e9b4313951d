/* How pipelines end before their items do: cancelled by whomever, and failing.
 */
#include "sched/test_pipeline.h"

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pipeline/cancel/by-matcher", test_cancel);
  g_test_add_func ("/pipeline/cancel/waiting-for-turn",
                   test_cancel_waiting_for_turn);
  g_test_add_func ("/pipeline/cancel/by-lister", test_cancel_by_lister);
  g_test_add_func ("/pipeline/failure", test_failure);
  g_test_add_func ("/pipeline/cancel/before", test_cancel_before);
  return g_test_run ();
}
