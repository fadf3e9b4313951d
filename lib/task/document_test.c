/* Each case has one file, or one FIFO, of its own. */
#include "task/document.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "sched/blocked.h"

typedef struct {
  char *directory;
  char *path;
  PfCancel *cancel;
  PfDocumentOptions options;
  PfDocument *document; /* may be NULL */
  int writer;           /* of a FIFO, or -1 */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  self->directory = g_dir_make_tmp ("pf-document-XXXXXX", NULL);
  self->path = g_build_filename (self->directory, "file", NULL);
  self->cancel = pf_cancel_new (NULL);
  self->options.cancel = self->cancel;
  self->writer = -1;
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_document_free (self->document);
  if (self->writer >= 0)
    close (self->writer);
  pf_cancel_free (self->cancel);
  unlink (self->path);
  g_assert_cmpint (rmdir (self->directory), ==, 0);
  g_free (self->path);
  g_free (self->directory);
}

#define TEST(name)                                                             \
  static void test_##name (Fixture *self, gconstpointer data G_GNUC_UNUSED)

static void
open_path (Fixture *self, const char *path)
{
  g_auto (PfError) error = { 0 };

  g_clear_pointer (&self->document, pf_document_free);
  self->document = pf_document_new (&self->options);
  if (!pf_document_open (self->document, path, &error))
    g_error ("%s: %s", path, error.message);
}

static void
open_bytes (Fixture *self, const char *bytes, gsize len)
{
  g_assert_true (g_file_set_contents (self->path, bytes, (gssize)len, NULL));
  open_path (self, self->path);
}

#define OPEN_LITERAL(self, literal)                                            \
  open_bytes (self, literal, sizeof literal - 1)

static void
open_fifo (Fixture *self)
{
  g_assert_cmpint (mkfifo (self->path, 0600), ==, 0);
  open_path (self, self->path);
  self->writer = open (self->path, O_WRONLY);
  g_assert_cmpint (self->writer, >=, 0);
}

static void
feed (Fixture *self, const char *bytes, gsize len)
{
  g_assert_cmpint (write (self->writer, bytes, len), ==, len);
}

static void
feed_end (Fixture *self)
{
  close (self->writer);
  self->writer = -1;
}

static void
fill (Fixture *self)
{
  g_auto (PfError) error = { 0 };

  if (!pf_document_fill (self->document, &error))
    g_error ("%s", error.message != NULL ? error.message : "cancelled");
}

static void
fill_to_end (Fixture *self)
{
  do
    fill (self);
  while (!pf_document_at_end (self->document));
}

static void
assert_window (Fixture *self, const char *expected, gsize len)
{
  PfSpan window = pf_document_window (self->document);

  g_assert_cmpmem (window.data, window.len, expected, len);
}

#define ASSERT_WINDOW(self, literal)                                           \
  assert_window (self, literal, sizeof literal - 1)

/* A small file is there, and its end seen, after one fill. */
TEST (small)
{
  OPEN_LITERAL (self, "some\ntext");
  g_assert_false (pf_document_is_stream (self->document));
  g_assert_false (pf_document_at_end (self->document));
  fill (self);
  ASSERT_WINDOW (self, "some\ntext");
  g_assert_cmpuint (pf_document_offset (self->document), ==, 0);
  g_assert_true (pf_document_at_end (self->document));
  g_assert_false (pf_document_is_binary (self->document));
}

TEST (empty)
{
  OPEN_LITERAL (self, "");
  fill (self);
  ASSERT_WINDOW (self, "");
  g_assert_true (pf_document_at_end (self->document));
  g_assert_false (pf_document_is_binary (self->document));
}

TEST (consume)
{
  OPEN_LITERAL (self, "0123456789");
  fill (self);
  pf_document_consume (self->document, 4);
  ASSERT_WINDOW (self, "456789");
  g_assert_cmpuint (pf_document_offset (self->document), ==, 4);
  pf_document_consume (self->document, 6);
  ASSERT_WINDOW (self, "");
  g_assert_cmpuint (pf_document_offset (self->document), ==, 10);
  g_assert_true (pf_document_at_end (self->document));
}

