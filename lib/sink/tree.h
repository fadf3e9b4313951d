/* A folder that files are written below, under the names that they have
 * elsewhere, and never outside of it.
 *
 *   a/b.txt ──▶ DIR/a/b.txt    the folder a is made where it is not there
 *   ../b, /b ──▶ refused       as is a symbolic link on the way
 *
 * A PfTree belongs to one thread, but for pf_tree_discard; any number of them
 * may write to one folder. Files come to their names when they are whole; they
 * are not forced to the disk.
 */
#pragma once

#include "base/retry.h"
#include "sink/placed_file.h"

typedef struct PfTree PfTree;

/* NAME as it is below any folder, without what leads nowhere ("./a//b" is
 * "a/b"). (transfer full) NULL with PF_STATUS_CANT_CREATE where it is absolute,
 * has "..", or ends in no file. */
char *pf_tree_place (const char *name, PfError *error);

/* ROOT is the folder's descriptor, and stays the caller's. RETRY
 * must outlive it, and may be NULL: what fails for a reason that may pass when
 * a file is opened is tried again. (transfer full) */
PfTree *pf_tree_new (int root, PfRetry *retry);

/* NULL is allowed. */
void pf_tree_free (PfTree *self);

/* Begins the file at PLACE, which came from pf_tree_place, with the permissions
 * of MODE. FALSE with PF_STATUS_CANT_CREATE or PF_STATUS_TEMPORARY. */
gboolean pf_tree_open (PfTree *self, const char *place, mode_t mode,
                       PfError *error);
gboolean pf_tree_is_open (const PfTree *self);

/* FALSE with PF_STATUS_IO. */
gboolean pf_tree_write (PfTree *self, PfSpan bytes, PfError *error);

/* The file is whole, and gets its name; as pf_placed_file_place. */
gboolean pf_tree_commit (PfTree *self, PfError *error);

/* After each file: what was not committed is gone. */
void pf_tree_drop (PfTree *self);

/* As pf_placed_file_discard. */
void pf_tree_discard (PfTree *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTree, pf_tree_free)
