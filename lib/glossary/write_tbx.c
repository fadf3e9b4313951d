/* tbx: a concept for each entry, in the first edition's TBX-Basic, whose
 * concepts need no names of their own. The value is written as definition, the
 * label as subject, and rules as a note.
 */
#include <string.h>

#include "glossary/format.h"
#include "glossary/tbx_concept.h"
#include "glossary/writer.h"
#include "text/utf8.h"

/* A glossary does not say which language its terms are in: "und" is the tag for
 * that. */
static void
begin (GString *out)
{
  g_string_append (
      out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<martif type=\"TBX-Basic\" xml:lang=\"und\">\n"
           "<martifHeader><fileDesc><sourceDesc><p>pfglossary convert</p>"
           "</sourceDesc></fileDesc></martifHeader>\n"
           "<text><body>\n");
}

static void
end (GString *out)
{
  g_string_append (out, "</body></text>\n</martif>\n");
}

/* XML 1.0, production 2 (Char). */
static gboolean
is_xml (PfSpan text)
{
  const guint8 *p = text.data, *limit = pf_span_end (text);
  gunichar c;

  while (p < limit) {
    p += pf_utf8_next (p, limit, &c);
    if (c == PF_UTF8_INVALID || c == 0xFFFE || c == 0xFFFF ||
        (c < 0x20 && c != '\t' && c != '\n' && c != '\r'))
      return FALSE;
  }
  return TRUE;
}

static gboolean
can_hold (const PfEntry *entry, PfError *error)
{
  const struct {
    const char *name;
    PfSpan text;
  } fields[] = { { "term", entry->term },
                 { "value", entry->value },
                 { "label", entry->label } };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!is_xml (fields[i].text))
      return pf_error_set (error, PF_STATUS_DATA,
                           "a character in its %s that XML lacks",
                           fields[i].name);
  return TRUE;
}

static void
write_text (GString *out, PfSpan text)
{
  for (gsize i = 0; i < text.len; i++) {
    guint8 c = text.data[i];

    if (c == '&')
      g_string_append (out, "&amp;");
    else if (c == '<')
      g_string_append (out, "&lt;");
    else if (c == '>')
      g_string_append (out, "&gt;");
    else if (c < 0x20)
      g_string_append_printf (out, "&#%u;", c);
    else
      g_string_append_c (out, (char)c);
  }
}

/* Whether white space would be lost where it is taken for layout. */
static gboolean
is_verbatim (PfSpan text)
{
  for (gsize i = 0; i < text.len; i++) {
    guint8 c = text.data[i];

    if (c < 0x20 ||
        (c == ' ' && (i == 0 || i + 1 == text.len || text.data[i + 1] == ' ')))
      return TRUE;
  }
  return FALSE;
}

/* <NAME TYPE>TEXT</NAME>; nothing for no text. */
static void
write_element (GString *out, const char *name, const char *type, PfSpan text)
{
  if (text.len == 0)
    return;
  g_string_append_printf (out, "<%s", name);
  if (type != NULL)
    g_string_append_printf (out, " type=\"%s\"", type);
  if (is_verbatim (text))
    g_string_append (out, " xml:space=\"preserve\"");
  g_string_append_c (out, '>');
  write_text (out, text);
  g_string_append_printf (out, "</%s>", name);
}

static void
write_rules (GString *out, const PfEntry *entry)
{
  const char *case_name = pf_case_name (entry->case_rule);
  const char *boundary_name = pf_boundary_name (entry->boundary);

  if (case_name == NULL && boundary_name == NULL)
    return;
  g_string_append (out, "<note>" PF_TBX_RULES);
  if (case_name != NULL)
    g_string_append_printf (out, " case=%s", case_name);
  if (boundary_name != NULL)
    g_string_append_printf (out, " boundary=%s", boundary_name);
  g_string_append (out, "</note>");
}

static void
write_entry (GString *out, const PfEntry *entry)
{
  g_string_append (out, "<termEntry>");
  write_element (out, "descrip", "subjectField", entry->label);
  write_element (out, "descrip", "definition", entry->value);
  write_rules (out, entry);
  g_string_append (out, "<langSet xml:lang=\"und\"><tig>");
  write_element (out, "term", NULL, entry->term);
  g_string_append (out, "</tig></langSet></termEntry>\n");
}

static void
write_entries (GString *out, const PfEntry *entries, gsize n)
{
  for (gsize i = 0; i < n; i++)
    write_entry (out, &entries[i]);
}

const PfFormatWriter pf_writer_tbx = { .name = "tbx",
                                       .begin = begin,
                                       .end = end,
                                       .can_hold = can_hold,
                                       .write = write_entries };
