/* Lines of files as they are, with what GNU grep puts around them:
 * PATH:LINE: before those that were asked for, PATH-LINE- before context, and
 * with -Z a NUL byte behind the path of either. */
#include "sink/color.h"
#include "sink/format.h"

static void
append_number (GString *out, const PfLineRecord *record, char separator,
               const PfRecordStyle *style)
{
  if (record->number > 0) {
    pf_color_append_number (out, record->number, style->color);
    pf_color_append_char (out, separator, style->color);
  }
}

static void
begin (GString *out, const PfLineRecord *record, const PfRecordStyle *style)
{
  char separator = record->is_context ? '-' : ':';

  if (record->name.len > 0) {
    pf_append_span (out, record->name);
    pf_color_append_char (out, separator, style->color);
  }
  append_number (out, record, separator, style);
}

static void
begin_null (GString *out, const PfLineRecord *record,
            const PfRecordStyle *style)
{
  if (record->name.len > 0) {
    pf_append_span (out, record->name);
    pf_append_char (out, '\0');
  }
  append_number (out, record, record->is_context ? '-' : ':', style);
}

static void
begin_match (GString *out, const PfRecordStyle *style)
{
  pf_color_put (out, PF_COLOR_MATCH, style->color);
}

static void
end_match (GString *out, const PfRecordStyle *style)
{
  pf_color_put (out, PF_COLOR_END, style->color);
}

static void
separator (GString *out, const PfRecordStyle *style)
{
  pf_color_put (out, PF_COLOR_SEPARATOR, style->color);
  g_string_append (out, "--");
  pf_color_put (out, PF_COLOR_END, style->color);
  pf_append_char (out, '\n');
}

const PfLineFormat pf_line_format_text = { begin, begin_match, end_match,
                                           separator };

const PfLineFormat pf_line_format_null = { begin_null, begin_match, end_match,
                                           separator };
