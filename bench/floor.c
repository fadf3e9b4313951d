/* The floor: what it costs to open and read every file and look at nothing.
 *
 *   floor [-j THREADS] [-b BUFFER-BYTES] [LIST]
 *
 * LIST, or standard input, holds names that each end in NUL. Each thread reads
 * into one buffer again and again, small enough to stay in its cache; a read
 * that returns less than was asked for is a file's last, so most files cost
 * one open, one read and one close. Prints how many bytes were read. Nothing
 * that looks at files can be quicker, so it is what others are held against.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "each_file.h"

typedef struct {
  char *buffer;
  size_t size;
  unsigned long long bytes; /* read so far */
} Reader;

static bool
read_through (int fd, void *scratch)
{
  Reader *self = scratch;
  ssize_t got;

  do {
    got = read (fd, self->buffer, self->size);
    if (got > 0)
      self->bytes += (unsigned long long)got;
  } while (got == (ssize_t)self->size || (got < 0 && errno == EINTR));
  return got >= 0;
}

static int
run (const char *list, unsigned n_threads, size_t size)
{
  Reader *readers = calloc (n_threads, sizeof *readers);
  void **scratches = calloc (n_threads, sizeof *scratches);
  BenchJob job = { list, n_threads, read_through, scratches };
  unsigned long long bytes = 0;
  long failed;

  if (readers == NULL || scratches == NULL)
    return 1;
  for (unsigned i = 0; i < n_threads; i++) {
    readers[i] = (Reader){ malloc (size), size, 0 };
    scratches[i] = &readers[i];
    if (readers[i].buffer == NULL)
      return 1;
  }
  failed = bench_each_file (&job);
  for (unsigned i = 0; i < n_threads; i++) {
    bytes += readers[i].bytes;
    free (readers[i].buffer);
  }
  free (scratches);
  free (readers);
  printf ("%llu\n", bytes);
  return failed != 0;
}

int
main (int argc, char **argv)
{
  long n_threads = 2, size = 128 << 10;
  int option;

  while ((option = getopt (argc, argv, "j:b:")) != -1) {
    if (option == 'j')
      n_threads = atol (optarg);
    else if (option == 'b')
      size = atol (optarg);
    else
      n_threads = 0;
  }
  if (n_threads >= 1 && size >= 1 && argc - optind <= 1)
    return run (argv[optind], (unsigned)n_threads, (size_t)size);
  fputs ("usage: floor [-j THREADS] [-b BUFFER-BYTES] [LIST]\n", stderr);
  return 64;
}
