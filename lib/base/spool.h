/* Bytes that are put in at one end and taken out at the other, any number of
 * them in little memory: what is too much lies in a temporary file that has no
 * name.
 *
 *   ◀──drop── │ file ............. │ memory ..... │ ◀──add──
 *             0 ──────── peek ──────────────────▶
 *
 * Belongs to one thread. The file is made in $TMPDIR, else /tmp, when it is
 * first needed.
 */
#pragma once

#include "base/error.h"

typedef struct PfSpool PfSpool;

/* MEMORY is how many bytes may be in memory; 0: 1 MiB. (transfer full) */
PfSpool *pf_spool_new (gsize memory);

/* NULL is allowed. */
void pf_spool_free (PfSpool *self);

/* How many bytes are in it. */
guint64 pf_spool_size (const PfSpool *self);

/* Adds BYTES behind the last one. FALSE with ERROR where the file cannot be
 * made or written; what was there before is as it was. */
gboolean pf_spool_add (PfSpool *self, PfSpan bytes, PfError *error);

/* Some bytes at AT, which counts from the first one and is below the size, at
 * least one; valid until the next call. Empty with ERROR where the file cannot
 * be read. */
PfSpan pf_spool_peek (PfSpool *self, guint64 at, PfError *error);

/* Drops the first LEN bytes. */
void pf_spool_drop (PfSpool *self, guint64 len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfSpool, pf_spool_free)
