#include "sink/output.h"

#include <string.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/write.h"

#define BUFFER ((gsize)128 << 10)

struct PfOutput {
  char *shown;        /* as the user named it */
  PfAtomicFile *file; /* NULL: standard output */
  GString *buffer;
};

PfOutput *
pf_output_open (const char *path, PfError *error)
{
  g_autoptr (PfOutput) self = g_new0 (PfOutput, 1);

  self->buffer = g_string_sized_new (BUFFER);
  self->shown = g_strdup (path != NULL ? path : "standard output");
  if (path == NULL)
    return g_steal_pointer (&self);
  self->file = pf_atomic_file_open (path, error);
  if (self->file != NULL)
    return g_steal_pointer (&self);
  pf_error_prefix (error, path);
  return NULL;
}

void
pf_output_discard (PfOutput *self)
{
  if (self->file != NULL)
    pf_atomic_file_discard (self->file);
}

void
pf_output_free (PfOutput *self)
{
  if (self == NULL)
    return;
  pf_atomic_file_free (self->file);
  g_string_free (self->buffer, TRUE);
  g_free (self->shown);
  g_free (self);
}

static gboolean
fail (const PfOutput *self, PfError *error)
{
  pf_error_prefix (error, self->shown);
  return FALSE;
}

static gboolean
write_all (PfOutput *self, PfSpan bytes, PfError *error)
{
  int fd = self->file != NULL ? pf_atomic_file_fd (self->file) : STDOUT_FILENO;

  return pf_write_all (fd, bytes, error) || fail (self, error);
}

gboolean
pf_output_flush (PfOutput *self, PfError *error)
{
  PfSpan bytes = { (const guint8 *)self->buffer->str, self->buffer->len };
  gboolean written = write_all (self, bytes, error);

  g_string_truncate (self->buffer, 0);
  return written;
}

gboolean
pf_output_write (PfOutput *self, PfSpan bytes, PfError *error)
{
  if (self->buffer->len + bytes.len > BUFFER && !pf_output_flush (self, error))
    return FALSE;
  if (bytes.len >= BUFFER)
    return write_all (self, bytes, error);
  g_string_append_len (self->buffer, (const char *)bytes.data,
                       (gssize)bytes.len);
  return TRUE;
}

/* Standard output stays open for others. */
gboolean
pf_output_commit (PfOutput *self, PfError *error)
{
  if (!pf_output_flush (self, error))
    return FALSE;
  return self->file == NULL ||
         pf_atomic_file_commit (self->file, FALSE, error) || fail (self, error);
}
