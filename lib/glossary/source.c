#include "glossary/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/line_reader.h"
#include "glossary/builtin.h"
#include "glossary/format.h"

#define LINE_MAX_BYTES ((gsize)2 * (PF_VALUE_MAX + PF_TERM_MAX) * 2)

static gboolean
has_prefix (PfSpan text, const char *prefix, PfSpan *rest)
{
  gsize len = strlen (prefix);

  if (text.len < len || memcmp (text.data, prefix, len) != 0)
    return FALSE;
  *rest = pf_span_sub (text, len, text.len);
  return TRUE;
}

/* Applies KEY=VALUE; a key that is set stays, since the last is taken first.
 * *KNOWN says whether the key was one of ours. */
static gboolean
apply_key (PfSource *self, PfSpan option, gboolean *known, PfError *error)
{
  PfSourceRules *rules = &self->rules;
  PfBoundary boundary;
  PfCase case_rule;
  PfSpan value;

  *known = TRUE;
  if (has_prefix (option, "case=", &value)) {
    if (!pf_case_parse (value, &case_rule))
      return pf_error_set (error, PF_STATUS_USAGE,
                           "case must be exact or ignore: %.*s",
                           (int)option.len, (const char *)option.data);
    if (rules->case_rule == PF_CASE_UNSET)
      rules->case_rule = case_rule;
  } else if (has_prefix (option, "boundary=", &value)) {
    if (!pf_boundary_parse (value, &boundary))
      return pf_error_set (error, PF_STATUS_USAGE,
                           "boundary must be word, strict, host or none: %.*s",
                           (int)option.len, (const char *)option.data);
    if (rules->boundary == PF_BOUNDARY_UNSET)
      rules->boundary = boundary;
  } else if (has_prefix (option, "label=", &value)) {
    if (self->label == NULL)
      self->label = g_strndup ((const char *)value.data, value.len);
    rules->label = pf_span_str (self->label);
  } else {
    *known = FALSE;
  }
  return TRUE;
}

/* Takes the known KEY=VALUE parts off the end of *SPEC, the last first. */
static gboolean
take_keys (PfSource *self, PfSpan *spec, PfError *error)
{
  gboolean known = TRUE;

  while (known) {
    gsize comma = pf_span_find_last (*spec, ',');

    if (comma == spec->len)
      break;
    if (!apply_key (self, pf_span_sub (*spec, comma + 1, spec->len), &known,
                    error))
      return FALSE;
    if (known)
      spec->len = comma;
  }
  return TRUE;
}

static gboolean
find_format (PfSource *self, PfSpan name, PfError *error)
{
  self->format = pf_format_find (name);
  if (self->format == NULL && pf_format_is_foreign (name))
    return pf_error_set (error, PF_STATUS_USAGE,
                         "glossary format %.*s cannot be read by this version",
                         (int)name.len, (const char *)name.data);
  return TRUE;
}

/* Takes :FORMAT off the end of *SPEC, or goes by the ending of the name. */
static gboolean
take_format (PfSource *self, PfSpan *spec, PfError *error)
{
  gsize colon = pf_span_find_last (*spec, ':'), dot;

  if (colon < spec->len) {
    if (!find_format (self, pf_span_sub (*spec, colon + 1, spec->len), error))
      return FALSE;
    if (self->format != NULL) {
      spec->len = colon;
      return TRUE;
    }
  }
  dot = pf_span_find_last (*spec, '.');
  if (dot < spec->len &&
      !find_format (self, pf_span_sub (*spec, dot + 1, spec->len), error))
    return FALSE;
  if (self->format == NULL)
    self->format = &pf_format_txt;
  return TRUE;
}

gboolean
pf_source_parse (PfSource *self, const char *text, PfError *error)
{
  PfSpan spec = pf_span_str (text);

  *self = (PfSource){ 0 };
  if (!take_keys (self, &spec, error))
    return FALSE;
  if (pf_span_equal (spec, pf_span_str (PF_BUILTIN_NAME)))
    self->rules.default_case = PF_CASE_IGNORE;
  else if (!take_format (self, &spec, error))
    return FALSE;
  else
    self->rules.default_case = self->format->default_case;
  if (spec.len == 0)
    return pf_error_set (error, PF_STATUS_USAGE, "glossary without a name");
  self->path = g_strndup ((const char *)spec.data, spec.len);
  return TRUE;
}