/* A UTF-8 mark is not text, but is counted; UTF-16 is counted as decoded. */
TEST (boms)
{
  static const struct {
    const char *bytes;
    gsize len;
    const char *window;
    guint64 offset;
  } cases[] = {
    { "\xEF\xBB\xBFtext", 7, "text", 3 },
    { "\xEF\xBB\xBF", 3, "", 3 },
    { "\xEF\xBB\xBF\xEF\xBB\xBF", 6, "\xEF\xBB\xBF", 3 },
    { "\xFF\xFEt\0\xE9\0", 6, "t\u00E9", 0 },
    { "\xFE\xFF\0t\0\xE9", 6, "t\u00E9", 0 },
    { "\xFF\xFE", 2, "", 0 },
    { "\xFF\xFE\x3D\xD8\x00\xDE", 6, "\U0001F600", 0 },
    { "\xFE\xFF\xD8\x3D\0x", 6, "\xED\xA0\xBDx", 0 },
    { "\xFF\xFEt\0x", 5, "t\xFF", 0 },
    { "\xFE\xFF\xD8\x3D", 4, "\xED\xA0\xBD", 0 },
    { "\xFE\xFF\xFE\xFF\0t", 6, "\xEF\xBB\xBFt", 0 },
    { "x\xEF\xBB\xBF", 4, "x\xEF\xBB\xBF", 0 },
    { "\xEF\xBBx", 3, "\xEF\xBBx", 0 },
    { "\xEF\xBB", 2, "\xEF\xBB", 0 },
    { "\xEF", 1, "\xEF", 0 },
    { "\xFF", 1, "\xFF", 0 },
    { "\xFE", 1, "\xFE", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    open_bytes (self, cases[i].bytes, cases[i].len);
    fill_to_end (self);
    assert_window (self, cases[i].window, strlen (cases[i].window));
    g_assert_cmpuint (pf_document_offset (self->document), ==, cases[i].offset);
    g_assert_false (pf_document_is_binary (self->document));
  }
}

/* With --text bytes are taken as they are. */
TEST (raw)
{
  self->options.raw = TRUE;
  OPEN_LITERAL (self, "\xEF\xBB\xBFt");
  fill (self);
  ASSERT_WINDOW (self, "\xEF\xBB\xBFt");
  OPEN_LITERAL (self, "\xFF\xFEt\0x");
  fill (self);
  ASSERT_WINDOW (self, "\xFF\xFEt\0x");
  g_assert_false (pf_document_is_binary (self->document));
  g_assert_true (pf_document_at_end (self->document));
}

static gboolean
is_binary (Fixture *self, const char *bytes, gsize len)
{
  open_bytes (self, bytes, len);
  fill (self);
  return pf_document_is_binary (self->document);
}

/* Leading NULs do not count, later ones do. */
TEST (binary)
{
  g_assert_true (is_binary (self, "a\0b", 3));
  g_assert_true (is_binary (self, "a\0", 2));
  g_assert_true (is_binary (self, "\0\0a\0", 4));
  g_assert_false (is_binary (self, "\0\0\0", 3));
  g_assert_false (is_binary (self, "\0\0text", 6));
  g_assert_false (is_binary (self, "text", 4));
  g_assert_true (is_binary (self,
                            "\xEF\xBB\xBF"
                            "a\0",
                            5));
  g_assert_false (is_binary (self, "\xEF\xBB\xBF\0a", 5));
}

/* A file of LEN bytes that begins with HEAD and has a NUL at AT. */
static gboolean
is_binary_at (Fixture *self, const char *head, gsize at, gsize len)
{
  g_autofree char *bytes = g_strnfill (len, 'x');

  memcpy (bytes, head, strlen (head));
  bytes[at] = '\0';
  return is_binary (self, bytes, len);
}

/* The first 8 KiB count, byte order mark included. */
TEST (binary_limit)
{
  g_assert_true (is_binary_at (self, "", 8191, 8192));
  g_assert_true (is_binary_at (self, "", 8191, 300000));
  g_assert_false (is_binary_at (self, "", 8192, 8193));
  g_assert_false (is_binary_at (self, "", 8192, 300000));
  g_assert_true (is_binary_at (self, "\xEF\xBB\xBF", 8191, 300000));
  g_assert_false (is_binary_at (self, "\xEF\xBB\xBF", 8192, 300000));
}

/* A run of leading NULs that goes beyond them is none. */
TEST (binary_leading)
{
  g_autofree char *bytes = g_malloc0 (20000);

  g_assert_false (is_binary (self, bytes, 20000));
  bytes[19999] = 'x';
  g_assert_false (is_binary (self, bytes, 20000));
  bytes[8190] = 'x';
  g_assert_true (is_binary (self, bytes, 20000));
  bytes[8190] = 0;
  bytes[8191] = 'x';
  g_assert_false (is_binary (self, bytes, 20000));
}

/* In UTF-16, it is characters that are NUL, not bytes. */
TEST (binary_utf16)
{
  g_assert_false (is_binary (self, "\xFF\xFEt\0e\0", 6));
  g_assert_true (is_binary (self, "\xFF\xFEt\0\0\0", 6));
  g_assert_false (is_binary (self, "\xFF\xFE\0\0t\0", 6));
}

/* The limit counts decoded bytes; a first fill knows. */
TEST (binary_limit_utf16)
{
  for (gsize at = 8190; at <= 8193; at++) {
    g_autofree char *bytes = g_malloc0 (40002);

    memcpy (bytes, "\xFE\xFF", 2);
    for (gsize i = 0; i < 20000; i++)
      bytes[3 + 2 * i] = i == at ? 0 : 'x';
    g_assert_cmpint (is_binary (self, bytes, 40002), ==, at < 8192);
  }
}

/* A file that grew after it was opened, or whose size the system does not
 * tell: the first fill knows all the same whether it is binary. */
TEST (binary_grown)
{
  g_autofree char *bytes = g_strnfill (9000, 'x');
  int fd;

  OPEN_LITERAL (self, "x");
  bytes[6000] = '\0';
  fd = open (self->path, O_WRONLY);
  g_assert_cmpint (write (fd, bytes, 9000), ==, 9000);
  close (fd);
  fill (self);
  g_assert_true (pf_document_is_binary (self->document));
}

/* Bytes that tell their place. */
static char *
pattern (gsize len)
{
  char *bytes = g_malloc (len + 1);

  for (gsize i = 0; i < len; i++)
    bytes[i] = (char)('a' + (i * 31 + i / 1000) % 26);
  bytes[len] = '\0';
  return bytes;
}

/* Nothing is consumed: the window grows until all is in it. */
TEST (growth)
{
  gsize len = 3 << 20;
  g_autofree char *bytes = pattern (len);

  open_bytes (self, bytes, len);
  fill (self);
  g_assert_false (pf_document_at_end (self->document));
  g_assert_cmpuint (pf_document_window (self->document).len, <, len);
  fill_to_end (self);
  assert_window (self, bytes, len);
}

/* All is consumed but a few bytes: the window stays small. */
TEST (consume_all)
{
  gsize len = 3 << 20, largest = 0;
  g_autofree char *bytes = pattern (len);

  open_bytes (self, bytes, len);
  do {
    PfSpan window;
    gsize kept, offset;

    fill (self);
    window = pf_document_window (self->document);
    offset = pf_document_offset (self->document);
    g_assert_cmpmem (window.data, window.len, bytes + offset,
                     MIN (window.len, len - offset));
    largest = MAX (largest, window.len);
    kept = MIN (window.len, (gsize)g_test_rand_int_range (0, 1000));
    pf_document_consume (self->document, window.len - kept);
  } while (!pf_document_at_end (self->document));
  g_assert_cmpuint (pf_document_offset (self->document) +
                        pf_document_window (self->document).len,
                    ==, len);
  g_assert_cmpuint (largest, <=, 256 << 10);
}

/* One byte around the size of a buffer makes no difference. */
TEST (sizes)
{
  static const gsize sizes[] = { 1,     4095,   4096,   4097,   8192,
                                 65536, 131071, 131072, 131073, 200000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *bytes = pattern (sizes[i]);

    open_bytes (self, bytes, sizes[i]);
    fill_to_end (self);
    assert_window (self, bytes, sizes[i]);
  }
}

/* The system says such a file has no bytes. */
TEST (size_unknown)
{
  g_autofree char *expected = NULL;
  gsize len;

  g_assert_true (g_file_get_contents ("/proc/version", &expected, &len, NULL));
  open_path (self, "/proc/version");
  fill_to_end (self);
  assert_window (self, expected, len);
}

/* What has come can be had before there is more. */
TEST (stream)
{
  open_fifo (self);
  g_assert_true (pf_document_is_stream (self->document));
  g_assert_false (pf_document_wait (self->document, 0));
  feed (self, "one\n", 4);
  g_assert_true (pf_document_wait (self->document, -1));
  fill (self);
  ASSERT_WINDOW (self, "one\n");
  g_assert_false (pf_document_at_end (self->document));
  pf_document_consume (self->document, 4);
  feed (self, "two", 3);
  fill (self);
  ASSERT_WINDOW (self, "two");
  g_assert_cmpuint (pf_document_offset (self->document), ==, 4);
  feed_end (self);
  g_assert_true (pf_document_wait (self->document, -1));
  fill (self);
  g_assert_true (pf_document_at_end (self->document));
  ASSERT_WINDOW (self, "two");
}

/* Lines before a NUL are out when it comes: the window ends there, always. */
TEST (stream_binary)
{
  open_fifo (self);
  feed (self, "\0one\n", 5);
  fill (self);
  g_assert_false (pf_document_is_binary (self->document));
  feed (self, "two\0three", 9);
  fill (self);
  g_assert_true (pf_document_is_binary (self->document));
  ASSERT_WINDOW (self, "\0one\ntwo");
  pf_document_consume (self->document, 5);
  ASSERT_WINDOW (self, "two");
  feed_end (self);
  g_assert_false (pf_document_at_end (self->document));
}

TEST (stream_binary_limit)
{
  g_autofree char *bytes = pattern (8192);

  open_fifo (self);
  feed (self, bytes, 8192);
  fill (self);
  feed (self, "\0x", 2);
  feed_end (self);
  fill_to_end (self);
  g_assert_false (pf_document_is_binary (self->document));
  g_assert_cmpuint (pf_document_window (self->document).len, ==, 8194);
}

/* Nobody has opened the FIFO for writing, and nobody waits for that. */
TEST (no_writer)
{
  g_auto (PfError) error = { 0 };

  g_assert_cmpint (mkfifo (self->path, 0600), ==, 0);
  open_path (self, self->path);
  g_assert_false (pf_document_wait (self->document, 0));
  pf_cancel_set (self->cancel);
  g_assert_false (pf_document_wait (self->document, -1));
  g_assert_false (pf_document_fill (self->document, &error));
  g_assert_false (pf_error_is_set (&error));
}

static void
cancel_it (void *data)
{
  pf_cancel_set (data);
}

/*   main:    fill (waits for input) ··▶ FALSE, without an error
 *   thread:                   set
 */
TEST (cancel)
{
  g_auto (PfError) error = { 0 };
  uv_thread_t thread;

  open_fifo (self);
  g_assert_cmpint (uv_thread_create (&thread, cancel_it, self->cancel), ==, 0);
  g_assert_false (pf_document_fill (self->document, &error));
  g_assert_false (pf_error_is_set (&error));
  uv_thread_join (&thread);
}

/* A thread that writes BYTES in pieces and then ends the FIFO. Each piece is
 * read before the next one comes. */
typedef struct {
  PfThreadId reader;
  int fd;
  const char *bytes;
  gsize len, piece;
} Writing;

static void
write_pieces (void *data)
{
  Writing *self = data;

  for (gsize at = 0; at < self->len; at += self->piece) {
    gsize len = MIN (self->piece, self->len - at);

    if (write (self->fd, self->bytes + at, len) != (gssize)len)
      break;
    pf_thread_wait_blocked (&self->reader);
  }
  close (self->fd);
}

static void
check_pieces (Fixture *self, const char *bytes, gsize len, gsize piece,
              const char *expected, gsize expected_len)
{
  Writing writing = { .bytes = bytes, .len = len, .piece = piece };
  uv_thread_t thread;

  open_fifo (self);
  writing.fd = self->writer;
  self->writer = -1;
  pf_thread_announce (&writing.reader);
  g_assert_cmpint (uv_thread_create (&thread, write_pieces, &writing), ==, 0);
  fill_to_end (self);
  uv_thread_join (&thread);
  assert_window (self, expected, expected_len);
  g_clear_pointer (&self->document, pf_document_free);
  unlink (self->path);
}

/* A mark may come a byte at a time, and so may all else. */
TEST (stream_pieces)
{
  for (gsize piece = 1; piece <= 7; piece += 2) {
    check_pieces (self, "\xEF\xBB\xBFtext", 7, piece, "text", 4);
    check_pieces (self, "\xEF\xBBtext", 6, piece, "\xEF\xBBtext", 6);
    check_pieces (self, "\xFF\xFEt\0\xAC\x20", 6, piece, "t\u20AC", 4);
    check_pieces (self, "\xFE\xFF\0t\x20\xAC", 6, piece, "t\u20AC", 4);
    check_pieces (self, "\xFF\xFE\x3D\xD8\0\xDEx", 7, piece, "\U0001F600\xFF",
                  5);
    check_pieces (self, "\xFF", 1, piece, "\xFF", 1);
    check_pieces (self, "", 0, piece, "", 0);
  }
}

/* UTF-16 of some size in odd pieces: nothing is lost where reads split units
 * and pairs. */
TEST (stream_utf16)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree gunichar2 *units = NULL;
  GString *bytes = g_string_new_len ("\xFE\xFF", 2);
  glong n;

  for (guint i = 0; i < 20000; i++)
    g_string_append (text, i % 3 == 0   ? "\U0001F600"
                           : i % 3 == 1 ? "a"
                                        : "\u20AC");
  units = g_utf8_to_utf16 (text->str, -1, NULL, &n, NULL);
  for (glong i = 0; i < n; i++) {
    g_string_append_c (bytes, (char)(units[i] >> 8));
    g_string_append_c (bytes, (char)(units[i] & 0xFF));
  }
  check_pieces (self, bytes->str, bytes->len, 4093, text->str, text->len);
  check_pieces (self, bytes->str, bytes->len, 333, text->str, text->len);
  g_string_free (bytes, TRUE);
}

