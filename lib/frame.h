/* What stands before, between and behind the records of a run: column names,
 * failures, a summary, a page, or all of a SARIF document. Belongs to one
 * thread at a time. All append to OUT.
 */
#pragma once

#include "base/markup.h"
#include "pfproc.h"
#include "task/result.h"

typedef struct PfFrame PfFrame;

/* CONFIG's glossary is looked at here, and no longer. PAGE is what makes a page
 * around it all, or NULL. (transfer full) */
PfFrame *pf_frame_new (const PfRunConfig *config, const PfRecordFormat *format,
                       const PfMarkup *page);

/* NULL is allowed. */
void pf_frame_free (PfFrame *self);

/* Before all else; for the second time nothing. */
void pf_frame_begin (PfFrame *self, GString *out);

/* Whether records go out as they are, without pf_frame_add. */
gboolean pf_frame_is_plain (const PfFrame *self);

/* Whole RECORDS. */
void pf_frame_add (PfFrame *self, GString *out, PfSpan records);

/* A failure, where it stands between records. */
void pf_frame_fail (PfFrame *self, GString *out, const PfNote *note);

/* Also where the run was ended: what was written is a whole. */
void pf_frame_end (PfFrame *self, GString *out, const PfRecordSummary *summary);

/* How many records were left out. */
guint64 pf_frame_left_out (const PfFrame *self);
