/* Opens the glossary files again, while a run goes on.
 *
 *   SIGUSR1 ──▶ watcher thread ──request──▶ loading thread ──▶ pf_run_reload
 *
 * Loading may take long, so it has a thread of its own, which is started when
 * it is first asked for. Requests that come while it loads are one more reload
 * afterwards. What cannot be loaded, or not be replaced, is said in one line on
 * standard error, and the old glossary stays.
 */
#pragma once

#include "cli.h"

typedef struct Reload Reload;

/* CLI and RUN must outlive it. (transfer full) */
Reload *reload_new (const Cli *cli, PfRun *run);

/* Any thread; does not wait. */
void reload_request (Reload *self);

/* Waits for a reload that is under way; requests after it are forgotten. */
void reload_stop (Reload *self);

/* The process is about to end by a signal: from now on nobody waits for a
 * reload, and one that is under way ends with the process. Any thread. */
void reload_abandon (Reload *self);

/* After reload_stop, and nobody requests any more. NULL is allowed. */
void reload_free (Reload *self);
