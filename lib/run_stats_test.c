/* What statistics say of the texts does not depend on how they were read: files
 * that are cut into small pieces, in both modes and with several workers, come
 * to what one worker comes to, who cuts nothing. Characters, words and matches
 * reach from piece to piece, and some bytes are no UTF-8.
 */
#include <unistd.h>

#include "pfproc.h"

#define N_FILES 4

typedef struct {
  char *directory;
  char *files[N_FILES];
  char *stats;
  PfInput inputs[N_FILES + 1];
  PfGlossary *glossary;
} Fixture;

static const char *const terms[] = { "a a", "\303\251 a", "b b c", "dd" };

static void
fixture_init (Fixture *self)
{
  PfGlossaryOptions options = { .terms = terms,
                                .n_terms = G_N_ELEMENTS (terms) };

  self->directory = g_dir_make_tmp ("pf-stats-XXXXXX", NULL);
  self->stats = g_build_filename (self->directory, "stats", NULL);
  self->glossary = pf_glossary_load (&options, NULL);
  for (guint i = 0; i < N_FILES; i++) {
    char name[] = { 'f', (char)('0' + i), '\0' };

    self->files[i] = g_build_filename (self->directory, name, NULL);
    self->inputs[i].name = self->files[i];
  }
  self->inputs[N_FILES].name = "/missing";
}

