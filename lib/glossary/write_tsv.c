/* tsv: term, value, label, rules. It holds any entry. */
#include "glossary/format.h"
#include "glossary/writer.h"

static void
write_entries (GString *out, const PfEntry *entries, gsize n)
{
  for (gsize i = 0; i < n; i++)
    pf_tsv_write (out, &entries[i]);
}

const PfFormatWriter pf_writer_tsv = { .name = "tsv", .write = write_entries };
