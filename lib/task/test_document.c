#include "task/test_document.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void
set_up (PfTestDocument *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_test_folder_enter (&self->folder, NULL);
  self->path = "file";
  self->cancel = pf_cancel_new (NULL);
  self->options.cancel = self->cancel;
  self->writer = -1;
}

static void
tear_down (PfTestDocument *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_document_free (self->document);
  if (self->writer >= 0)
    close (self->writer);
  pf_cancel_free (self->cancel);
  pf_test_folder_leave (&self->folder, NULL);
}

void
pf_test_document_open_path (PfTestDocument *self, const char *path)
{
  g_auto (PfError) error = { 0 };

  g_clear_pointer (&self->document, pf_document_free);
  self->document = pf_document_new (&self->options);
  if (!pf_document_open (self->document, path, &error)) {
    g_test_message ("%s: %s", path, error.message);
    g_assert_not_reached ();
  }
}

void
pf_test_document_open_bytes (PfTestDocument *self, const char *bytes, gsize len)
{
  g_assert_true (g_file_set_contents (self->path, bytes, (gssize)len, NULL));
  pf_test_document_open_path (self, self->path);
}

void
pf_test_document_open_fifo (PfTestDocument *self)
{
  g_assert_cmpint (mkfifo (self->path, 0600), ==, 0);
  pf_test_document_open_path (self, self->path);
  self->writer = open (self->path, O_WRONLY);
  g_assert_cmpint (self->writer, >=, 0);
}

void
pf_test_document_feed (PfTestDocument *self, const char *bytes, gsize len)
{
  g_assert_cmpint (write (self->writer, bytes, len), ==, len);
}

void
pf_test_document_feed_end (PfTestDocument *self)
{
  close (self->writer);
  self->writer = -1;
}

void
pf_test_document_fill (PfTestDocument *self)
{
  g_auto (PfError) error = { 0 };

  if (!pf_document_fill (self->document, &error)) {
    g_test_message ("%s", error.message != NULL ? error.message : "cancelled");
    g_assert_not_reached ();
  }
}

void
pf_test_document_fill_to_end (PfTestDocument *self)
{
  do
    pf_test_document_fill (self);
  while (!pf_document_at_end (self->document));
}

void
pf_test_document_assert_window (PfTestDocument *self, const char *expected,
                                gsize len)
{
  PfSpan window = pf_document_window (self->document);

  g_assert_cmpmem (window.data, window.len, expected, len);
}

/* Bytes that tell their place. */
char *
pf_test_document_pattern (gsize len)
{
  char *bytes = g_malloc (len + 1);

  for (gsize i = 0; i < len; i++)
    bytes[i] = (char)('a' + (i * 31 + i / 1000) % 26);
  bytes[len] = '\0';
  return bytes;
}

void
pf_test_document_add (const char *path,
                      void (*test) (PfTestDocument *self, gconstpointer data))
{
  g_test_add (path, PfTestDocument, NULL, set_up, test, tear_down);
}
