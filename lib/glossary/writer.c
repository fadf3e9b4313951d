#include "glossary/writer.h"

static const PfFormatWriter *const writers[] = {
  &pf_writer_txt,   &pf_writer_tsv,       &pf_writer_csv,
  &pf_writer_jsonl, &pf_writer_codespell, &pf_writer_tbx
};

const PfFormatWriter *
pf_writer_find (PfSpan name)
{
  for (guint i = 0; i < G_N_ELEMENTS (writers); i++)
    if (pf_span_equal (name, pf_span_str (writers[i]->name)))
      return writers[i];
  return NULL;
}

void
pf_writer_put (GString *out, PfSpan text)
{
  g_string_append_len (out, (const char *)text.data, (gssize)text.len);
}

gboolean
pf_writer_check_rules (const PfEntry *entry, PfCase case_rule, PfError *error)
{
  if (entry->case_rule != case_rule)
    return pf_error_set (error, PF_STATUS_DATA, "its rule for case");
  return entry->boundary == PF_BOUNDARY_UNSET ||
         pf_error_set (error, PF_STATUS_DATA, "its rule for boundaries");
}