static void
fixture_clear (Fixture *self)
{
  for (guint i = 0; i < N_FILES; i++) {
    unlink (self->files[i]);
    g_free (self->files[i]);
  }
  unlink (self->stats);
  g_assert_cmpint (rmdir (self->directory), ==, 0);
  pf_glossary_unref (self->glossary);
  g_free (self->stats);
  g_free (self->directory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* Random text; BAD: with bytes that are no UTF-8. */
static void
write_file (const Fixture *self, guint i, guint n_parts, gboolean bad)
{
  static const char *const parts[] = { "a ",
                                       "b\n",
                                       "b ",
                                       "a",
                                       "c",
                                       "dd",
                                       "\303\251 ",
                                       "\303\251",
                                       "\344\270\255",
                                       "\360\237\230\200",
                                       "\377",
                                       "\303",
                                       "\240 ",
                                       "\360\237" };
  guint n = G_N_ELEMENTS (parts) - (bad ? 0 : 4);
  GString *text = g_string_new (NULL);

  for (; n_parts > 0; n_parts--)
    g_string_append (text, parts[g_test_rand_int_range (0, (gint32)n)]);
  g_assert_true (
      g_file_set_contents (self->files[i], text->str, (gssize)text->len, NULL));
  g_string_free (text, TRUE);
}

/* From the number of files to that of errors. */
static char *
invariant_part (const char *json)
{
  const char *from = strstr (json, "\"files\""), *to;

  g_assert_nonnull (from);
  to = strstr (from, "\"read_calls\"");
  g_assert_nonnull (to);
  return g_strndup (from, (gsize)(to - from));
}

static char *
run (const Fixture *self, PfRunConfig *config)
{
  g_autoptr (PfRun) run = NULL;
  g_autofree char *json = NULL;

  config->inputs = self->inputs;
  config->n_inputs = N_FILES + 1;
  config->glossary = self->glossary;
  config->output = "/dev/null";
  config->stats = TRUE;
  run = pf_run_new (config, NULL);
  g_assert_nonnull (run);
  g_assert_true (pf_run_execute (run, NULL));
  json = pf_run_stats (run, config, PF_STATUS_OK);
  return invariant_part (json);
}

static void
check_action (const Fixture *self, PfRunAction action, gsize piece)
{
  PfRunConfig alone = { .action = action, .jobs = 1 };
  g_autofree char *expected = run (self, &alone);

  for (PfRunMode mode = PF_MODE_FORK_JOIN; mode <= PF_MODE_PIPELINE; mode++)
    for (guint jobs = 2; jobs <= 5; jobs += 3) {
      PfRunConfig config = {
        .action = action, .jobs = jobs, .mode = mode, .piece = piece
      };
      g_autofree char *found = run (self, &config);

      g_assert_cmpstr (found, ==, expected);
    }
}

static void
test_pieces (void)
{
  guint rounds = g_getenv ("PF_SANITIZER") != NULL ? 2 : 8;

  for (guint n = 0; n < rounds; n++) {
    g_auto (Fixture) fixture = { 0 };

    fixture_init (&fixture);
    for (guint i = 0; i < N_FILES; i++)
      write_file (&fixture, i, (guint)g_test_rand_int_range (0, 9000),
                  i % 2 == 1);
    for (PfRunAction action = PF_RUN_FIND; action <= PF_RUN_ANSWER; action++) {
      check_action (&fixture, action, 64);
      check_action (&fixture, action, 501);
    }
  }
}

static gboolean
has (const char *text, const char *part)
{
  return strstr (text, part) != NULL;
}

/* The same text by hand: what is counted is what is there. */
static void
test_known (void)
{
  g_auto (Fixture) fixture = { 0 };
  PfRunConfig config = { .action = PF_RUN_COUNT, .jobs = 3, .piece = 64 };
  GString *text = g_string_new (NULL);
  g_autofree char *found = NULL;

  fixture_init (&fixture);
  for (guint i = 0; i < 1000; i++)
    g_string_append (text, "a a \344\270\255\360\237\230\200");
  for (guint i = 0; i < N_FILES; i++) {
    if (i == 3)
      g_string_append_c (text, '\377');
    g_assert_true (g_file_set_contents (fixture.files[i], text->str,
                                        (gssize)text->len, NULL));
  }
  g_string_free (text, TRUE);
  found = run (&fixture, &config);
  g_assert_true (has (found, "\"files\": 5,"));
  g_assert_true (has (found, "\"files_matched\": 4,"));
  g_assert_true (has (found, "\"files_failed\": 1,"));
  g_assert_true (has (found, "\"files_with_invalid_bytes\": 1,"));
  g_assert_true (has (found, "\"bytes\": 44001,"));
  g_assert_true (has (found, "\"tokens\": 12000,"));
  g_assert_true (has (found, "\"matches\": 4000,"));
  g_assert_true (has (found, "\"66\": 1,"));
}

/* The file appears when it is written, and not before; a run that is dropped
 * without that leaves what was there. */
static void
test_file (void)
{
  g_auto (Fixture) fixture = { 0 };
  PfRunConfig config = { .action = PF_RUN_COUNT };
  g_autofree char *text = NULL;

  fixture_init (&fixture);
  write_file (&fixture, 0, 10, FALSE);
  config.stats_file = fixture.stats;
  config.stats = TRUE;
  config.output = "/dev/null";
  config.inputs = fixture.inputs;
  config.n_inputs = 1;
  config.glossary = fixture.glossary;
  for (guint written = 0; written < 2; written++) {
    g_autoptr (PfRun) run = pf_run_new (&config, NULL);

    g_assert_nonnull (run);
    g_assert_true (pf_run_execute (run, NULL));
    g_assert_false (g_file_test (fixture.stats, G_FILE_TEST_EXISTS));
    if (written)
      g_assert_true (pf_run_write_stats (run, &config, PF_STATUS_OK, NULL));
  }
  g_assert_true (g_file_get_contents (fixture.stats, &text, NULL, NULL));
  g_assert_true (has (text, "\"outcome\": \"complete\""));
}

/* Where there never was a run. */
static void
test_no_run (void)
{
  PfRunConfig config = { .stats = TRUE, .glossary_cost = { { 5, 4 }, 3 } };
  g_autofree char *text = pf_run_stats (NULL, &config, PF_STATUS_DATA);

  g_assert_true (has (text, "\"outcome\": \"failed\""));
  g_assert_true (has (text, "\"exit_status\": 65"));
  g_assert_true (has (text, "\"files\": 0,"));
  g_assert_true (has (text, "\"wall_ns\": 5,"));
  g_assert_true (has (text, "\"retries\": 3,"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run-stats/pieces", test_pieces);
  g_test_add_func ("/run-stats/known", test_known);
  g_test_add_func ("/run-stats/file", test_file);
  g_test_add_func ("/run-stats/no-run", test_no_run);
  return g_test_run ();
}
