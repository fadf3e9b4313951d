/* What matches are totalled by, where that is not the term: the entries'
 * labels, the glossaries they come from, or the folders of the files.
 *
 *   entry ──of_entry──▶ group ──tally, totals──▶ count, files
 *
 * A match counts once for each group that one of its entries is in. PfGroups is
 * constant once made, for any thread, and takes four bytes an entry.
 */
#pragma once

#include "base/error.h"
#include "match/matcher.h"

typedef struct {
  guint32 *of_entry; /* owned; numbers below N */
  PfSpan *names;     /* owned; the glossary's own bytes; empty: no label */
  guint32 n;
} PfGroups;

/* By labels, or else by glossaries. GLOSSARY must outlive it. (transfer full)
 * NULL with PF_STATUS_TEMPORARY. */
PfGroups *pf_groups_new (const PfGlossary *glossary, gboolean by_label,
                         PfError *error);

/* NULL is allowed. */
void pf_groups_free (PfGroups *self);

/* The folder that the file PATH is in, of which no more than the first DEPTH
 * components: "." where there is none. Components that are "." do not count,
 * and are left out, as are repeated slashes. (transfer full: g_free) */
char *pf_folder_of (const char *path, guint depth);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfGroups, pf_groups_free)
