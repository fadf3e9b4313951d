/* Calls a function for each file of a list, on several threads.
 *
 * What the programs of the benchmark share: it opens files, deals them to
 * threads, and closes them. The list is read before the threads start.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Looks at an open file, at its start. Runs on any of the threads; scratch is
 * that thread's own. False where the file cannot be read, with errno set. */
typedef bool (*BenchVisit) (int fd, void *scratch);

typedef struct {
  const char *list;   /* names, each ended by NUL; NULL: standard input */
  unsigned n_threads; /* at least 1 */
  BenchVisit visit;
  void **scratches; /* one for each thread */
} BenchJob;

/* Visits every file once, in no fixed order. Says on standard error which
 * files failed. Returns how many, or -1 where the list cannot be read or no
 * thread be started (said, too). Main thread only. */
long bench_each_file (const BenchJob *job);
