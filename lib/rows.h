/* The rows of totals: what is counted, how often, and in how many files.
 *
 *   PfTotals by term or group ─┐
 *   PfFolders                  ├──▶ rows, in their order, the first so many
 *
 * Belongs to one thread at a time.
 */
#pragma once

#include "pfproc.h"
#include "task/groups.h"
#include "task/totals.h"

typedef struct {
  PfSpan name; /* as long as what it was taken from */
  PfTotal total;
} PfRow;

/* By folder, as files are delivered, in bounded memory. */
typedef struct PfFolders PfFolders;

/* In at most LIMIT bytes. (transfer full) */
PfFolders *pf_folders_new (guint64 limit);

/* NULL is allowed. */
void pf_folders_free (PfFolders *self);

/* Adds a file in FOLDER that has N matches. FALSE with PF_STATUS_TEMPORARY
 * where there is no room for another folder. */
gboolean pf_folders_add (PfFolders *self, const char *folder, guint64 n,
                         PfError *error);

/* All PfRow, by count, descending, then by name in byte order. Of what was
 * never found only where ZERO says so. (transfer full) */
GArray *pf_rows_of_terms (const PfTotals *totals, const PfGlossary *glossary,
                          gboolean zero);
GArray *pf_rows_of_groups (const PfTotals *totals, const PfGroups *groups,
                           gboolean zero);
GArray *pf_rows_of_folders (const PfFolders *folders);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfFolders, pf_folders_free)
