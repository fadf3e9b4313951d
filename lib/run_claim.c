/* Which inputs become files of their own: none is edited twice, under whatever
 * name it stands in the list, and none is written where another one was.
 *
 *   lister ──take──▶ known by device and inode, or by its place below DIR?
 *                       ▲
 *   worker ──replaced───┘  an edited file is another one under the same name
 *
 * The lister looks at a file and for it under the lock that a worker holds
 * while it replaces one; so it never sees a new file that nobody knows.
 */
#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/lock.h"
#include "run_private.h"
#include "sink/placed_file.h"
#include "sink/tree.h"

typedef enum {
  CLAIM_NONE,
  CLAIM_INPUT,    /* it was listed, or it is what an input has become */
  CLAIM_NAMES,    /* it was listed, and has several names, which count apart */
  CLAIM_BACKUP,   /* the backup of an input will take its place */
  CLAIM_USED,     /* by its name: a list or the statistics */
  CLAIM_PROTECTED /* it must stay as it is */
} Claim;

struct PfClaims {
  const PfRunConfig *config;
  char *output_place; /* of the output folder, below the current one; or NULL */
  uv_mutex_t lock;
  GHashTable *claims; /* lock; PfFileId (owned) -> Claim */
};

static Claim
find (const PfClaims *self, const PfFileId *id)
{
  return (Claim)GPOINTER_TO_INT (g_hash_table_lookup (self->claims, id));
}

static void
note (PfClaims *self, const PfFileId *id, Claim claim)
{
  g_hash_table_insert (self->claims, g_memdup2 (id, sizeof *id),
                       GINT_TO_POINTER (claim));
}

/* What PATH leads to, as seen from the folder at TOP; NULL where that is not
 * below it. (transfer full) */
static char *
find_place (const char *path, const char *top)
{
  g_autofree char *real = pf_atomic_file_resolve (path);
  char *real_top = realpath (top, NULL), *place = NULL;
  gsize len = real_top != NULL ? strlen (real_top) : 0;

  if (len > 0 && real_top[len - 1] == '/')
    len--;
  if (real_top != NULL && strncmp (real, real_top, len) == 0 &&
      (real[len] == '/' || real[len] == '\0'))
    place = g_strdup (real[len] == '/' ? real + len + 1 : "");
  free (real_top);
  return place;
}

void
pf_claims_protect (PfClaims *self, const char *path)
{
  g_autofree char *place = NULL;
  PfFileId id = { 0 };

  if (self->config->in_place)
    id = pf_run_file_id (path);
  else if ((place = find_place (path, self->config->output_dir)) != NULL)
    id = pf_run_name_id (place);
  if (id.is_set)
    note (self, &id, CLAIM_PROTECTED);
}

/* Nothing is to be written in place of what is at PATH, or will be. */
static void
avoid (PfClaims *self, const char *path)
{
  g_autofree char *place = self->config->in_place
                               ? pf_atomic_file_resolve (path)
                               : find_place (path, self->config->output_dir);
  PfFileId id;

  if (place == NULL)
    return;
  id = pf_run_name_id (place);
  note (self, &id, CLAIM_USED);
}

static void
note_files_of_run (PfClaims *self)
{
  const PfRunConfig *config = self->config;

  for (gsize i = 0; i < config->n_inputs; i++)
    if (config->inputs[i].is_list && strcmp (config->inputs[i].name, "-") != 0)
      avoid (self, config->inputs[i].name);
  if (config->stats_file != NULL)
    avoid (self, config->stats_file);
  for (gsize i = 0; i < config->n_protected_files; i++)
    pf_claims_protect (self, config->protected_files[i]);
}

PfClaims *
pf_claims_new (const PfRunConfig *config)
{
  PfClaims *self = g_new0 (PfClaims, 1);

  self->config = config;
  self->claims = g_hash_table_new_full (pf_file_id_hash, pf_file_id_key_equal,
                                        g_free, NULL);
  pf_mutex_init (&self->lock);
  note_files_of_run (self);
  if (config->output_dir != NULL)
    self->output_place = find_place (config->output_dir, ".");
  return self;
}

void
pf_claims_free (PfClaims *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->claims);
  uv_mutex_destroy (&self->lock);
  g_free (self->output_place);
  g_free (self);
}

void
pf_claims_lock (PfClaims *self)
{
  uv_mutex_lock (&self->lock);
}

void
pf_claims_unlock (PfClaims *self)
{
  uv_mutex_unlock (&self->lock);
}

/* The old one's number may go to a file that has nothing to do with it, unless
 * it lives on under another name. */
void
pf_claims_replaced (PfClaims *self, const struct stat *was,
                    const PfFileId *new_id)
{
  PfFileId old = pf_file_id_of (was);

  if (self->config->backup_suffix == NULL && was->st_nlink == 1)
    g_hash_table_remove (self->claims, &old);
  note (self, new_id, CLAIM_INPUT);
}

