/* Counts every occurrence of many strings in files, by Vectorscan.
 *
 *   vectorscan [-iw] [-j THREADS] [-d DATABASE] TERMS [LIST]
 *
 * TERMS holds a string a line; LIST, or standard input, holds names that each
 * end in NUL. Occurrences may overlap. Prints each string that occurs with its
 * count. With -i, case is ignored. With -w, only whole words count: neighbours
 * must not be ASCII letters, digits, "_" or bytes beyond ASCII. DATABASE keeps
 * what TERMS compiles to: it is read where it is there, and else written.
 *
 * A peer for the benchmark, as quick as its interface allows: strings go in as
 * literals, a file is read as a whole and scanned in block mode, each thread
 * has a scratch and counters of its own, and matches only count.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <hs.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "each_file.h"

typedef struct {
  char *bytes; /* all strings */
  const char **start;
  size_t *len;
  unsigned n;
} Terms;

typedef struct {
  const hs_database_t *database;
  const Terms *terms;
  bool whole_words;
  hs_scratch_t *scratch;
  char *buffer;
  size_t size; /* of buffer */
  size_t len;  /* of the file in it */
  unsigned long long *counts;
} Counter;

typedef struct {
  bool ignore_case, whole_words;
  unsigned n_threads;
  const char *database, *terms, *list;
} Options;

static void
fail (const char *what)
{
  fprintf (stderr, "vectorscan: %s: %s\n", what, strerror (errno));
  exit (1);
}

static void *
must (void *memory)
{
  if (memory == NULL)
    fail ("memory");
  return memory;
}

/* Reads all of an open file into buffer, which grows as needed. */
static ssize_t
read_whole (int fd, char **buffer, size_t *size)
{
  size_t len = 0;
  ssize_t got;

  for (;;) {
    if (len == *size)
      *buffer = must (realloc (*buffer, *size *= 2));
    got = read (fd, *buffer + len, *size - len);
    if (got < 0)
      return -1;
    len += (size_t)got;
    if (got == 0 || len < *size)
      return (ssize_t)len;
  }
}

static ssize_t
read_named (const char *name, char **buffer)
{
  int fd = open (name, O_RDONLY | O_CLOEXEC);
  struct stat info;
  size_t size;
  ssize_t len;

  if (fd < 0 || fstat (fd, &info) < 0)
    return -1;
  size = (size_t)info.st_size + 1;
  *buffer = must (malloc (size));
  len = read_whole (fd, buffer, &size);
  close (fd);
  return len;
}

static void
read_terms (Terms *terms, const char *name)
{
  ssize_t len = read_named (name, &terms->bytes);
  size_t lines = 1;

  if (len < 0)
    fail (name);
  for (ssize_t i = 0; i < len; i++)
    lines += terms->bytes[i] == '\n';
  terms->start = must (calloc (lines, sizeof *terms->start));
  terms->len = must (calloc (lines, sizeof *terms->len));
  for (char *at = terms->bytes, *end = at + len; at < end;) {
    char *stop = memchr (at, '\n', (size_t)(end - at));

    stop = stop != NULL ? stop : end;
    if (stop > at) {
      terms->start[terms->n] = at;
      terms->len[terms->n++] = (size_t)(stop - at);
    }
    at = stop + 1;
  }
}

static void
terms_clear (Terms *terms)
{
  free (terms->len);
  free (terms->start);
  free (terms->bytes);
}

static hs_database_t *
compile (const Terms *terms, bool ignore_case)
{
  unsigned *flags = must (calloc (terms->n + 1, sizeof *flags));
  unsigned *ids = must (calloc (terms->n + 1, sizeof *ids));
  hs_database_t *database = NULL;
  hs_compile_error_t *error = NULL;

  for (unsigned i = 0; i < terms->n; i++) {
    flags[i] = ignore_case ? HS_FLAG_CASELESS : 0;
    ids[i] = i;
  }
  if (hs_compile_lit_multi (terms->start, flags, ids, terms->len, terms->n,
                            HS_MODE_BLOCK, NULL, &database,
                            &error) != HS_SUCCESS) {
    fprintf (stderr, "vectorscan: %s\n", error->message);
    exit (1);
  }
  free (flags);
  free (ids);
  return database;
}

static void
save (const hs_database_t *database, const char *name)
{
  char *bytes = NULL;
  size_t len;
  FILE *file = fopen (name, "we");

  if (file == NULL ||
      hs_serialize_database (database, &bytes, &len) != HS_SUCCESS ||
      fwrite (bytes, 1, len, file) != len || fclose (file) != 0)
    fail (name);
  free (bytes);
}

