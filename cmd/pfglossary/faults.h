/* What ends the program from outside: signals, and a mapped image that is
 * truncated under it. Either way no unfinished file is left behind.
 */
#pragma once

#include "pfproc.h"

/* At the start. A truncated image ends the program with PF_STATUS_IO and a
 * message. */
void faults_watch (void);

/* The file to remove when the program ends; NULL: none any more. */
void faults_guard (PfImageFile *file);
