/* Documents that come as they are written: FIFOs, devices, standard input. */
#include "task/test_document.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "sched/blocked.h"

/* What has come can be had before there is more. */
TEST (stream)
{
  pf_test_document_open_fifo (self);
  g_assert_true (pf_document_is_stream (self->document));
  g_assert_false (pf_document_wait (self->document, 0));
  pf_test_document_feed (self, "one\n", 4);
  g_assert_true (pf_document_wait (self->document, -1));
  pf_test_document_fill (self);
  ASSERT_WINDOW (self, "one\n");
  g_assert_false (pf_document_at_end (self->document));
  pf_document_consume (self->document, 4);
  pf_test_document_feed (self, "two", 3);
  pf_test_document_fill (self);
  ASSERT_WINDOW (self, "two");
  g_assert_cmpuint (pf_document_offset (self->document), ==, 4);
  pf_test_document_feed_end (self);
  g_assert_true (pf_document_wait (self->document, -1));
  pf_test_document_fill (self);
  g_assert_true (pf_document_at_end (self->document));
  ASSERT_WINDOW (self, "two");
}

/* Lines before a NUL are out when it comes: the window ends there, always. */
TEST (stream_binary)
{
  pf_test_document_open_fifo (self);
  pf_test_document_feed (self, "\0one\n", 5);
  pf_test_document_fill (self);
  g_assert_false (pf_document_is_binary (self->document));
  pf_test_document_feed (self, "two\0three", 9);
  pf_test_document_fill (self);
  g_assert_true (pf_document_is_binary (self->document));
  ASSERT_WINDOW (self, "\0one\ntwo");
  pf_document_consume (self->document, 5);
  ASSERT_WINDOW (self, "two");
  pf_test_document_feed_end (self);
  g_assert_false (pf_document_at_end (self->document));
}

TEST (stream_binary_limit)
{
  g_autofree char *bytes = pf_test_document_pattern (8192);

  pf_test_document_open_fifo (self);
  pf_test_document_feed (self, bytes, 8192);
  pf_test_document_fill (self);
  pf_test_document_feed (self, "\0x", 2);
  pf_test_document_feed_end (self);
  pf_test_document_fill_to_end (self);
  g_assert_false (pf_document_is_binary (self->document));
  g_assert_cmpuint (pf_document_window (self->document).len, ==, 8194);
}

/* Nobody has opened the FIFO for writing, and nobody waits for that. */
TEST (no_writer)
{
  g_auto (PfError) error = { 0 };

  g_assert_cmpint (mkfifo (self->path, 0600), ==, 0);
  pf_test_document_open_path (self, self->path);
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

  pf_test_document_open_fifo (self);
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
check_pieces (PfTestDocument *self, const char *bytes, gsize len, gsize piece,
              const char *expected, gsize expected_len)
{
  Writing writing = { .bytes = bytes, .len = len, .piece = piece };
  uv_thread_t thread;

  pf_test_document_open_fifo (self);
  writing.fd = self->writer;
  self->writer = -1;
  pf_thread_announce (&writing.reader);
  g_assert_cmpint (uv_thread_create (&thread, write_pieces, &writing), ==, 0);
  pf_test_document_fill_to_end (self);
  uv_thread_join (&thread);
  pf_test_document_assert_window (self, expected, expected_len);
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

TEST (device)
{
  pf_test_document_open_path (self, "/dev/null");
  g_assert_true (pf_document_is_stream (self->document));
  pf_test_document_fill (self);
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
  pf_test_document_open_path (self, NULL);
  pf_test_document_fill (self);
  ASSERT_WINDOW (self, "text");
  g_assert_true (pf_document_at_end (self->document));
  g_clear_pointer (&self->document, pf_document_free);
  g_assert_cmpint (fcntl (STDIN_FILENO, F_GETFD), >=, 0);
  dup2 (saved, STDIN_FILENO);
  close (saved);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pf_test_document_add ("/document/stream/windows", test_stream);
  pf_test_document_add ("/document/stream/binary", test_stream_binary);
  pf_test_document_add ("/document/stream/binary-limit",
                        test_stream_binary_limit);
  pf_test_document_add ("/document/stream/pieces", test_stream_pieces);
  pf_test_document_add ("/document/stream/utf16", test_stream_utf16);
  pf_test_document_add ("/document/stream/no-writer", test_no_writer);
  pf_test_document_add ("/document/stream/cancel", test_cancel);
  pf_test_document_add ("/document/stream/device", test_device);
  pf_test_document_add ("/document/stream/standard-input", test_standard_input);
  return g_test_run ();
}
