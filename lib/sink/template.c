#include "sink/template.h"

#include <string.h>

#include "base/append.h"
#include "sink/markup.h"

typedef enum {
  FIELD_TEXT,
  FIELD_TERM,
  FIELD_VALUE,
  FIELD_LABEL,
  FIELD_GLOSSARY,
  FIELD_PATH,
  FIELD_LINE,
  FIELD_COLUMN,
  N_FIELDS,
  NO_FIELD = N_FIELDS
} Field;

static const char *const field_names[N_FIELDS + 1] = {
  "text", "term", "value", "label", "glossary", "path", "line", "column"
};

/* What stands before a field, and the field. */
typedef struct {
  char *before; /* owned */
  Field field;
} Part;

struct PfTemplate {
  GArray *parts; /* Part */
};

static void
part_clear (gpointer part)
{
  g_free (((Part *)part)->before);
}

static Field
find_field (const char *name, gsize len)
{
  Field field = 0;

  while (field < N_FIELDS && (strlen (field_names[field]) != len ||
                              memcmp (field_names[field], name, len) != 0))
    field++;
  return field;
}

static void
add_part (PfTemplate *self, GString *before, Field field)
{
  Part part = { g_strdup (before->str), field };

  g_array_append_val (self->parts, part);
  g_string_truncate (before, 0);
}

/* The byte that backslash C stands for, or 0. */
static char
escaped (char c)
{
  return c == 'n' ? '\n' : c == 't' ? '\t' : c == '\\' ? '\\' : 0;
}

/* The field at TEXT, which begins with a brace. Its length, or 0. */
static gsize
take_field (PfTemplate *self, const char *text, GString *before, PfError *error)
{
  gsize len = strcspn (text, "}");
  Field field = find_field (text + 1, len - 1);

  if (text[len] == '\0') {
    pf_error_set (error, PF_STATUS_USAGE, "{ without }: %s", text);
    return 0;
  }
  if (field == NO_FIELD) {
    g_autofree char *all = g_strjoinv (", ", (char **)field_names);

    pf_error_set (error, PF_STATUS_USAGE, "%.*s is not one of the fields %s",
                  (int)len + 1, text, all);
    return 0;
  }
  add_part (self, before, field);
  return len + 1;
}

/* What begins at TEXT; its length, or 0. */
static gsize
take (PfTemplate *self, const char *text, GString *before, PfError *error)
{
  char c = text[0];

  if (c == '\\' && escaped (text[1]) != 0) {
    g_string_append_c (before, escaped (text[1]));
    return 2;
  }
  if (c == '{' && text[1] != '{')
    return take_field (self, text, before, error);
  if (c == '}' && text[1] != '}') {
    pf_error_set (error, PF_STATUS_USAGE, "} without {: %s", text);
    return 0;
  }
  g_string_append_c (before, c);
  return c == '{' || c == '}' ? 2 : 1;
}

PfTemplate *
pf_template_new (const char *text, PfError *error)
{
  g_autoptr (PfTemplate) self = g_new0 (PfTemplate, 1);
  g_autoptr (GString) before = g_string_new (NULL);
  gsize len;

  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (self->parts, part_clear);
  for (; *text != '\0'; text += len) {
    len = take (self, text, before, error);
    if (len == 0)
      return NULL;
  }
  add_part (self, before, NO_FIELD);
  return g_steal_pointer (&self);
}

void
pf_template_free (PfTemplate *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->parts);
  g_free (self);
}

static PfSpan
field_of (const PfEntry *entry, Field field)
{
  switch (field) {
  case FIELD_TERM:
    return entry->term;
  case FIELD_VALUE:
    return entry->value;
  case FIELD_LABEL:
    return entry->label;
  default:
    return entry->glossary;
  }
}

static gboolean
is_said (const PfMatchRecord *record, guint i, Field field)
{
  PfSpan text = field_of (&record->entries[i], field);

  for (guint k = 0; k < i; k++)
    if (pf_span_equal (field_of (&record->entries[k], field), text))
      return TRUE;
  return text.len == 0;
}

static void
append_of_entries (GString *out, const PfMatchRecord *record, Field field)
{
  const char *separator = "";

  for (guint i = 0; i < record->n_entries; i++) {
    if (is_said (record, i, field))
      continue;
    g_string_append (out, separator);
    pf_append_span (out, field_of (&record->entries[i], field));
    separator = ", ";
  }
}

static void
append_field (GString *out, const PfMatchRecord *record, Field field)
{
  switch (field) {
  case FIELD_TEXT:
    pf_append_span (out, record->text);
    return;
  case FIELD_PATH:
    pf_append_span (out, record->name);
    return;
  case FIELD_LINE:
    pf_append_number (out, record->line);
    return;
  case FIELD_COLUMN:
    pf_append_number (out, record->column);
    return;
  case NO_FIELD:
    return;
  default:
    append_of_entries (out, record, field);
  }
}

static void
match (GString *out, const PfMatchRecord *record, const PfTemplate *template)
{
  for (guint i = 0; i < template->parts->len; i++) {
    const Part *part = &g_array_index (template->parts, Part, i);

    g_string_append (out, part->before);
    append_field (out, record, part->field);
  }
}

const PfMarkup pf_markup_template = { .match = match };
