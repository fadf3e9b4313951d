#include "each_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

/* Files that a thread takes at a time: few enough to end together, enough for
 * the threads not to fight for the cursor. */
#define TAKE 16

typedef struct {
  char *bytes; /* all names, each ended by NUL */
  char **start;
  size_t n;
} Names;

typedef struct {
  const BenchJob *job;
  Names names;
  atomic_size_t cursor; /* the next name to take; any thread */
  atomic_long failed;   /* any thread */
} Shared;

typedef struct {
  Shared *shared;
  void *scratch;
  uv_thread_t thread;
} Worker;

static void *
must (void *memory)
{
  if (memory == NULL) {
    perror ("bench");
    exit (1);
  }
  return memory;
}

/* Reads to the end; what is returned has a NUL behind its len bytes. */
static char *
read_all (int fd, size_t *len)
{
  size_t size = 1 << 20;
  char *bytes = must (malloc (size));
  ssize_t got;

  *len = 0;
  while ((got = read (fd, bytes + *len, size - *len - 1)) > 0) {
    *len += (size_t)got;
    if (size - *len < 2)
      bytes = must (realloc (bytes, size *= 2));
  }
  bytes[*len] = '\0';
  if (got == 0)
    return bytes;
  free (bytes);
  return NULL;
}

static void
find_starts (Names *names, size_t len)
{
  size_t room = 1024;

  names->n = 0;
  names->start = must (malloc (room * sizeof *names->start));
  for (char *at = names->bytes; at < names->bytes + len;
       at += strlen (at) + 1) {
    if (names->n == room)
      names->start =
          must (realloc (names->start, (room *= 2) * sizeof *names->start));
    names->start[names->n++] = at;
  }
}

static bool
names_read (Names *names, const char *list)
{
  int fd = list != NULL ? open (list, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
  size_t len = 0;

  names->bytes = fd >= 0 ? read_all (fd, &len) : NULL;
  if (names->bytes == NULL)
    perror (list != NULL ? list : "standard input");
  else
    find_starts (names, len);
  if (list != NULL && fd >= 0)
    close (fd);
  return names->bytes != NULL;
}

static void
visit (Shared *shared, const char *name, void *scratch)
{
  int fd = open (name, O_RDONLY | O_CLOEXEC);

  if (fd < 0 || !shared->job->visit (fd, scratch)) {
    perror (name);
    atomic_fetch_add (&shared->failed, 1);
  }
  if (fd >= 0)
    close (fd);
}

static void
work (void *data)
{
  Worker *self = data;
  Shared *shared = self->shared;
  size_t n = shared->names.n, from;

  while ((from = atomic_fetch_add (&shared->cursor, TAKE)) < n)
    for (size_t i = from; i < n && i < from + TAKE; i++)
      visit (shared, shared->names.start[i], self->scratch);
}

/* The main thread is the last worker. */
static bool
run_workers (Shared *shared)
{
  unsigned n = shared->job->n_threads, started = 0;
  Worker *workers = must (calloc (n, sizeof *workers));

  for (unsigned i = 0; i < n; i++)
    workers[i] =
        (Worker){ .shared = shared, .scratch = shared->job->scratches[i] };
  while (started + 1 < n && uv_thread_create (&workers[started].thread, work,
                                              &workers[started]) == 0)
    started++;
  if (started + 1 == n)
    work (&workers[started]);
  for (unsigned i = 0; i < started; i++)
    uv_thread_join (&workers[i].thread);
  free (workers);
  return started + 1 == n;
}

long
bench_each_file (const BenchJob *job)
{
  Shared shared = { .job = job };
  bool ok = names_read (&shared.names, job->list);

  if (ok && !run_workers (&shared)) {
    fputs ("bench: cannot start threads\n", stderr);
    ok = false;
  }
  free (shared.names.start);
  free (shared.names.bytes);
  return ok ? atomic_load (&shared.failed) : -1;
}
