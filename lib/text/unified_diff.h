/* A unified diff of a text and a changed copy of it, made while the text goes
 * by: what is kept and what is changed are told in order, so nothing needs to
 * be compared. The format is that of POSIX diff -u, with three lines of
 * context, "\ No newline at end of file", and names as GNU patch and git take
 * them with -p0.
 *
 *   keep "a\nb "   change "teh" to "the"   keep " c\nd\n"     end
 *        │
 *        └──▶  lines  ──▶  context, removed, added  ──▶  hunks
 *
 * A hunk is held until its end is seen, and the last lines until it is known
 * whether they are context. One thread at a time.
 */
#pragma once

#include "base/types.h"

typedef struct PfUnifiedDiff PfUnifiedDiff;

/* Holds about LIMIT bytes at most. (transfer full) */
PfUnifiedDiff *pf_unified_diff_new (gsize limit);

/* NULL is allowed. */
void pf_unified_diff_free (PfUnifiedDiff *self);

/* A new text, of the file NAME, which must live to the end of it. */
void pf_unified_diff_begin (PfUnifiedDiff *self, PfSpan name);

/* FROM, which is not empty and begins in LINE of the text, the first being 1,
 * becomes TO. FALSE where a hunk would be larger than the limit; then the diff
 * of this text is over. */
gboolean pf_unified_diff_change (PfUnifiedDiff *self, guint64 line, PfSpan from,
                                 PfSpan to);

/* These append what is known of the diff to OUT, whole hunks. FALSE as above.
 */
gboolean pf_unified_diff_keep (PfUnifiedDiff *self, PfSpan text, GString *out);
gboolean pf_unified_diff_end (PfUnifiedDiff *self, GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfUnifiedDiff, pf_unified_diff_free)
