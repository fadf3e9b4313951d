/* Documents whose text comes from elsewhere than their file, and files that are
 * looked at and lent to whoever unpacks them. */
#include "task/test_document.h"

#include <string.h>

#include "base/test_feed.h"

/* Reads all windows of FROM, with BLOCK bytes at once. */
static GString *
read_all (PfTestDocument *self, PfTestFeed *from, PfError *error)
{
  PfDocument *text = pf_document_new (&self->options);
  PfByteSource source = { pf_test_feed, from };
  GString *all = g_string_new (NULL);

  g_assert_true (
      pf_document_open_source (text, &source, NULL, self->document, error));
  g_assert_false (pf_document_is_stream (text));
  while (pf_document_fill (text, error)) {
    PfSpan window = pf_document_window (text);

    g_string_append_len (all, (const char *)window.data, (gssize)window.len);
    pf_document_consume (text, window.len);
    g_assert_cmpuint (pf_document_divisible_size (text), ==, 0);
    if (pf_document_at_end (text))
      break;
  }
  pf_document_free (text);
  return all;
}

TEST (whole)
{
  g_autofree char *text = pf_test_document_pattern (300000);

  OPEN_LITERAL (self, "file");
  for (gsize step = 1000; step < 1000000; step *= 10) {
    PfTestFeed from = { .data = pf_span_str (text), .step = step };
    g_auto (PfError) error = { 0 };
    GString *seen = read_all (self, &from, &error);

    g_assert_cmpstr (seen->str, ==, text);
    g_assert_false (pf_error_is_set (&error));
    g_string_free (seen, TRUE);
  }
}

/* What stands before it is there, however it came. */
TEST (broken)
{
  static const gsize lens[] = { 0, 1, 5, 10000, 140000, 300000 };

  OPEN_LITERAL (self, "file");
  for (guint i = 0; i < G_N_ELEMENTS (lens); i++) {
    g_autofree char *text = pf_test_document_pattern (lens[i]);
    PfTestFeed from = { .data = pf_span_str (text),
                        .step = 777,
                        .failure = "broken" };
    g_auto (PfError) error = { 0 };
    GString *seen = read_all (self, &from, &error);

    g_assert_cmpstr (seen->str, ==, text);
    g_assert_cmpstr (error.message, ==, "broken");
    g_string_free (seen, TRUE);
  }
}

TEST (decoded)
{
  PfTestFeed from = { .data = { (const guint8 *)"\xFF\xFEh\0i\0", 6 },
                      .step = 1,
                      .failure = "broken" };
  g_auto (PfError) error = { 0 };
  GString *seen;

  OPEN_LITERAL (self, "file");
  seen = read_all (self, &from, &error);
  g_assert_cmpstr (seen->str, ==, "hi");
  g_assert_cmpstr (error.message, ==, "broken");
  g_string_free (seen, TRUE);
}

static void
look (PfTestDocument *self, const char *expected, gsize len, gboolean wants_end)
{
  g_auto (PfError) error = { 0 };
  gboolean ended;
  PfSpan begin;

  g_assert_true (pf_document_look (self->document, &begin, &ended, &error));
  g_assert_cmpmem (begin.data, begin.len, expected, len);
  g_assert_cmpint (ended, ==, wants_end);
}

/* Nothing is lost by it. */
TEST (look)
{
  g_autofree char *text = pf_test_document_pattern (1000);

  OPEN_LITERAL (self, "short");
  look (self, "short", 5, FALSE);
  look (self, "short", 5, TRUE);
  g_assert_false (pf_document_at_end (self->document));
  pf_test_document_fill_to_end (self);
  ASSERT_WINDOW (self, "short");
  pf_test_document_open_bytes (self, text, 1000);
  look (self, text, PF_DOCUMENT_AHEAD, TRUE);
  pf_test_document_fill_to_end (self);
  pf_test_document_assert_window (self, text, 1000);
  OPEN_LITERAL (self, "");
  look (self, "", 0, TRUE);
  pf_test_document_fill_to_end (self);
  look (self, "", 0, TRUE);
}

TEST (look_at_stream)
{
  pf_test_document_open_fifo (self);
  pf_test_document_feed (self, "one", 3);
  look (self, "one", 3, FALSE);
  pf_test_document_feed (self, "two", 3);
  look (self, "onetwo", 6, FALSE);
  g_assert_true (pf_document_wait (self->document, 0));
  pf_test_document_fill (self);
  ASSERT_WINDOW (self, "onetwo");
  g_assert_false (pf_document_wait (self->document, 0));
}

TEST (lent)
{
  g_auto (PfError) error = { 0 };
  PfByteSource bytes;
  guint8 got[8];

  OPEN_LITERAL (self, "abcdef");
  look (self, "abcdef", 6, FALSE);
  bytes = pf_document_bytes (self->document);
  g_assert_cmpint (pf_byte_source_read (&bytes, got, 4, &error), ==, 4);
  g_assert_cmpmem (got, 4, "abcd", 4);
  g_assert_true (pf_document_seek (self->document, 5));
  g_assert_cmpint (pf_byte_source_read (&bytes, got, 8, &error), ==, 1);
  g_assert_cmpint (got[0], ==, 'f');
  g_assert_cmpint (pf_byte_source_read (&bytes, got, 8, &error), ==, 0);
  g_assert_true (pf_document_seek (self->document, 1));
  g_assert_cmpint (pf_byte_source_read (&bytes, got, 2, &error), ==, 2);
  g_assert_cmpmem (got, 2, "bc", 2);
  g_assert_cmpint (pf_document_descriptor (self->document, &error), >=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pf_test_document_add ("/document/source/whole", test_whole);
  pf_test_document_add ("/document/source/broken", test_broken);
  pf_test_document_add ("/document/source/decoded", test_decoded);
  pf_test_document_add ("/document/source/look", test_look);
  pf_test_document_add ("/document/source/look-at-stream", test_look_at_stream);
  pf_test_document_add ("/document/source/lent", test_lent);
  return g_test_run ();
}
