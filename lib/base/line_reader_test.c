#include "base/line_reader.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

/* A pipe, and a reader at its end. */
typedef struct {
  int in; /* -1 once it is closed */
  int out;
  PfLineReader *reader;
} Fixture;

static void
fixture_init (Fixture *self, const PfLineReaderOptions *options)
{
  PfLineReaderOptions with_fd = *options;
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  self->out = with_fd.fd = ends[0];
  self->in = ends[1];
  self->reader = pf_line_reader_new (&with_fd);
}

static void
fixture_end (Fixture *self)
{
  if (self->in >= 0)
    close (self->in);
  self->in = -1;
}

static void
fixture_clear (Fixture *self)
{
  pf_line_reader_free (self->reader);
  fixture_end (self);
  /* The reader does not close what is not its own. */
  g_assert_cmpint (close (self->out), ==, 0);
}

static void
feed (Fixture *self, const char *bytes, gsize len)
{
  g_assert_cmpint (write (self->in, bytes, len), ==, len);
}

static void
assert_next (Fixture *self, PfLineResult result, const char *line, gsize len)
{
  g_auto (PfError) error = { 0 };
  PfSpan span = { NULL, 0 };

  g_assert_cmpint (pf_line_reader_next (self->reader, &span, &error), ==,
                   result);
  g_assert_false (pf_error_is_set (&error));
  if (line != NULL)
    g_assert_cmpmem (span.data, span.len, line, len);
}

#define ASSERT_LINE(fixture, line)                                             \
  assert_next (fixture, PF_LINE_OK, line, sizeof line - 1)
#define ASSERT_END(fixture) assert_next (fixture, PF_LINE_END, NULL, 0)

static void
test_lines (void)
{
  static const char text[] = "one\n\ntwo\r\n\nlast";
  PfLineReaderOptions options = { .delimiter = '\n', .max = 100 };
  Fixture fixture;

  fixture_init (&fixture, &options);
  feed (&fixture, text, sizeof text - 1);
  fixture_end (&fixture);
  ASSERT_LINE (&fixture, "one");
  ASSERT_LINE (&fixture, "");
  ASSERT_LINE (&fixture, "two\r");
  ASSERT_LINE (&fixture, "");
  ASSERT_LINE (&fixture, "last");
  ASSERT_END (&fixture);
  ASSERT_END (&fixture);
  fixture_clear (&fixture);
}

static void
test_empty (void)
{
  PfLineReaderOptions options = { .delimiter = '\n', .max = 100 };
  Fixture fixture;

  fixture_init (&fixture, &options);
  fixture_end (&fixture);
  ASSERT_END (&fixture);
  fixture_clear (&fixture);
  pf_line_reader_free (NULL);
}

/* A delimiter at the end begins no further record. */
static void
test_delimiter_at_end (void)
{
  PfLineReaderOptions options = { .delimiter = '\n', .max = 100 };
  Fixture fixture;

  fixture_init (&fixture, &options);
  feed (&fixture, "one\n", 4);
  fixture_end (&fixture);
  ASSERT_LINE (&fixture, "one");
  ASSERT_END (&fixture);
  fixture_clear (&fixture);
}

static void
test_nul (void)
{
  static const char text[] = "a\nb\0\0c";
  PfLineReaderOptions options = { .delimiter = 0, .max = 100 };
  Fixture fixture;

  fixture_init (&fixture, &options);
  feed (&fixture, text, sizeof text - 1);
  fixture_end (&fixture);
  ASSERT_LINE (&fixture, "a\nb");
  ASSERT_LINE (&fixture, "");
  ASSERT_LINE (&fixture, "c");
  ASSERT_END (&fixture);
  fixture_clear (&fixture);
}

/* NUL is a byte as any other where LF delimits. */
static void
test_nul_in_line (void)
{
  PfLineReaderOptions options = { .delimiter = '\n', .max = 100 };
  Fixture fixture;

  fixture_init (&fixture, &options);
  feed (&fixture, "a\0b\n", 4);
  fixture_end (&fixture);
  ASSERT_LINE (&fixture, "a\0b");
  ASSERT_END (&fixture);
  fixture_clear (&fixture);
}

