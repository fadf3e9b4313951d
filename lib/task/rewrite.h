/* Rewriting: a document goes into the result as it is, but for its matches.
 *
 *   text     kept kept [match] kept kept kept [match] kept
 *                 │       │                      │
 *   writer      keep   change                 change   …
 *
 * The byte order mark of UTF-8 belongs to what is kept; text that was decoded
 * comes as UTF-8. Nothing is written of a document that is passed over for a
 * binary. Private to this folder.
 */
#pragma once

#include "task/action.h"

/* What becomes of the parts of a document, in their order. Each may append to
 * the task's result, and fail with pf_task_fail. */
struct PfRewriter {
  void (*begin) (PfTask *self); /* may be NULL */
  void (*keep) (PfTask *self, PfSpan text);
  void (*change) (PfTask *self, PfSpan from, PfSpan to);
  void (*end) (PfTask *self); /* complete; may be NULL */
  gboolean bytes_only;        /* decoded text cannot be rewritten */
};

/* The begin, leave and end of actions that rewrite. */
gboolean pf_rewrite_begin (PfTask *self, guint64 at, const PfDocument *document,
                           PfError *error);
void pf_rewrite_leave (PfTask *self, gsize len);
void pf_rewrite_end (PfTask *self, gboolean complete);

/* Keeps all before the match, and puts TO in its place. */
void pf_rewrite_match (PfTask *self, const PfMatch *match, PfSpan to);
