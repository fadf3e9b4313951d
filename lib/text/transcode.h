/* Any encoding that iconv(3) knows, to UTF-8, as it comes.
 *
 *   bytes as read ──▶ PfTranscoder ──▶ UTF-8, in parts of bounded size
 *                       └ what is not a character yet, and the shift state
 *
 * The output does not depend on how the input is split into calls. A byte order
 * mark at the beginning is dropped. Where bytes cannot be decoded, or the input
 * ends within a character, the transcoder has failed, and gives no more than
 * what stands before.
 *
 * A transcoder belongs to one thread at a time.
 */
#pragma once

#include "base/error.h"

typedef struct PfTranscoder PfTranscoder;

/* FALSE with PF_STATUS_USAGE where no encoding is called NAME. What the C
 * library does beside decoding cannot be asked for in a name, nor can the
 * locale's encoding. */
gboolean pf_transcoder_check_name (const char *name, PfError *error);

/* NAME must outlive it. (transfer full) NULL as above, or where the system has
 * no memory or descriptors for it. */
PfTranscoder *pf_transcoder_new (const char *name, PfError *error);

/* NULL is allowed. */
void pf_transcoder_free (PfTranscoder *self);

/* A new text begins. */
void pf_transcoder_begin (PfTranscoder *self);

/* Decodes from the front of *IN, which moves on, and gives *OUT, valid until
 * the next call. With FINAL, the text ends behind *IN. FALSE where all was
 * taken, or it has failed. */
gboolean pf_transcoder_next (PfTranscoder *self, PfSpan *in, gboolean final,
                             PfSpan *out);

/* TRUE where it has failed: with PF_STATUS_DATA, and the offset of the byte in
 * the text, from 0, where that was. */
gboolean pf_transcoder_check (const PfTranscoder *self, PfError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTranscoder, pf_transcoder_free)
