/* github: workflow commands, which GitHub Actions shows beside the lines of a
 * change:
 *
 *   ::warning file=PATH,line=L,col=C,endColumn=E,title=TITLE::TEXT -> VALUE
 *
 * Of a match that goes on in another line only the lines are told: columns
 * are for one line. endColumn is the last one. The escapes are those of the
 * commands: % CR LF, and in a property also : and comma. */
#include "base/append.h"
#include "base/escape.h"
#include "sink/format.h"

static void
append_escaped (GString *out, PfSpan text, const char *which)
{
  for (gsize i = 0; i < text.len; i++) {
    guint8 byte = text.data[i];

    if (byte != '\0' && strchr (which, byte) != NULL)
      g_string_append_printf (out, "%%%02X", byte);
    else
      pf_append_char (out, (char)byte);
  }
}

static void
append_property (GString *out, PfSpan text)
{
  append_escaped (out, text, "%\r\n:,");
}

static void
name (GString *out, PfSpan path, const PfRecordStyle *style)
{
  g_autoptr (GString) shown = g_string_new (NULL);

  if (!style->terminal) {
    append_property (out, path);
    return;
  }
  pf_escape_name (shown, path, TRUE);
  append_property (out, (PfSpan){ (const guint8 *)shown->str, shown->len });
}

static void
append_place (GString *out, const PfMatchRecord *record)
{
  pf_append_span (out, pf_span_str ("::warning file="));
  pf_append_span (out, record->name);
  pf_append_span (out, pf_span_str (",line="));
  pf_append_number (out, record->line);
  if (record->extent->end_line != record->line) {
    pf_append_span (out, pf_span_str (",endLine="));
    pf_append_number (out, record->extent->end_line);
    return;
  }
  pf_append_span (out, pf_span_str (",col="));
  pf_append_number (out, record->column);
  pf_append_span (out, pf_span_str (",endColumn="));
  pf_append_number (out, record->extent->end_column - 1);
}

/* The entry's label is what the user calls such matches. */
static PfSpan
title_of (const PfEntry *entry)
{
  return entry->label.len > 0 ? entry->label : entry->glossary;
}

static void
match (GString *out, const PfMatchRecord *record, const PfRecordStyle *style)
{
  g_autoptr (GString) shown = g_string_new (NULL);

  append_place (out, record);
  pf_append_span (out, pf_span_str (",title="));
  pf_escape_controls (shown, title_of (&record->entries[0]));
  append_property (out, (PfSpan){ (const guint8 *)shown->str, shown->len });
  pf_append_span (out, pf_span_str ("::"));
  g_string_truncate (shown, 0);
  pf_text_append_match (shown, record, style);
  append_escaped (out, (PfSpan){ (const guint8 *)shown->str, shown->len },
                  "%\r\n");
  pf_append_char (out, '\n');
}

/* Nothing but matches is told. */
const PfRecordFormat pf_record_format_github = { .name = name,
                                                 .match = match,
                                                 .shows_ends = TRUE };
