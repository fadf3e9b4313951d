#include "task/result.h"

#include <string.h>

static void
note_clear (gpointer data)
{
  PfNote *note = data;

  g_free (note->path);
  pf_error_clear (&note->error);
}

PfResult *
pf_result_new (void)
{
  PfResult *self = g_new0 (PfResult, 1);

  self->bytes = g_string_new (NULL);
  self->notes = g_array_new (FALSE, FALSE, sizeof (PfNote));
  g_array_set_clear_func (self->notes, note_clear);
  return self;
}

void
pf_result_reset (PfResult *self, gsize keep)
{
  GString *bytes = self->bytes;
  GArray *notes = self->notes, *counts = self->counts;
  GArray *folders = self->folders, *records = self->records;

  g_array_set_size (notes, 0);
  if (records != NULL)
    g_array_set_size (records, 0);
  if (counts != NULL && counts->len * sizeof (PfTallyCount) > keep)
    g_clear_pointer (&counts, g_array_unref);
  else if (counts != NULL)
    g_array_set_size (counts, 0);
  if (folders != NULL)
    g_array_set_size (folders, 0);
  g_free (self->first_binary);
  g_string_truncate (bytes, 0);
  if (bytes->allocated_len > keep) {
    g_string_free (bytes, TRUE);
    bytes = g_string_new (NULL);
  }
  *self = (PfResult){ .bytes = bytes,
                      .notes = notes,
                      .counts = counts,
                      .folders = folders,
                      .records = records };
}

void
pf_result_free (PfResult *self)
{
  if (self == NULL)
    return;
  g_string_free (self->bytes, TRUE);
  g_array_unref (self->notes);
  g_clear_pointer (&self->counts, g_array_unref);
  g_clear_pointer (&self->folders, g_array_unref);
  g_clear_pointer (&self->records, g_array_unref);
  g_free (self->first_binary);
  g_free (self);
}

static void
set_first_event (PfResult *self, PfEvent event)
{
  if (self->first_event == PF_EVENT_NONE)
    self->first_event = event;
}

void
pf_result_add_error (PfResult *self, const char *path, guint64 stdin_number,
                     PfError *error)
{
  PfNote note = { .at = self->bytes->len,
                  .path = g_strdup (path),
                  .stdin_number = stdin_number };

  pf_error_move (&note.error, error);
  self->errors++;
  g_array_append_val (self->notes, note);
  set_first_event (self, PF_EVENT_ERROR);
}

void
pf_result_add_remark (PfResult *self, const char *path, const char *text)
{
  PfNote note = { .at = self->bytes->len, .path = g_strdup (path) };

  note.error.message = g_strdup (text);
  g_array_append_val (self->notes, note);
  self->remark_bytes += sizeof note + strlen (path) + strlen (text);
}

static void
record_clear (gpointer data)
{
  PfResultRecord *record = data;

  g_free (record->file.path);
}

void
pf_result_add_record (PfResult *self, PfFileRecord *file)
{
  PfResultRecord record = { .at = self->bytes->len, .file = *file };

  file->path = NULL;
  if (self->records == NULL) {
    self->records = g_array_new (FALSE, FALSE, sizeof record);
    g_array_set_clear_func (self->records, record_clear);
  }
  g_array_append_val (self->records, record);
}

void
pf_result_drop_bytes (PfResult *self)
{
  /* Those before the last that stands at 0 do, too. */
  for (guint i = self->notes->len; i > 0; i--) {
    PfNote *note = &g_array_index (self->notes, PfNote, i - 1);

    if (note->at == 0)
      break;
    note->at = 0;
  }
  g_string_truncate (self->bytes, 0);
}

void
pf_result_add_counts (PfResult *self, const PfTallyCount *counts, guint n)
{
  if (self->counts == NULL)
    self->counts = g_array_new (FALSE, FALSE, sizeof (PfTallyCount));
  g_array_append_vals (self->counts, counts, n);
}

static void
folder_clear (gpointer data)
{
  g_free (((PfFolderCount *)data)->folder);
}

void
pf_result_add_folder (PfResult *self, char *folder, guint64 n)
{
  PfFolderCount count = { folder, n };

  if (self->folders == NULL) {
    self->folders = g_array_new (FALSE, FALSE, sizeof (PfFolderCount));
    g_array_set_clear_func (self->folders, folder_clear);
  }
  g_array_append_val (self->folders, count);
}

void
pf_result_add_match (PfResult *self)
{
  self->matched++;
  set_first_event (self, PF_EVENT_MATCH);
}

void
pf_result_add_binary (PfResult *self, const char *path)
{
  if (self->binaries++ == 0)
    self->first_binary = g_strdup (path);
}