/* What on_wait does: the next part of the input is written when it is waited
 * for, so that each read sees one part. */
typedef struct {
  Fixture fixture;
  const char *const *parts; /* NULL ends them, and the input */
  guint n_waits;
} Split;

static void
feed_next_part (gpointer user)
{
  Split *self = user;
  const char *part = self->parts[self->n_waits];

  if (part == NULL)
    fixture_end (&self->fixture);
  else
    feed (&self->fixture, part, strlen (part));
  self->n_waits++;
}

static void
split_init (Split *self, const char *const *parts, gsize max)
{
  PfLineReaderOptions options = {
    .delimiter = '\n', .max = max, .on_wait = feed_next_part, .user = self
  };

  self->parts = parts;
  self->n_waits = 0;
  fixture_init (&self->fixture, &options);
}

/* A record may come in any number of reads; and what is complete is given out
 * before the reader waits for more. */
static void
test_split (void)
{
  static const char *const parts[] = { "o",   "n",  "e\n",  "two\nth", "re",
                                       "e\n", "\n", "last", NULL };
  Split split;

  split_init (&split, parts, 100);
  ASSERT_LINE (&split.fixture, "one");
  g_assert_cmpuint (split.n_waits, ==, 3);
  ASSERT_LINE (&split.fixture, "two");
  g_assert_cmpuint (split.n_waits, ==, 4);
  ASSERT_LINE (&split.fixture, "three");
  g_assert_cmpuint (split.n_waits, ==, 6);
  ASSERT_LINE (&split.fixture, "");
  ASSERT_LINE (&split.fixture, "last");
  g_assert_cmpuint (split.n_waits, ==, 9);
  ASSERT_END (&split.fixture);
  fixture_clear (&split.fixture);
}

/* One byte more than the longest is too long; the next record is whole. */
static void
test_longest (void)
{
  static const char text[] = "1234\n12345\n1234\n12345";
  PfLineReaderOptions options = { .delimiter = '\n', .max = 4 };
  Fixture fixture;

  fixture_init (&fixture, &options);
  feed (&fixture, text, sizeof text - 1);
  fixture_end (&fixture);
  ASSERT_LINE (&fixture, "1234");
  assert_next (&fixture, PF_LINE_TOO_LONG, NULL, 0);
  ASSERT_LINE (&fixture, "1234");
  assert_next (&fixture, PF_LINE_TOO_LONG, NULL, 0);
  ASSERT_END (&fixture);
  fixture_clear (&fixture);
}

static gboolean
begins_with (PfSpan span, const char *text)
{
  return span.len > 0 &&
         memcmp (span.data, text, MIN (span.len, strlen (text))) == 0;
}

/* A long record that comes in many reads is dropped as it comes. */
static void
test_long_in_parts (void)
{
  static const char *const parts[] = { "12345678", "12345678", "1\n2", "\n",
                                       "12345678", "12345",    NULL };
  g_auto (PfError) error = { 0 };
  PfSpan line;
  Split split;

  split_init (&split, parts, 5);
  g_assert_cmpint (pf_line_reader_next (split.fixture.reader, &line, &error),
                   ==, PF_LINE_TOO_LONG);
  g_assert_true (begins_with (line, "12345678"));
  ASSERT_LINE (&split.fixture, "2");
  g_assert_cmpint (pf_line_reader_next (split.fixture.reader, &line, &error),
                   ==, PF_LINE_TOO_LONG);
  g_assert_true (begins_with (line, "12345678"));
  ASSERT_END (&split.fixture);
  fixture_clear (&split.fixture);
}

/* One that is just as long as allowed may come before its delimiter. */
static void
test_longest_in_parts (void)
{
  static const char *const parts[] = { "1234", "\n12", "34", "\n1234", NULL };
  Split split;

  split_init (&split, parts, 4);
  ASSERT_LINE (&split.fixture, "1234");
  ASSERT_LINE (&split.fixture, "1234");
  ASSERT_LINE (&split.fixture, "1234");
  ASSERT_END (&split.fixture);
  fixture_clear (&split.fixture);
}

