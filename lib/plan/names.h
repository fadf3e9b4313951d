/* The inputs of a run, or of a part of it, one behind the other in few and
 * large allocations: 24 bytes for each, and its name.
 *
 * Belongs to one thread while it grows; then any number may read it.
 */
#pragma once

#include "plan/lister.h"

typedef struct PfNames PfNames;

/* One input; NAME is valid as long as the list does not grow. */
typedef struct {
  const char *name;
  gboolean is_stdin;
  gboolean is_list; /* a list, and ERROR says what is wrong with it */
  gboolean is_done;
  guint64 stdin_number; /* its place among names on standard input, from 1 */
  PfError *error;       /* why it cannot be processed, or NULL; the list's */
} PfName;

/* (transfer full) */
PfNames *pf_names_new (void);

/* NULL is allowed. */
void pf_names_free (PfNames *self);

/* Copies what LISTED has, and takes its error. STDIN_NUMBER is 0 for what was
 * not read from standard input. */
void pf_names_add (PfNames *self, const PfListed *listed, guint64 stdin_number);

gsize pf_names_n (const PfNames *self);
PfName pf_names_get (const PfNames *self, gsize i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfNames, pf_names_free)
