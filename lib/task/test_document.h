/* For tests of documents: each case has one file, or one FIFO, of its own, and
 * a document that reads it. What fails ends the test.
 */
#pragma once

#include "base/test_folder.h"
#include "task/document.h"

typedef struct {
  PfTestFolder folder;
  const char *path; /* in it */
  PfCancel *cancel;
  PfDocumentOptions options;
  PfDocument *document; /* may be NULL */
  int writer;           /* of a FIFO, or -1 */
} PfTestDocument;

#define TEST(name)                                                             \
  static void test_##name (PfTestDocument *self,                               \
                           gconstpointer data G_GNUC_UNUSED)

/* Adds a case. */
void pf_test_document_add (const char *path, void (*test) (PfTestDocument *self,
                                                           gconstpointer data));

/* A new document reads PATH, or a file of these bytes, or a FIFO, which is then
 * open for writing. */
void pf_test_document_open_path (PfTestDocument *self, const char *path);
void pf_test_document_open_bytes (PfTestDocument *self, const char *bytes,
                                  gsize len);
void pf_test_document_open_fifo (PfTestDocument *self);

#define OPEN_LITERAL(self, literal)                                            \
  pf_test_document_open_bytes (self, literal, sizeof literal - 1)

/* Writes to the FIFO; ends it. */
void pf_test_document_feed (PfTestDocument *self, const char *bytes, gsize len);
void pf_test_document_feed_end (PfTestDocument *self);

/* Once, or until the end is seen. */
void pf_test_document_fill (PfTestDocument *self);
void pf_test_document_fill_to_end (PfTestDocument *self);

void pf_test_document_assert_window (PfTestDocument *self, const char *expected,
                                     gsize len);

#define ASSERT_WINDOW(self, literal)                                           \
  pf_test_document_assert_window (self, literal, sizeof literal - 1)

/* Bytes that tell their place. (transfer full) */
char *pf_test_document_pattern (gsize len);
