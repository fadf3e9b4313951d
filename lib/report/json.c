#include "report/json.h"

struct PfJson {
  GString *text;
  GString *open;      /* the brackets that will end what was begun */
  gboolean has_value; /* in what was begun last */
};

PfJson *
pf_json_new (void)
{
  PfJson *self = g_new0 (PfJson, 1);

  self->text = g_string_new (NULL);
  self->open = g_string_new (NULL);
  return self;
}

char *
pf_json_finish (PfJson *self)
{
  char *text;

  g_assert (self->open->len == 0);
  g_string_append_c (self->text, '\n');
  text = g_string_free (self->text, FALSE);
  g_string_free (self->open, TRUE);
  g_free (self);
  return text;
}

/* A line break, and as much space as things are open. */
static void
break_line (PfJson *self)
{
  g_string_append_printf (self->text, "\n%*s", (int)(2 * self->open->len), "");
}

static void
append_string (PfJson *self, const char *text)
{
  g_string_append_c (self->text, '"');
  for (const char *c = text; *c != '\0'; c++)
    if (*c == '"' || *c == '\\')
      g_string_append_printf (self->text, "\\%c", *c);
    else if ((guchar)*c < 0x20)
      g_string_append_printf (self->text, "\\u%04x", (guint)*c);
    else
      g_string_append_c (self->text, *c);
  g_string_append_c (self->text, '"');
}

/* What stands before a value. */
static void
begin_value (PfJson *self, const char *name)
{
  gboolean in_object =
      self->open->len > 0 && self->open->str[self->open->len - 1] == '}';

  g_assert (in_object == (name != NULL));
  if (self->has_value)
    g_string_append_c (self->text, ',');
  if (self->open->len > 0)
    break_line (self);
  self->has_value = TRUE;
  if (name == NULL)
    return;
  append_string (self, name);
  g_string_append (self->text, ": ");
}

static void
begin (PfJson *self, const char *name, char bracket, char end)
{
  begin_value (self, name);
  g_string_append_c (self->text, bracket);
  g_string_append_c (self->open, end);
  self->has_value = FALSE;
}

void
pf_json_begin_object (PfJson *self, const char *name)
{
  begin (self, name, '{', '}');
}

void
pf_json_begin_array (PfJson *self, const char *name)
{
  begin (self, name, '[', ']');
}

void
pf_json_end (PfJson *self)
{
  char end;

  g_assert (self->open->len > 0);
  end = self->open->str[self->open->len - 1];
  g_string_truncate (self->open, self->open->len - 1);
  if (self->has_value)
    break_line (self);
  g_string_append_c (self->text, end);
  self->has_value = TRUE;
}

void
pf_json_number (PfJson *self, const char *name, guint64 value)
{
  begin_value (self, name);
  g_string_append_printf (self->text, "%" G_GUINT64_FORMAT, value);
}

void
pf_json_string (PfJson *self, const char *name, const char *text)
{
  begin_value (self, name);
  if (text != NULL)
    append_string (self, text);
  else
    g_string_append (self->text, "null");
}

void
pf_json_null (PfJson *self, const char *name)
{
  pf_json_string (self, name, NULL);
}
