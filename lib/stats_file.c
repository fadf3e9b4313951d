/* The file that statistics go to. */
#include <string.h>
#include <sys/stat.h>

#include "base/atomic_file.h"
#include "base/write.h"
#include "run_private.h"

struct PfStatsFile {
  PfAtomicFile *file;
  char *shown; /* as the user named it */
};

/* Whether A and B lead to the same place in the same folder; neither need
 * exist. */
static gboolean
is_same_place (const char *name_1, const char *name_2)
{
  g_autofree char *a = pf_atomic_file_resolve (name_1);
  g_autofree char *b = pf_atomic_file_resolve (name_2);
  g_autofree char *folder_a = g_path_get_dirname (a);
  g_autofree char *folder_b = g_path_get_dirname (b);
  g_autofree char *name_a = g_path_get_basename (a);
  g_autofree char *name_b = g_path_get_basename (b);
  struct stat st_a, st_b;

  return strcmp (name_a, name_b) == 0 && stat (folder_a, &st_a) == 0 &&
         stat (folder_b, &st_b) == 0 && st_a.st_dev == st_b.st_dev &&
         st_a.st_ino == st_b.st_ino;
}

/* Whether FILE, or the place that it will take, is OTHER, at PATH. */
static gboolean
is_also (const PfRunConfig *config, const PfFileId *file, PfFileId other,
         const char *path)
{
  return pf_file_id_equal (file, &other) ||
         (path != NULL && !file->is_set && !other.is_set &&
          is_same_place (config->stats_file, path));
}

/* What else the file is, or NULL. */
static const char *
find_other_use (const PfRunConfig *config)
{
  PfFileId file = pf_run_file_id (config->stats_file);
  PfFileId messages = pf_run_messages_id ();

  if (is_also (config, &file, pf_run_output_id (config), config->output))
    return "the output";
  if (config->journal != NULL &&
      is_also (config, &file, pf_run_file_id (config->journal),
               config->journal))
    return "the journal";
  if (!file.is_set)
    return NULL;
  /* It would take the place of all messages. */
  if (pf_file_id_equal (&file, &messages))
    return "standard error";
  if (pf_run_protects (config, &file))
    return "a glossary";
  return pf_run_reads (config, &file) ? "an input" : NULL;
}

static PfAtomicFile *
open_file (const PfRunConfig *config, PfError *error)
{
  const char *use = find_other_use (config);
  PfAtomicFile *file = NULL;

  if (use != NULL)
    pf_error_set (error, PF_STATUS_USAGE, "file for statistics is also %s",
                  use);
  else
    file = pf_atomic_file_open (config->stats_file, error);
  if (file == NULL)
    pf_error_prefix (error, config->stats_file);
  return file;
}

PfStatsFile *
pf_stats_file_open (const PfRunConfig *config, PfError *error)
{
  PfAtomicFile *file = open_file (config, error);
  PfStatsFile *self;

  if (file == NULL)
    return NULL;
  self = g_new0 (PfStatsFile, 1);
  self->file = file;
  self->shown = g_strdup (config->stats_file);
  return self;
}

void
pf_stats_file_free (PfStatsFile *self)
{
  if (self == NULL)
    return;
  pf_atomic_file_free (self->file);
  g_free (self->shown);
  g_free (self);
}

void
pf_stats_file_discard (PfStatsFile *self)
{
  if (self != NULL)
    pf_atomic_file_discard (self->file);
}

gboolean
pf_stats_file_write (PfStatsFile *self, const char *text, PfError *error)
{
  int fd = pf_atomic_file_fd (self->file);

  if (pf_write_all (fd, pf_span_str (text), error) &&
      pf_atomic_file_commit (self->file, FALSE, error))
    return TRUE;
  pf_error_prefix (error, self->shown);
  return FALSE;
}
