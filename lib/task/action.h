/* What actions and the pump that drives them share. Private to this folder. */
#pragma once

#include "task/task.h"
#include "text/lines.h"

struct PfAction {
  /* What the matcher calls for each match, in offsets of the window, with the
   * task. It begins with pf_task_note_match, or with pf_task_note_first where
   * the first match answers the file. */
  PfMatchFunc match;
  /* The bytes of the window up to LEN are about to go; may be NULL. */
  void (*leave) (PfTask *self, gsize len);
  /* The file is over; COMPLETE unless it failed or was passed over; may be
   * NULL. */
  void (*end) (PfTask *self, gboolean complete);
  gboolean first_only; /* the first match answers the file */
};

struct PfTask {
  const PfTaskPlan *plan;
  guint worker;
  PfScratch *scratch;
  GArray *entries; /* PfEntry, of the match at hand */
  PfTally tally;   /* of the file at hand */
  GString *name;   /* of the file at hand, as the format has it, once made */

  /* The file at hand. */
  const PfMatcher *matcher;
  const PfGlossary *glossary;
  PfSpan path;
  gboolean has_name;
  PfResult *result;
  gpointer user;
  PfSpan window;
  guint64 window_offset;
  PfLineCounter lines;
  guint64 n_matches;
};

/* A result this large is handed on, or waits for its turn. */
#define PF_RESULT_SHARE ((gsize)256 << 10)

/* Hands the result on where it has grown large. FALSE where the run was
 * cancelled meanwhile. */
gboolean pf_task_hand_on (PfTask *self);

/* After each addition to the result. */
static inline gboolean
pf_task_limit_result (PfTask *self)
{
  return self->result->bytes->len < PF_RESULT_SHARE || pf_task_hand_on (self);
}

/* Counts a match. FALSE where the run was cancelled, which is not asked each
 * time. */
static inline gboolean
pf_task_note_match (const PfMatch *match G_GNUC_UNUSED, gpointer user)
{
  PfTask *self = user;

  return ++self->n_matches % 1024 > 0 || !pf_cancel_is_set (self->plan->cancel);
}

/* Counts a match, and wants no other. */
gboolean pf_task_note_first (const PfMatch *match, gpointer user);

/* What the format calls the file at hand. */
PfSpan pf_task_name (PfTask *self);