TEST (refused)
{
  static const struct {
    const char *path;
    PfStatus status;
    int errnum;
  } cases[] = { { "/nonexistent", PF_STATUS_NO_INPUT, ENOENT },
                { "", PF_STATUS_NO_INPUT, ENOENT },
                { "/", PF_STATUS_NO_INPUT, EISDIR },
                { "/dev/null/x", PF_STATUS_NO_INPUT, ENOTDIR } };

  self->document = pf_document_new (&self->options);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (PfError) error = { 0 };

    g_assert_false (pf_document_open (self->document, cases[i].path, &error));
    g_assert_cmpint (error.status, ==, cases[i].status);
    g_assert_cmpint (error.errnum, ==, cases[i].errnum);
  }
  pf_document_free (NULL);
}

/* The output is never read, by whatever name. */
TEST (forbidden)
{
  g_autofree char *other = g_strconcat (self->path, "-link", NULL);
  g_auto (PfError) error = { 0 };
  struct stat st;

  OPEN_LITERAL (self, "text");
  g_assert_cmpint (stat (self->path, &st), ==, 0);
  g_assert_cmpint (symlink (self->path, other), ==, 0);
  self->options.forbidden = (PfFileId){ TRUE, st.st_dev, st.st_ino };
  self->options.forbidden_status = PF_STATUS_USAGE;
  g_assert_false (pf_document_open (self->document, other, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_USAGE);
  unlink (other);
  self->options.forbidden.inode++;
  open_path (self, self->path);
}

/* What is closed has no text, whatever it was; it may be opened again, also for
 * a part of another. */
TEST (close)
{
  g_autoptr (PfDocument) part = pf_document_new (&self->options);
  g_autofree char *text = g_strnfill (400000, 'x');

  pf_document_close (part);
  g_assert_cmpuint (pf_document_window (part).len, ==, 0);
  open_bytes (self, text, 400000);
  g_assert_true (pf_document_fill (self->document, NULL));
  g_assert_cmpuint (pf_document_divisible_size (self->document), ==, 400000);
  for (guint i = 0; i < 3; i++) {
    g_assert_true (
        pf_document_open_part (part, self->document, 1000, 300000, NULL));
    g_assert_true (pf_document_fill (part, NULL));
    g_assert_cmpuint (pf_document_offset (part), ==, 1000);
    g_assert_cmpuint (pf_document_window (part).len, ==, 300000);
    pf_document_close (part);
    g_assert_cmpuint (pf_document_window (part).len, ==, 0);
  }
  pf_document_close (self->document);
  g_assert_cmpuint (pf_document_window (self->document).len, ==, 0);
  open_path (self, self->path);
}

/* This file opens, and its first read fails. */
TEST (read_error)
{
  g_auto (PfError) error = { 0 };

  open_path (self, "/proc/self/mem");
  g_assert_false (pf_document_fill (self->document, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_IO);
  g_assert_cmpint (error.errnum, ==, EIO);
}

TEST (device)
{
  open_path (self, "/dev/null");
  g_assert_true (pf_document_is_stream (self->document));
  fill (self);
  g_assert_true (pf_document_at_end (self->document));
  ASSERT_WINDOW (self, "");
}

/* Standard input is left open. */
TEST (standard_input)
{
  int saved = dup (STDIN_FILENO), fd;

  g_assert_true (g_file_set_contents (self->path, "text", 4, NULL));
  fd = open (self->path, O_RDONLY);
  g_assert_cmpint (dup2 (fd, STDIN_FILENO), ==, STDIN_FILENO);
  close (fd);
  open_path (self, NULL);
  fill (self);
  ASSERT_WINDOW (self, "text");
  g_assert_true (pf_document_at_end (self->document));
  g_clear_pointer (&self->document, pf_document_free);
  g_assert_cmpint (fcntl (STDIN_FILENO, F_GETFD), >=, 0);
  dup2 (saved, STDIN_FILENO);
  close (saved);
}

static void
add (const char *path, void (*test) (Fixture *self, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/document/file/small", test_small);
  add ("/document/file/empty", test_empty);
  add ("/document/file/consume", test_consume);
  add ("/document/file/consume-all", test_consume_all);
  add ("/document/file/growth", test_growth);
  add ("/document/file/sizes", test_sizes);
  add ("/document/file/size-unknown", test_size_unknown);
  add ("/document/coding/boms", test_boms);
  add ("/document/coding/raw", test_raw);
  add ("/document/binary/nul", test_binary);
  add ("/document/binary/limit", test_binary_limit);
  add ("/document/binary/leading", test_binary_leading);
  add ("/document/binary/utf16", test_binary_utf16);
  add ("/document/binary/limit-utf16", test_binary_limit_utf16);
  add ("/document/binary/grown", test_binary_grown);
  add ("/document/stream/windows", test_stream);
  add ("/document/stream/binary", test_stream_binary);
  add ("/document/stream/binary-limit", test_stream_binary_limit);
  add ("/document/stream/pieces", test_stream_pieces);
  add ("/document/stream/utf16", test_stream_utf16);
  add ("/document/stream/no-writer", test_no_writer);
  add ("/document/stream/cancel", test_cancel);
  add ("/document/stream/device", test_device);
  add ("/document/stream/standard-input", test_standard_input);
  add ("/document/open/refused", test_refused);
  add ("/document/open/forbidden", test_forbidden);
  add ("/document/close", test_close);
  add ("/document/open/read-error", test_read_error);
  return g_test_run ();
}
