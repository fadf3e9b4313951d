#include "faults.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* Signal handlers take no argument of ours. */
static PfImageFile *_Atomic guarded;

static void
discard (void)
{
  PfImageFile *file = atomic_load (&guarded);

  if (file != NULL)
    pf_image_file_discard (file);
}

/* The handler is gone when it is called: the signal then ends the process. */
static void
on_signal (int number)
{
  discard ();
  raise (number);
}

static void
on_bus_error (int number, siginfo_t *info, void *context G_GNUC_UNUSED)
{
  static const char text[] = "pfglossary: a glossary image was truncated, or "
                             "cannot be read, while it was in use\n";

  discard ();
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
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
  struct sigaction action = { .sa_sigaction = on_bus_error,
                              .sa_flags = SA_SIGINFO };

  sigaction (SIGBUS, &action, NULL);
  action = (struct sigaction){ .sa_handler = on_signal,
                               .sa_flags = (int)SA_RESETHAND };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    struct sigaction old;

    /* What was ignored from the start stays so. */
    if (sigaction (numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
      sigaction (numbers[i], &action, NULL);
  }
}

void
faults_guard (PfImageFile *file)
{
  atomic_store (&guarded, file);
}
