/* Documents that are files: windows of them, and what cannot be opened. */
#include "task/test_document.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A small file is there, and its end seen, after one fill. */
TEST (small)
{
  OPEN_LITERAL (self, "some\ntext");
  g_assert_false (pf_document_is_stream (self->document));
  g_assert_false (pf_document_at_end (self->document));
  pf_test_document_fill (self);
  ASSERT_WINDOW (self, "some\ntext");
  g_assert_cmpuint (pf_document_offset (self->document), ==, 0);
  g_assert_true (pf_document_at_end (self->document));
  g_assert_false (pf_document_is_binary (self->document));
}

TEST (empty)
{
  OPEN_LITERAL (self, "");
  pf_test_document_fill (self);
  ASSERT_WINDOW (self, "");
  g_assert_true (pf_document_at_end (self->document));
  g_assert_false (pf_document_is_binary (self->document));
}

TEST (consume)
{
  OPEN_LITERAL (self, "0123456789");
  pf_test_document_fill (self);
  pf_document_consume (self->document, 4);
  ASSERT_WINDOW (self, "456789");
  g_assert_cmpuint (pf_document_offset (self->document), ==, 4);
  pf_document_consume (self->document, 6);
  ASSERT_WINDOW (self, "");
  g_assert_cmpuint (pf_document_offset (self->document), ==, 10);
  g_assert_true (pf_document_at_end (self->document));
}

/* Nothing is consumed: the window grows until all is in it. */
TEST (growth)
{
  gsize len = 3 << 20;
  g_autofree char *bytes = pf_test_document_pattern (len);

  pf_test_document_open_bytes (self, bytes, len);
  pf_test_document_fill (self);
  g_assert_false (pf_document_at_end (self->document));
  g_assert_cmpuint (pf_document_window (self->document).len, <, len);
  pf_test_document_fill_to_end (self);
  pf_test_document_assert_window (self, bytes, len);
}

/* All is consumed but a few bytes: the window stays small. */
TEST (consume_all)
{
  gsize len = 3 << 20, largest = 0;
  g_autofree char *bytes = pf_test_document_pattern (len);

  pf_test_document_open_bytes (self, bytes, len);
  do {
    PfSpan window;
    gsize kept, offset;

    pf_test_document_fill (self);
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
    g_autofree char *bytes = pf_test_document_pattern (sizes[i]);

    pf_test_document_open_bytes (self, bytes, sizes[i]);
    pf_test_document_fill_to_end (self);
    pf_test_document_assert_window (self, bytes, sizes[i]);
  }
}

/* The system says such a file has no bytes. */
TEST (size_unknown)
{
  g_autofree char *expected = NULL;
  gsize len;

  g_assert_true (g_file_get_contents ("/proc/version", &expected, &len, NULL));
  pf_test_document_open_path (self, "/proc/version");
  pf_test_document_fill_to_end (self);
  pf_test_document_assert_window (self, expected, len);
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
  self->options.forbidden = pf_file_id_of (&st);
  self->options.forbidden_status = PF_STATUS_USAGE;
  g_assert_false (pf_document_open (self->document, other, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_USAGE);
  g_assert_cmpstr (error.message, ==, "output is also an input");
  pf_error_clear (&error);
  self->options.reserved = self->options.forbidden;
  self->options.forbidden.inode++;
  g_assert_false (pf_document_open (self->document, other, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_USAGE);
  g_assert_cmpstr (error.message, ==, "file for statistics is also an input");
  unlink (other);
  self->options.reserved.inode++;
  pf_test_document_open_path (self, self->path);
}

/* What is closed has no text, whatever it was; it may be opened again, also for
 * a part of another. */
TEST (close)
{
  g_autoptr (PfDocument) part = pf_document_new (&self->options);
  g_autofree char *text = g_strnfill (400000, 'x');

  pf_document_close (part);
  g_assert_cmpuint (pf_document_window (part).len, ==, 0);
  pf_test_document_open_bytes (self, text, 400000);
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
  pf_test_document_open_path (self, self->path);
}

/* This file opens, and its first read fails. */
TEST (read_error)
{
  g_auto (PfError) error = { 0 };

  pf_test_document_open_path (self, "/proc/self/mem");
  g_assert_false (pf_document_fill (self->document, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_IO);
  g_assert_cmpint (error.errnum, ==, EIO);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pf_test_document_add ("/document/file/small", test_small);
  pf_test_document_add ("/document/file/empty", test_empty);
  pf_test_document_add ("/document/file/consume", test_consume);
  pf_test_document_add ("/document/file/consume-all", test_consume_all);
  pf_test_document_add ("/document/file/growth", test_growth);
  pf_test_document_add ("/document/file/sizes", test_sizes);
  pf_test_document_add ("/document/file/size-unknown", test_size_unknown);
  pf_test_document_add ("/document/open/refused", test_refused);
  pf_test_document_add ("/document/open/forbidden", test_forbidden);
  pf_test_document_add ("/document/close", test_close);
  pf_test_document_add ("/document/open/read-error", test_read_error);
  return g_test_run ();
}
