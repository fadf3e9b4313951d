/* jsonl: an object a line, with the keys that have something to say; RFC 8259.
 * Strings are UTF-8.
 */
#include <string.h>

#include "glossary/format.h"
#include "glossary/writer.h"
#include "text/utf8.h"

static void
write_escaped (GString *out, guint8 c)
{
  static const char letters[] = "b\bf\fn\nr\rt\t\"\"\\\\";

  for (guint i = 0; i + 1 < sizeof letters; i += 2)
    if ((guint8)letters[i + 1] == c) {
      g_string_append_c (out, '\\');
      g_string_append_c (out, letters[i]);
      return;
    }
  g_string_append_printf (out, "\\u%04x", c);
}

static void
write_string (GString *out, PfSpan text)
{
  g_string_append_c (out, '"');
  for (gsize i = 0; i < text.len; i++) {
    guint8 c = text.data[i];

    if (c < 0x20 || c == '"' || c == '\\')
      write_escaped (out, c);
    else
      g_string_append_c (out, (char)c);
  }
  g_string_append_c (out, '"');
}

static void
write_key (GString *out, const char *key, PfSpan text)
{
  if (text.len == 0)
    return;
  g_string_append_printf (out, ",\"%s\":", key);
  write_string (out, text);
}

static void
write_entry (GString *out, const PfEntry *entry)
{
  g_string_append (out, "{\"term\":");
  write_string (out, entry->term);
  write_key (out, "value", entry->value);
  write_key (out, "label", entry->label);
  write_key (out, "case", pf_span_str (pf_case_name (entry->case_rule)));
  write_key (out, "boundary", pf_span_str (pf_boundary_name (entry->boundary)));
  g_string_append (out, "}\n");
}

/* Of bytes that JSON spells by several, none has more than six. */
static gboolean
is_surely_short (const PfEntry *entry)
{
  gsize len = entry->term.len + entry->value.len + entry->label.len;

  return len <= PF_LINE_MAX_BYTES / 8;
}

static gboolean
fits_line (const PfEntry *entry)
{
  g_autoptr (GString) line = NULL;

  if (is_surely_short (entry))
    return TRUE;
  line = g_string_new (NULL);
  write_entry (line, entry);
  return line->len - strlen ("\n") <= PF_LINE_MAX_BYTES;
}

static gboolean
can_hold (const PfEntry *entry, PfError *error)
{
  if (memchr (entry->term.data, '\0', entry->term.len) != NULL)
    return pf_error_set (error, PF_STATUS_DATA, "a NUL character in its term");
  if (!pf_utf8_valid (entry->value))
    return pf_error_set (error, PF_STATUS_DATA,
                         "its value, which is not valid UTF-8");
  if (!pf_utf8_valid (entry->label))
    return pf_error_set (error, PF_STATUS_DATA,
                         "its label, which is not valid UTF-8");
  return fits_line (entry) ||
         pf_error_set (error, PF_STATUS_DATA,
                       "an entry whose line would be longer than 4 MiB");
}

static void
write_entries (GString *out, const PfEntry *entries, gsize n)
{
  for (gsize i = 0; i < n; i++)
    write_entry (out, &entries[i]);
}

const PfFormatWriter pf_writer_jsonl = { .name = "jsonl",
                                         .can_hold = can_hold,
                                         .write = write_entries };
