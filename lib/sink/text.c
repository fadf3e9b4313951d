/* text: PATH:LINE:COL: TEXT -> VALUE, the form that editors read. One match is
 * one line, whatever is in names, text and values. */
#include "base/append.h"
#include "base/escape.h"
#include "sink/format.h"
#include "sink/values.h"

static void
name (GString *out, PfSpan path, const PfRecordStyle *style)
{
  pf_escape_name (out, path, style->terminal);
}

static void
match (GString *out, const PfMatchRecord *record, const PfRecordStyle *style)
{
  char *to = pf_append_begin (out, record->name.len + 2 * PF_NUMBER_MAX + 4);

  to = pf_put_char (pf_put_span (to, record->name), ':');
  to = pf_put_char (pf_put_number (to, record->line), ':');
  to = pf_put_char (pf_put_number (to, record->column), ':');
  pf_append_end (out, pf_put_char (to, ' '));
  if (style->exact_space)
    pf_escape_controls (out, record->text);
  else
    pf_escape_folded_space (out, record->text);
  pf_values_append (out, record, " -> ", pf_escape_controls);
  pf_append_char (out, '\n');
}

static void
count (GString *out, PfSpan name, guint64 n)
{
  pf_append_span (out, name);
  pf_append_char (out, ':');
  pf_append_number (out, n);
  pf_append_char (out, '\n');
}

static void
total (GString *out, PfSpan term, guint64 n, guint64 files)
{
  pf_escape_controls (out, term);
  pf_append_char (out, '\t');
  pf_append_number (out, n);
  pf_append_char (out, '\t');
  pf_append_number (out, files);
  pf_append_char (out, '\n');
}

static void
term_count (GString *out, PfSpan name, PfSpan term, guint64 n)
{
  pf_append_span (out, name);
  pf_append_char (out, '\t');
  pf_escape_controls (out, term);
  pf_append_char (out, '\t');
  pf_append_number (out, n);
  pf_append_char (out, '\n');
}

/* A list of names is read by other programs: only a terminal is protected. */
static void
path (GString *out, PfSpan name, const PfRecordStyle *style)
{
  if (style->terminal)
    pf_escape_name (out, name, TRUE);
  else
    pf_append_span (out, name);
  pf_append_char (out, '\n');
}

const PfRecordFormat pf_record_format_text = { name,  match, count, term_count,
                                               total, path,  TRUE };
