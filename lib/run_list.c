/* From what is listed to items, which have the matcher of their time. */
#include <errno.h>

#include "run_private.h"

/* In an item that is not loaded ahead: to hand it over costs as much as to look
 * through a file. But where there are few files, each worker wants some. */
#define FILES_MOST 32
#define FILES_PART 64

/* Takes MATCHER. */
static PfItem *
item_new (PfMatcher *matcher)
{
  PfItem *self = g_new0 (PfItem, 1);

  self->matcher = matcher;
  self->names = pf_names_new ();
  return self;
}

void
pf_item_free (gpointer item)
{
  PfItem *self = item;

  if (self == NULL)
    return;
  for (gsize i = 0; self->loaded != NULL && i < self->to - self->from; i++) {
    pf_document_free (self->loaded[i].document);
    pf_error_clear (&self->loaded[i].error);
  }
  g_free (self->loaded);
  pf_names_free (self->names);
  pf_matcher_unref (self->matcher);
  g_free (self);
}

/* What the lister's callbacks need. */
typedef struct {
  PfRun *run;
  gsize files_ahead;    /* in an item that is loaded ahead */
  gsize files_per_item; /* in the one that is gathered */
  guint64 submitted;    /* files */
  gboolean (*submit) (PfItem *item, gpointer user);
  gpointer user;
  PfItem *gathering; /* NULL, or an item with at least one file */
  guint64 version;   /* of its matcher */
  guint64 stdin_names;
  gboolean stopped;
} Gathering;

static gsize
files_wanted (const Gathering *self)
{
  guint64 part = self->submitted / FILES_PART;

  if (pf_pipeline_loads_ahead (self->run->pipeline))
    return self->files_ahead;
  return (gsize)CLAMP (part, self->files_ahead, FILES_MOST);
}

static gboolean
submit_gathered (Gathering *self)
{
  if (self->gathering == NULL || self->stopped)
    return !self->stopped;
  self->submitted += self->gathering->to;
  self->stopped =
      !self->submit (g_steal_pointer (&self->gathering), self->user);
  self->files_per_item = files_wanted (self);
  return !self->stopped;
}

/* A name that was found is not kept waiting for one that is not there yet. */
static void
on_wait (gpointer user)
{
  submit_gathered (user);
  pf_stage_enter (PF_STAGE_WAIT);
}

gboolean
pf_run_is_missing (const PfRunConfig *config, gboolean is_list,
                   const PfError *error)
{
  return config->ignore_missing && !is_list &&
         (error->errnum == ENOENT || error->errnum == ENOTDIR);
}

/* Whether nothing that is listed behind LISTED can matter. */
static gboolean
ends_list (const PfRunConfig *config, const PfListed *listed)
{
  return listed->error != NULL &&
         !pf_run_is_missing (config, listed->is_list, listed->error) &&
         (config->fail_fast || config->action == PF_RUN_ANSWER);
}

/* Where documents become files, an input may be passed over, which is FALSE, or
 * get an error. */
static gboolean
claim (PfRun *self, PfListed *listed, PfError *error)
{
  listed->is_done =
      self->journal != NULL && pf_run_journal_follows (self->journal, listed);
  if (self->targets == NULL)
    return TRUE;
  if (!pf_claims_take (pf_targets_claims (self->targets), listed, error))
    return FALSE;
  if (pf_error_is_set (error))
    listed->error = error;
  return TRUE;
}

static gboolean
gather (Gathering *self, const PfListed *listed)
{
  PfSlot *matchers = self->run->matchers;
  guint64 number = listed->stdin_listed ? ++self->stdin_names : 0;
  gboolean is_last = ends_list (self->run->config, listed);

  /* Wherever the run ends, this stands behind it. */
  if (pf_run_is_over (self->run, G_MAXUINT64))
    return FALSE;
  /* A file has the matcher that was there when it was listed. */
  if (pf_slot_version (matchers) != self->version && !submit_gathered (self))
    return FALSE;
  if (self->gathering == NULL)
    self->gathering = item_new (pf_slot_get (matchers, &self->version));
  self->gathering->to++;
  pf_names_add (self->gathering->names, listed, number);
  if (is_last)
    submit_gathered (self);
  else if (self->gathering->to == self->files_per_item)
    return submit_gathered (self);
  return !is_last;
}

static gboolean
on_listed (const PfListed *listed, gpointer user)
{
  Gathering *self = user;
  g_auto (PfError) error = { 0 };
  PfListed claimed = *listed;

  pf_stage_enter (PF_STAGE_LIST);
  return !claim (self->run, &claimed, &error) || gather (self, &claimed);
}

typedef struct {
  PfRun *run;
  PfNames *names;
  guint64 stdin_names;
} Listing;

static gboolean
keep_name (const PfListed *listed, gpointer user)
{
  Listing *self = user;
  g_auto (PfError) error = { 0 };
  PfListed claimed = *listed;

  if (!claim (self->run, &claimed, &error))
    return TRUE;
  pf_names_add (self->names, &claimed,
                claimed.stdin_listed ? ++self->stdin_names : 0);
  /* A list keeps the error. */
  return !ends_list (self->run->config, &claimed);
}

PfListerOptions
pf_run_lister_options (const PfRunConfig *config)
{
  PfListerOptions options = { .inputs = config->inputs,
                              .n_inputs = config->n_inputs,
                              .null_delimited = config->null_delimited,
                              .recursive = config->recursive,
                              .follow = config->follow,
                              .hidden = config->hidden,
                              .globs = { config->globs, config->n_globs,
                                         config->excluded_dirs,
                                         config->n_excluded_dirs } };

  return options;
}

PfNames *
pf_run_list (PfRun *self)
{
  Listing listing = { .run = self, .names = pf_names_new () };
  PfListerOptions options = pf_run_lister_options (self->config);

  options.cancel = self->cancel;
  options.retry = self->retry;
  options.emit = keep_name;
  options.user = &listing;
  pf_list_inputs (&options);
  return listing.names;
}

void
pf_run_stream (PfRun *self, gsize files_per_item,
               gboolean (*submit) (PfItem *item, gpointer user), gpointer user)
{
  Gathering gathering = { .run = self,
                          .files_ahead = files_per_item,
                          .files_per_item = files_per_item,
                          .submit = submit,
                          .user = user };
  PfListerOptions options = pf_run_lister_options (self->config);

  options.cancel = self->cancel;
  options.retry = self->retry;
  options.emit = on_listed;
  options.on_wait = on_wait;
  options.user = &gathering;
  if (pf_list_inputs (&options))
    submit_gathered (&gathering);
  pf_item_free (gathering.gathering);
}
