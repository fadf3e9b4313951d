#include "glossary/tbx.h"

#include <string.h>

#include "glossary/format.h"
#include "glossary/tbx_concept.h"

#ifdef HAVE_LIBXML2
#include "glossary/xml_events.h"
#endif

/* The keys of a source. FALSE: they make no sense. */
static gboolean
parse_choice (const PfSource *source, PfTbxChoice *choice, PfError *error)
{
  const char *pair = pf_source_key (source, "langs");
  const char *forbidden = pf_source_key (source, "forbidden");
  PfSpan langs = pf_span_str (pair);
  gsize sign = strcspn (pair != NULL ? pair : "", ":,");

  *choice = (PfTbxChoice){ .forbidden = pf_span_str (forbidden) };
  choice->terms = pf_span_sub (langs, 0, MIN (sign, langs.len));
  if (sign < langs.len)
    choice->values = pf_span_sub (langs, sign + 1, langs.len);
  if (pair != NULL && forbidden != NULL)
    return pf_error_set (error, PF_STATUS_USAGE,
                         "of langs and forbidden, a glossary takes one only");
  return TRUE;
}

static gboolean
is_language (PfSpan text)
{
  for (gsize i = 0; i < text.len; i++)
    if (!g_ascii_isalnum (text.data[i]) && text.data[i] != '-' &&
        text.data[i] != '_')
      return FALSE;
  return text.len > 0;
}

static gboolean
check_keys (const PfSource *source, PfError *error)
{
  const char *pair = pf_source_key (source, "langs");
  const char *forbidden = pf_source_key (source, "forbidden");
  PfTbxChoice choice;

  if (!parse_choice (source, &choice, error))
    return FALSE;
  if (forbidden != NULL && !is_language (choice.forbidden))
    return pf_error_set (error, PF_STATUS_USAGE,
                         "forbidden takes a language such as en, not '%s'",
                         forbidden);
  if (pair == NULL ||
      (is_language (choice.terms) &&
       (strcspn (pair, ":,") == strlen (pair) || is_language (choice.values))))
    return TRUE;
  return pf_error_set (error, PF_STATUS_USAGE,
                       "langs takes one or two languages such as en:fr, not "
                       "'%s'",
                       pair);
}

#ifdef HAVE_LIBXML2

/* What an element is. */
typedef enum {
  ROLE_OTHER,
  ROLE_CONCEPT,
  ROLE_LANGUAGE,
  ROLE_SECTION, /* a term and what is said of it */
  ROLE_TEXT     /* what is in it goes to a field */
} Role;

typedef struct {
  guint8 role;
  gboolean is_verbatim; /* white space stays as it is */
} Open;

typedef struct {
  PfStream *stream;
  PfError *error;
  PfTbxChoice choice;
  PfTbxConcept *concept;
  Open open[PF_XML_DEPTH_MAX];
  guint depth;       /* of what is open */
  guint64 line;      /* of the concept */
  guint64 term_line; /* of the section */
  gboolean in_concept, in_language, in_section;
  gboolean is_spoilt;  /* something in the concept is malformed */
  gboolean is_dropped; /* so that nothing of it is taken */
  gsize emitted;       /* bytes of the entries of the concept */

  /* While a text is gathered: */
  guint text_depth; /* depth of its element; 0: none is */
  guint64 text_line;
  PfTbxField field;
  GString *text;
  gboolean is_space_due; /* white space came that is not yet in TEXT */
} Reader;

static const struct {
  const char *name;
  Role role;
} elements[] = {
  { "termEntry", ROLE_CONCEPT }, { "conceptEntry", ROLE_CONCEPT },
  { "langSet", ROLE_LANGUAGE },  { "langSec", ROLE_LANGUAGE },
  { "tig", ROLE_SECTION },       { "ntig", ROLE_SECTION },
  { "termSec", ROLE_SECTION },
};

static const struct {
  const char *name;
  PfTbxField field;
} categories[] = {
  { "term", PF_TBX_TERM },
  { "definition", PF_TBX_DEFINITION },
  { "subjectField", PF_TBX_SUBJECT },
  { "administrativeStatus", PF_TBX_STATUS },
  { "normativeAuthorization", PF_TBX_STATUS },
  { "note", PF_TBX_NOTE },
};

/* In DCA an attribute says what an element is, in DCT its name does. */
static PfSpan
category_of (const PfXmlElement *element)
{
  static const char *const meta[] = { "descrip", "termNote", "admin" };
  PfSpan type = { NULL, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (meta); i++)
    if (strcmp (element->name, meta[i]) == 0) {
      pf_xml_attribute (element, "type", &type);
      return type;
    }
  return pf_span_str (element->name);
}