/* A file of records of very different lengths, beyond all buffers. */
static GString *
make_records (gsize max)
{
  GString *text = g_string_new (NULL);

  for (guint n = 0; n < 400; n++) {
    gint32 longest = n % 50 == 0 ? (gint32)max + 2 : 200;
    gsize len = (gsize)g_test_rand_int_range (0, longest);

    for (gsize i = 0; i < len; i++)
      g_string_append_c (text, (char)('a' + (n + i) % 26));
    g_string_append_c (text, '\n');
  }
  return text;
}

static void
check_records (const GString *text, int fd, gsize max)
{
  PfLineReaderOptions options = { .fd = fd, .delimiter = '\n', .max = max };
  g_autoptr (PfLineReader) reader = pf_line_reader_new (&options);
  const char *expected = text->str;
  PfSpan line;

  while (*expected != '\0') {
    const char *end = strchr (expected, '\n');
    gsize len = (gsize)(end - expected);
    PfLineResult result = pf_line_reader_next (reader, &line, NULL);

    g_assert_cmpint (result, ==, len > max ? PF_LINE_TOO_LONG : PF_LINE_OK);
    if (len <= max)
      g_assert_cmpmem (line.data, line.len, expected, len);
    expected = end + 1;
  }
  g_assert_cmpint (pf_line_reader_next (reader, &line, NULL), ==, PF_LINE_END);
}

static void
test_large_file (void)
{
  static const gsize limits[] = { 100, 200, 70000, 200000 };
  g_autofree char *name = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++) {
    g_autoptr (GString) text = make_records (limits[i]);
    int fd = g_file_open_tmp (NULL, &name, NULL);

    g_assert_cmpint (fd, >=, 0);
    unlink (name);
    g_clear_pointer (&name, g_free);
    g_assert_cmpint (write (fd, text->str, text->len), ==, text->len);
    lseek (fd, 0, SEEK_SET);
    check_records (text, fd, limits[i]);
    close (fd);
  }
}

/* What came before is given out first; then nothing is waited for. */
static void
test_cancel (void)
{
  PfCancel *cancel = pf_cancel_new (NULL);
  PfLineReaderOptions options = { .delimiter = '\n',
                                  .max = 100,
                                  .cancel = cancel };
  Fixture fixture;

  fixture_init (&fixture, &options);
  feed (&fixture, "one\ntwo\nthr", 11);
  ASSERT_LINE (&fixture, "one");
  pf_cancel_set (cancel);
  ASSERT_LINE (&fixture, "two");
  assert_next (&fixture, PF_LINE_CANCELLED, NULL, 0);
  assert_next (&fixture, PF_LINE_CANCELLED, NULL, 0);
  fixture_clear (&fixture);
  pf_cancel_free (cancel);
}

static void
cancel_it (void *data)
{
  pf_cancel_set (data);
}

/*   reader:  next (waits for input) ··▶ cancelled
 *   thread:                 set
 */
static void
test_cancel_wakes (void)
{
  PfCancel *cancel = pf_cancel_new (NULL);
  PfLineReaderOptions options = { .delimiter = '\n',
                                  .max = 100,
                                  .cancel = cancel };
  Fixture fixture;
  uv_thread_t thread;

  fixture_init (&fixture, &options);
  g_assert_cmpint (uv_thread_create (&thread, cancel_it, cancel), ==, 0);
  assert_next (&fixture, PF_LINE_CANCELLED, NULL, 0);
  uv_thread_join (&thread);
  fixture_clear (&fixture);
  pf_cancel_free (cancel);
}

/* With a flag to wait for, a descriptor that does not block is waited for. */
static void
test_non_blocking (void)
{
  PfCancel *cancel = pf_cancel_new (NULL);
  static const char *const parts[] = { "o", "ne\ntwo", NULL };
  Split split = { .parts = parts };
  PfLineReaderOptions options = { .delimiter = '\n',
                                  .max = 100,
                                  .cancel = cancel,
                                  .on_wait = feed_next_part,
                                  .user = &split };

  fixture_init (&split.fixture, &options);
  g_assert_cmpint (fcntl (split.fixture.out, F_SETFL, O_NONBLOCK), ==, 0);
  ASSERT_LINE (&split.fixture, "one");
  ASSERT_LINE (&split.fixture, "two");
  ASSERT_END (&split.fixture);
  fixture_clear (&split.fixture);
  pf_cancel_free (cancel);
}

