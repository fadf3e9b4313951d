/* Where the output goes: standard output, or a file that appears as a whole.
 *
 *   bytes ──write──▶ temporary file ──commit──▶ the file
 *                          └─ free, discard ──▶ gone
 *
 * A regular file is written under a temporary name beside it, which
 * pf_output_commit renames; so until then an older file of that name is as it
 * was. Anything else (a device, a FIFO) is written directly. Belongs to one
 * thread at a time, but for pf_output_discard.
 */
#pragma once

#include "base/error.h"

typedef struct PfOutput PfOutput;

/* PATH NULL is standard output. NULL with PF_STATUS_CANT_CREATE. */
PfOutput *pf_output_open (const char *path, PfError *error);

/* The same for a regular file that is written where it is, and stays as it is
 * until it is cut; it is made where it is not there. */
PfOutput *pf_output_open_in_place (const char *path, PfError *error);

/* Such a file ends behind LENGTH bytes, and goes on from there. FALSE with
 * PF_STATUS_DATA where it has fewer, and PF_STATUS_IO. */
gboolean pf_output_cut (PfOutput *self, guint64 length, PfError *error);

/* Drops what was not committed. NULL is allowed. */
void pf_output_free (PfOutput *self);

/* Buffers, and writes where much has gathered. FALSE with PF_STATUS_IO. */
gboolean pf_output_write (PfOutput *self, PfSpan bytes, PfError *error);
gboolean pf_output_flush (PfOutput *self, PfError *error);

/* Flushes, closes and renames. */
gboolean pf_output_commit (PfOutput *self, PfError *error);

/* Removes the temporary file, if there is one, while another thread may be
 * writing: for a process that is about to end by a signal. */
void pf_output_discard (PfOutput *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfOutput, pf_output_free)
