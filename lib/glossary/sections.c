#include "glossary/sections.h"

gboolean
pf_sections_text (const PfSections *self, guint32 entry, PfSpan *value,
                  PfSpan *label)
{
  guint64 text, from, to, value_len;

  *value = *label = (PfSpan){ NULL, 0 };
  if (self->texts == NULL)
    return TRUE;
  text = self->texts[entry];
  from = text & PF_TEXT_OFFSET_MAX;
  to = self->texts[(gsize)entry + 1] & PF_TEXT_OFFSET_MAX;
  value_len = text >> PF_TEXT_OFFSET_BITS;
  if (from > to || to > self->strings.len || value_len > to - from)
    return FALSE;
  *value = pf_span_sub (self->strings, from, from + value_len);
  *label = pf_span_sub (self->strings, from + value_len, to);
  return TRUE;
}

gboolean
pf_sections_is_shield (const PfSections *self, guint32 entry)
{
  PfSpan value, label;

  return pf_sections_text (self, entry, &value, &label) &&
         pf_span_equal (pf_sections_item (self, entry).term, value);
}

gboolean
pf_sections_source (const PfSections *self, gsize i, PfSpan *name,
                    PfSpan *label)
{
  const PfSourceRow *row = &self->sources[i];
  guint64 middle = (guint64)row->offset + row->name_len;
  guint64 end = middle + row->label_len;

  *name = *label = (PfSpan){ NULL, 0 };
  if (end > self->names.len)
    return FALSE;
  *name = pf_span_sub (self->names, row->offset, middle);
  *label = pf_span_sub (self->names, middle, end);
  return TRUE;
}

gsize
pf_sections_source_of (const PfSections *self, guint32 entry)
{
  gsize low = 0, high = self->n_sources;

  /* Those below low begin at or before it, those from high on behind it. */
  while (low < high) {
    gsize middle = low + (high - low) / 2;

    if (self->sources[middle].first <= entry)
      low = middle + 1;
    else
      high = middle;
  }
  return low > 0 ? low - 1 : self->n_sources;
}
