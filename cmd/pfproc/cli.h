/* The command line: from arguments to a configuration, by one table of
 * options that also makes --help and says what excludes what.
 */
#pragma once

#include "pfproc.h"

typedef struct {
  PfRunConfig run;
  PfGlossaryOptions glossary;
  gboolean glossary_is_default; /* nobody named one */
  gboolean check, expect, quiet, verbose;
  gboolean help, version;
  guint retries; /* 0: none */
  guint64 max_count;
  guint64 context;
  int color; /* 0: where a terminal shows it; 1: always; 2: never */

  /* What the pointers above lead to. */
  GString *words; /* options that results depend on, as they were given */
  GArray *inputs; /* PfInput */
  GArray *globs;  /* PfGlob */
  GPtrArray *excluded_dirs;  /* char *, not owned */
  GPtrArray *pre_globs;      /* char *, not owned */
  GPtrArray *sources;        /* char *, owned */
  GPtrArray *terms;          /* char *, not owned */
  GPtrArray *ignored;        /* char *, not owned */
  GPtrArray *glossary_files; /* char *, owned */
} Cli;

/* Parses ARGV, which must outlive SELF. FALSE with PF_STATUS_USAGE. */
gboolean cli_parse (Cli *self, int argc, char **argv, GError **error);
void cli_clear (Cli *self);

/* What --help prints. (transfer full: g_free) */
char *cli_help (void);
