/* txt: a term a line. */
#include "glossary/format.h"

static gboolean
parse (PfBatch *batch, PfSpan line, GByteArray *scratch G_GNUC_UNUSED,
       PfError *error)
{
  PfEntry entry = { 0 };

  if (pf_line_is_blank (line) || pf_line_is_comment (line))
    return TRUE;
  entry.term = pf_line_unescape_hash (line);
  return pf_batch_add (batch, &entry, error);
}

const PfLineFormat pf_format_txt = { "txt", PF_CASE_EXACT, parse, NULL };
