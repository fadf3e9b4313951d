/* What is done with files in more than one place, under a policy of retries
 * (base/retry.h). A policy of NULL tries once. Any thread; descriptors are the
 * caller's to close.
 *
 *   open ──▶ read, read ── ESTALE ──▶ open again ──▶ as it was? ──▶ read on
 *              ▲                                         │ no      where one
 *              └─ other errors that pass: once more      └▶ error  stood
 */
#pragma once

#include <sys/stat.h>
#include <time.h>

#include "base/retry.h"

/* Opens PATH and looks at it, as one operation; what is interrupted is begun
 * again, and no try. -1 with errno. */
int pf_retry_open (PfRetry *self, const char *path, int flags, struct stat *st);

/* stat, or lstat where links are not to be FOLLOWed. -1 with errno. */
int pf_retry_stat (PfRetry *self, const char *path, gboolean follow,
                   struct stat *st);

/* As g_try_realloc: NULL where memory is out, and MEMORY is as it was. */
gpointer pf_retry_realloc (PfRetry *self, gpointer memory, gsize size);

/* What shows whether a file is still the one that was opened. */
typedef struct {
  guint64 size; /* bytes; 0 of what is no regular file */
  struct timespec modified;
  gboolean is_regular;
} PfFileState;

PfFileState pf_file_state_of (const struct stat *st);

/* For a descriptor that went stale: opens PATH anew, once, at OFFSET, to be
 * read. -1 where that cannot be done, or the file is not as it WAS: no regular
 * one, or of another size or time of modification (ESTALE). */
int pf_reopen (const char *path, const PfFileState *was, goffset offset);

/* Whether FD may be kept while nobody works with it: it stands in the lower
 * half of those that the process may have, so that the others are left for
 * work. */
gboolean pf_descriptor_may_wait (int fd);
