/* jsonl: one JSON object a line, whose "type" says what it is: match, count,
 * total, file, error, summary. All other strings are objects that tell text
 * from bytes (base/json_text.h), as names and files may hold anything. */
#include "base/append.h"
#include "base/json_text.h"
#include "sink/format.h"

static void
append (GString *out, const char *text)
{
  pf_append_span (out, pf_span_str (text));
}

static void
append_text (GString *out, const char *member, PfSpan text)
{
  append (out, member);
  pf_json_put_text (out, text);
}

static void
append_number (GString *out, const char *member, guint64 n)
{
  append (out, member);
  pf_append_number (out, n);
}

static void
name (GString *out, PfSpan path, const PfRecordStyle *style G_GNUC_UNUSED)
{
  pf_json_put_text (out, path);
}

static void
append_entry (GString *out, const PfEntry *entry)
{
  append_text (out, "{\"term\":", entry->term);
  append_text (out, ",\"value\":", entry->value);
  append_text (out, ",\"label\":", entry->label);
  append_text (out, ",\"glossary\":", entry->glossary);
  pf_append_char (out, '}');
}

static void
match (GString *out, const PfMatchRecord *record,
       const PfRecordStyle *style G_GNUC_UNUSED)
{
  append (out, "{\"type\":\"match\",\"path\":");
  pf_append_span (out, record->name);
  append_number (out, ",\"line\":", record->line);
  append_number (out, ",\"column\":", record->column);
  append_number (out, ",\"end_line\":", record->extent->end_line);
  append_number (out, ",\"end_column\":", record->extent->end_column);
  append_number (out, ",\"offset\":", record->offset);
  append_number (out, ",\"length\":", record->text.len);
  append_text (out, ",\"text\":", record->text);
  append_text (out, ",\"term\":", record->entries[0].term);
  append (out, ",\"entries\":[");
  for (guint i = 0; i < record->n_entries; i++) {
    if (i > 0)
      pf_append_char (out, ',');
    append_entry (out, &record->entries[i]);
  }
  append (out, "]}\n");
}

static void
count (GString *out, PfSpan name, guint64 n)
{
  append (out, "{\"type\":\"count\",\"path\":");
  pf_append_span (out, name);
  append_number (out, ",\"count\":", n);
  append (out, "}\n");
}

static void
term_count (GString *out, PfSpan name, PfSpan term, guint64 n)
{
  append (out, "{\"type\":\"count\",\"path\":");
  pf_append_span (out, name);
  append_text (out, ",\"term\":", term);
  append_number (out, ",\"count\":", n);
  append (out, "}\n");
}

static void
append_total (GString *out, const char *begin, PfSpan of, guint64 n,
              guint64 files)
{
  append_text (out, begin, of);
  append_number (out, ",\"count\":", n);
  append_number (out, ",\"files\":", files);
  append (out, "}\n");
}

static void
total (GString *out, PfSpan term, guint64 n, guint64 files)
{
  append_total (out, "{\"type\":\"total\",\"term\":", term, n, files);
}

static void
group (GString *out, PfSpan group, guint64 n, guint64 files)
{
  append_total (out, "{\"type\":\"total\",\"group\":", group, n, files);
}

static void
path (GString *out, PfSpan path, const PfRecordStyle *style G_GNUC_UNUSED)
{
  append_text (out, "{\"type\":\"file\",\"path\":", path);
  append (out, "}\n");
}

static void
error (GString *out, PfSpan path, PfSpan message, int status)
{
  append_text (out, "{\"type\":\"error\",\"path\":", path);
  append_text (out, ",\"message\":", message);
  append_number (out, ",\"status\":", (guint64)status);
  append (out, "}\n");
}

static void
summary (GString *out, const PfRecordSummary *summary)
{
  append_number (out, "{\"type\":\"summary\",\"files\":", summary->files);
  append_number (out, ",\"files_matched\":", summary->matched);
  append_number (out, ",\"files_failed\":", summary->failed);
  append_number (out, ",\"files_skipped_binary\":", summary->binaries);
  append_number (out, ",\"matches\":", summary->matches);
  append_number (out, ",\"exit_status\":", (guint64)summary->exit_status);
  append (out, "}\n");
}

const PfRecordFormat pf_record_format_jsonl = { .name = name,
                                                .match = match,
                                                .count = count,
                                                .term_count = term_count,
                                                .total = total,
                                                .path = path,
                                                .group = group,
                                                .error = error,
                                                .summary = summary,
                                                .shows_ends = TRUE };
