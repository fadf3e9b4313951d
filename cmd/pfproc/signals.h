/* SIGINT, SIGTERM and SIGHUP while a run goes on.
 *
 *   signal ──▶ watcher thread ──▶ pf_run_cancel ──▶ run ends, output flushed
 *                   │
 *                   └─ grace over, or a second signal ──▶ the process ends
 *
 * The process always ends by the signal itself, so that the shell sees it.
 * Signals that were ignored from the start stay ignored.
 */
#pragma once

#include "pfproc.h"

typedef struct Signals Signals;

/* Before a run is made: from here on, signals wait until they are watched. */
void signals_hold (void);

/* RUN must outlive the watching. NULL with PF_STATUS_OS. */
Signals *signals_watch (PfRun *run, GError **error);

/* Ends the watching. Does not return where a signal had come. NULL is allowed.
 */
void signals_finish (Signals *self);
