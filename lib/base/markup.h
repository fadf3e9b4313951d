/* How a document is annotated: what its matches become, and what the text
 * between them does. Tasks tell of both in order, one markup turns them into
 * bytes; neither knows the other.
 */
#pragma once

#include "base/record.h"

/* A template, parsed; see sink/template.h. */
typedef struct PfTemplate PfTemplate;

typedef struct PfMarkup PfMarkup;

/* All calls append to OUT; they are pure functions, for any thread. Those that
 * may be NULL do nothing then. */
struct PfMarkup {
  /* A page with the name TITLE, around one document or several. May be NULL. */
  void (*open_page) (GString *out, PfSpan title);
  void (*close_page) (GString *out);
  /* A document on a page. May be NULL. */
  void (*begin) (GString *out, PfSpan name);
  void (*end) (GString *out);
  /* TEXT stays; it ends between characters. NULL: as it is. */
  void (*keep) (GString *out, PfSpan text);
  void (*match) (GString *out, const PfMatchRecord *record,
                 const PfTemplate *template);
  gboolean drops_mark; /* a byte order mark would stand in the middle */
};
