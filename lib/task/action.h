/* What actions and the pump that drives them share. Private to this folder. */
#pragma once

#include "match/census.h"
#include "task/raw_lines.h"
#include "task/task.h"
#include "text/unified_diff.h"
#include "text/units.h"

struct PfAction {
  /* DOCUMENT, whose first window is there, begins at AT, in bytes of it; may be
   * NULL. FALSE with ERROR where it cannot be processed. */
  gboolean (*begin) (PfTask *self, guint64 at, const PfDocument *document,
                     PfError *error);
  /* What the matcher calls for each match, in offsets of the window, with the
   * task. It begins with pf_task_note_match, or with pf_task_note_first where
   * the first match answers the file. */
  PfMatchFunc match;
  /* All matches that begin before TO in the window were reported; may be NULL.
   */
  void (*scanned) (PfTask *self, gsize to);
  /* The bytes of the window up to LEN are about to go; may be NULL. */
  void (*leave) (PfTask *self, gsize len);
  /* The file is over; COMPLETE unless it failed or was passed over; may be
   * NULL. */
  void (*end) (PfTask *self, gboolean complete);
  gboolean first_only;   /* the first match answers the file */
  gboolean own_limit;    /* the plan's max_count is not one of matches: the
                            action sees to it */
  gboolean whole;        /* documents are not cut into pieces */
  gboolean counts_terms; /* by their numbers: the matcher must stay */
};

/* A document that follows a slot of matchers. */
typedef struct {
  PfSlot *matchers;  /* NULL: it follows none */
  PfMatcher *held;   /* owned; the one it scans with */
  guint64 version;   /* of it */
  guint64 change_at; /* where the next one takes over; PF_NO_LIMIT: not known */
} PfFollow;

struct PfTask {
  const PfTaskPlan *plan;
  guint worker;
  gsize result_share;
  PfScratch *scratch;
  GArray *entries;       /* PfEntry, of the match at hand */
  PfTally tally;         /* of the file at hand */
  PfRawLines *raw_lines; /* of pf_action_lines, or NULL */
  GString *value;        /* what a match becomes */
  GString *name; /* of the file at hand, as the format has it, once made */

  /* The file at hand. */
  const PfMatcher *matcher;
  const PfGlossary *glossary; /* of the matcher */
  PfFollow follow;
  PfSpan path;
  gboolean has_name;
  PfResult *result;
  gpointer user;
  const PfCutoff *cutoff; /* or NULL */
  guint64 number;         /* of the file, for the cutoff */
  PfSpan window;
  guint64 window_offset;
  PfLineCounter lines;
  PfUnitCounter units; /* where the format counts them */
  guint64 n_matches;
  guint64 most;      /* matches that are wanted */
  guint64 look_at;   /* with so many matches, it is asked whether to go on */
  gboolean answered; /* nothing that follows can change the result */
  PfError failure;   /* of the action, which wants no more then */
  gboolean refused;  /* flush did not take what it had to */
  gboolean takes_census; /* as the pump goes */
  PfCensus census;
  guint64 rewritten;  /* offset up to which the document was */
  guint64 text_begin; /* offset behind its byte order mark */
  gboolean is_open;   /* something of it was written */
  guint64 n_changes;
  PfUnifiedDiff *diff; /* NULL until one is made */
  guint64 n_bytes;     /* of text, once it is over */
};

/* Hands the result on where it has grown large. FALSE where it is not taken. */
gboolean pf_task_hand_on (PfTask *self);

/* What the numbers of MATCH stand for; valid until the next match. */
const PfEntry *pf_task_entries (PfTask *self, const PfMatch *match);

/* Counts the lines of the window up to TO. */
void pf_task_count_lines (PfTask *self, gsize to);

/* After each addition to the result. */
static inline gboolean
pf_task_limit_result (PfTask *self)
{
  return self->result->bytes->len + self->result->remark_bytes <
             self->result_share ||
         pf_task_hand_on (self);
}

/* The document ends with this error, unless it has one. */
void pf_task_fail (PfTask *self, PfStatus status, const char *message);

/* Whether the run was cancelled, or nobody wants the file any more. */
static inline gboolean
pf_task_is_stopped (const PfTask *self)
{
  return pf_cancel_is_set (self->plan->cancel) ||
         (self->cutoff != NULL &&
          pf_cutoff_is_past (self->cutoff, self->number));
}

/* With self->look_at matches: FALSE where the task was stopped, or where they
 * are as many as are wanted. */
gboolean pf_task_look (PfTask *self);

/* Counts a match. FALSE where it is the last, which is not asked each time. */
static inline gboolean
pf_task_note_match (const PfMatch *match G_GNUC_UNUSED, gpointer user)
{
  PfTask *self = user;

  return ++self->n_matches < self->look_at || pf_task_look (self);
}

/* Counts a match, and wants no other. */
gboolean pf_task_note_first (const PfMatch *match, gpointer user);

/* What the format calls the file at hand. */
PfSpan pf_task_name (PfTask *self);

typedef enum {
  PF_OUTCOME_DONE,
  PF_OUTCOME_BINARY, /* the file is to be passed over */
  PF_OUTCOME_FAILED  /* with an error; or it was stopped or refused */
} PfOutcome;

#define PF_NO_LIMIT G_MAXUINT64

/* A new file, or a piece of one; its window is that of JOB->document. */
void pf_task_begin (PfTask *self, const PfTaskJob *job);

/* As pf_document_fill, and takes the new window, also where that fails. */
gboolean pf_task_fill (PfTask *self, PfDocument *document, PfError *error);

/* Scans from *AT, which is in the window, up to LIMIT, both in bytes of the
 * document, or to its end. *AT is moved to where the scan of what follows must
 * go on; what stands before it was reported. */
PfOutcome pf_task_pump (PfTask *self, PfDocument *document, guint64 *at,
                        guint64 limit, PfError *error);

/* The file begins to follow MATCHERS, and ends to. */
void pf_task_follow (PfTask *self, PfSlot *matchers);
void pf_task_unfollow (PfTask *self);

/* Before a scan from AT: takes the new matcher where there is one and a line
 * begins. How far the scan may go before that must be asked again, in bytes of
 * the document, or PF_NO_LIMIT. */
guint64 pf_task_change_matcher (PfTask *self, guint64 at);

/* Before the end: the text from BEGIN to END was looked at, and CENSUS is what
 * there is in it, or NULL. */
void pf_task_count_text (PfTask *self, guint64 begin, guint64 end,
                         const PfCensus *census);

/* The file is over. TRUE where all went well. */
gboolean pf_task_end (PfTask *self, PfOutcome outcome);
