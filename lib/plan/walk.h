/* Walks directories: regular files, in byte order of names at each level.
 *
 * Belongs to one thread. Symbolic links found on the way are passed over
 * unless they are followed; then each file is visited once, by device and
 * inode, over all directories that one PfWalk walks.
 */
#pragma once

#include "base/retry.h"
#include "plan/globs.h"

typedef struct PfWalk PfWalk;

typedef struct {
  gboolean follow; /* follow symbolic links */
  gboolean hidden; /* visit names with a leading dot, too */
  PfGlobs globs;   /* which names count, of those found on the way */
  PfRetry *retry;  /* what fails is tried again; may be NULL */
} PfWalkOptions;

/* ERROR is NULL for a regular file; otherwise NAME cannot be visited. FALSE
 * ends the walk. */
typedef gboolean (*PfWalkFunc) (const char *name, PfError *error,
                                gpointer user);

/* OPTIONS are copied. (transfer full) */
PfWalk *pf_walk_new (const PfWalkOptions *options);

/* NULL is allowed. */
void pf_walk_free (PfWalk *self);

/* NAME itself is walked whatever it is called. The names given to FUNC begin
 * with it, unless it is PF_CURRENT_DIRECTORY. FALSE where FUNC ended the walk.
 */
gboolean pf_walk_directory (PfWalk *self, const char *name, PfWalkFunc func,
                            gpointer user);

/* Whether NAME, given by the user, is visited for the first time. Always TRUE
 * where links are not followed. */
gboolean pf_walk_first_visit (PfWalk *self, const char *name);
