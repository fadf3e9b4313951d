/* Each document to a file of its own: in the place of its input, or below a
 * folder.
 *
 *   task ──bytes──▶ result ──take──▶ target ──end──▶ file
 *    └──remarks, errors──▶ result ──▶ sequencer
 *
 * The worker itself writes the file, so nothing of it waits for a turn. What
 * there is to say of it comes in order, as ever.
 *
 * A file that is edited is opened for writing only when something in it has
 * changed; what came before that is copied from the input.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run_private.h"
#include "sink/edit_file.h"
#include "sink/tree.h"

/* One worker's. */
typedef struct {
  PfEditFile *edit;   /* NULL unless files are edited */
  PfTree *tree;       /* NULL unless there is an output folder */
  guint64 unchanged;  /* bytes at the beginning that were not written yet */
  gboolean is_ending; /* what is opened from now on comes back soon */
  gboolean holds;     /* and others wait for it */
  PfError failure;
} Target;

struct PfTargets {
  const PfRunConfig *config;
  PfEditOptions edit_options;
  PfClaims *claims;
  int root; /* the output folder, or -1 */
  guint n_workers;
  Target *each;
};

gboolean
pf_run_writes_files (const PfRunConfig *config)
{
  return config->in_place || config->output_dir != NULL;
}

/* Whether FOLDER is TOP, or below it. */
static gboolean
is_below (const struct stat *top, const char *folder)
{
  g_autofree char *path = g_strdup (folder);
  struct stat st, last = { 0 };

  while (stat (path, &st) == 0 &&
         !(st.st_dev == last.st_dev && st.st_ino == last.st_ino)) {
    char *up;

    if (st.st_dev == top->st_dev && st.st_ino == top->st_ino)
      return TRUE;
    up = g_strconcat (path, "/..", NULL);
    g_free (path);
    path = up;
    last = st;
  }
  return FALSE;
}

/* The folder PATH, or the nearest one above that is there. (transfer full) */
static char *
find_present (const char *path)
{
  char *folder = g_strdup (path);
  struct stat st;

  while (stat (folder, &st) != 0 && strcmp (folder, ".") != 0 &&
         strcmp (folder, "/") != 0) {
    char *up = g_path_get_dirname (folder);

    g_free (folder);
    folder = up;
  }
  return folder;
}

/* What is walked must not grow by what is written. */
static gboolean
check_folder (const PfRunConfig *config, PfError *error)
{
  g_autofree char *folder = find_present (config->output_dir);
  struct stat st;

  for (gsize i = 0; config->recursive && i < config->n_inputs; i++)
    if (!config->inputs[i].is_list && stat (config->inputs[i].name, &st) == 0 &&
        S_ISDIR (st.st_mode) && is_below (&st, folder))
      return pf_error_set (error, PF_STATUS_USAGE,
                           "%s: output folder lies in an input folder, %s",
                           config->output_dir, config->inputs[i].name);
  return TRUE;
}

static gboolean
check_suffix (const char *suffix, PfError *error)
{
  if (suffix == NULL)
    return TRUE;
  if (suffix[0] == '\0')
    return pf_error_set (error, PF_STATUS_USAGE,
                         "the suffix of backups is empty");
  return strchr (suffix, '/') == NULL ||
         pf_error_set (error, PF_STATUS_USAGE,
                       "the suffix of backups has a slash: %s", suffix);
}

gboolean
pf_targets_check (const PfRunConfig *config, PfError *error)
{
  if (!pf_run_writes_files (config))
    return TRUE;
  for (gsize i = 0; i < config->n_inputs; i++)
    if (!config->inputs[i].is_list && strcmp (config->inputs[i].name, "-") == 0)
      return pf_error_set (
          error, PF_STATUS_USAGE, "standard input is no file that could be %s",
          config->in_place ? "edited in place" : "written to a folder");
  return config->in_place ? check_suffix (config->backup_suffix, error)
                          : check_folder (config, error);
}

static gboolean
open_root (PfTargets *self, const char *path, PfError *error)
{
  int made = path[0] != '\0' ? g_mkdir_with_parents (path, 0777) : 0;

  if (made == 0)
    self->root = open (path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (self->root >= 0)
    return TRUE;
  pf_error_set_system (error, PF_STATUS_CANT_CREATE, errno);
  pf_error_prefix (error, path);
  return FALSE;
}

static void
make_each (PfTargets *self, PfRetry *retry)
{
  self->each = g_new0 (Target, self->n_workers);
  for (guint i = 0; i < self->n_workers; i++) {
    Target *target = &self->each[i];

    if (self->config->in_place)
      target->edit = pf_edit_file_new (&self->edit_options);
    else
      target->tree = pf_tree_new (self->root, retry);
  }
}

PfTargets *
pf_targets_new (const PfRunConfig *config, guint n_workers, PfRetry *retry,
                PfError *error)
{
  PfTargets *self = g_new0 (PfTargets, 1);

  self->config = config;
  self->root = -1;
  if (config->output_dir != NULL &&
      !open_root (self, config->output_dir, error)) {
    pf_targets_free (self);
    return NULL;
  }
  self->edit_options =
      (PfEditOptions){ config->backup_suffix, config->force, retry };
  self->n_workers = n_workers;
  make_each (self, retry);
  self->claims = pf_claims_new (config);
  return self;
}

void
pf_targets_free (PfTargets *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_workers; i++) {
    pf_edit_file_free (self->each[i].edit);
    pf_tree_free (self->each[i].tree);
    pf_error_clear (&self->each[i].failure);
  }
  g_free (self->each);
  if (self->root >= 0)
    close (self->root);
  pf_claims_free (self->claims);
  g_free (self);
}

