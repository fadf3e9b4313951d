/* For tests: calls of the system that fail as planned. A test program that
 * links this, with $(test_faults_wrap) among its linker's flags, has its calls
 * of the functions below counted, and those that a plan names fail before they
 * reach the system. One thread only.
 */
#pragma once

#include <glib.h>

typedef enum {
  PF_CALL_OPEN,
  PF_CALL_FSTAT,
  PF_CALL_STAT, /* and lstat */
  PF_CALL_READ, /* and pread */
  PF_CALL_OPENDIR,
  PF_CALL_READDIR,
  PF_CALL_REALLOC, /* g_try_realloc */
  PF_N_CALLS
} PfCall;

/* No faults any more, and all counts 0. */
void pf_test_faults_clear (void);

/* From now on, the next BEFORE calls go through, the N behind them fail with
 * ERRNUM, and all others go through again. */
void pf_test_fail (PfCall call, guint before, guint n, int errnum);

/* How often it was called since the faults were cleared. */
guint pf_test_calls (PfCall call);

/* Every descriptor that was opened until now is stale: reading from it, and
 * looking at it, fail with ESTALE. */
void pf_test_go_stale (void);
