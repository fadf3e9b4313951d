/* Files whose text is what a program makes of them. Each worker runs the
 * program for the file that it has; the program reads the file's descriptor.
 */
#include <string.h>

#include "base/child.h"
#include "plan/globs.h"
#include "run_private.h"

/* Lines of the program that become messages. */
#define LINES_MOST 10

gboolean
pf_run_is_filtered (const PfRunConfig *config, const char *path)
{
  if (config->pre == NULL || path == NULL)
    return FALSE;
  for (gsize i = 0; i < config->n_pre_globs; i++)
    if (pf_glob_matches (config->pre_globs[i], path))
      return TRUE;
  return config->n_pre_globs == 0;
}

char *
pf_run_find_filter (const PfRunConfig *config, PfError *error)
{
  char *found = g_find_program_in_path (config->pre);

  if (found == NULL)
    pf_error_set (error, PF_STATUS_USAGE, "--pre: no such program: %s",
                  config->pre);
  return found;
}

static PfChild *
start_once (PfDocument *file, PfChildOptions *options, PfError *error)
{
  options->input = pf_document_descriptor (file, error);
  return options->input >= 0 ? pf_child_new (options, error) : NULL;
}

/* For who found too few descriptors, say: one at a time, or all would take some
 * and none would get as many as it needs. Those who wait here count on nobody's
 * descriptors, and nobody on theirs. */
static PfChild *
start_alone (PfRun *run, PfDocument *file, PfChildOptions *options,
             PfError *error)
{
  PfTries tries = { 0 };
  PfChild *child;

  pf_document_pause (file);
  atomic_fetch_add_explicit (&run->filters_wait, 1, memory_order_relaxed);
  uv_mutex_lock (&run->filter_lock);
  while ((child = start_once (file, options, error)) == NULL) {
    pf_document_pause (file);
    if (!pf_retry_again (run->retry, &tries, error->errnum))
      break;
    pf_error_clear (error);
  }
  uv_mutex_unlock (&run->filter_lock);
  atomic_fetch_sub_explicit (&run->filters_wait, 1, memory_order_relaxed);
  pf_document_resume (file);
  return child;
}

/* NULL with ERROR. Who comes when others wait, waits behind them. */
static PfChild *
start (PfRun *run, PfDocument *file, PfChildOptions *options, PfError *error)
{
  PfChild *child;

  if (atomic_load_explicit (&run->filters_wait, memory_order_relaxed) > 0)
    return start_alone (run, file, options, error);
  child = start_once (file, options, error);
  if (child != NULL)
    return child;
  pf_error_clear (error);
  return start_alone (run, file, options, error);
}

/* One line stands in the error already. */
static void
add_remarks (PfWork *self, const PfTaskJob *job, const PfChild *child)
{
  g_auto (GStrv) lines =
      g_strsplit (pf_child_said (child), "\n", LINES_MOST + 1);
  guint n = g_strv_length (lines);

  n -= n > 0 && (n > LINES_MOST || lines[n - 1][0] == '\0');
  if (n == 1 && pf_child_has_failed (child))
    return;
  for (guint i = 0; i < n; i++) {
    g_autofree char *text =
        g_strconcat (self->run->config->pre, ": ", lines[i], NULL);

    pf_result_add_remark (self->result, job->path, text);
  }
}

void
pf_run_work_filtered (PfWork *self, const PfTaskJob *job, PfError *error)
{
  PfDocument *file = job->document;
  /* A name that looks like an option is none. */
  g_autofree char *argument =
      g_strconcat (job->path[0] == '-' ? "./" : "", job->path, NULL);
  PfChildOptions options = { .program = self->run->filter,
                             .name = self->run->config->pre,
                             .argument = argument,
                             .cancel = self->run->cancel };
  g_autoptr (PfChild) child = NULL;
  PfByteSource source;

  if (pf_document_is_stream (file) && !pf_document_wait (file, -1))
    return;
  child = start (self->run, file, &options, error);
  if (child == NULL)
    return;
  source = pf_child_bytes (child);
  pf_run_work_source (self, job, &source, pf_child_wait, error);
  add_remarks (self, job, child);
}
