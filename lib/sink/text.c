/* text: PATH:LINE:COL: TEXT -> VALUE, the form that editors read. One match is
 * one line, whatever is in names, text and values. */
#include "base/escape.h"
#include "sink/color.h"
#include "sink/format.h"
#include "sink/values.h"

static void
name (GString *out, PfSpan path, const PfRecordStyle *style)
{
  pf_color_put (out, PF_COLOR_NAME, style->color);
  pf_escape_name (out, path, style->terminal);
  pf_color_put (out, PF_COLOR_END, style->color);
}

static void
append_text (GString *out, const PfMatchRecord *record,
             const PfRecordStyle *style)
{
  if (style->exact_space)
    pf_escape_controls (out, record->text);
  else
    pf_escape_folded_space (out, record->text);
}

void
pf_text_append_match (GString *out, const PfMatchRecord *record,
                      const PfRecordStyle *style)
{
  append_text (out, record, style);
  pf_values_append (out, record, " -> ", pf_escape_controls);
}

static void
append_in_color (GString *out, const PfMatchRecord *record,
                 const PfRecordStyle *style, char after)
{
  pf_append_span (out, record->name);
  pf_color_append_char (out, after, after != '\0');
  pf_color_append_number (out, record->line, TRUE);
  pf_color_append_char (out, ':', TRUE);
  pf_color_append_number (out, record->column, TRUE);
  pf_color_append_char (out, ':', TRUE);
  pf_append_char (out, ' ');
  pf_color_put (out, PF_COLOR_MATCH, TRUE);
  append_text (out, record, style);
  pf_color_put (out, PF_COLOR_END, TRUE);
  pf_values_append (out, record, " -> ", pf_escape_controls);
  pf_append_char (out, '\n');
}

/* AFTER is what follows the name. */
static inline void
append_match (GString *out, const PfMatchRecord *record,
              const PfRecordStyle *style, char after)
{
  char *to;

  if (style->color) {
    append_in_color (out, record, style, after);
    return;
  }
  to = pf_append_begin (out, record->name.len + 2 * PF_NUMBER_MAX + 4);
  to = pf_put_char (pf_put_span (to, record->name), after);
  to = pf_put_char (pf_put_number (to, record->line), ':');
  to = pf_put_char (pf_put_number (to, record->column), ':');
  pf_append_end (out, pf_put_char (to, ' '));
  pf_text_append_match (out, record, style);
  pf_append_char (out, '\n');
}

static void
match (GString *out, const PfMatchRecord *record, const PfRecordStyle *style)
{
  append_match (out, record, style, ':');
}

static void
match_null (GString *out, const PfMatchRecord *record,
            const PfRecordStyle *style)
{
  append_match (out, record, style, '\0');
}

static void
append_count (GString *out, PfSpan name, char after, guint64 n)
{
  pf_append_span (out, name);
  pf_append_char (out, after);
  pf_append_number (out, n);
  pf_append_char (out, '\n');
}

static void
count (GString *out, PfSpan name, guint64 n)
{
  append_count (out, name, ':', n);
}

static void
count_null (GString *out, PfSpan name, guint64 n)
{
  append_count (out, name, '\0', n);
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
append_term_count (GString *out, PfSpan name, char after, PfSpan term,
                   guint64 n)
{
  pf_append_span (out, name);
  pf_append_char (out, after);
  pf_escape_controls (out, term);
  pf_append_char (out, '\t');
  pf_append_number (out, n);
  pf_append_char (out, '\n');
}

static void
term_count (GString *out, PfSpan name, PfSpan term, guint64 n)
{
  append_term_count (out, name, '\t', term, n);
}

static void
term_count_null (GString *out, PfSpan name, PfSpan term, guint64 n)
{
  append_term_count (out, name, '\0', term, n);
}

/* For other programs to read: only a terminal is protected. */
static void
append_raw_name (GString *out, PfSpan name, const PfRecordStyle *style)
{
  pf_color_put (out, PF_COLOR_NAME, style->color);
  if (style->terminal)
    pf_escape_name (out, name, TRUE);
  else
    pf_append_span (out, name);
  pf_color_put (out, PF_COLOR_END, style->color);
}

static void
path (GString *out, PfSpan name, const PfRecordStyle *style)
{
  append_raw_name (out, name, style);
  pf_append_char (out, '\n');
}

static void
path_null (GString *out, PfSpan name, const PfRecordStyle *style)
{
  append_raw_name (out, name, style);
  pf_append_char (out, '\0');
}

const PfRecordFormat pf_record_format_text = { .name = name,
                                               .match = match,
                                               .count = count,
                                               .term_count = term_count,
                                               .total = total,
                                               .path = path,
                                               .values_only = TRUE };

/* What ends a name is no part of any, so that names are as they are. */
const PfRecordFormat pf_record_format_null = { .name = append_raw_name,
                                               .match = match_null,
                                               .count = count_null,
                                               .term_count = term_count_null,
                                               .total = total,
                                               .path = path_null,
                                               .values_only = TRUE };
