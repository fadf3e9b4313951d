/* Runs one command and measures it.
 *
 *   timed [-s] REPORT COMMAND [ARGUMENT]...
 *
 * REPORT becomes one line: wall seconds, user seconds, system seconds, peak
 * resident memory in KiB, peak anonymous memory in KiB (0 without -s), and the
 * exit status (128 + n after signal n, 127 where the command could not run).
 * Times and peaks are those of the command and the children it waited for.
 *
 * A program of its own, because Linux counts the memory of who starts a program
 * to that program's peak: this one is small. With -s it looks at the memory of
 * the command (not of its children) every 5 ms, and then wall seconds are as
 * coarse as that.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
seconds (struct timeval t)
{
  return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* Memory that no file is behind, in KiB: anonymous and shared. */
static long
anonymous_memory (pid_t pid)
{
  char name[64], line[128];
  long sum = 0, value;
  FILE *status;

  snprintf (name, sizeof name, "/proc/%ld/status", (long)pid);
  status = fopen (name, "re");
  if (status == NULL)
    return 0;
  while (fgets (line, sizeof line, status) != NULL)
    if (sscanf (line, "RssAnon: %ld", &value) == 1 ||
        sscanf (line, "RssShmem: %ld", &value) == 1)
      sum += value;
  fclose (status);
  return sum;
}

/* Waits for the command; returns its peak of anonymous memory if asked to. */
static long
await (pid_t pid, bool sample, int *status, struct rusage *usage)
{
  const struct timespec pause = { .tv_nsec = 5000000 };
  long peak = 0, memory;
  pid_t got;

  while ((got = wait4 (pid, status, sample ? WNOHANG : 0, usage)) != pid) {
    if (got < 0 && errno != EINTR)
      exit (71);
    if (!sample)
      continue;
    memory = anonymous_memory (pid);
    peak = memory > peak ? memory : peak;
    nanosleep (&pause, NULL);
  }
  return peak;
}

static int
measure (FILE *report, bool sample, char **command)
{
  struct rusage usage;
  double start = now ();
  int status, code;
  long anonymous;
  pid_t pid = vfork ();

  if (pid == 0) {
    execvp (command[0], command);
    _exit (127);
  }
  if (pid < 0)
    return 71;
  anonymous = await (pid, sample, &status, &usage);
  code = WIFSIGNALED (status) ? 128 + WTERMSIG (status) : WEXITSTATUS (status);
  fprintf (report, "%.6f %.6f %.6f %ld %ld %d\n", now () - start,
           seconds (usage.ru_utime), seconds (usage.ru_stime), usage.ru_maxrss,
           anonymous, code);
  return fclose (report) == 0 ? 0 : 74;
}

int
main (int argc, char **argv)
{
  bool sample = argc > 1 && strcmp (argv[1], "-s") == 0;
  char **rest = argv + 1 + sample;
  FILE *report;

  if (argc < 3 + sample) {
    fputs ("usage: timed [-s] REPORT COMMAND [ARGUMENT]...\n", stderr);
    return 64;
  }
  report = fopen (rest[0], "we");
  if (report == NULL) {
    perror (rest[0]);
    return 73;
  }
  return measure (report, sample, rest + 1);
}
