/* Runs that get other glossaries on their way, of which all are counted. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crowd.h"
#include "base/test_folder.h"
#include "glossary/builder.h"
#include "run_private.h"

#define N_TERMS 10
#define BATCH 50

static guint
rounds (void)
{
  return g_getenv ("PF_SANITIZER") != NULL ? 20 : 100;
}

static atomic_int n_alive;

static void
let_go (gpointer backing)
{
  pf_glossary_unref (backing);
  atomic_fetch_sub (&n_alive, 1);
}

/* N_TERMS terms whose value is GENERATION; counted for as long as it lives. */
static PfGlossary *
new_glossary (guint generation)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_autofree char *value = g_strdup_printf ("%u", generation);
  PfGlossary *real;

  pf_glossary_builder_begin (builder, "g", &(PfSourceRules){ 0 });
  for (char c = 'a'; c < 'a' + N_TERMS; c++) {
    PfEntry entry = { .term = { (const guint8 *)&c, 1 },
                      .value = pf_span_str (value) };

    g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  }
  real = pf_glossary_builder_seal (builder, NULL);
  atomic_fetch_add (&n_alive, 1);
  return pf_glossary_new (pf_glossary_sections (real), &(PfSourceRules){ 0 },
                          real, let_go);
}

typedef struct {
  PfTestFolder folder;
  PfRunConfig config;
  PfInput inputs[3];
  PfRun *run;
  int writer; /* of the FIFO */
  gboolean done;
  PfStatus status; /* of the run's error, or 0 */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_test_folder_enter (&self->folder, NULL);
  g_assert_true (g_file_set_contents ("f", "a b c d e\nf g h i j\n", -1, NULL));
  g_assert_cmpint (mkfifo ("fifo", 0600), ==, 0);
  self->writer = open ("fifo", O_RDWR | O_CLOEXEC);
  self->config.inputs = self->inputs;
  self->config.output = "output";
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  if (self->writer >= 0)
    close (self->writer);
  pf_test_folder_leave (&self->folder, NULL);
  g_assert_cmpint (atomic_load (&n_alive), ==, 0);
}

#define TEST(name)                                                             \
  static void test_##name (Fixture *self, gconstpointer data G_GNUC_UNUSED)

static void
make_run (Fixture *self)
{
  g_autoptr (PfGlossary) glossary = new_glossary (0);

  self->config.glossary = glossary;
  self->run = pf_run_new (&self->config, NULL);
  g_assert_nonnull (self->run);
  self->config.glossary = NULL;
}

static void
execute (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  self->done = pf_run_execute (self->run, &error);
  self->status = error != NULL ? (PfStatus)error->code : PF_STATUS_OK;
}

static void
reload (Fixture *self, guint generation)
{
  g_autoptr (PfGlossary) glossary = new_glossary (generation);

  g_assert_true (pf_run_reload (self->run, glossary, NULL));
}

static void
feed (Fixture *self, const char *line)
{
  g_assert_cmpint (write (self->writer, line, strlen (line)), ==,
                   strlen (line));
}

static void
feed_end (Fixture *self)
{
  close (self->writer);
  self->writer = -1;
}

/* The run on one thread, and on the other what feeds it. */
typedef struct {
  Fixture *fixture;
  void (*feed) (Fixture *self);
} Pair;

static gboolean
do_one (guint i, gpointer user, PfError *error G_GNUC_UNUSED)
{
  Pair *pair = user;

  if (i == 0)
    execute (pair->fixture);
  else
    pair->feed (pair->fixture);
  return TRUE;
}

static void
run_fed_by (Fixture *self, void (*feed_it) (Fixture *self))
{
  Pair pair = { self, feed_it };

  make_run (self);
  g_assert_true (pf_crowd (2, do_one, &pair, NULL));
}

static void
free_run (Fixture *self)
{
  /* Nobody but the run itself holds one any more. */
  g_assert_cmpint (atomic_load (&n_alive), ==, 1);
  g_clear_pointer (&self->run, pf_run_free);
  g_assert_cmpint (atomic_load (&n_alive), ==, 0);
}

/* Each file has the matches of one generation, none of an earlier one than
 * those before it; there are N_FILES, and the last is of generation LAST. */
static void
check_output (guint n_files, guint last)
{
  g_autofree char *output = NULL;
  guint seen = 0, n = 0;

  g_assert_true (g_file_get_contents ("output", &output, NULL, NULL));
  for (const char *at = output; *at != '\0'; at = strchr (at, '\n') + 1) {
    guint generation;

    g_assert_cmpint (sscanf (at, "%*[^>]> %u", &generation), ==, 1);
    g_assert_true (generation == seen ||
                   (n % N_TERMS == 0 && generation > seen));
    seen = generation;
    n++;
  }
  g_assert_cmpuint (n, ==, n_files * N_TERMS);
  g_assert_cmpuint (seen, ==, last);
}

static void
feed_names (Fixture *self)
{
  for (guint i = 1; i <= rounds (); i++) {
    for (guint n = 0; n < BATCH; n++)
      feed (self, "f\n");
    reload (self, i);
  }
  feed (self, "f\n");
  feed_end (self);
}

