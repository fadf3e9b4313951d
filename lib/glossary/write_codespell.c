/* codespell: "wrong->right", or "wrong->right1, right2, remark" with the values
 * of a term side by side; without a remark, the last comma stays. All entries
 * ignore case.
 */
#include <string.h>

#include "glossary/format.h"
#include "glossary/writer.h"

/* Commas part the corrections, and white space around them is dropped. */
static gboolean
is_plain (PfSpan text)
{
  return text.len == 0 || (memchr (text.data, ',', text.len) == NULL &&
                           memchr (text.data, '\n', text.len) == NULL &&
                           !g_ascii_isspace (text.data[0]) &&
                           !g_ascii_isspace (text.data[text.len - 1]));
}

static gboolean
has_break (PfSpan term)
{
  for (gsize i = 0; i + 1 < term.len; i++)
    if (term.data[i] == '-' && term.data[i + 1] == '>')
      return TRUE;
  return memchr (term.data, '\n', term.len) != NULL;
}

static gboolean
can_hold (const PfEntry *entry, PfError *error)
{
  if (entry->value.len == 0)
    return pf_error_set (error, PF_STATUS_DATA, "an entry without a value");
  if (has_break (entry->term))
    return pf_error_set (error, PF_STATUS_DATA,
                         "-> or a line break in its term");
  if (!is_plain (entry->value))
    return pf_error_set (error, PF_STATUS_DATA,
                         "a comma, a line break or outer space in its value");
  if (!is_plain (entry->label))
    return pf_error_set (error, PF_STATUS_DATA,
                         "a comma, a line break or outer space in its label");
  if (entry->case_rule != PF_CASE_IGNORE)
    return pf_error_set (error, PF_STATUS_DATA,
                         "an entry whose case counts (,case=ignore "
                         "behind the name of its file changes that)");
  if (entry->boundary == pf_codespell_boundary (entry->term))
    return TRUE;
  if (entry->boundary != PF_BOUNDARY_UNSET)
    return pf_writer_check_rules (entry, PF_CASE_IGNORE, error);
  return pf_error_set (error, PF_STATUS_DATA,
                       "a term that ends in no word character, unless its rule "
                       "for boundaries is strict");
}

/* How many of ENTRIES share the label of the first. */
static gsize
line_length (const PfEntry *entries, gsize n)
{
  gsize i = 1;

  while (i < n && pf_span_equal (entries[i].label, entries[0].label))
    i++;
  return i;
}

static void
write_line (GString *out, const PfEntry *entries, gsize n)
{
  PfSpan label = entries->label;

  pf_writer_put (out, entries->term);
  g_string_append (out, "->");
  for (gsize i = 0; i < n; i++) {
    if (i > 0)
      g_string_append (out, ", ");
    pf_writer_put (out, entries[i].value);
  }
  if (label.len > 0)
    g_string_append (out, ", ");
  else if (n > 1)
    g_string_append_c (out, ',');
  pf_writer_put (out, label);
  g_string_append_c (out, '\n');
}

static void
write_entries (GString *out, const PfEntry *entries, gsize n)
{
  while (n > 0) {
    gsize taken = line_length (entries, n);

    write_line (out, entries, taken);
    entries += taken;
    n -= taken;
  }
}

const PfFormatWriter pf_writer_codespell = { .name = "codespell",
                                             .can_hold = can_hold,
                                             .write = write_entries };
