#include "glossary/stream_format.h"

#include <stdarg.h>

#include "glossary/tbx.h"

/* Ends in NULL. */
static const PfStreamFormat *const formats[] = { &pf_format_csv, &pf_format_tbx,
                                                 NULL };

const PfStreamFormat *
pf_stream_format_find (PfSpan name)
{
  for (guint i = 0; formats[i] != NULL; i++)
    if (pf_span_equal (name, pf_span_str (formats[i]->name)))
      return formats[i];
  return NULL;
}

static gboolean
is_among (PfSpan name, const char *const *keys)
{
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (pf_span_equal (name, pf_span_str (keys[i])))
      return TRUE;
  return FALSE;
}

gboolean
pf_stream_format_has_key (PfSpan name)
{
  for (guint i = 0; formats[i] != NULL; i++)
    if (is_among (name, formats[i]->keys))
      return TRUE;
  return FALSE;
}

static void
prefix_line (PfError *error, guint64 line)
{
  char number[24];

  g_snprintf (number, sizeof number, "%" G_GUINT64_FORMAT, line);
  pf_error_prefix (error, number);
}

gboolean
pf_stream_malformed (PfStream *self, guint64 line, PfError *what,
                     PfError *error)
{
  pf_batch_set_line (self->batch, line);
  if (what->status == PF_STATUS_DATA) {
    pf_batch_tell_malformed (self->batch, what);
    prefix_line (what, line);
  }
  if (what->status != PF_STATUS_DATA || !self->lenient) {
    pf_error_move (error, what);
    return FALSE;
  }
  if (self->report != NULL && self->report->skipped++ == 0)
    pf_error_move (&self->report->first, what);
  pf_error_clear (what);
  return TRUE;
}

gboolean
pf_stream_add (PfStream *self, const PfEntry *entry, guint64 line,
               PfError *error)
{
  g_auto (PfError) what = { 0 };

  pf_batch_set_line (self->batch, line);
  return pf_batch_add (self->batch, entry, &what) ||
         pf_stream_malformed (self, line, &what, error);
}

gboolean
pf_stream_fail (guint64 line, PfError *error, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  return pf_error_set (error, PF_STATUS_DATA, "%" G_GUINT64_FORMAT ": %s", line,
                       text);
}