/*   names:  f f f f ... f f f f ... f f f f
 *   slot:              ▲ swap       ▲ swap
 */
TEST (names)
{
  for (self->config.jobs = 1; self->config.jobs <= 5; self->config.jobs += 2) {
    if (self->writer < 0)
      self->writer = open ("fifo", O_RDWR | O_CLOEXEC);
    self->inputs[0] = (PfInput){ "fifo", TRUE };
    self->config.n_inputs = 1;
    run_fed_by (self, feed_names);
    g_assert_true (self->done);
    g_assert_cmpuint (pf_run_n_reloads (self->run), ==, rounds ());
    check_output (rounds () * BATCH + 1, rounds ());
    free_run (self);
  }
}

/* The document lets go of the first glossary, too, while it streams: if it did
 * not, this would never end. */
static void
feed_lines (Fixture *self)
{
  for (guint i = 1; i <= rounds (); i++) {
    feed (self, "a b c d e f g h i j\n");
    reload (self, i);
    while (atomic_load (&n_alive) > 1) {
      feed (self, "\n");
      sched_yield ();
    }
  }
  feed (self, "a b c d e f g h i j\n");
  feed_end (self);
}

static void
check_lines (Fixture *self, PfRunMode mode)
{
  self->inputs[0] = (PfInput){ "f", FALSE };
  self->inputs[1] = (PfInput){ "fifo", FALSE };
  self->config.n_inputs = 2;
  self->config.mode = mode;
  self->config.jobs = 2;
  run_fed_by (self, feed_lines);
  g_assert_true (self->done);
  check_output (rounds () + 2, rounds ());
  free_run (self);
}

TEST (lines_fork_join)
{
  check_lines (self, PF_MODE_FORK_JOIN);
}

TEST (lines_pipeline)
{
  check_lines (self, PF_MODE_PIPELINE);
}

static void
check_refused (Fixture *self)
{
  g_autoptr (PfGlossary) glossary = NULL;
  g_autoptr (GError) error = NULL;

  make_run (self);
  glossary = new_glossary (1);
  g_assert_false (pf_run_check_reload (self->run, NULL));
  g_assert_false (pf_run_reload (self->run, glossary, &error));
  g_assert_error (error, PF_ERROR, PF_STATUS_USAGE);
  g_assert_cmpuint (pf_run_n_reloads (self->run), ==, 0);
  g_clear_pointer (&self->run, pf_run_free);
}

TEST (refused)
{
  self->inputs[0] = (PfInput){ "f", FALSE };
  self->config.n_inputs = 1;
  check_refused (self);
  self->config.mode = PF_MODE_PIPELINE;
  check_refused (self);
  self->inputs[0] = (PfInput){ "fifo", TRUE };
  self->config.action = PF_RUN_TOTAL;
  check_refused (self);
  self->config.action = PF_RUN_FIND;
  self->config.mode = PF_MODE_FORK_JOIN;
  check_refused (self);
}

/* The run fails at the message about an input; what streams does not end. */
static void
fail_run (const PfMessage *message G_GNUC_UNUSED, gpointer user)
{
  Fixture *self = user;
  g_auto (PfError) error = { 0 };

  pf_error_set (&error, PF_STATUS_TEMPORARY, "for a test");
  pf_run_fail (self->run, &error);
  pf_error_clear (&error);
  pf_error_set (&error, PF_STATUS_IO, "what fails later");
  pf_run_fail (self->run, &error);
}

static void
check_failing (Fixture *self, PfRunMode mode, guint jobs)
{
  self->config.mode = mode;
  self->config.jobs = jobs;
  self->config.message = fail_run;
  self->config.user = self;
  make_run (self);
  execute (self);
  g_assert_false (self->done);
  g_assert_cmpint (self->status, ==, PF_STATUS_TEMPORARY);
  g_assert_false (g_file_test ("output", G_FILE_TEST_EXISTS));
  free_run (self);
}

/*   file 0   file 1: fail   file 2 streams: would wait for ever */
TEST (failing)
{
  self->inputs[0] = (PfInput){ "f", FALSE };
  self->inputs[1] = (PfInput){ "missing", FALSE };
  self->inputs[2] = (PfInput){ "fifo", FALSE };
  self->config.n_inputs = 3;
  for (guint jobs = 1; jobs <= 5; jobs += 2) {
    check_failing (self, PF_MODE_FORK_JOIN, jobs);
    check_failing (self, PF_MODE_PIPELINE, jobs);
  }
}

/* The same where it is names that stream. */
TEST (failing_names)
{
  self->inputs[0] = (PfInput){ "fifo", TRUE };
  self->config.n_inputs = 1;
  for (guint jobs = 1; jobs <= 5; jobs += 2) {
    feed (self, "f\nmissing\nf\n");
    check_failing (self, PF_MODE_PIPELINE, jobs);
  }
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/run-reload/names", test_names);
  add ("/run-reload/lines/fork-join", test_lines_fork_join);
  add ("/run-reload/lines/pipeline", test_lines_pipeline);
  add ("/run-reload/refused", test_refused);
  add ("/run-reload/failing/document", test_failing);
  add ("/run-reload/failing/names", test_failing_names);
  return g_test_run ();
}