/* The file that NAME leads to, if it is a regular one. */
static gboolean
look_at (const char *name, struct stat *st)
{
  return stat (name, st) == 0 && S_ISREG (st->st_mode);
}

/* The place of the backup of the input at NAME is no other input's. */
static gboolean
take_backup (PfClaims *self, const char *name, const PfFileId *file,
             PfError *error)
{
  g_autofree char *real = pf_atomic_file_resolve (name);
  g_autofree char *backup =
      g_strconcat (real, self->config->backup_suffix, NULL);
  PfFileId id = pf_run_file_id (backup), place = pf_run_name_id (backup);
  Claim claim = id.is_set ? find (self, &id) : CLAIM_NONE;

  if (find (self, &place) == CLAIM_USED)
    claim = CLAIM_USED;
  /* One that was made, and the edit broken off then, is the file itself: a
   * second name, which is not to be edited. */
  if (pf_file_id_equal (&id, file)) {
    note (self, &place, CLAIM_INPUT);
    return TRUE;
  }
  if (claim != CLAIM_NONE && claim != CLAIM_BACKUP)
    return pf_error_set (error, PF_STATUS_CANT_CREATE,
                         "not edited: its backup would replace %s",
                         claim == CLAIM_PROTECTED || claim == CLAIM_USED
                             ? "another file of this run"
                             : "another input");
  if (id.is_set)
    note (self, &id, CLAIM_BACKUP);
  return TRUE;
}

/* FALSE where this name of a file with several was listed before. */
static gboolean
take_name (PfClaims *self, const char *name)
{
  g_autofree char *real = pf_atomic_file_resolve (name);
  PfFileId id = pf_run_name_id (real);

  if (find (self, &id) == CLAIM_INPUT)
    return FALSE;
  note (self, &id, CLAIM_INPUT);
  return TRUE;
}

/* FALSE where the file was listed before, or is the place of the backup of one
 * that was: as are those that an earlier run made, in a walk. */
static gboolean
take_file (PfClaims *self, const char *name, const struct stat *st,
           PfError *error)
{
  PfFileId id = pf_file_id_of (st);
  Claim claim = find (self, &id);

  switch (claim) {
  case CLAIM_INPUT:
  case CLAIM_BACKUP:
    return FALSE;
  case CLAIM_PROTECTED:
    pf_error_set (
        error, PF_STATUS_USAGE,
        "a glossary, or the journal, is also an input, and would be edited");
    return TRUE;
  case CLAIM_NAMES:
  case CLAIM_USED:
  case CLAIM_NONE:
    break;
  }
  if (claim == CLAIM_NAMES || st->st_nlink > 1) {
    note (self, &id, CLAIM_NAMES);
    if (!take_name (self, name))
      return FALSE;
  } else
    note (self, &id, CLAIM_INPUT);
  if (self->config->backup_suffix != NULL)
    take_backup (self, name, &id, error);
  return TRUE;
}

/* A temporary file of this run may be found by who walks meanwhile. */
static gboolean
is_temporary (const char *name)
{
  const char *slash = strrchr (name, '/');

  return pf_placed_file_is_temporary (slash != NULL ? slash + 1 : name);
}

static gboolean
take_for_editing (PfClaims *self, const char *name, PfError *error)
{
  gboolean taken = TRUE;
  struct stat st;

  if (is_temporary (name))
    return FALSE;
  pf_claims_lock (self);
  /* Whoever opens it will say what is wrong with it. */
  if (look_at (name, &st))
    taken = take_file (self, name, &st, error);
  pf_claims_unlock (self);
  return taken;
}

static gboolean
is_in_output (const PfClaims *self, const char *place)
{
  gsize len = self->output_place != NULL ? strlen (self->output_place) : 0;

  if (self->output_place == NULL ||
      strncmp (place, self->output_place, len) != 0)
    return FALSE;
  return len == 0 || place[len] == '/';
}

/* Only the thread that lists is here, but for the lock. */
static gboolean
take_place (PfClaims *self, const char *name, PfError *error)
{
  g_autofree char *place = pf_tree_place (name, error);
  PfFileId id;
  Claim claim;

  if (place == NULL)
    return FALSE;
  if (is_in_output (self, place))
    return pf_error_set (error, PF_STATUS_CANT_CREATE,
                         "lies in the output folder");
  id = pf_run_name_id (place);
  claim = find (self, &id);
  if (claim != CLAIM_NONE)
    return pf_error_set (error, PF_STATUS_CANT_CREATE, "its output is %s",
                         claim == CLAIM_PROTECTED ? "a glossary or the journal"
                         : claim == CLAIM_USED    ? "another file of this run"
                                                  : "that of an earlier input");
  note (self, &id, CLAIM_INPUT);
  return TRUE;
}

gboolean
pf_claims_take (PfClaims *self, const PfListed *listed, PfError *error)
{
  if (listed->error != NULL || listed->is_stdin)
    return TRUE;
  if (self->config->in_place)
    return take_for_editing (self, listed->name, error);
  take_place (self, listed->name, error);
  return TRUE;
}
