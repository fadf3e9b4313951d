/* A file that appears as a whole, or not at all.
 *
 * A regular file is written under a temporary name beside it, or under none
 * where the file system can do that, and gets its name when it is committed;
 * so until then an older file of that name is as it was. Anything else (a
 * device, a FIFO) is written directly. Belongs to one thread at a time, but
 * for pf_atomic_file_discard.
 */
#pragma once

#include "base/error.h"

typedef struct PfAtomicFile PfAtomicFile;

/* The file that PATH leads to, or will once it exists: symbolic links are
 * followed, also where there is nothing at their end. Absolute, but where not
 * even the folder is there. (transfer full) */
char *pf_atomic_file_resolve (const char *path);

/* Symbolic links are followed; a file that is there already passes its
 * permissions on. (transfer full) NULL with PF_STATUS_CANT_CREATE. */
PfAtomicFile *pf_atomic_file_open (const char *path, PfError *error);

/* Drops what was not committed. NULL is allowed. */
void pf_atomic_file_free (PfAtomicFile *self);

/* To write to; valid until the file is committed or freed. */
int pf_atomic_file_fd (const PfAtomicFile *self);

/* Closes the file and gives it its name; where it is to be DURABLE, it is on
 * the disk before it has it. Once only. FALSE with PF_STATUS_IO. */
gboolean pf_atomic_file_commit (PfAtomicFile *self, gboolean durable,
                                PfError *error);

/* Removes the temporary file, if there is one, while another thread may be
 * writing, also from a signal handler: for a process that is about to end. */
void pf_atomic_file_discard (PfAtomicFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfAtomicFile, pf_atomic_file_free)
