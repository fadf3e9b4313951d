/* Another glossary, while names or documents stream in.
 *
 *   pf_run_reload ──▶ matcher ──swap──▶ slot ──get──▶ item, when it is listed
 *                                         └────get──▶ streamed document, at a
 *                                                     line's beginning
 *
 * What has taken the old matcher holds a reference to it, and it to its
 * glossary; the last who lets go frees both.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run_private.h"

static gpointer
ref_matcher (gpointer matcher)
{
  return pf_matcher_ref (matcher);
}

static void
unref_matcher (gpointer matcher)
{
  pf_matcher_unref (matcher);
}

PfSlot *
pf_run_new_slot (PfMatcher *matcher)
{
  return pf_slot_new (matcher, ref_matcher, unref_matcher);
}

PfMatcher *
pf_run_take_matcher (PfRun *self)
{
  return pf_slot_get (self->matchers, NULL);
}

static gboolean
is_stream (const char *name)
{
  struct stat st;
  int found =
      strcmp (name, "-") == 0 ? fstat (STDIN_FILENO, &st) : stat (name, &st);

  return found == 0 && !S_ISREG (st.st_mode) && !S_ISDIR (st.st_mode);
}

gboolean
pf_run_inputs_stream (const PfRunConfig *config)
{
  /* In fork-join mode all names are there before the first is worked. */
  if (config->mode != PF_MODE_FORK_JOIN &&
      !pf_inputs_are_known (config->inputs, config->n_inputs))
    return TRUE;
  for (gsize i = 0; i < config->n_inputs; i++)
    if (!config->inputs[i].is_list && is_stream (config->inputs[i].name))
      return TRUE;
  return FALSE;
}

static gboolean
check (const PfRun *self, PfError *error)
{
  if (self->config->action == PF_RUN_TOTAL)
    return pf_error_set (error, PF_STATUS_USAGE,
                         "totals count the terms of one glossary");
  if (self->journal != NULL)
    return pf_error_set (error, PF_STATUS_USAGE,
                         "the journal is of one glossary");
  return self->inputs_stream ||
         atomic_load_explicit (&self->n_streams, memory_order_relaxed) > 0 ||
         pf_error_set (error, PF_STATUS_USAGE,
                       "neither names nor a document stream in");
}

gboolean
pf_run_check_reload (const PfRun *self, GError **error)
{
  g_auto (PfError) failure = { 0 };

  return check (self, &failure) || pf_error_propagate (error, &failure) != NULL;
}

gboolean
pf_run_reload (PfRun *self, PfGlossary *glossary, GError **error)
{
  g_auto (PfError) failure = { 0 };
  PfMatcher *matcher = NULL;

  if (check (self, &failure))
    matcher = pf_matcher_create (glossary, &self->config->match, &failure);
  if (matcher == NULL)
    return pf_error_propagate (error, &failure) != NULL;
  pf_slot_swap (self->matchers, matcher);
  return TRUE;
}

guint64
pf_run_n_reloads (const PfRun *self)
{
  return pf_slot_version (self->matchers);
}