/* A directory can be opened, but not read. */
static void
test_error (void)
{
  g_auto (PfError) error = { 0 };
  int fd = open ("/", O_RDONLY);
  PfLineReaderOptions options = { .fd = fd, .delimiter = '\n', .max = 100 };
  PfLineReader *reader = pf_line_reader_new (&options);
  PfSpan line;

  g_assert_cmpint (pf_line_reader_next (reader, &line, &error), ==,
                   PF_LINE_ERROR);
  g_assert_cmpint (error.status, ==, PF_STATUS_NO_INPUT);
  pf_line_reader_free (reader);
  close (fd);
}

/* From an offset on; the reader says where it is, and the descriptor stays. */
static void
test_positioned (void)
{
  static const char text[] = "one\ntwo\nmuch too long\nfour";
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("pf-reader-XXXXXX", &path, NULL);
  PfLineReaderOptions options = {
    .fd = fd, .delimiter = '\n', .max = 5, .is_positioned = TRUE, .offset = 4
  };
  PfLineReader *reader = pf_line_reader_new (&options);
  PfSpan line;

  g_assert_cmpint (write (fd, text, sizeof text - 1), ==, sizeof text - 1);
  lseek (fd, 2, SEEK_SET);
  g_assert_cmpint (pf_line_reader_offset (reader), ==, 4);
  g_assert_cmpint (pf_line_reader_next (reader, &line, NULL), ==, PF_LINE_OK);
  g_assert_cmpmem (line.data, line.len, "two", 3);
  g_assert_cmpint (pf_line_reader_offset (reader), ==, 8);
  g_assert_cmpint (pf_line_reader_next (reader, &line, NULL), ==,
                   PF_LINE_TOO_LONG);
  g_assert_cmpint (pf_line_reader_offset (reader), ==, 22);
  g_assert_cmpint (pf_line_reader_next (reader, &line, NULL), ==, PF_LINE_OK);
  g_assert_cmpmem (line.data, line.len, "four", 4);
  g_assert_cmpint (pf_line_reader_offset (reader), ==, 26);
  g_assert_cmpint (pf_line_reader_next (reader, &line, NULL), ==, PF_LINE_END);
  g_assert_cmpint (lseek (fd, 0, SEEK_CUR), ==, 2);
  pf_line_reader_free (reader);
  close (fd);
  unlink (path);
}

/* What is looked at is not taken; more is waited for, up to the end. */
static void
test_peek (void)
{
  PfLineReaderOptions options = { .delimiter = '\n', .max = 100 };
  Fixture fixture;
  PfSpan there;

  fixture_init (&fixture, &options);
  feed (&fixture, "one\ntwo\n", 8);
  g_assert_cmpint (pf_line_reader_peek (fixture.reader, 5, &there, NULL), ==,
                   PF_LINE_OK);
  g_assert_cmpmem (there.data, there.len, "one\ntwo\n", 8);
  assert_next (&fixture, PF_LINE_OK, "one", 3);
  feed (&fixture, "three", 5);
  fixture_end (&fixture);
  g_assert_cmpint (pf_line_reader_peek (fixture.reader, 9, &there, NULL), ==,
                   PF_LINE_OK);
  g_assert_cmpmem (there.data, there.len, "two\nthree", 9);
  g_assert_cmpint (pf_line_reader_peek (fixture.reader, 50, &there, NULL), ==,
                   PF_LINE_OK);
  g_assert_cmpuint (there.len, ==, 9);
  assert_next (&fixture, PF_LINE_OK, "two", 3);
  assert_next (&fixture, PF_LINE_OK, "three", 5);
  assert_next (&fixture, PF_LINE_END, NULL, 0);
  fixture_clear (&fixture);
}

