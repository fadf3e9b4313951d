/* Which names count, by patterns as the shell has them (fnmatch of POSIX; a
 * "*" takes any "/", too).
 *
 *   *.c        the base name
 *   lib/t*.c   the whole path, or what follows any of its slashes
 *
 * Pure functions: any thread.
 */
#pragma once

#include "base/types.h"

/* All zero: every name counts. */
typedef struct {
  const PfGlob *files; /* the last that matches decides; see PfRunConfig */
  gsize n_files;
  const char *const *directories; /* those that do not count */
  gsize n_directories;
} PfGlobs;

/* Whether PATH is one that PATTERN means. */
gboolean pf_glob_matches (const char *pattern, const char *path);

/* Where no pattern matches, a file counts unless the first one includes. */
gboolean pf_globs_take_file (const PfGlobs *self, const char *path);

/* Slashes at the end do not matter. What only says where it is, as "." and
 * "..", has no name and counts. */
gboolean pf_globs_take_directory (const PfGlobs *self, const char *path);
