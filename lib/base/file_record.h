/* What a run has come to with one file: enough to pass it over when the run is
 * taken up again, and to count it all the same. Plain data, but for PATH;
 * one thread at a time.
 */
#pragma once

#include "base/file_id.h"
#include "base/types.h"

typedef struct {
  char *path;      /* owned */
  PfStatus status; /* PF_STATUS_OK: it is done */
  gboolean is_regular;
  PfFileId id; /* as it is afterwards, as the next two */
  guint64 size;
  struct timespec modified;
  /* Bytes: of all output up to its end, or of the file that it became. */
  guint64 length;
  gboolean matched, binary;
  guint64 bytes, matches, tokens, invalid; /* as in PfTextCounts */
} PfFileRecord;

/* ST is what it is afterwards. */
static inline void
pf_file_record_set_state (PfFileRecord *self, const struct stat *st)
{
  self->is_regular = S_ISREG (st->st_mode);
  self->id = pf_file_id_of (st);
  self->size = (guint64)MAX (st->st_size, 0);
  self->modified = st->st_mtim;
}

/* Whether what ST describes was not changed since. */
static inline gboolean
pf_file_record_is_of (const PfFileRecord *self, const struct stat *st)
{
  return self->is_regular && S_ISREG (st->st_mode) &&
         self->size == (guint64)MAX (st->st_size, 0) &&
         self->modified.tv_sec == st->st_mtim.tv_sec &&
         self->modified.tv_nsec == st->st_mtim.tv_nsec;
}