PfClaims *
pf_targets_claims (const PfTargets *self)
{
  return self->claims;
}

void
pf_targets_discard (PfTargets *self)
{
  for (guint i = 0; self != NULL && i < self->n_workers; i++)
    if (self->each[i].edit != NULL)
      pf_edit_file_discard (self->each[i].edit);
    else
      pf_tree_discard (self->each[i].tree);
}

static Target *
target_of (const PfWork *work)
{
  return &work->run->targets->each[work->number];
}

gboolean
pf_target_begin (PfWork *work, PfError *error)
{
  Target *self = target_of (work);

  self->unchanged = 0;
  if (S_ISREG (pf_document_stat (work->document)->st_mode))
    return TRUE;
  return pf_error_set (
      error, PF_STATUS_NO_INPUT, "not a regular file, so it cannot be %s",
      self->edit != NULL ? "edited in place" : "written to a folder");
}

static gboolean
is_changed (const PfWork *work)
{
  return pf_task_changes (work->run->workers[work->number].task) > 0;
}

/* A document that is not all read lets go of its file while another descriptor
 * is waited for. */
static gboolean
open_file (Target *self, const PfWork *work, const char *place, PfError *error)
{
  const struct stat *st = pf_document_stat (work->document);
  gboolean opened;

  pf_document_pause (work->document);
  opened = self->edit != NULL
               ? pf_edit_file_open (self->edit, work->path, st, error)
               : pf_tree_open (self->tree, place, st->st_mode, error);
  pf_document_resume (work->document);
  if (opened && self->is_ending) {
    self->holds = TRUE;
    pf_retry_hold (work->run->retry);
  }
  return opened;
}

static gboolean
open_edit (Target *self, const PfWork *work, PfError *error)
{
  if (pf_edit_file_is_open (self->edit))
    return TRUE;
  if (pf_document_is_decoded (work->document))
    return pf_error_set (error, PF_STATUS_DATA,
                         work->run->config->encoding != NULL
                             ? "not edited: the file is decoded (-E)"
                             : "not edited: the file is no UTF-8 but UTF-16");
  return open_file (self, work, NULL, error) &&
         pf_edit_file_copy (self->edit, self->unchanged, error);
}

static gboolean
take_edit (Target *self, const PfWork *work, PfSpan bytes, PfError *error)
{
  if (is_changed (work))
    return open_edit (self, work, error) &&
           pf_edit_file_write (self->edit, bytes, error);
  self->unchanged += bytes.len;
  return TRUE;
}

static gboolean
open_in_tree (Target *self, const PfWork *work, PfError *error)
{
  g_autofree char *place = NULL;

  if (pf_tree_is_open (self->tree))
    return TRUE;
  place = pf_tree_place (work->path, error);
  return place != NULL && open_file (self, work, place, error);
}

static gboolean
take_in_tree (Target *self, PfWork *work, PfSpan bytes, PfError *error)
{
  work->written += bytes.len;
  return open_in_tree (self, work, error) &&
         pf_tree_write (self->tree, bytes, error);
}

gboolean
pf_target_take (PfWork *work, PfResult *result)
{
  Target *self = target_of (work);
  PfSpan bytes = { (const guint8 *)result->bytes->str, result->bytes->len };
  PfStage stage = pf_stage_enter (PF_STAGE_WRITE);
  gboolean taken =
      !pf_error_is_set (&self->failure) &&
      (self->edit != NULL ? take_edit (self, work, bytes, &self->failure)
                          : take_in_tree (self, work, bytes, &self->failure));

  pf_result_drop_bytes (result);
  pf_stage_enter (stage);
  return taken;
}

static gboolean
replace (Target *self, PfWork *work, PfError *error)
{
  PfClaims *claims = work->run->targets->claims;
  struct stat st;
  PfFileId new_id;
  gboolean done;

  if (!pf_edit_file_stat (self->edit, &st, error) ||
      !pf_run_journal_replace (work, &st, error))
    return FALSE;
  new_id = pf_file_id_of (&st);
  pf_claims_lock (claims);
  done = pf_edit_file_replace (self->edit, error);
  if (done)
    pf_claims_replaced (claims, pf_document_stat (work->document), &new_id);
  pf_claims_unlock (claims);
  return done;
}

static gboolean
commit (Target *self, PfWork *work, PfError *error)
{
  if (self->tree != NULL)
    return pf_tree_commit (self->tree, error);
  return !pf_edit_file_is_open (self->edit) ||
         (pf_edit_file_settle (self->edit, error) &&
          replace (self, work, error) && pf_edit_file_sync (self->edit, error));
}

/* Where the run ends at the first file that fails, none behind it may be
 * written; so it waits until those before it are done. */
static gboolean
is_wanted (const PfWork *work)
{
  return !pf_cancel_is_set (work->run->cancel) &&
         (!work->run->config->fail_fast || pf_run_wait_turn (work));
}

void
pf_target_end (PfWork *work, gboolean complete, PfError *error)
{
  Target *self = target_of (work);
  PfStage stage = pf_stage_enter (PF_STAGE_WRITE);

  if (complete && is_wanted (work)) {
    self->is_ending = TRUE;
    if (pf_target_take (work, work->result))
      commit (self, work, &self->failure);
    self->is_ending = FALSE;
  }
  pf_result_drop_bytes (work->result);
  if (self->edit != NULL)
    pf_edit_file_close (self->edit);
  else
    pf_tree_drop (self->tree);
  if (self->holds)
    pf_retry_let_go (work->run->retry);
  self->holds = FALSE;
  if (pf_error_is_set (&self->failure) && !pf_error_is_set (error))
    pf_error_move (error, &self->failure);
  pf_error_clear (&self->failure);
  pf_stage_enter (stage);
}
