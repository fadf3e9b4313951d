/* markdown: matches in bold, with the value in brackets behind it. The text is
 * taken for Markdown and stays as it is. */
#include <string.h>

#include "base/append.h"
#include "sink/markup.h"
#include "sink/values.h"

/* A value is one line of plain text. */
static void
escape (GString *out, PfSpan value)
{
  for (gsize i = 0; i < value.len; i++) {
    char c = (char)value.data[i];

    if (c == '\n' || c == '\r')
      c = ' ';
    if (c != '\0' && strchr ("\\`*_[]<>()#|~&", c) != NULL)
      pf_append_char (out, '\\');
    pf_append_char (out, c);
  }
}

static void
match (GString *out, const PfMatchRecord *record,
       const PfTemplate *template G_GNUC_UNUSED)
{
  g_string_append (out, "**");
  pf_append_span (out, record->text);
  g_string_append (out, "**");
  if (pf_values_append (out, record, " (", escape))
    pf_append_char (out, ')');
}

const PfMarkup pf_markup_markdown = { .match = match };
