#include "faults.h"

#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

/* Signal handlers take no argument of ours. */
static PfRun *_Atomic guarded;

static void
on_bus_error (int number, siginfo_t *info, void *context G_GNUC_UNUSED)
{
  static const char text[] = "pfproc: a glossary image was truncated, or "
                             "cannot be read, while it was in use\n";
  PfRun *run = atomic_load (&guarded);

  if (run != NULL)
    pf_run_discard (run);
  /* Not of a mapping: the instruction is tried again, and ends the process. */
  if (info->si_code != BUS_ADRERR) {
    signal (number, SIG_DFL);
    return;
  }
  if (write (STDERR_FILENO, text, sizeof text - 1) < 0)
    _exit (PF_STATUS_IO);
  _exit (PF_STATUS_IO);
}

void
faults_watch (void)
{
  struct sigaction action = { .sa_sigaction = on_bus_error,
                              .sa_flags = SA_SIGINFO };

  sigaction (SIGBUS, &action, NULL);
}

void
faults_guard (PfRun *run)
{
  atomic_store (&guarded, run);
}
