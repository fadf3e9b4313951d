/* txt: a term a line; "#" at its start is escaped. */
#include "glossary/writer.h"

#include <string.h>

static gboolean
can_hold (const PfEntry *entry, PfError *error)
{
  PfSpan term = entry->term;

  if (entry->value.len > 0)
    return pf_error_set (error, PF_STATUS_DATA, "its value");
  if (entry->label.len > 0)
    return pf_error_set (error, PF_STATUS_DATA, "its label");
  if (memchr (term.data, '\n', term.len) != NULL)
    return pf_error_set (error, PF_STATUS_DATA, "a line break in its term");
  if (term.len >= 2 && memcmp (term.data, "\\#", 2) == 0)
    return pf_error_set (error, PF_STATUS_DATA, "\\# at the start of its term");
  return pf_writer_check_rules (entry, PF_CASE_UNSET, error);
}

/* Entries with nothing but a term are all the same. */
static void
write_entries (GString *out, const PfEntry *entries, gsize n G_GNUC_UNUSED)
{
  if (entries->term.data[0] == '#')
    g_string_append_c (out, '\\');
  pf_writer_put (out, entries->term);
  g_string_append_c (out, '\n');
}

const PfFormatWriter pf_writer_txt = { .name = "txt",
                                       .can_hold = can_hold,
                                       .write = write_entries };
