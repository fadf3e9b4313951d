/* What runs take from engine.c. Private to lib/. */
#pragma once

#include "base/error.h"
#include "match/matcher.h"
#include "pfproc.h"

/* Empties PLAIN into ERROR. Always NULL, so that a caller can return it. */
gpointer pf_error_propagate (GError **error, PfError *plain);

/* How often an operation is tried again: the public fields named retries. */
static inline guint
pf_retries_of (int retries)
{
  return retries == 0 ? PF_RETRIES_DEFAULT : (guint)MAX (retries, 0);
}

/* (transfer full); NULL where the word characters are no UTF-8. */
PfMatcher *pf_matcher_create (PfGlossary *glossary,
                              const PfMatchOptions *options, PfError *error);
