/* --stats: what a run came to, on standard error or in a file. */
#pragma once

#include "cli.h"

/* Tells, where that is asked for, the statistics of RUN, or of none where there
 * is an error before, which came to STATUS. Returns STATUS, or, where they
 * could not be written and nothing worse had happened, the status of that. */
int stats_tell (const Cli *cli, PfRun *run, int status, gboolean failed);
