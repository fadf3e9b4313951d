/* XML as a stream of events, read by libxml2; the one place that knows it.
 *
 *   bytes ──▶ libxml2 ──▶ start, text, end
 *
 * No tree is made: memory is that of one tag or piece of text, whatever the
 * size of the document. Nothing is loaded from elsewhere, neither a document
 * type nor an entity. A document that declares entities is refused at the first
 * of them, before it is used, so that none can grow; and one is refused that
 * uses an entity which XML itself does not define. What libxml2 limits by
 * itself stays limited: depth to 256 elements, and names. Encodings are those
 * that libxml2 knows. Nothing is printed.
 *
 * Any thread, and several at once, each a document of its own.
 */
#pragma once

#include "base/byte_source.h"

/* How deep elements may be nested. */
#define PF_XML_DEPTH_MAX 256

/* Bytes that libxml2 gets at a time. */
#define PF_XML_CHUNK (32 << 10)

/* The start of an element; valid during the call. */
typedef struct {
  const char *name; /* without prefix, UTF-8 */
  guint64 line;     /* the first is 1 */
  gconstpointer attributes;
  gsize n_attributes;
} PfXmlElement;

/* Each may return FALSE, with an error in what pf_xml_read was given, and is
 * then the last. */
typedef struct {
  gboolean (*start) (const PfXmlElement *element, gpointer user);
  /* A piece of text, UTF-8, references replaced. */
  gboolean (*text) (PfSpan text, gpointer user);
  /* The end of the element that began last. */
  gboolean (*end) (gpointer user);
} PfXmlEvents;

/* The attribute of that name without prefix. FALSE where there is none. */
gboolean pf_xml_attribute (const PfXmlElement *self, const char *name,
                           PfSpan *value);

/* Reads the document in BYTES to its end. FALSE with the error of BYTES, that
 * which an event has set, or PF_STATUS_DATA and "LINE: message" where it is not
 * well-formed or refused. */
gboolean pf_xml_read (const PfByteSource *bytes, const PfXmlEvents *events,
                      gpointer user, PfError *error);
