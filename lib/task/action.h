/* What actions and the pump that drives them share. Private to this folder. */
#pragma once

#include "task/task.h"
#include "text/lines.h"

struct PfAction {
  /* A match, in offsets of the window; may be NULL. */
  void (*match) (PfTask *self, const PfMatch *match);
  /* The bytes of the window up to LEN are about to go; may be NULL. */
  void (*leave) (PfTask *self, gsize len);
  /* The file is over; COMPLETE unless it failed or was passed over; may be
   * NULL. */
  void (*end) (PfTask *self, gboolean complete);
  gboolean first_only; /* the first match answers the file */
};

struct PfTask {
  const PfTaskPlan *plan;
  PfScratch *scratch;
  GArray *entries;         /* PfEntry, of the match at hand */
  GHashTable *term_counts; /* term_id -> how often in this file */
  GArray *terms_seen;      /* guint32, in the order of their first match */

  /* The file at hand. */
  const PfMatcher *matcher;
  PfSpan path;
  PfResult *result;
  gpointer user;
  PfSpan window;
  guint64 window_offset;
  PfLineCounter lines;
  guint64 n_matches;
};

/* After each addition to the result: hands it on where it has grown large.
 * FALSE where the run was cancelled meanwhile. */
gboolean pf_task_limit_result (PfTask *self);
