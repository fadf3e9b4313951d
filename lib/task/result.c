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

  g_array_set_size (notes, 0);
  if (counts != NULL && counts->len * sizeof (PfTallyCount) > keep)
    g_clear_pointer (&counts, g_array_unref);
  else if (counts != NULL)
    g_array_set_size (counts, 0);
  g_free (self->first_binary);
  g_string_truncate (bytes, 0);
  if (bytes->allocated_len > keep) {
    g_string_free (bytes, TRUE);
    bytes = g_string_new (NULL);
  }
  *self = (PfResult){ .bytes = bytes, .notes = notes, .counts = counts };
}

void
pf_result_free (PfResult *self)
{
  if (self == NULL)
    return;
  g_string_free (self->bytes, TRUE);
  g_array_unref (self->notes);
  g_clear_pointer (&self->counts, g_array_unref);
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

void
pf_result_add_counts (PfResult *self, const PfTallyCount *counts, guint n)
{
  if (self->counts == NULL)
    self->counts = g_array_new (FALSE, FALSE, sizeof (PfTallyCount));
  g_array_append_vals (self->counts, counts, n);
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