void
pf_source_clear (PfSource *self)
{
  g_free (self->path);
  g_free (self->label);
  *self = (PfSource){ 0 };
}

void
pf_read_report_clear (PfReadReport *self)
{
  pf_error_clear (&self->first);
  self->skipped = 0;
}

/* LINE without a byte order mark at the start of the file, without CR. */
static PfSpan
clean_line (PfSpan line, guint64 number)
{
  if (number == 1)
    has_prefix (line, "\xEF\xBB\xBF", &line);
  if (line.len > 0 && line.data[line.len - 1] == '\r')
    line.len--;
  return line;
}

typedef struct {
  PfBatch *batch;
  const PfLineFormat *format;
  const PfReadOptions *options;
  PfReadReport *report;
  GByteArray *scratch;
  guint64 number; /* of the line at hand */
} Reading;

static gboolean
skip_or_fail (Reading *self, PfError *failure, PfError *error)
{
  char number[24];

  g_snprintf (number, sizeof number, "%" G_GUINT64_FORMAT, self->number);
  pf_error_prefix (failure, number);
  if (!self->options->lenient) {
    pf_error_move (error, failure);
    return FALSE;
  }
  if (self->report != NULL && self->report->skipped++ == 0)
    pf_error_move (&self->report->first, failure);
  else
    pf_error_clear (failure);
  return TRUE;
}

static gboolean
read_line (Reading *self, PfSpan line, PfLineResult result, PfError *error)
{
  g_auto (PfError) failure = { 0 };

  self->number++;
  line = clean_line (line, self->number);
  if (result == PF_LINE_TOO_LONG)
    pf_error_set (&failure, PF_STATUS_DATA, "line too long");
  else if (self->format->parse (self->batch, line, self->scratch, &failure))
    return TRUE;
  return skip_or_fail (self, &failure, error);
}

static gboolean
read_lines (Reading *self, int fd, PfError *error)
{
  PfLineReaderOptions options = { .fd = fd,
                                  .delimiter = '\n',
                                  .max = LINE_MAX_BYTES };
  g_autoptr (PfLineReader) reader = pf_line_reader_new (&options);
  PfLineResult result;
  PfSpan line;

  while ((result = pf_line_reader_next (reader, &line, error)) == PF_LINE_OK ||
         result == PF_LINE_TOO_LONG)
    if (!read_line (self, line, result, error))
      return FALSE;
  return result == PF_LINE_END;
}

static gboolean
read_builtin (Reading *self, PfError *error)
{
  PfSpan text = pf_builtin_text ();

  self->format = &pf_format_tsv;
  while (text.len > 0) {
    const guint8 *end = memchr (text.data, '\n', text.len);
    gsize len = end != NULL ? (gsize)(end - text.data) : text.len;

    if (!read_line (self, pf_span_sub (text, 0, len), PF_LINE_OK, error))
      return FALSE;
    text = pf_span_sub (text, MIN (len + 1, text.len), text.len);
  }
  return TRUE;
}

static gboolean
read_file (Reading *self, const char *path, PfError *error)
{
  gboolean is_stdin = strcmp (path, "-") == 0;
  int fd = is_stdin ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC);
  gboolean done;

  if (fd < 0)
    return pf_error_set_errno (error, errno);
  done = read_lines (self, fd, error);
  if (!is_stdin)
    close (fd);
  return done;
}

gboolean
pf_source_read (const PfSource *self, PfGlossaryBuilder *builder,
                const PfReadOptions *options, PfReadReport *report,
                PfError *error)
{
  Reading reading = { .batch = pf_glossary_builder_batch (builder),
                      .format = self->format,
                      .options = options,
                      .report = report,
                      .scratch = g_byte_array_new () };
  gboolean done;

  pf_glossary_builder_begin (builder, self->path, &self->rules);
  done = self->format == NULL ? read_builtin (&reading, error)
                              : read_file (&reading, self->path, error);
  g_byte_array_unref (reading.scratch);
  if (!done)
    return FALSE;
  if (pf_glossary_builder_source_size (builder) == 0 && !options->allow_empty)
    return pf_error_set (error, PF_STATUS_DATA, "glossary has no entries");
  return TRUE;
}
