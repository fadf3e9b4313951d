/* What the bytes of a document are taken for: byte order marks, UTF-16, binary
 * files. */
#include "task/test_document.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

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
    pf_test_document_open_bytes (self, cases[i].bytes, cases[i].len);
    pf_test_document_fill_to_end (self);
    pf_test_document_assert_window (self, cases[i].window,
                                    strlen (cases[i].window));
    g_assert_cmpuint (pf_document_offset (self->document), ==, cases[i].offset);
    g_assert_false (pf_document_is_binary (self->document));
  }
}

/* With --text bytes are taken as they are. */
TEST (raw)
{
  self->options.raw = TRUE;
  OPEN_LITERAL (self, "\xEF\xBB\xBFt");
  pf_test_document_fill (self);
  ASSERT_WINDOW (self, "\xEF\xBB\xBFt");
  OPEN_LITERAL (self, "\xFF\xFEt\0x");
  pf_test_document_fill (self);
  ASSERT_WINDOW (self, "\xFF\xFEt\0x");
  g_assert_false (pf_document_is_binary (self->document));
  g_assert_true (pf_document_at_end (self->document));
}

/* An encoding that is given, whatever the block; a mark is not counted. */
TEST (given)
{
  self->options.encoding = "UTF-16LE";
  for (self->options.block = 1; self->options.block < 9;
       self->options.block++) {
    OPEN_LITERAL (self, "\xFF\xFEt\0\x3D\xD8\x00\xDEx\0");
    g_assert_cmpuint (pf_document_divisible_size (self->document), ==, 0);
    pf_test_document_fill_to_end (self);
    ASSERT_WINDOW (self, "t\U0001F600x");
    g_assert_cmpuint (pf_document_offset (self->document), ==, 0);
    g_assert_cmpuint (pf_document_divisible_size (self->document), ==, 0);
  }
}

/* What stands before bytes that cannot be decoded is there, and the document
 * does not end; the fill after that fails, and so does each. */
TEST (given_wrong)
{
  self->options.encoding = "UTF-8";
  for (self->options.block = 1; self->options.block < 9;
       self->options.block++) {
    OPEN_LITERAL (self, "ab\xC3\xA9\xFFxyz");
    for (guint i = 0; i < 2; i++) {
      g_auto (PfError) error = { 0 };

      while (pf_document_fill (self->document, &error))
        g_assert_false (pf_document_at_end (self->document));
      g_assert_cmpint (error.status, ==, PF_STATUS_DATA);
      g_assert_cmpstr (error.message, ==,
                       "not in the encoding UTF-8 at byte offset 4");
      ASSERT_WINDOW (self, "ab\u00E9");
    }
  }
  /* The next file begins anew. */
  g_assert_true (g_file_set_contents (self->path, "z", 1, NULL));
  g_assert_true (pf_document_open (self->document, self->path, NULL));
  pf_test_document_fill_to_end (self);
  ASSERT_WINDOW (self, "z");
}

static gboolean
is_binary (PfTestDocument *self, const char *bytes, gsize len)
{
  pf_test_document_open_bytes (self, bytes, len);
  pf_test_document_fill (self);
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
is_binary_at (PfTestDocument *self, const char *head, gsize at, gsize len)
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
  pf_test_document_fill (self);
  g_assert_true (pf_document_is_binary (self->document));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pf_test_document_add ("/document/coding/boms", test_boms);
  pf_test_document_add ("/document/coding/raw", test_raw);
  pf_test_document_add ("/document/coding/given", test_given);
  pf_test_document_add ("/document/coding/given-wrong", test_given_wrong);
  pf_test_document_add ("/document/binary/nul", test_binary);
  pf_test_document_add ("/document/binary/limit", test_binary_limit);
  pf_test_document_add ("/document/binary/leading", test_binary_leading);
  pf_test_document_add ("/document/binary/utf16", test_binary_utf16);
  pf_test_document_add ("/document/binary/limit-utf16",
                        test_binary_limit_utf16);
  pf_test_document_add ("/document/binary/grown", test_binary_grown);
  return g_test_run ();
}