static hs_database_t *
get_database (const Terms *terms, const Options *options)
{
  hs_database_t *database = NULL;
  char *bytes = NULL;
  ssize_t len =
      options->database != NULL ? read_named (options->database, &bytes) : -1;

  if (len >= 0) {
    if (hs_deserialize_database (bytes, (size_t)len, &database) != HS_SUCCESS)
      fail (options->database);
    free (bytes);
    return database;
  }
  database = compile (terms, options->ignore_case);
  if (options->database != NULL)
    save (database, options->database);
  return database;
}

static int
on_match (unsigned id, unsigned long long from, unsigned long long to,
          unsigned flags, void *context)
{
  (void)from;
  (void)to;
  (void)flags;
  ((Counter *)context)->counts[id]++;
  return 0;
}

static bool
is_word_byte (unsigned char byte)
{
  return byte >= 0x80 || isalnum (byte) || byte == '_';
}

static int
on_match_of_word (unsigned id, unsigned long long from, unsigned long long to,
                  unsigned flags, void *context)
{
  Counter *self = context;
  const unsigned char *text = (const unsigned char *)self->buffer;
  size_t start = to - self->terms->len[id];

  (void)from;
  (void)flags;
  self->counts[id] += !(start > 0 && is_word_byte (text[start - 1])) &&
                      !(to < self->len && is_word_byte (text[to]));
  return 0;
}

static bool
scan (int fd, void *data)
{
  Counter *self = data;
  ssize_t len = read_whole (fd, &self->buffer, &self->size);

  if (len < 0)
    return false;
  if (len > UINT_MAX) {
    errno = EFBIG;
    return false;
  }
  self->len = (size_t)len;
  return hs_scan (self->database, self->buffer, (unsigned)len, 0, self->scratch,
                  self->whole_words ? on_match_of_word : on_match,
                  self) == HS_SUCCESS;
}

static void
counter_init (Counter *self, const hs_database_t *database, const Terms *terms,
              bool whole_words)
{
  self->database = database;
  self->terms = terms;
  self->whole_words = whole_words;
  self->scratch = NULL;
  if (hs_alloc_scratch (database, &self->scratch) != HS_SUCCESS)
    fail ("scratch");
  self->size = 1 << 20;
  self->buffer = must (malloc (self->size));
  self->counts = must (calloc (terms->n + 1, sizeof *self->counts));
}

static void
counter_clear (Counter *self)
{
  hs_free_scratch (self->scratch);
  free (self->buffer);
  free (self->counts);
}

static void
print_counts (const Terms *terms, const Counter *counters, unsigned n_counters)
{
  for (unsigned i = 0; i < terms->n; i++) {
    unsigned long long sum = 0;

    for (unsigned k = 0; k < n_counters; k++)
      sum += counters[k].counts[i];
    if (sum > 0)
      printf ("%.*s\t%llu\n", (int)terms->len[i], terms->start[i], sum);
  }
}

static int
run (const Options *options)
{
  Terms terms = { 0 };
  unsigned n = options->n_threads;
  Counter *counters = must (calloc (n, sizeof *counters));
  void **scratches = must (calloc (n, sizeof *scratches));
  BenchJob job = { options->list, n, scan, scratches };
  hs_database_t *database;
  long failed;

  read_terms (&terms, options->terms);
  database = get_database (&terms, options);
  for (unsigned i = 0; i < n; i++) {
    counter_init (&counters[i], database, &terms, options->whole_words);
    scratches[i] = &counters[i];
  }
  failed = bench_each_file (&job);
  print_counts (&terms, counters, n);
  for (unsigned i = 0; i < n; i++)
    counter_clear (&counters[i]);
  hs_free_database (database);
  free (scratches);
  free (counters);
  terms_clear (&terms);
  return failed != 0;
}

int
main (int argc, char **argv)
{
  Options options = { .n_threads = 2 };
  int option, rest;

  while ((option = getopt (argc, argv, "iwj:d:")) != -1) {
    if (option == 'i')
      options.ignore_case = true;
    else if (option == 'w')
      options.whole_words = true;
    else if (option == 'j')
      options.n_threads = (unsigned)atoi (optarg);
    else if (option == 'd')
      options.database = optarg;
    else
      options.n_threads = 0;
  }
  rest = argc - optind;
  if (options.n_threads < 1 || rest < 1 || rest > 2) {
    fputs ("usage: vectorscan [-iw] [-j THREADS] [-d DATABASE] TERMS [LIST]\n",
           stderr);
    return 64;
  }
  options.terms = argv[optind];
  options.list = argv[optind + 1];
  return run (&options);
}
