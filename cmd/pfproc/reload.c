#include "reload.h"

#include <string.h>
#include <sys/stat.h>
#include <uv.h>

#include "diag.h"

struct Reload {
  const Cli *cli;
  PfRun *run;
  uv_mutex_t lock;
  uv_cond_t wanted;   /* is_wanted or is_over */
  gboolean is_wanted; /* lock, as all below */
  gboolean is_over;
  gboolean is_started;
  uv_cond_t ended; /* has_ended or is_abandoned */
  gboolean has_ended;
  gboolean is_abandoned;
  uv_thread_t thread;
};

Reload *
reload_new (const Cli *cli, PfRun *run)
{
  Reload *self = g_new0 (Reload, 1);
  int failed = uv_mutex_init (&self->lock);

  if (failed == 0)
    failed = uv_cond_init (&self->wanted);
  if (failed == 0)
    failed = uv_cond_init (&self->ended);
  g_assert (failed == 0);
  self->cli = cli;
  self->run = run;
  return self;
}

void
reload_free (Reload *self)
{
  if (self == NULL)
    return;
  uv_cond_destroy (&self->ended);
  uv_cond_destroy (&self->wanted);
  uv_mutex_destroy (&self->lock);
  g_free (self);
}

static void
refuse (const char *why)
{
  diag ("glossary not reloaded: %s", why);
}

/* Why the glossary cannot be read a second time, or NULL. What is not there
 * any more is left to the loading. */
static const char *
find_obstacle (const Cli *cli)
{
  const GPtrArray *files = cli->glossary_files;
  struct stat st;

  if (files->len == 0)
    return "it is no file";
  for (guint i = 0; i < files->len; i++) {
    const char *path = g_ptr_array_index (files, i);

    if (strcmp (path, "-") == 0 || strcmp (path, "@misspellings") == 0 ||
        (stat (path, &st) == 0 && !S_ISREG (st.st_mode)))
      return "not all of it is regular files";
  }
  return NULL;
}

static PfGlossary *
load (const Reload *self, GError **error)
{
  const char *obstacle = find_obstacle (self->cli);
  PfGlossaryOptions options = self->cli->glossary;

  /* That is what the start took. */
  options.cost = NULL;
  if (obstacle == NULL)
    return pf_glossary_load (&options, error);
  g_set_error_literal (error, PF_ERROR, PF_STATUS_USAGE, obstacle);
  return NULL;
}

static void
reload (const Reload *self)
{
  g_autoptr (PfGlossary) glossary = NULL;
  g_autoptr (GError) error = NULL;

  /* Whether it is of any use is known before it is loaded. */
  if (pf_run_check_reload (self->run, &error))
    glossary = load (self, &error);
  if (glossary == NULL || !pf_run_reload (self->run, glossary, &error))
    refuse (error->message);
  else if (self->cli->verbose)
    diag ("glossary reloaded: %" G_GSIZE_FORMAT " entries",
          pf_glossary_n_entries (glossary));
}

/* Waits for the next request. FALSE where there will be none. */
static gboolean
take_request (Reload *self)
{
  gboolean is_over;

  uv_mutex_lock (&self->lock);
  while (!self->is_wanted && !self->is_over)
    uv_cond_wait (&self->wanted, &self->lock);
  self->is_wanted = FALSE;
  is_over = self->is_over;
  uv_mutex_unlock (&self->lock);
  return !is_over;
}

static void
live (void *data)
{
  Reload *self = data;

  while (take_request (self))
    reload (self);
  uv_mutex_lock (&self->lock);
  self->has_ended = TRUE;
  uv_cond_signal (&self->ended);
  uv_mutex_unlock (&self->lock);
}

void
reload_request (Reload *self)
{
  int failed = 0;

  uv_mutex_lock (&self->lock);
  self->is_wanted = TRUE;
  if (!self->is_started && !self->is_over) {
    failed = uv_thread_create (&self->thread, live, self);
    self->is_started = failed == 0;
  }
  uv_cond_signal (&self->wanted);
  uv_mutex_unlock (&self->lock);
  if (failed != 0)
    refuse (uv_strerror (failed));
}

void
reload_abandon (Reload *self)
{
  uv_mutex_lock (&self->lock);
  self->is_abandoned = TRUE;
  uv_cond_signal (&self->ended);
  uv_mutex_unlock (&self->lock);
}

void
reload_stop (Reload *self)
{
  gboolean must_join;

  uv_mutex_lock (&self->lock);
  self->is_over = TRUE;
  uv_cond_signal (&self->wanted);
  while (self->is_started && !self->has_ended && !self->is_abandoned)
    uv_cond_wait (&self->ended, &self->lock);
  must_join = self->is_started && !self->is_abandoned;
  uv_mutex_unlock (&self->lock);
  if (must_join)
    uv_thread_join (&self->thread);
}
