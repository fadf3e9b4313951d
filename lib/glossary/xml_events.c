#include "glossary/xml_events.h"

#include <errno.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <stdarg.h>
#include <string.h>

#include "base/once.h"

#define CHUNK ((gsize)PF_XML_CHUNK)

/* Of the five pointers that make an attribute. */
enum { ATTRIBUTE_NAME, ATTRIBUTE_VALUE = 3, ATTRIBUTE_END, ATTRIBUTE_WIDTH };

#if LIBXML_VERSION >= 21200
typedef const xmlError *ErrorRecord;
#else
typedef xmlErrorPtr ErrorRecord;
#endif

typedef struct {
  const PfXmlEvents *events;
  gpointer user;
  xmlParserCtxtPtr parser;
  guint depth;         /* elements that are open */
  int tag_line;        /* of the last tag */
  gboolean is_stopped; /* by an event, or by a failure here */
  PfError failure;     /* what ended it, if no event did */
} Reading;

static gpointer
start_library (void)
{
  xmlInitParser ();
  return NULL;
}

PF_DEFINE_ONCE (static gpointer, library, start_library)

static void
stop (Reading *self)
{
  self->is_stopped = TRUE;
  xmlStopParser (self->parser);
}

static void fail (Reading *self, int line, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* The first failure counts. */
static void
fail (Reading *self, int line, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (self->is_stopped || pf_error_is_set (&self->failure))
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  pf_error_set (&self->failure, PF_STATUS_DATA, "%d: %s", MAX (line, 1), text);
  stop (self);
}

static int
present_line (const Reading *self)
{
  return self->parser->input != NULL ? self->parser->input->line : 0;
}

static void
on_start (void *data, const xmlChar *name, const xmlChar *prefix G_GNUC_UNUSED,
          const xmlChar *uri G_GNUC_UNUSED, int n_namespaces G_GNUC_UNUSED,
          const xmlChar **namespaces G_GNUC_UNUSED, int n_attributes,
          int n_defaulted G_GNUC_UNUSED, const xmlChar **attributes)
{
  Reading *self = data;
  PfXmlElement element = { .name = (const char *)name,
                           .line = (guint64)MAX (present_line (self), 1),
                           .attributes = attributes,
                           .n_attributes = (gsize)MAX (n_attributes, 0) };

  self->tag_line = present_line (self);
  if (self->depth++ >= PF_XML_DEPTH_MAX)
    fail (self, present_line (self), "elements nested deeper than %d",
          PF_XML_DEPTH_MAX);
  if (!self->is_stopped && !self->events->start (&element, self->user))
    stop (self);
}

static void
on_end (void *data, const xmlChar *name G_GNUC_UNUSED,
        const xmlChar *prefix G_GNUC_UNUSED, const xmlChar *uri G_GNUC_UNUSED)
{
  Reading *self = data;

  self->tag_line = present_line (self);
  self->depth--;
  if (!self->is_stopped && !self->events->end (self->user))
    stop (self);
}

static void
on_text (void *data, const xmlChar *bytes, int len)
{
  Reading *self = data;
  PfSpan text = { bytes, (gsize)len };

  if (!self->is_stopped && !self->events->text (text, self->user))
    stop (self);
}

static void
refuse_declaration (Reading *self, const xmlChar *name)
{
  fail (self, present_line (self),
        "the document declares an entity, which is refused: %.60s",
        (const char *)name);
}

static void
on_entity (void *data, const xmlChar *name, int type G_GNUC_UNUSED,
           const xmlChar *public G_GNUC_UNUSED,
           const xmlChar *system G_GNUC_UNUSED, xmlChar *content G_GNUC_UNUSED)
{
  refuse_declaration (data, name);
}

static void
on_unparsed_entity (void *data, const xmlChar *name,
                    const xmlChar *public G_GNUC_UNUSED,
                    const xmlChar *system G_GNUC_UNUSED,
                    const xmlChar *notation G_GNUC_UNUSED)
{
  refuse_declaration (data, name);
}

/* Those of XML itself are not asked for. */
static xmlEntityPtr
find_entity (void *data, const xmlChar *name)
{
  Reading *self = data;

  fail (self, present_line (self), "unknown entity: &%.60s;",
        (const char *)name);
  return NULL;
}

static xmlEntityPtr
find_parameter (void *data, const xmlChar *name)
{
  Reading *self = data;

  fail (self, present_line (self), "unknown entity: %%%.60s;",
        (const char *)name);
  return NULL;
}

/* Names without a namespace, and other things that XML itself allows, are no
 * errors here. */
static void
on_error (void *data, ErrorRecord record)
{
  Reading *self = data;
  const char *text = record->message != NULL ? record->message : "XML error";

  if (record->level != XML_ERR_FATAL)
    return;
  /* How far it has read behind the last tag depends on how the bytes came. */
  if (record->code == XML_ERR_DOCUMENT_END && self->depth > 0)
    fail (self, self->tag_line,
          "not well-formed: the document ends inside an element");
  else
    fail (self, record->line > 0 ? record->line : present_line (self),
          "not well-formed: %.*s", (int)strcspn (text, "\n"), text);
}

static void
fill_handler (xmlSAXHandler *handler)
{
  *handler = (xmlSAXHandler){ .initialized = XML_SAX2_MAGIC,
                              .startElementNs = on_start,
                              .endElementNs = on_end,
                              .characters = on_text,
                              .ignorableWhitespace = on_text,
                              .cdataBlock = on_text,
                              .entityDecl = on_entity,
                              .unparsedEntityDecl = on_unparsed_entity,
                              .getEntity = find_entity,
                              .getParameterEntity = find_parameter,
                              .serror = on_error };
}

/* All of CHUNK, unless the end comes before; so what is made of the bytes does
 * not depend on how they come. FALSE with an error. */
static gboolean
fill (const PfByteSource *bytes, char *chunk, gsize *len, PfError *error)
{
  gssize n = 1;

  *len = 0;
  while (*len < CHUNK && n > 0) {
    n = pf_byte_source_read (bytes, (guint8 *)chunk + *len, CHUNK - *len,
                             error);
    *len += (gsize)MAX (n, 0);
  }
  return n >= 0;
}

/* FALSE at the end and where that came too early. */
static gboolean
parse_chunk (Reading *self, const PfByteSource *bytes, char *chunk,
             PfError *error)
{
  gsize len;

  if (!fill (bytes, chunk, &len, error)) {
    self->is_stopped = TRUE;
    return FALSE;
  }
  xmlParseChunk (self->parser, chunk, (int)len, len < CHUNK);
  return len == CHUNK && !self->is_stopped && !pf_error_is_set (&self->failure);
}

/* What was not told as an error of its own. */
static void
check_end (Reading *self)
{
  if (!self->parser->wellFormed)
    fail (self, present_line (self), "not well-formed");
}

static gboolean
parse_all (Reading *self, const PfByteSource *bytes, PfError *error)
{
  g_autofree char *chunk = g_malloc (CHUNK);

  xmlCtxtUseOptions (self->parser, XML_PARSE_NONET);
  while (parse_chunk (self, bytes, chunk, error))
    ;
  check_end (self);
  if (pf_error_is_set (&self->failure))
    pf_error_move (error, &self->failure);
  return !self->is_stopped;
}

/* Some errors of encodings do not go to the parser's handler, but to that of
 * the thread, which would print them. */
gboolean
pf_xml_read (const PfByteSource *bytes, const PfXmlEvents *events,
             gpointer user, PfError *error)
{
  Reading self = { .events = events, .user = user };
  xmlStructuredErrorFunc old_func;
  void *old_data;
  xmlSAXHandler handler;
  gboolean done;

  library ();
  old_func = xmlStructuredError;
  old_data = xmlStructuredErrorContext;
  fill_handler (&handler);
  self.parser = xmlCreatePushParserCtxt (&handler, &self, NULL, 0, NULL);
  if (self.parser == NULL)
    return pf_error_set_system (error, PF_STATUS_TEMPORARY, ENOMEM);
  xmlSetStructuredErrorFunc (&self, on_error);
  done = parse_all (&self, bytes, error);
  xmlSetStructuredErrorFunc (old_data, old_func);
  /* A declared entity has it made, though no tree is asked for. */
  if (self.parser->myDoc != NULL)
    xmlFreeDoc (self.parser->myDoc);
  xmlFreeParserCtxt (self.parser);
  return done;
}

gboolean
pf_xml_attribute (const PfXmlElement *self, const char *name, PfSpan *value)
{
  const xmlChar *const *attributes = self->attributes;

  for (gsize i = 0; i < self->n_attributes; i++) {
    const xmlChar *const *one = attributes + i * ATTRIBUTE_WIDTH;

    if (strcmp ((const char *)one[ATTRIBUTE_NAME], name) != 0)
      continue;
    value->data = one[ATTRIBUTE_VALUE];
    value->len = (gsize)(one[ATTRIBUTE_END] - one[ATTRIBUTE_VALUE]);
    return TRUE;
  }
  return FALSE;
}
