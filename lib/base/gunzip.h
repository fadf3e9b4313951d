/* gzip streams (RFC 1952), checked against their checksums; what can be
 * unpacked before damage is given out to the last byte. Several members give
 * the text of all; zeros behind a member, as tapes have them, are passed over.
 *
 * Of use to base/unpack.h, which bounds what comes out. Where zlib is.
 *
 * Threads: an object belongs to one thread; several may be used at once.
 */
#pragma once

#include "base/byte_source.h"

typedef struct PfGunzip PfGunzip;

/* Of BYTES, the first of which begin a member. What they point to must outlive
 * SELF. (transfer full) NULL with PF_STATUS_TEMPORARY where memory is out. */
PfGunzip *pf_gunzip_new (PfByteSource bytes, PfError *error);
void pf_gunzip_free (PfGunzip *self);

/* At most ROOM bytes, at least one; 0 at the end; -1 with the error of the
 * packed bytes, or PF_STATUS_DATA where they are damaged or end too early. */
gssize pf_gunzip_read (PfGunzip *self, guint8 *to, gsize room, PfError *error);

/* Whether the next read needs none of BYTES, as far as can be told. */
gboolean pf_gunzip_has_more (const PfGunzip *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfGunzip, pf_gunzip_free)
