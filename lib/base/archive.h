/* Archives: one stream of bytes in, its members out, one behind the other.
 *
 *   bytes ──▶ PfArchive ──next──▶ a member's name
 *                 │
 *                 └──▶ PfByteSource, the text of that member
 *
 * Read are tar (by POSIX, older, with what GNU adds) and zip. Only members that
 * are regular files count; directories, links and devices are passed over. What
 * is packed inside a member is not looked at.
 *
 * An archive may be a bomb. So all its members together must not be longer than
 * PF_UNPACK_RATIO times its own bytes that were read so far, once they are
 * longer than PF_UNPACK_FREE bytes (base/unpack.h); nor may there be more than
 * PF_ARCHIVE_MEMBERS.
 *
 * Threads: an object belongs to one thread; several may be used at once.
 */
#pragma once

#include "base/unpack.h"

typedef enum { PF_ARCHIVE_NONE, PF_ARCHIVE_TAR, PF_ARCHIVE_ZIP } PfArchiveKind;

/* How many of the first bytes pf_archive_kind_of looks at. */
#define PF_ARCHIVE_BYTES 512

#define PF_ARCHIVE_MEMBERS 10000000

/* What BEGIN, the first bytes of a file, is the begin of. */
PfArchiveKind pf_archive_kind_of (PfSpan begin);

/* Whether more bytes behind BEGIN would make no difference to that, nor to
 * pf_packing_of; or as good as none: what begins with a line is text unless all
 * PF_ARCHIVE_BYTES are known, as a pipe that stands still must not be waited
 * for. */
gboolean pf_archive_is_told (PfSpan begin);

/* The same for whether it is tar. */
gboolean pf_archive_is_tar_told (PfSpan begin);

/* Whether this build can read any, and packed streams. */
gboolean pf_archive_is_there (void);

typedef struct {
  PfByteSource bytes; /* from the first on */
  PfArchiveKind kind; /* not PF_ARCHIVE_NONE */
  /* For zip, whose directory stands at the end: goes to byte AT, FALSE where
   * that cannot be done. NULL where the bytes only go on; then the directory is
   * not looked at. Gets the user of BYTES. */
  gboolean (*seek) (gpointer user, guint64 at);
  guint64 size; /* of all bytes; with seek */
  guint64 free; /* 0: PF_UNPACK_FREE */
  guint ratio;  /* 0: PF_UNPACK_RATIO */
  guint64 most; /* members; 0: PF_ARCHIVE_MEMBERS */
} PfArchiveOptions;

typedef struct PfArchive PfArchive;

/* What OPTIONS point to must outlive SELF. (transfer full) NULL with
 * PF_STATUS_DATA where this build cannot read archives, PF_STATUS_TEMPORARY
 * where memory is out. */
PfArchive *pf_archive_new (const PfArchiveOptions *options, PfError *error);
void pf_archive_free (PfArchive *self);

/* The name of the next member, valid until the next call; NULL at the end, or
 * with the error of the bytes, or PF_STATUS_DATA where they are damaged or
 * there are too many members. After an error there is no other. */
const char *pf_archive_next (PfArchive *self, PfError *error);

/* The text of the present member, as long as SELF. Reading it fails as
 * pf_archive_next does, or with PF_STATUS_DATA where this member is damaged or
 * encrypted; where the next one can be found all the same, it comes. */
PfByteSource pf_archive_bytes (PfArchive *self);

/* Whether the archive ended within a member, with an error of that. */
gboolean pf_archive_is_broken (const PfArchive *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfArchive, pf_archive_free)
