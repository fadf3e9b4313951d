/* For tests: files that runs with pieces and several workers read, and what
 * comes of them, held against one worker who cuts nothing. */
#pragma once

#include <stdio.h>
#include <unistd.h>

#include "pfproc.h"

#define PF_TEST_CUT_FILES 5

typedef struct {
  char *directory;
  char *files[PF_TEST_CUT_FILES];
  char *output;
  PfInput inputs[PF_TEST_CUT_FILES];
  PfGlossary *glossary;
} PfTestCut;

static inline void
pf_test_cut_init (PfTestCut *self, const char *const *terms, gsize n_terms)
{
  PfGlossaryOptions options = { .terms = terms, .n_terms = n_terms };

  self->directory = g_dir_make_tmp ("pf-cut-XXXXXX", NULL);
  self->output = g_build_filename (self->directory, "output", NULL);
  self->glossary = pf_glossary_load (&options, NULL);
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
    char name[] = { 'f', (char)('0' + i), '\0' };

    self->files[i] = g_build_filename (self->directory, name, NULL);
    self->inputs[i].name = self->files[i];
  }
}

static inline void
pf_test_cut_clear (PfTestCut *self)
{
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
    unlink (self->files[i]);
    g_free (self->files[i]);
  }
  unlink (self->output);
  g_assert_cmpint (rmdir (self->directory), ==, 0);
  pf_glossary_unref (self->glossary);
  g_free (self->output);
  g_free (self->directory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfTestCut, pf_test_cut_clear)

static inline void
pf_test_cut_write (const PfTestCut *self, guint i, const GString *text)
{
  g_assert_true (
      g_file_set_contents (self->files[i], text->str, (gssize)text->len, NULL));
}

/* What the run writes, and its summary. */
static inline char *
pf_test_cut_run (const PfTestCut *self, PfRunConfig *config)
{
  g_autoptr (PfRun) run = NULL;
  g_autofree char *output = NULL;
  const PfSummary *summary;

  config->inputs = self->inputs;
  config->n_inputs = PF_TEST_CUT_FILES;
  config->glossary = self->glossary;
  config->output = self->output;
  run = pf_run_new (config, NULL);
  g_assert_nonnull (run);
  g_assert_true (pf_run_execute (run, NULL));
  summary = pf_run_summary (run);
  g_assert_true (g_file_get_contents (self->output, &output, NULL, NULL));
  /* Runs that end at the first answer may have listed more or fewer files. */
  if (config->action == PF_RUN_ANSWER)
    return g_strdup_printf ("%d %d", summary->matched > 0, summary->failed > 0);
  return g_strdup_printf ("%s%d %d %d", output, (int)summary->matched,
                          (int)summary->failed, (int)summary->binaries);
}

/* BASE, with pieces and several workers, against the same by one. */
static inline void
pf_test_cut_check (const PfTestCut *self, const PfRunConfig *base)
{
  PfRunConfig alone = *base;
  g_autofree char *expected = NULL;

  alone.jobs = 1;
  alone.memory = 0;
  alone.piece = 0;
  expected = pf_test_cut_run (self, &alone);

  for (PfRunMode mode = PF_MODE_FORK_JOIN; mode <= PF_MODE_PIPELINE; mode++)
    for (guint jobs = 2; jobs <= 5; jobs += 3) {
      PfRunConfig config = *base;
      g_autofree char *found = NULL;

      config.jobs = jobs;
      config.mode = mode;
      found = pf_test_cut_run (self, &config);
      g_assert_cmpstr (found, ==, expected);
    }
}
