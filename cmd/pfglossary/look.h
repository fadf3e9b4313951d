/* The commands that look into one glossary. Each returns an exit code. */
#pragma once

#include "pfproc.h"

/* NAME is what the user called it. */
int look_info (const PfGlossary *glossary, const char *name);
int look_dump (const PfGlossary *glossary, const char *name);
