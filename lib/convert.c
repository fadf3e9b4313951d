/* The public face of writing glossaries in source formats. */
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "base/unpack.h"
#include "base/write.h"
#include "engine_private.h"
#include "glossary/format.h"
#include "glossary/write.h"
#include "images_private.h"

static const char *
refuse (GError **error, const char *name, const char *why)
{
  g_set_error (error, PF_ERROR, PF_STATUS_USAGE, "%s: %s", name, why);
  return NULL;
}

/* The name itself, not a copy. */
static const char *
find_format (PfSpan name)
{
  const PfFormatWriter *writer = pf_writer_find (name);

  if (pf_span_equal (name, pf_span_str ("pfg")))
    return "pfg";
  return writer != NULL ? writer->name : NULL;
}

const char *
pf_glossary_output_format (const char *to, const char *output, GError **error)
{
  PfSpan name = pf_span_str (output);
  gsize dot = pf_span_find_last (name, '.');
  const char *format = NULL;

  if (to == NULL && output == NULL)
    return refuse (error, "standard output", "name the format with --to");
  if (to == NULL && pf_packing_strip (name).len < name.len)
    return refuse (error, output,
                   "what is written is not compressed; name the format with "
                   "--to");
  if (to != NULL)
    format = find_format (pf_span_str (to));
  else if (dot < name.len)
    format = find_format (pf_span_sub (name, dot + 1, name.len));
  if (format != NULL)
    return format;
  return to != NULL ? refuse (error, to, "no such format can be written")
                    : refuse (error, output,
                              "no format has this ending; name one with --to");
}

static gboolean
put (gpointer user, PfSpan bytes, PfError *error)
{
  return pf_write_all (GPOINTER_TO_INT (user), bytes, error);
}

static gboolean
write_entries (PfImageFile *file, const PfGlossary *glossary,
               const PfTextOptions *options, PfError *error)
{
  int fd = file != NULL ? pf_atomic_file_fd (file->file) : STDOUT_FILENO;
  PfWriting how = { .writer = pf_writer_find (pf_span_str (options->format)),
                    .lenient = options->lenient,
                    .put = put,
                    .user = GINT_TO_POINTER (fd) };
  PfWriteReport report = { 0 };
  gboolean done;

  g_assert (how.writer != NULL);
  done = pf_glossary_write (glossary, &how, &report, error);
  if (report.skipped > 0 && options->skipped != NULL)
    options->skipped (report.skipped, report.first.message, options->user);
  pf_error_clear (&report.first);
  return done;
}

gboolean
pf_image_file_write_text (PfImageFile *self, const PfGlossary *glossary,
                          const PfTextOptions *options, GError **error)
{
  g_auto (PfError) failure = { 0 };

  if (write_entries (self, glossary, options, &failure) &&
      (self == NULL || pf_atomic_file_commit (self->file, TRUE, &failure)))
    return TRUE;
  if (failure.status != PF_STATUS_DATA)
    pf_error_prefix (&failure, self != NULL ? self->shown : "standard output");
  pf_error_propagate (error, &failure);
  return FALSE;
}

char *
pf_glossary_entry_to_tsv (const PfGlossary *self, gsize i, gsize *len)
{
  PfEntry entry = pf_glossary_plain_entry (self, i);
  GString *line = g_string_new (NULL);

  pf_tsv_write (line, &entry);
  *len = line->len;
  return g_string_free (line, FALSE);
}