static Role
role_of (const PfXmlElement *element, PfTbxField *field)
{
  PfSpan category = category_of (element);

  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    if (strcmp (element->name, elements[i].name) == 0)
      return elements[i].role;
  for (guint i = 0; i < G_N_ELEMENTS (categories); i++)
    if (pf_span_equal (category, pf_span_str (categories[i].name))) {
      *field = categories[i].field;
      return ROLE_TEXT;
    }
  return ROLE_OTHER;
}

/* WHAT is wrong in LINE. FALSE where that ends the reading. */
static gboolean
spoil (Reader *self, guint64 line, PfError *what)
{
  self->is_spoilt = TRUE;
  return pf_stream_malformed (self->stream, line, what, self->error);
}

static gboolean
check_root (Reader *self, const PfXmlElement *element)
{
  if (strcmp (element->name, "tbx") == 0 ||
      strcmp (element->name, "martif") == 0)
    return TRUE;
  return pf_stream_fail (element->line, self->error,
                         "no TBX: the outermost element is %.60s",
                         element->name);
}

static void
begin_concept (Reader *self, const PfXmlElement *element)
{
  pf_tbx_concept_begin (self->concept);
  self->in_concept = TRUE;
  self->is_spoilt = self->is_dropped = FALSE;
  self->emitted = 0;
  self->line = element->line;
}

static void
begin_language (Reader *self, const PfXmlElement *element)
{
  PfSpan tag = { NULL, 0 };

  pf_xml_attribute (element, "lang", &tag);
  pf_tbx_concept_begin_language (self->concept, tag);
  self->in_language = TRUE;
}

static void
begin_section (Reader *self, const PfXmlElement *element)
{
  pf_tbx_concept_begin_term (self->concept, element->line);
  self->in_section = TRUE;
  self->term_line = element->line;
}

static void
begin_text (Reader *self, const PfXmlElement *element, PfTbxField field)
{
  self->text_depth = self->depth;
  self->text_line = element->line;
  self->field = field;
  self->is_space_due = FALSE;
  g_string_truncate (self->text, 0);
}

/* What stands where it has no meaning is passed over. */
static Role
begin (Reader *self, const PfXmlElement *element)
{
  PfTbxField field = PF_TBX_TERM;
  Role role = role_of (element, &field);

  if (role == ROLE_CONCEPT && !self->in_concept)
    begin_concept (self, element);
  else if (self->is_dropped)
    role = ROLE_OTHER;
  else if (role == ROLE_LANGUAGE && self->in_concept && !self->in_language)
    begin_language (self, element);
  else if (role == ROLE_SECTION && self->in_language && !self->in_section)
    begin_section (self, element);
  else if (role == ROLE_TEXT && self->in_concept)
    begin_text (self, element, field);
  else
    role = ROLE_OTHER;
  return role;
}

static gboolean
is_verbatim (const Reader *self, const PfXmlElement *element)
{
  PfSpan space;

  if (pf_xml_attribute (element, "space", &space))
    return pf_span_equal (space, pf_span_str ("preserve"));
  return self->depth > 0 && self->open[self->depth - 1].is_verbatim;
}

static gboolean
drop_full_concept (Reader *self, guint64 line)
{
  g_auto (PfError) what = { 0 };

  self->is_dropped = TRUE;
  pf_error_set (&what, PF_STATUS_DATA, "concept of more than %d MiB",
                (int)(PF_TBX_CONCEPT_MAX >> 20));
  return spoil (self, line, &what);
}

static gboolean
on_start (const PfXmlElement *element, gpointer user)
{
  Reader *self = user;
  Open *open = &self->open[self->depth];

  if (self->depth == 0 && !check_root (self, element))
    return FALSE;
  open->is_verbatim = is_verbatim (self, element);
  open->role = ROLE_OTHER;
  self->depth++;
  if (self->text_depth == 0)
    open->role = (guint8)begin (self, element);
  return !self->in_concept || self->is_dropped ||
         !pf_tbx_concept_is_full (self->concept) ||
         drop_full_concept (self, element->line);
}

/* Beyond what any field may hold, nothing is kept. */
static void
append (Reader *self, const guint8 *bytes, gsize len)
{
  gsize room =
      (gsize)PF_VALUE_MAX + 1 - MIN (self->text->len, PF_VALUE_MAX + 1);

  g_string_append_len (self->text, (const char *)bytes,
                       (gssize)MIN (len, room));
}

