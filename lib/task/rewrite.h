/* Rewriting: a document goes into the result as it is, but for its matches.
 *
 *   text     kept kept [match] kept kept kept [match] kept
 *                 │       │                      │
 *   writer      keep   change                 change   …
 *
 * The byte order mark of UTF-8 belongs to what is kept; text that was decoded
 * comes as UTF-8. Nothing is written of a document that is passed over for a
 * binary. A rewriter is constant, for any thread; its functions are called by
 * the thread that has the task. Private to this folder.
 */
#pragma once

#include "task/action.h"

/* What becomes of the parts of a document, in their order. Each may append to
 * the task's result, and fail with pf_task_fail; all but keep may be NULL. */
struct PfRewriter {
  void (*begin) (PfTask *self); /* of a document that may be a binary */
  void (*open) (PfTask *self);  /* before all that follows: it is none */
  void (*mark) (PfTask *self, PfSpan mark); /* a byte order mark; NULL: keep */
  void (*keep) (PfTask *self, PfSpan text);
  void (*change) (PfTask *self, PfSpan from, PfSpan to);
  void (*end) (PfTask *self, gboolean complete); /* of what was opened */
  gboolean bytes_only; /* decoded text cannot be rewritten */
};

/* The begin, leave and end of actions that rewrite. */
gboolean pf_rewrite_begin (PfTask *self, guint64 at, const PfDocument *document,
                           PfError *error);
void pf_rewrite_leave (PfTask *self, gsize len);
void pf_rewrite_end (PfTask *self, gboolean complete);

/* Keeps what stands before TO, in the window, and was not rewritten yet. */
void pf_rewrite_keep (PfTask *self, gsize to);

/* The match was rewritten. */
void pf_rewrite_skip (PfTask *self, const PfMatch *match);

/* Keeps all before the match, and puts TO in its place. */
void pf_rewrite_match (PfTask *self, const PfMatch *match, PfSpan to);
