/* ansi: matches in bold red, with the value in faint letters behind it, as SGR
 * sequences of ECMA-48. Nothing else in the text can drive the terminal. */
#include "base/append.h"
#include "base/escape.h"
#include "sink/markup.h"
#include "sink/values.h"

#define MATCH "\x1B[1;31m"
#define VALUE "\x1B[2m"
#define END "\x1B[0m"

/* Line ends and tabs may stay. */
static gboolean
is_layout (guint8 c)
{
  return c == '\n' || c == '\r' || c == '\t';
}

static void
keep (GString *out, PfSpan text)
{
  const guint8 *end = pf_span_end (text);
  gsize from = 0;

  for (gsize i = 0; i < text.len;) {
    guint len =
        is_layout (text.data[i]) ? 0 : pf_control_length (text.data + i, end);

    if (len == 0) {
      i++;
      continue;
    }
    pf_append_span (out, pf_span_sub (text, from, i));
    pf_escape_controls (out, pf_span_sub (text, i, i + len));
    from = i += len;
  }
  pf_append_span (out, pf_span_sub (text, from, text.len));
}

static void
match (GString *out, const PfMatchRecord *record,
       const PfTemplate *template G_GNUC_UNUSED)
{
  g_string_append (out, MATCH);
  keep (out, record->text);
  g_string_append (out, END);
  if (pf_values_append (out, record, VALUE " (", pf_escape_controls))
    g_string_append (out, ")" END);
}

const PfMarkup pf_markup_ansi = { .keep = keep, .match = match };