static gboolean
is_layout (guint8 byte)
{
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Of white space, what stands between words is kept as one space. */
static void
append_words (Reader *self, PfSpan text)
{
  gsize i = 0;

  while (i < text.len) {
    gsize from = i;

    while (i < text.len && !is_layout (text.data[i]))
      i++;
    if (i > from && self->is_space_due)
      append (self, (const guint8 *)" ", 1);
    if (i > from)
      self->is_space_due = FALSE;
    append (self, text.data + from, i - from);
    for (; i < text.len && is_layout (text.data[i]); i++)
      self->is_space_due = self->text->len > 0;
  }
}

static gboolean
on_text (PfSpan text, gpointer user)
{
  Reader *self = user;

  if (self->text_depth == 0)
    return TRUE;
  if (!self->open[self->depth - 1].is_verbatim) {
    append_words (self, text);
    return TRUE;
  }
  if (self->is_space_due)
    append (self, (const guint8 *)" ", 1);
  self->is_space_due = FALSE;
  append (self, text.data, text.len);
  return TRUE;
}

static gboolean
end_text (Reader *self)
{
  PfSpan text = { (const guint8 *)self->text->str, self->text->len };
  g_auto (PfError) what = { 0 };

  self->text_depth = 0;
  if (self->is_dropped ||
      pf_tbx_concept_set (self->concept, self->field, text, &what))
    return TRUE;
  self->is_dropped = TRUE;
  return spoil (self, self->text_line, &what);
}

static gboolean
end_section (Reader *self)
{
  gboolean has_term = pf_tbx_concept_has_term (self->concept);
  g_auto (PfError) what = { 0 };

  self->in_section = FALSE;
  pf_tbx_concept_leave (self->concept);
  if (has_term || self->is_dropped)
    return TRUE;
  pf_error_set (&what, PF_STATUS_DATA, "empty term");
  return spoil (self, self->term_line, &what);
}

static gboolean
add (const PfEntry *entry, guint64 line, gpointer user)
{
  Reader *self = user;

  self->emitted += entry->value.len + entry->label.len;
  if (self->is_dropped)
    return TRUE;
  if (self->emitted > PF_TBX_CONCEPT_MAX)
    return drop_full_concept (self, line);
  return pf_stream_add (self->stream, entry, line, self->error);
}

static gboolean
end_concept (Reader *self)
{
  g_auto (PfError) what = { 0 };

  self->in_concept = FALSE;
  if (self->is_dropped)
    return TRUE;
  if (pf_tbx_concept_n_terms (self->concept) == 0 && !self->is_spoilt) {
    pf_error_set (&what, PF_STATUS_DATA, "concept without a term");
    return spoil (self, self->line, &what);
  }
  return pf_tbx_concept_emit (self->concept, &self->choice, add, self);
}

static gboolean
on_end (gpointer user)
{
  Reader *self = user;

  switch ((Role)self->open[--self->depth].role) {
  case ROLE_TEXT:
    return end_text (self);
  case ROLE_SECTION:
    return end_section (self);
  case ROLE_LANGUAGE:
    self->in_language = FALSE;
    pf_tbx_concept_leave (self->concept);
    return TRUE;
  case ROLE_CONCEPT:
    return end_concept (self);
  case ROLE_OTHER:
    return TRUE;
  }
  g_assert_not_reached ();
}

static gboolean
read_tbx (PfStream *stream, PfError *error)
{
  static const PfXmlEvents events = { on_start, on_text, on_end };
  Reader *self = g_new0 (Reader, 1);
  gboolean done;

  self->stream = stream;
  self->error = error;
  self->concept = pf_tbx_concept_new ();
  self->text = g_string_new (NULL);
  done = parse_choice (stream->source, &self->choice, error) &&
         pf_xml_read (&stream->bytes, &events, self, error);
  g_string_free (self->text, TRUE);
  pf_tbx_concept_free (self->concept);
  g_free (self);
  return done;
}

#define READ read_tbx
#else
#define READ NULL
#endif

static const char *const keys[] = { "langs", "forbidden", NULL };

const PfStreamFormat pf_format_tbx = { .name = "tbx",
                                       .default_case = PF_CASE_EXACT,
                                       .library = "libxml2",
                                       .keys = keys,
                                       .check_keys = check_keys,
                                       .read = READ };

gboolean
pf_tbx_set_defaults (PfSource *source, const char *langs, const char *forbidden,
                     PfError *error)
{
  if (source->stream != &pf_format_tbx ||
      pf_source_key (source, "langs") != NULL ||
      pf_source_key (source, "forbidden") != NULL)
    return TRUE;
  return (langs == NULL || pf_source_set_key (source, "langs", langs, error)) &&
         (forbidden == NULL ||
          pf_source_set_key (source, "forbidden", forbidden, error));
}
