/* SIGINT, SIGTERM, SIGHUP and SIGUSR1 while a run goes on.
 *
 *   signal ──▶ watcher thread ──▶ pf_run_cancel ──▶ run ends, output flushed
 *                   │   │
 *                   │   └─ grace over, or a second one ──▶ the process ends
 *                   │
 *                   └─ SIGUSR1 ──▶ reload_request
 *
 * The process ends by the signal itself, so that the shell sees it. SIGUSR1
 * never ends it, whenever it comes. Signals that were ignored from the start
 * stay ignored.
 */
#pragma once

#include "reload.h"

typedef struct Signals Signals;

/* At the start: from here on SIGUSR1 waits until it is watched, or for ever. */
void signals_hold_reload (void);

/* Before a run is made: from here on, the others wait, too. */
void signals_hold (void);

/* RUN and RELOAD must outlive the watching. NULL with PF_STATUS_OS. */
Signals *signals_watch (PfRun *run, Reload *reload, GError **error);

/* Ends the watching. Does not return where a signal had come. NULL is allowed.
 */
void signals_finish (Signals *self);
