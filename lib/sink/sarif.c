#include "sink/sarif.h"

#include "base/append.h"
#include "base/json_text.h"
#include "base/span.h"
#include "sink/format.h"

#define SCHEMA                                                                 \
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"        \
  "sarif-schema-2.1.0.json"

struct PfSarif {
  GString *rules;    /* as they stand in the document */
  GString *failures; /* likewise */
  guint64 n_failures;
  guint64 n_results;
};

static void
append (GString *out, const char *text)
{
  pf_append_span (out, pf_span_str (text));
}

static void
append_number (GString *out, const char *member, guint64 n)
{
  append (out, member);
  pf_append_number (out, n);
}

static PfSpan
span_of (const GString *text)
{
  return (PfSpan){ (const guint8 *)text->str, text->len };
}

/* TEXT as a message: braces would be places for arguments (section 3.11.5). */
static void
append_message (GString *out, PfSpan text)
{
  g_autoptr (GString) doubled = g_string_sized_new (text.len);

  for (gsize i = 0; i < text.len; i++) {
    if (text.data[i] == '{' || text.data[i] == '}')
      pf_append_char (doubled, (char)text.data[i]);
    pf_append_char (doubled, (char)text.data[i]);
  }
  append (out, "\"message\":{\"text\":");
  pf_json_put_string (out, span_of (doubled));
  pf_append_char (out, '}');
}

/* Bytes of a path that stand for themselves in a URI (RFC 3986, 2.3). */
static gboolean
is_unreserved (guint8 byte)
{
  return g_ascii_isalnum (byte) ||
         (byte != '\0' && strchr ("-._~/", byte) != NULL);
}

/* A relative path stays relative, for whoever reads it knows to what; a
 * colon in it is encoded, so that nothing is taken for a scheme. */
static void
append_uri (GString *out, PfSpan path)
{
  path = pf_span_without_dots (path);
  append (out, path.len > 0 && path.data[0] == '/' ? "\"file://" : "\"");
  for (gsize i = 0; i < path.len; i++)
    if (is_unreserved (path.data[i]))
      pf_append_char (out, (char)path.data[i]);
    else
      g_string_append_printf (out, "%%%02X", path.data[i]);
  pf_append_char (out, '"');
}

static void
name (GString *out, PfSpan path, const PfRecordStyle *style G_GNUC_UNUSED)
{
  append_uri (out, path);
}

static void
append_region (GString *out, const PfMatchRecord *record)
{
  append_number (out, "\"region\":{\"startLine\":", record->line);
  append_number (out, ",\"startColumn\":", record->extent->utf16_column);
  append_number (out, ",\"endLine\":", record->extent->end_line);
  append_number (out, ",\"endColumn\":", record->extent->utf16_end_column);
  append_number (out, ",\"byteOffset\":", record->offset);
  append_number (out, ",\"byteLength\":", record->text.len);
  pf_append_char (out, '}');
}

/* A result, on one line: JSON has no line breaks in strings. */
static void
match (GString *out, const PfMatchRecord *record, const PfRecordStyle *style)
{
  g_autoptr (GString) message = g_string_new (NULL);

  pf_text_append_match (message, record, style);
  append (out, "{\"ruleId\":");
  pf_json_put_string (out, record->entries[0].glossary);
  append (out, ",\"level\":\"warning\",");
  append_message (out, span_of (message));
  append (out, ",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":"
               "{\"uri\":");
  pf_append_span (out, record->name);
  append (out, "},");
  append_region (out, record);
  append (out, "}}]}\n");
}

const PfRecordFormat pf_record_format_sarif = {
  .name = name, .match = match, .shows_ends = TRUE, .counts_utf16 = TRUE
};

static void
add_rule (PfSarif *self, PfSpan glossary)
{
  GString *out = self->rules;

  append (out, out->len > 0 ? ",\n{\"id\":" : "{\"id\":");
  pf_json_put_string (out, glossary);
  append (out, ",\"shortDescription\":{\"text\":");
  pf_json_put_string (out, glossary);
  append (out, "},\"defaultConfiguration\":{\"level\":\"warning\"}}");
}

