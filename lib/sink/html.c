/* html: escaped text, with <mark> around matches, or <abbr> whose title is the
 * value. Bytes that are not UTF-8 stay for the reader to make something of. */
#include "base/append.h"
#include "sink/markup.h"
#include "sink/values.h"

/* What C is written as, or NULL. */
static const char *
entity_of (guint8 c)
{
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  default:
    return NULL;
  }
}

static void
escape (GString *out, PfSpan text)
{
  gsize from = 0;

  for (gsize i = 0; i < text.len; i++) {
    const char *entity = entity_of (text.data[i]);

    if (entity == NULL)
      continue;
    pf_append_span (out, pf_span_sub (text, from, i));
    g_string_append (out, entity);
    from = i + 1;
  }
  pf_append_span (out, pf_span_sub (text, from, text.len));
}

static void
open_page (GString *out, PfSpan title)
{
  g_string_append (out, "<!DOCTYPE html>\n<html>\n<head>\n"
                        "<meta charset=\"utf-8\">\n<title>");
  escape (out, title);
  g_string_append (out, "</title>\n<style>\n"
                        "pre { white-space: pre-wrap }\n"
                        "abbr { background: #fe9; cursor: help }\n"
                        "</style>\n</head>\n<body>\n");
}

static void
close_page (GString *out)
{
  g_string_append (out, "</body>\n</html>\n");
}

/* A line break right behind <pre> is dropped by those who read it. */
static void
begin (GString *out, PfSpan name)
{
  g_string_append (out, "<h2>");
  escape (out, name);
  g_string_append (out, "</h2>\n<pre>\n");
}

static void
end (GString *out)
{
  g_string_append (out, "</pre>\n");
}

static void
match (GString *out, const PfMatchRecord *record,
       const PfTemplate *template G_GNUC_UNUSED)
{
  gboolean has_value = pf_values_append (out, record, "<abbr title=\"", escape);

  g_string_append (out, has_value ? "\">" : "<mark>");
  escape (out, record->text);
  g_string_append (out, has_value ? "</abbr>" : "</mark>");
}

const PfMarkup pf_markup_html = { open_page, close_page, begin, end,
                                  escape,    match,      TRUE };