/* A reader's bytes begin where its lines ended; and are lines of another. */
static void
test_bytes (void)
{
  PfLineReaderOptions options = { .delimiter = '\n', .max = 100 };
  PfByteSource bytes;
  PfLineReader *second;
  Fixture fixture;
  guint8 two[2];
  PfSpan line;

  fixture_init (&fixture, &options);
  feed (&fixture, "one\ntwo\nthree\nfour", 18);
  fixture_end (&fixture);
  assert_next (&fixture, PF_LINE_OK, "one", 3);
  bytes = pf_line_reader_bytes (fixture.reader);
  g_assert_cmpint (pf_byte_source_read (&bytes, two, sizeof two, NULL), ==, 2);
  g_assert_cmpmem (two, sizeof two, "tw", 2);
  options.bytes = &bytes;
  second = pf_line_reader_new (&options);
  g_assert_cmpint (pf_line_reader_next (second, &line, NULL), ==, PF_LINE_OK);
  g_assert_cmpmem (line.data, line.len, "o", 1);
  g_assert_cmpint (pf_line_reader_next (second, &line, NULL), ==, PF_LINE_OK);
  g_assert_cmpmem (line.data, line.len, "three", 5);
  g_assert_cmpint (pf_line_reader_next (second, &line, NULL), ==, PF_LINE_OK);
  g_assert_cmpmem (line.data, line.len, "four", 4);
  g_assert_cmpint (pf_line_reader_next (second, &line, NULL), ==, PF_LINE_END);
  g_assert_cmpint (pf_byte_source_read (&bytes, two, sizeof two, NULL), ==, 0);
  pf_line_reader_free (second);
  fixture_clear (&fixture);
}

static gssize
fail_at_once (gpointer user G_GNUC_UNUSED, guint8 *to G_GNUC_UNUSED,
              gsize room G_GNUC_UNUSED, PfError *error)
{
  pf_error_set (error, PF_STATUS_DATA, "odd");
  return -1;
}

/* The error of a source of bytes is that of the reader, and of its bytes. */
static void
test_bytes_error (void)
{
  PfByteSource odd = { fail_at_once, NULL }, again;
  PfLineReaderOptions options = { .bytes = &odd, .delimiter = '\n' };
  PfLineReader *reader = pf_line_reader_new (&options);
  g_auto (PfError) error = { 0 };
  PfSpan line;
  guint8 byte;

  g_assert_cmpint (pf_line_reader_next (reader, &line, &error), ==,
                   PF_LINE_ERROR);
  g_assert_cmpstr (error.message, ==, "odd");
  pf_error_clear (&error);
  again = pf_line_reader_bytes (reader);
  g_assert_cmpint (pf_byte_source_read (&again, &byte, 1, &error), ==, -1);
  g_assert_cmpstr (error.message, ==, "odd");
  pf_line_reader_free (reader);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/line-reader/peek", test_peek);
  g_test_add_func ("/line-reader/bytes", test_bytes);
  g_test_add_func ("/line-reader/bytes/error", test_bytes_error);
  g_test_add_func ("/line-reader/lines", test_lines);
  g_test_add_func ("/line-reader/empty", test_empty);
  g_test_add_func ("/line-reader/delimiter-at-end", test_delimiter_at_end);
  g_test_add_func ("/line-reader/nul", test_nul);
  g_test_add_func ("/line-reader/nul/in-line", test_nul_in_line);
  g_test_add_func ("/line-reader/split", test_split);
  g_test_add_func ("/line-reader/long/longest", test_longest);
  g_test_add_func ("/line-reader/long/longest-in-parts", test_longest_in_parts);
  g_test_add_func ("/line-reader/long/in-parts", test_long_in_parts);
  g_test_add_func ("/line-reader/large-file", test_large_file);
  g_test_add_func ("/line-reader/cancel", test_cancel);
  g_test_add_func ("/line-reader/cancel/wakes", test_cancel_wakes);
  g_test_add_func ("/line-reader/non-blocking", test_non_blocking);
  g_test_add_func ("/line-reader/error", test_error);
  g_test_add_func ("/line-reader/positioned", test_positioned);
  return g_test_run ();
}