static gboolean
is_given_before (const PfSpan *glossaries, gsize i)
{
  for (gsize k = 0; k < i; k++)
    if (pf_span_equal (glossaries[k], glossaries[i]))
      return TRUE;
  return FALSE;
}

PfSarif *
pf_sarif_new (const PfSpan *glossaries, gsize n)
{
  PfSarif *self = g_new0 (PfSarif, 1);

  self->rules = g_string_new (NULL);
  self->failures = g_string_new (NULL);
  for (gsize i = 0; i < n; i++)
    if (!is_given_before (glossaries, i))
      add_rule (self, glossaries[i]);
  return self;
}

void
pf_sarif_free (PfSarif *self)
{
  if (self == NULL)
    return;
  g_string_free (self->rules, TRUE);
  g_string_free (self->failures, TRUE);
  g_free (self);
}

void
pf_sarif_begin (const PfSarif *self, GString *out)
{
  append (out, "{\"$schema\":\"" SCHEMA "\",\"version\":\"2.1.0\",\"runs\":[{\n"
               "\"tool\":{\"driver\":{\"name\":\"pfproc\",\"version\":"
               "\"" PACKAGE_VERSION "\",\"rules\":[\n");
  pf_append_span (out, span_of (self->rules));
  append (out, "]}},\n\"columnKind\":\"utf16CodeUnits\",\n\"results\":[");
}

void
pf_sarif_add (PfSarif *self, GString *out, PfSpan results)
{
  const guint8 *p = results.data, *end = pf_span_end (results), *line_end;

  for (; p < end; p = line_end + 1) {
    line_end = memchr (p, '\n', (gsize)(end - p));
    g_assert (line_end != NULL);
    if (self->n_results++ >= PF_SARIF_RESULTS)
      continue;
    append (out, self->n_results > 1 ? ",\n" : "\n");
    pf_append_span (out, (PfSpan){ p, (gsize)(line_end - p) });
  }
}

/* Begins another notification. */
static void
begin_notification (GString *out, const char *level, PfSpan message)
{
  append (out, out->len > 0 ? ",\n{\"level\":" : "\n{\"level\":");
  append (out, level);
  pf_append_char (out, ',');
  append_message (out, message);
}

void
pf_sarif_fail (PfSarif *self, PfSpan path, PfSpan message)
{
  GString *out = self->failures;

  if (self->n_failures++ >= PF_SARIF_RESULTS)
    return;
  begin_notification (out, "\"error\"", message);
  append (out, ",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":"
               "{\"uri\":");
  append_uri (out, path);
  append (out, "}}}]}");
}

/* What was left out of WHAT, of which there were N. */
static void
notify_cut (GString *out, const char *what, guint64 n)
{
  g_autofree char *text = NULL;

  if (n <= PF_SARIF_RESULTS)
    return;
  text = g_strdup_printf ("%d of %" G_GUINT64_FORMAT " %s are in this log",
                          PF_SARIF_RESULTS, n, what);
  begin_notification (out, "\"warning\"", pf_span_str (text));
  pf_append_char (out, '}');
}

void
pf_sarif_end (const PfSarif *self, GString *out, const PfRecordSummary *summary)
{
  g_autoptr (GString) notes = g_string_new (NULL);

  pf_append_span (notes, span_of (self->failures));
  notify_cut (notes, "failed files", self->n_failures);
  notify_cut (notes, "results", self->n_results);
  append (out, "],\n\"invocations\":[{\"executionSuccessful\":");
  append (out, summary->complete && summary->failed == 0 ? "true" : "false");
  if (summary->complete)
    append_number (out, ",\"exitCode\":", (guint64)summary->exit_status);
  append (out, ",\"toolExecutionNotifications\":[");
  pf_append_span (out, span_of (notes));
  append (out, "]}]}]}\n");
}

guint64
pf_sarif_left_out (const PfSarif *self)
{
  return self->n_results - MIN (self->n_results, PF_SARIF_RESULTS);
}
