/* A mapped glossary image that is truncated, or whose disk fails, while it is
 * in use: the system says so by SIGBUS, and the program ends with a message and
 * PF_STATUS_IO.
 */
#pragma once

#include "pfproc.h"

/* At the start. */
void faults_watch (void);

/* The run whose unfinished output is removed then; NULL: none any more. */
void faults_guard (PfRun *run);
