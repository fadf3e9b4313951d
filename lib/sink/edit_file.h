/* A file that is replaced by an edited one of the same name.
 *
 *   write ──▶ temporary file beside it ──settle──▶ mode, owner, attributes, on
 *                    │                             the disk
 *                    │                                │
 *                    │          still as it was? ◀─replace
 *                    │                │ yes
 *                    └─ drop ──▶ gone └──▶ backup, then its name ──▶ sync
 *
 * Whatever happens, under the name stands a whole file, the old one or the new
 * one. Symbolic links are followed to the file itself. What it had is kept:
 * permissions, ACLs and extended attributes, or it is not replaced; owner and
 * group where the process may give files away, else without set-user-ID and
 * set-group-ID.
 *
 * Belongs to one thread at a time, but for pf_edit_file_discard; one file after
 * the other.
 */
#pragma once

#include <sys/stat.h>

#include "base/error.h"
#include "base/retry.h"

typedef struct PfEditFile PfEditFile;

typedef struct {
  const char
      *suffix;    /* the old file is kept under its name and this; or NULL */
  gboolean force; /* one of several names of a file gets a file of its own */
  PfRetry *retry; /* as in pf_tree_new */
} PfEditOptions;

/* OPTIONS must outlive it. (transfer full) */
PfEditFile *pf_edit_file_new (const PfEditOptions *options);

/* Drops what did not replace. NULL is allowed. */
void pf_edit_file_free (PfEditFile *self);

/* Begins to edit PATH, which was as ST when it was opened to be read. FALSE
 * with PF_STATUS_CANT_CREATE, also where it has other names, or
 * PF_STATUS_TEMPORARY. */
gboolean pf_edit_file_open (PfEditFile *self, const char *path,
                            const struct stat *st, PfError *error);
gboolean pf_edit_file_is_open (const PfEditFile *self);

/* FALSE with PF_STATUS_IO. The first LEN bytes of the old file, and what
 * follows. */
gboolean pf_edit_file_copy (PfEditFile *self, guint64 len, PfError *error);
gboolean pf_edit_file_write (PfEditFile *self, PfSpan bytes, PfError *error);

/* All is written: the new file gets what the old one has, and goes to the disk.
 * FALSE with PF_STATUS_CANT_CREATE, PF_STATUS_IO. */
gboolean pf_edit_file_settle (PfEditFile *self, PfError *error);

/* Then: what it is. FALSE with PF_STATUS_IO. */
gboolean pf_edit_file_stat (const PfEditFile *self, struct stat *st,
                            PfError *error);

/* Then: makes the backup, and puts the new file in the place of the old one.
 * FALSE with PF_STATUS_IO, also where the old one is not as it was, or
 * PF_STATUS_CANT_CREATE; then the old one is there. */
gboolean pf_edit_file_replace (PfEditFile *self, PfError *error);

/* Then: the name outlives a crash, too. FALSE with PF_STATUS_IO. */
gboolean pf_edit_file_sync (PfEditFile *self, PfError *error);

/* Ends the editing; what did not replace is gone. */
void pf_edit_file_close (PfEditFile *self);

/* As pf_placed_file_discard. */
void pf_edit_file_discard (PfEditFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfEditFile, pf_edit_file_free)
