/* Tasks: what is done with each document and its matches.
 *
 *   document ──windows──▶ matcher ──matches──▶ action ──records──▶ result
 *
 * A PfTaskPlan is constant and shared; a PfTask belongs to one worker. Records
 * become bytes through a PfRecordFormat, so that a task knows no format.
 */
#pragma once

#include "base/cutoff.h"
#include "base/markup.h"
#include "base/record.h"
#include "base/slot.h"
#include "match/matcher.h"
#include "task/document.h"
#include "task/groups.h"
#include "task/result.h"
#include "task/totals.h"

typedef struct PfTask PfTask;
typedef struct PfAction PfAction;
typedef struct PfRewriter PfRewriter;

extern const PfAction pf_action_find;          /* each match */
extern const PfAction pf_action_count;         /* matches a file */
extern const PfAction pf_action_count_terms;   /* matches a file and term */
extern const PfAction pf_action_total;         /* into totals only */
extern const PfAction pf_action_total_groups;  /* by plan->groups */
extern const PfAction pf_action_total_folders; /* by folder, with the results */
extern const PfAction pf_action_with_match;    /* names of files with one */
extern const PfAction pf_action_without_match; /* names of files with none */
extern const PfAction pf_action_lines;         /* raw lines */
extern const PfAction pf_action_answer;        /* whether there is any */
extern const PfAction pf_action_replace;       /* values in their place */
extern const PfAction pf_action_annotate;      /* marked up */

/* What becomes of a document that is rewritten. */
extern const PfRewriter pf_rewriter_plain;  /* the new text */
extern const PfRewriter pf_rewriter_diff;   /* what differs, for patch */
extern const PfRewriter pf_rewriter_markup; /* with pf_action_annotate */

/* Which value takes the place of a match. */
typedef struct {
  gboolean first_value; /* of several the first; else none, and a remark */
  gboolean plain_case;  /* as it is, whatever the case of the match */
  gboolean keep_lines;  /* none, where the match goes across a line break */
} PfReplaceRules;

/* How documents are annotated. */
typedef struct {
  const PfMarkup *how;
  const PfTemplate *template; /* for pf_markup_template */
  gboolean first_only;        /* of each term, in each document */
  gboolean is_page;           /* each document is a page of its own */
  gboolean has_names;         /* and begins with its name */
} PfMarkupPlan;

typedef struct {
  const PfAction *action;
  const PfRecordFormat *format;
  PfRecordStyle style;
  const PfRewriter *rewriter; /* for actions that rewrite */
  PfReplaceRules replace;     /* for pf_action_replace */
  PfMarkupPlan markup;        /* for pf_action_annotate */
  gsize hunk;                 /* of a diff, in bytes, at most; 0: 64 MiB */
  PfLineOptions lines;        /* for pf_action_lines, as the next */
  const PfLineFormat *line_format;
  gsize held_lines; /* bytes of lines in memory, for tests; else 0 */
  PfBinary binary;
  gboolean has_markers; /* they say which matches count (text/markers.h) */
  const PfCancel *cancel;
  /* For pf_action_total: NULL where counts go with the results. */
  PfTotals *totals;
  gint64 max_count; /* of a file: matches, or lines; 0: all, below: none */
  const PfGroups *groups; /* of the matcher's glossary */
  guint folder_depth;     /* components of folders */
  gsize result_share;     /* what is large, in bytes; 0: 256 KiB */
  gboolean census;        /* tokens are counted, and files with bad bytes */
  PfIsa isa;              /* for all but matching; it is supported */
  /* Called when RESULT has grown large (MUST: it may not grow further), and
   * before a stream is waited for. It may take what is in the result so far.
   * FALSE where something is left that still waits for its turn. */
  gboolean (*flush) (PfResult *result, gboolean must, gpointer user);
  /* Takes all bytes of PART, which come behind those of RESULT, at once. FALSE
   * where it is not their turn yet: nothing was taken. May be NULL unless
   * there are pieces. */
  gboolean (*pass) (PfResult *result, PfResult *part, gpointer user);
} PfTaskPlan;

/* PLAN must outlive the task; WORKER is whose task it is. (transfer full) */
PfTask *pf_task_new (const PfTaskPlan *plan, guint worker);

/* NULL is allowed. */
void pf_task_free (PfTask *self);

/* One document to process. */
typedef struct {
  const PfMatcher *matcher;
  /* PfMatcher, or NULL. A document that streams takes its matcher from here,
   * and goes over to a new one at the first line that begins after it was
   * swapped; unless the action counts terms, whose numbers are those of one
   * glossary. */
  PfSlot *matchers;
  PfDocument *document;
  const char *path; /* what it is called */
  PfResult *result; /* where it goes */
  gpointer user;    /* for flush */
  /* Where NUMBER is past it, the document is given up; may be NULL. */
  const PfCutoff *cutoff;
  guint64 number;
  /* Bytes of a binary to read on before it is passed over: what is packed may
   * be a text whose damage makes a binary of it, and tells that only later. */
  guint64 suspect;
} PfTaskJob;

/* Whether the document takes its matcher from JOB->matchers; then JOB->matcher
 * may be NULL. */
gboolean pf_task_follows (const PfTask *self, const PfTaskJob *job);

/* FALSE with ERROR where the document failed; what was found before is kept.
 * FALSE without one where the run was cancelled or the document was given up:
 * the result is not complete. */
gboolean pf_task_process (PfTask *self, const PfTaskJob *job, PfError *error);

/* Whether a large document may be scanned in pieces (task/piece.h). */
gboolean pf_task_takes_pieces (const PfTask *self);

/* How much was changed in the document that was processed last, by an action
 * that rewrites. */
guint64 pf_task_changes (const PfTask *self);

/* Bytes of text of the document that was processed last. */
guint64 pf_task_text_bytes (const PfTask *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTask, pf_task_free)
