#include "glossary/write.h"

#include "base/escape.h"

/* Bytes that are gathered before they are handed on. */
#define BLOCK ((gsize)64 << 10)
#define SHOWN_BYTES 60

typedef struct {
  const PfGlossary *glossary;
  const PfWriting *how;
  GString *out;
  GArray *run; /* PfEntry, of one term */
  gboolean any;
} Writer;

PfEntry
pf_glossary_plain_entry (const PfGlossary *self, gsize i)
{
  PfEntry entry = pf_glossary_entry (self, i);

  if (entry.case_rule == PF_CASE_UNSET &&
      pf_glossary_default_case (self, i) == PF_CASE_IGNORE)
    entry.case_rule = PF_CASE_IGNORE;
  return entry;
}

static gboolean
can_hold (const PfFormatWriter *writer, const PfEntry *entry, PfError *error)
{
  return writer->can_hold == NULL || writer->can_hold (entry, error);
}

/* "SOURCE: WRITER has no place for WHAT: TERM" */
static void
explain (const PfFormatWriter *writer, const PfEntry *entry,
         const PfError *what, PfError *error)
{
  PfSpan term = entry->term, source = entry->glossary;
  g_autoptr (GString) shown = g_string_new (NULL);

  pf_writer_put (shown, source);
  g_string_append_printf (shown, ": %s has no place for %s: ", writer->name,
                          what->message);
  pf_escape_controls (
      shown, pf_span_sub (term, 0, MIN (term.len, (gsize)SHOWN_BYTES)));
  pf_error_set (error, PF_STATUS_DATA, "%s", shown->str);
}

/* All entries are looked at before any is written. */
static gboolean
check_all (const Writer *self, PfWriteReport *report, PfError *error)
{
  const PfFormatWriter *writer = self->how->writer;
  gsize n = pf_glossary_n_entries (self->glossary);

  if (writer->can_hold == NULL)
    return TRUE;
  for (gsize i = 0; i < n; i++) {
    PfEntry entry = pf_glossary_plain_entry (self->glossary, i);
    g_auto (PfError) what = { 0 };

    if (writer->can_hold (&entry, &what))
      continue;
    if (!self->how->lenient) {
      explain (writer, &entry, &what, error);
      return FALSE;
    }
    if (report->skipped++ == 0)
      explain (writer, &entry, &what, &report->first);
  }
  return report->skipped < n || n == 0 ||
         pf_error_set (error, PF_STATUS_DATA, "no entry is left for %s",
                       writer->name);
}

static gboolean
flush (Writer *self, PfError *error)
{
  PfSpan bytes = { (const guint8 *)self->out->str, self->out->len };

  if (bytes.len > 0 && !self->how->put (self->how->user, bytes, error))
    return FALSE;
  g_string_truncate (self->out, 0);
  return TRUE;
}

/* A term may begin with what would be taken for a byte order mark. */
static void
mark_begin (GString *out)
{
  if (g_str_has_prefix (out->str, "\xEF\xBB\xBF"))
    g_string_prepend (out, "\xEF\xBB\xBF");
}

static gboolean
write_run (Writer *self, PfError *error)
{
  if (self->run->len == 0)
    return TRUE;
  self->how->writer->write (
      self->out, (const PfEntry *)(gpointer)self->run->data, self->run->len);
  g_array_set_size (self->run, 0);
  if (!self->any)
    mark_begin (self->out);
  self->any = TRUE;
  return self->out->len < BLOCK || flush (self, error);
}

static gboolean
write_entry (Writer *self, gsize i, PfError *error)
{
  PfEntry entry = pf_glossary_plain_entry (self->glossary, i);

  if (!can_hold (self->how->writer, &entry, NULL))
    return TRUE;
  if (self->run->len > 0 &&
      !pf_span_equal (g_array_index (self->run, PfEntry, 0).term, entry.term) &&
      !write_run (self, error))
    return FALSE;
  g_array_append_val (self->run, entry);
  return TRUE;
}

static gboolean
write_all (Writer *self, PfError *error)
{
  const PfFormatWriter *writer = self->how->writer;
  gsize n = pf_glossary_n_entries (self->glossary);

  if (writer->begin != NULL)
    writer->begin (self->out);
  for (gsize i = 0; i < n; i++)
    if (!write_entry (self, i, error))
      return FALSE;
  if (!write_run (self, error))
    return FALSE;
  if (writer->end != NULL)
    writer->end (self->out);
  return flush (self, error);
}

gboolean
pf_glossary_write (const PfGlossary *self, const PfWriting *writing,
                   PfWriteReport *report, PfError *error)
{
  Writer writer = { .glossary = self,
                    .how = writing,
                    .out = g_string_new (NULL),
                    .run = g_array_new (FALSE, FALSE, sizeof (PfEntry)) };
  gboolean done =
      check_all (&writer, report, error) && write_all (&writer, error);

  g_string_free (writer.out, TRUE);
  g_array_unref (writer.run);
  return done;
}
