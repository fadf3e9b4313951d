/* Finds the inputs: goes through what the user named, in order, reads lists,
 * walks directories, and emits each input as it is found.
 *
 *   FILE, LIST, standard input ──▶ lister ──walk──▶ emit, in input order
 *
 * Runs on the calling thread and keeps nothing but the directory at hand (and,
 * where symbolic links are followed, which files were seen). What cannot be
 * listed is emitted with its error, in its place, and stops nothing.
 */
#pragma once

#include "base/retry.h"
#include "plan/globs.h"

/* One input, valid during the call of emit. */
typedef struct {
  const char *name;
  gboolean is_stdin;     /* the document on standard input */
  gboolean stdin_listed; /* NAME was read from standard input */
  gboolean is_done;      /* an earlier run has come to the end of it */
  gboolean is_list;      /* NAME is a list, and ERROR says what is wrong */
  PfError *error;        /* NULL, or why it cannot be processed; may be moved */
} PfListed;

typedef struct {
  const PfInput *inputs;
  gsize n_inputs;
  gboolean null_delimited; /* names in lists end in NUL, not LF */
  gboolean recursive;      /* directories are walked */
  gboolean follow;         /* symbolic links found in a walk are followed */
  gboolean hidden;         /* names with a leading dot count in a walk */
  PfGlobs globs;           /* which names count, but that of standard input */
  const PfCancel *cancel;  /* may be NULL */
  PfRetry *retry;          /* what fails is tried again; may be NULL */
  gboolean (*emit) (const PfListed *listed, gpointer user); /* FALSE: stop */
  void (*on_wait) (gpointer user); /* the next name is not there yet */
  gpointer user;
} PfListerOptions;

/* How standard input is called in output and messages. */
#define PF_STDIN_NAME "(standard input)"

/* FALSE where emit or the cancel flag ended it. */
gboolean pf_list_inputs (const PfListerOptions *options);

/* Whether all names can be had without waiting for anybody: no list is
 * standard input, a pipe or a terminal. */
gboolean pf_inputs_are_known (const PfInput *inputs, gsize n_inputs);
