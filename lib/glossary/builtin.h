/* The built-in glossary of common misspellings, embedded at build time as the
 * text of a tsv file. */
#pragma once

#include "base/types.h"

typedef struct PfGlossary PfGlossary;

/* Static; any thread. */
PfSpan pf_builtin_text (void);

/* The glossary of that text alone, without rules given with it. It is made when
 * the first thread asks for it, and then shared by all. (transfer full) NULL
 * where it could not be made, as memory or threads are out. */
PfGlossary *pf_builtin_glossary (void);
