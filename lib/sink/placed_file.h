/* A file that gets its name in a folder when it is whole, whatever stands there
 * by then; and one after the other.
 *
 *   open ──write──▶ no name, or a temporary one ──place──▶ NAME
 *                                └─ drop, discard ──▶ gone
 *
 * Where the file system has files without a name, nothing is left of what was
 * not placed, however the process ends. Else a process that is killed leaves
 * ".NAME.pfproc-PROCESS-N".
 *
 * Belongs to one thread at a time, but for pf_placed_file_discard.
 */
#pragma once

#include <sys/stat.h>

#include "base/error.h"
#include "base/file_id.h"

typedef struct PfPlacedFile PfPlacedFile;

/* (transfer full) */
PfPlacedFile *pf_placed_file_new (void);

/* Drops what was not placed. NULL is allowed. */
void pf_placed_file_free (PfPlacedFile *self);

/* Begins the file that will be NAME in FOLDER, a descriptor that stays the
 * caller's, and open until the file is placed or dropped. MODE is subject to
 * the umask. FALSE with PF_STATUS_CANT_CREATE or PF_STATUS_TEMPORARY. */
gboolean pf_placed_file_open (PfPlacedFile *self, int folder, const char *name,
                              mode_t mode, PfError *error);
gboolean pf_placed_file_is_open (const PfPlacedFile *self);

/* Valid until the file is placed or dropped. */
int pf_placed_file_fd (const PfPlacedFile *self);

/* Closes the file and gives it its name, in place of what has it. FALSE with
 * PF_STATUS_IO, or PF_STATUS_CANT_CREATE where that is a folder; then the file
 * is gone, and what has the name is as it was. */
gboolean pf_placed_file_place (PfPlacedFile *self, PfError *error);
void pf_placed_file_drop (PfPlacedFile *self);

/* Any thread, for a process that is about to end: nothing is placed any more,
 * and no temporary name stays. */
void pf_placed_file_discard (PfPlacedFile *self);

/* Whether NAME, without folders, is one of the temporary names that this
 * process gives. */
gboolean pf_placed_file_is_temporary (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfPlacedFile, pf_placed_file_free)
