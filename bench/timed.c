/* Runs one command and measures it.
 *
 *   timed [-s] [-m BYTES] REPORT COMMAND [ARGUMENT]...
 *
 * REPORT becomes one line: wall seconds, user seconds, system seconds, peak
 * resident memory in KiB, peak anonymous memory in KiB (0 without -s), and the
 * exit status (128 + n after signal n, 127 where the command could not run).
 * Times and peaks are those of the command and the children it waited for.
 *
 * A program of its own, because Linux counts the memory of who starts a program
 * to that program's peak: this one is small. With -s it looks at the memory of
 * the command (not of its children) every 5 ms, and then wall seconds are as
 * coarse as that. With -m, each process of the command may have that much
 * address space.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
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

/* In the child, which borrows its parent's memory but has its own limits. */
static void
start (char **command, rlim_t bytes)
{
  const struct rlimit limit = { bytes, bytes };

  if (bytes == 0 || setrlimit (RLIMIT_AS, &limit) == 0)
    execvp (command[0], command);
  _exit (127);
}

static int
measure (FILE *report, bool sample, rlim_t bytes, char **command)
{
  struct rusage usage;
  double begin = now ();
  int status, code;
  long anonymous;
  pid_t pid = vfork ();

  if (pid == 0)
    start (command, bytes);
  if (pid < 0)
    return 71;
  anonymous = await (pid, sample, &status, &usage);
  code = WIFSIGNALED (status) ? 128 + WTERMSIG (status) : WEXITSTATUS (status);
  fprintf (report, "%.6f %.6f %.6f %ld %ld %d\n", now () - begin,
           seconds (usage.ru_utime), seconds (usage.ru_stime), usage.ru_maxrss,
           anonymous, code);
  return fclose (report) == 0 ? 0 : 74;
}

int
main (int argc, char **argv)
{
  rlim_t bytes = 0;
  bool sample = false, good = true;
  FILE *report;
  int option;

  /* The "+" leaves the command's own options to it. */
  while ((option = getopt (argc, argv, "+sm:")) != -1) {
    if (option == 's')
      sample = true;
    else if (option == 'm')
      bytes = (rlim_t)strtoull (optarg, NULL, 10);
    else
      good = false;
  }
  if (!good || argc - optind < 2) {
    fputs ("usage: timed [-s] [-m BYTES] REPORT COMMAND [ARGUMENT]...\n",
           stderr);
    return 64;
  }
  report = fopen (argv[optind], "we");
  if (report == NULL) {
    perror (argv[optind]);
    return 73;
  }
  return measure (report, sample, bytes, argv + optind + 1);
}
