/* Which files a run reads and writes: nothing is written that is also read. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "run_private.h"

/* Of what FOUND says that ST describes, if it is a regular file. */
static PfFileId
regular_id (int found, const struct stat *st)
{
  return found == 0 && S_ISREG (st->st_mode) ? pf_file_id_of (st)
                                             : (PfFileId){ 0 };
}

PfFileId
pf_run_file_id (const char *path)
{
  struct stat st;
  int found = stat (path, &st);

  return regular_id (found, &st);
}

PfFileId
pf_run_name_id (const char *name)
{
  XXH128_hash_t hash = XXH3_128bits (name, strlen (name));

  return (PfFileId){ TRUE, hash.high64, hash.low64 };
}

PfFileId
pf_run_output_id (const PfRunConfig *config)
{
  struct stat st;
  int found;

  if (config->output != NULL)
    return pf_run_file_id (config->output);
  if (config->action == PF_RUN_ANSWER || pf_run_writes_files (config))
    return (PfFileId){ 0 };
  found = fstat (STDOUT_FILENO, &st);
  return regular_id (found, &st);
}

PfFileId
pf_run_messages_id (void)
{
  struct stat st;
  int found = fstat (STDERR_FILENO, &st);

  return regular_id (found, &st);
}

static gboolean
is_same_file (const PfFileId *id, const char *path)
{
  struct stat st;
  PfFileId other;
  int found =
      strcmp (path, "-") == 0 ? fstat (STDIN_FILENO, &st) : stat (path, &st);

  if (found != 0)
    return FALSE;
  other = pf_file_id_of (&st);
  return pf_file_id_equal (id, &other);
}

gboolean
pf_run_protects (const PfRunConfig *config, const PfFileId *file)
{
  for (gsize i = 0; i < config->n_protected_files; i++)
    if (is_same_file (file, config->protected_files[i]))
      return TRUE;
  return FALSE;
}

typedef struct {
  const PfFileId *file;
  gboolean found;
} InputCheck;

static gboolean
check_input (const PfListed *listed, gpointer user)
{
  InputCheck *check = user;

  check->found = listed->error == NULL && !listed->is_stdin &&
                 is_same_file (check->file, listed->name);
  return !check->found;
}

gboolean
pf_run_reads (const PfRunConfig *config, const PfFileId *file)
{
  InputCheck check = { .file = file };
  PfListerOptions options = pf_run_lister_options (config);

  options.emit = check_input;
  options.user = &check;
  for (gsize i = 0; i < config->n_inputs; i++)
    if (is_same_file (file, config->inputs[i].name))
      return TRUE;
  if (pf_inputs_are_known (config->inputs, config->n_inputs))
    pf_list_inputs (&options);
  return check.found;
}
