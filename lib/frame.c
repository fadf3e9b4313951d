#include "frame.h"

#include "glossary/glossary.h"
#include "sink/sarif.h"

struct PfFrame {
  const PfRecordFormat *format;
  gboolean begun;
  gboolean has_header;
  PfRecordKind kind;
  PfSarif *sarif;       /* or NULL */
  const PfMarkup *page; /* or NULL */
};

static PfRecordKind
kind_of (const PfRunConfig *config)
{
  switch (config->action) {
  case PF_RUN_COUNT:
    return PF_RECORD_COUNT;
  case PF_RUN_COUNT_TERMS:
    return PF_RECORD_TERM_COUNT;
  case PF_RUN_TOTAL:
    return config->group == PF_GROUP_TERM ? PF_RECORD_TOTAL : PF_RECORD_GROUP;
  case PF_RUN_WITH_MATCH:
  case PF_RUN_WITHOUT_MATCH:
    return PF_RECORD_PATH;
  default:
    return PF_RECORD_MATCH;
  }
}

static PfSarif *
new_sarif (const PfGlossary *glossary)
{
  const PfSections *sections = pf_glossary_sections (glossary);
  g_autofree PfSpan *names = g_new0 (PfSpan, sections->n_sources + 1);
  PfSpan label;
  gsize n = 0;

  for (gsize i = 0; i < sections->n_sources; i++)
    n += pf_sections_source (sections, i, &names[n], &label);
  return pf_sarif_new (names, n);
}

PfFrame *
pf_frame_new (const PfRunConfig *config, const PfRecordFormat *format,
              const PfMarkup *page)
{
  PfFrame *self = g_new0 (PfFrame, 1);

  self->format = format;
  self->page = page;
  self->has_header = config->header && format->header != NULL;
  self->kind = kind_of (config);
  if (config->format == PF_FORMAT_SARIF)
    self->sarif = new_sarif (config->glossary);
  return self;
}

void
pf_frame_free (PfFrame *self)
{
  if (self == NULL)
    return;
  pf_sarif_free (self->sarif);
  g_free (self);
}

void
pf_frame_begin (PfFrame *self, GString *out)
{
  if (self->begun)
    return;
  self->begun = TRUE;
  if (self->has_header)
    self->format->header (out, self->kind);
  if (self->sarif != NULL)
    pf_sarif_begin (self->sarif, out);
  if (self->page != NULL)
    self->page->open_page (out, pf_span_str ("pfproc"));
}

gboolean
pf_frame_is_plain (const PfFrame *self)
{
  return self->sarif == NULL;
}

void
pf_frame_add (PfFrame *self, GString *out, PfSpan records)
{
  pf_sarif_add (self->sarif, out, records);
}

void
pf_frame_fail (PfFrame *self, GString *out, const PfNote *note)
{
  PfSpan path = pf_span_str (note->path);
  PfSpan message = pf_span_str (note->error.message);

  if (self->sarif != NULL)
    pf_sarif_fail (self->sarif, path, message);
  else if (self->format->error != NULL)
    self->format->error (out, path, message, note->error.status);
}

void
pf_frame_end (PfFrame *self, GString *out, const PfRecordSummary *summary)
{
  if (self->page != NULL)
    self->page->close_page (out);
  if (self->sarif != NULL)
    pf_sarif_end (self->sarif, out, summary);
  else if (self->format->summary != NULL && summary->complete)
    self->format->summary (out, summary);
}

guint64
pf_frame_left_out (const PfFrame *self)
{
  return self->sarif != NULL ? pf_sarif_left_out (self->sarif) : 0;
}
