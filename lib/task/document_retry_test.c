/* Documents whose calls of the system fail now and then. */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/test_faults.h"
#include "task/test_document.h"

#define BLOCK ((gsize)1000)
#define LEN ((gsize)10 * BLOCK)

static void
begin (PfTestDocument *self)
{
  pf_test_faults_clear ();
  self->options.retry = pf_retry_new (2, self->cancel);
}

static void
end (PfTestDocument *self)
{
  pf_test_faults_clear ();
  g_clear_pointer (&self->document, pf_document_free);
  g_clear_pointer (&self->options.retry, pf_retry_free);
}

static void
fails_to_open (PfTestDocument *self, int errnum)
{
  g_autoptr (PfDocument) document = pf_document_new (&self->options);
  g_auto (PfError) error = { 0 };

  g_assert_false (pf_document_open (document, self->path, &error));
  g_assert_cmpint (error.errnum, ==, errnum);
  g_assert_cmpint (error.status, ==, pf_status_from_errno (errnum));
}

static void
fails_to_fill (PfDocument *document, int errnum)
{
  g_auto (PfError) error = { 0 };

  g_assert_false (pf_document_fill (document, &error));
  g_assert_cmpint (error.errnum, ==, errnum);
  g_assert_cmpint (error.status, ==, pf_status_from_errno (errnum));
}

TEST (open)
{
  begin (self);
  OPEN_LITERAL (self, "text");
  pf_test_fail (PF_CALL_OPEN, 0, 2, EMFILE);
  pf_test_document_open_path (self, self->path);
  pf_test_document_fill_to_end (self);
  ASSERT_WINDOW (self, "text");
  g_clear_pointer (&self->document, pf_document_free);
  pf_test_fail (PF_CALL_OPEN, 0, 3, EMFILE);
  fails_to_open (self, EMFILE);
  pf_test_fail (PF_CALL_FSTAT, 0, 3, ESTALE);
  fails_to_open (self, ESTALE);
  end (self);
}

/* Reads all of the file, a call of read failing twice at one place: what comes
 * is the file. */
static void
read_with_faults (PfTestDocument *self, guint place, int errnum)
{
  g_autofree char *bytes = pf_test_document_pattern (LEN);
  gsize at = 0;

  pf_test_document_open_path (self, self->path);
  pf_test_fail (PF_CALL_READ, place, 2, errnum);
  while (!pf_document_at_end (self->document)) {
    PfSpan window;

    pf_test_document_fill (self);
    window = pf_document_window (self->document);
    g_assert_cmpmem (window.data, window.len, bytes + at, window.len);
    at += window.len;
    pf_document_consume (self->document, window.len);
  }
  g_assert_cmpuint (at, ==, LEN);
}

TEST (read)
{
  static const int errnums[] = { EIO, ENOMEM, EAGAIN, ESTALE };
  g_autofree char *bytes = pf_test_document_pattern (LEN);
  guint64 n = 0;

  begin (self);
  self->options.raw = TRUE;
  self->options.block = BLOCK;
  pf_test_document_open_bytes (self, bytes, LEN);
  for (guint place = 0; place < LEN / BLOCK; place++) {
    read_with_faults (self, place, errnums[place % G_N_ELEMENTS (errnums)]);
    n += 2;
    g_assert_cmpuint (pf_retry_count (self->options.retry), ==, n);
  }
  end (self);
}

TEST (read_fails)
{
  begin (self);
  OPEN_LITERAL (self, "text");
  pf_test_fail (PF_CALL_READ, 0, 3, EIO);
  fails_to_fill (self->document, EIO);
  end (self);
}

/* Nothing is tried again by documents that have no policy. */
TEST (no_policy)
{
  pf_test_faults_clear ();
  OPEN_LITERAL (self, "text");
  pf_test_fail (PF_CALL_READ, 0, 1, EIO);
  fails_to_fill (self->document, EIO);
  g_clear_pointer (&self->document, pf_document_free);
  pf_test_fail (PF_CALL_OPEN, 0, 1, EMFILE);
  fails_to_open (self, EMFILE);
  pf_test_faults_clear ();
}

/* A pipe that has nothing yet is waited for, however often it says so. */
TEST (pipe)
{
  begin (self);
  pf_test_document_open_fifo (self);
  pf_test_document_feed (self, "text", 4);
  pf_test_fail (PF_CALL_READ, 0, 5, EAGAIN);
  pf_test_document_fill (self);
  ASSERT_WINDOW (self, "text");
  g_assert_cmpuint (pf_retry_count (self->options.retry), ==, 0);
  pf_test_document_feed (self, "more", 4);
  pf_test_fail (PF_CALL_READ, 0, 2, EIO);
  pf_test_document_fill (self);
  ASSERT_WINDOW (self, "textmore");
  g_assert_cmpuint (pf_retry_count (self->options.retry), ==, 2);
  end (self);
}

/* Half of a file was read when its descriptor goes stale. */
static void
open_half (PfTestDocument *self)
{
  g_autofree char *bytes = pf_test_document_pattern (LEN);

  self->options.block = LEN / 2;
  pf_test_document_open_bytes (self, bytes, LEN);
  pf_test_document_fill (self);
  g_assert_cmpuint (pf_document_window (self->document).len, ==, LEN / 2);
  pf_test_go_stale ();
}

TEST (stale)
{
  g_autofree char *bytes = pf_test_document_pattern (LEN);

  begin (self);
  self->options.raw = TRUE;
  open_half (self);
  pf_test_document_fill_to_end (self);
  pf_test_document_assert_window (self, bytes, LEN);
  g_assert_cmpuint (pf_retry_count (self->options.retry), ==, 1);
  end (self);
}

TEST (stale_and_gone)
{
  begin (self);
  self->options.raw = TRUE;
  open_half (self);
  g_assert_cmpint (unlink (self->path), ==, 0);
  fails_to_fill (self->document, ESTALE);
  end (self);
}

/* Another file of that size has the name by now. */
TEST (stale_and_replaced)
{
  struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };

  begin (self);
  self->options.raw = TRUE;
  open_half (self);
  g_assert_cmpint (utimensat (AT_FDCWD, self->path, times, 0), ==, 0);
  fails_to_fill (self->document, ESTALE);
  end (self);
}

static void
assert_part (PfDocument *part, guint64 offset, gsize room)
{
  g_autofree char *bytes = pf_test_document_pattern (LEN);
  PfSpan window = pf_document_window (part);

  g_assert_cmpuint (pf_document_offset (part), ==, offset);
  g_assert_cmpmem (window.data, window.len, bytes + offset, room);
}

/* Each part takes a descriptor of its own, and the whole keeps its own. */
TEST (stale_parts)
{
  PfDocument *parts[2];

  begin (self);
  self->options.raw = TRUE;
  open_half (self);
  for (guint i = 0; i < 2; i++) {
    parts[i] = pf_document_new (&self->options);
    g_assert_true (pf_document_open_part (parts[i], self->document, 1000 + i,
                                          BLOCK, NULL));
    g_assert_true (pf_document_fill (parts[i], NULL));
    assert_part (parts[i], 1000 + i, BLOCK);
  }
  g_assert_cmpuint (pf_retry_count (self->options.retry), ==, 2);
  pf_test_faults_clear ();
  g_assert_true (
      pf_document_open_part (parts[0], self->document, 5000, BLOCK, NULL));
  g_assert_true (pf_document_fill (parts[0], NULL));
  assert_part (parts[0], 5000, BLOCK);
  pf_document_free (parts[0]);
  pf_document_free (parts[1]);
  end (self);
}

TEST (memory)
{
  g_autofree char *bytes = pf_test_document_pattern (LEN);

  begin (self);
  self->options.raw = TRUE;
  self->options.block = BLOCK;
  pf_test_fail (PF_CALL_REALLOC, 0, 2, 0);
  pf_test_document_open_bytes (self, bytes, LEN);
  pf_test_document_fill (self);
  pf_test_fail (PF_CALL_REALLOC, 0, 2, 0);
  pf_test_document_fill_to_end (self);
  pf_test_document_assert_window (self, bytes, LEN);
  pf_test_document_open_path (self, self->path);
  pf_test_document_fill (self);
  pf_test_fail (PF_CALL_REALLOC, 0, 3, 0);
  fails_to_fill (self->document, ENOMEM);
  g_clear_pointer (&self->document, pf_document_free);
  pf_test_fail (PF_CALL_REALLOC, 0, 3, 0);
  fails_to_open (self, ENOMEM);
  end (self);
}

/* What was read as bytes stays until there is memory for the text. */
TEST (memory_for_utf16)
{
  static const char bytes[] = "\xFF\xFEt\0e\0x\0t\0";

  begin (self);
  OPEN_LITERAL (self, bytes);
  pf_test_fail (PF_CALL_REALLOC, 1, 2, 0);
  pf_test_document_fill_to_end (self);
  ASSERT_WINDOW (self, "text");
  for (guint before = 0; before < 2; before++) {
    pf_test_document_open_path (self, self->path);
    pf_test_fail (PF_CALL_REALLOC, before, 3, 0);
    fails_to_fill (self->document, ENOMEM);
  }
  end (self);
}

/* Whether others wait for the descriptor of a document. */
static gboolean
is_waited_for (PfRetry *retry)
{
  PfTries tries = { 0 };

  return pf_retry_again (retry, &tries, EMFILE) && tries.retries == 0;
}

TEST (holds)
{
  g_autofree char *bytes = pf_test_document_pattern (LEN);
  PfRetry *retry;

  begin (self);
  retry = self->options.retry;
  self->options.raw = TRUE;
  self->options.block = BLOCK;
  g_assert_false (is_waited_for (retry));
  pf_test_document_open_bytes (self, bytes, LEN);
  g_assert_true (is_waited_for (retry));
  g_assert_true (pf_document_pause (self->document));
  g_assert_false (is_waited_for (retry));
  g_assert_true (pf_document_pause (self->document));
  pf_document_resume (self->document);
  pf_document_resume (self->document);
  g_assert_true (is_waited_for (retry));
  /* What is read to its end holds none. */
  pf_test_document_fill_to_end (self);
  g_assert_false (is_waited_for (retry));
  pf_document_resume (self->document);
  g_assert_false (is_waited_for (retry));
  pf_test_document_open_path (self, self->path);
  pf_document_close (self->document);
  g_assert_false (is_waited_for (retry));
  end (self);
}

/* Who knows when the writer of a pipe writes. */
TEST (pipe_does_not_hold)
{
  begin (self);
  pf_test_document_open_fifo (self);
  g_assert_false (is_waited_for (self->options.retry));
  pf_document_resume (self->document);
  g_assert_false (is_waited_for (self->options.retry));
  end (self);
}

static struct rlimit
set_limit (rlim_t most)
{
  struct rlimit limit, lower;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  lower = limit;
  lower.rlim_cur = most;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &lower), ==, 0);
  return limit;
}

/* Where there are few descriptors, a file that waits has none. */
TEST (give_up)
{
  g_autofree char *bytes = pf_test_document_pattern (LEN);
  struct rlimit limit;
  guint n_opened;

  begin (self);
  self->options.raw = TRUE;
  open_half (self);
  pf_test_faults_clear ();
  g_assert_cmpuint (pf_document_divisible_size (self->document), ==, LEN);
  limit = set_limit (4);
  g_assert_cmpuint (pf_document_divisible_size (self->document), ==, 0);
  g_assert_false (pf_document_pause (self->document));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  pf_document_resume (self->document);
  n_opened = pf_test_calls (PF_CALL_OPEN);
  g_assert_false (is_waited_for (self->options.retry));
  pf_test_fail (PF_CALL_OPEN, 0, 2, EMFILE);
  pf_test_document_fill (self);
  g_assert_cmpuint (pf_test_calls (PF_CALL_OPEN), ==, n_opened + 3);
  g_assert_true (is_waited_for (self->options.retry));
  pf_test_document_fill_to_end (self);
  pf_test_document_assert_window (self, bytes, LEN);
  g_assert_true (pf_document_pause (self->document));
  end (self);
}

static void
give_up_at_half (PfTestDocument *self)
{
  struct rlimit limit;

  self->options.raw = TRUE;
  open_half (self);
  pf_test_faults_clear ();
  limit = set_limit (4);
  g_assert_false (pf_document_pause (self->document));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
}

TEST (give_up_and_lose)
{
  begin (self);
  give_up_at_half (self);
  pf_test_fail (PF_CALL_OPEN, 0, 3, EMFILE);
  fails_to_fill (self->document, EMFILE);
  give_up_at_half (self);
  g_assert_true (g_file_set_contents (self->path, "other", -1, NULL));
  fails_to_fill (self->document, ESTALE);
  give_up_at_half (self);
  g_assert_cmpint (unlink (self->path), ==, 0);
  fails_to_fill (self->document, ENOENT);
  /* The next file is opened as any other. */
  OPEN_LITERAL (self, "text");
  pf_test_document_fill_to_end (self);
  ASSERT_WINDOW (self, "text");
  end (self);
}

/* Who gave a pipe up would lose what comes. */
TEST (pipe_is_kept)
{
  struct rlimit limit;

  begin (self);
  pf_test_document_open_fifo (self);
  limit = set_limit (4);
  g_assert_true (pf_document_pause (self->document));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  pf_test_document_feed (self, "text", 4);
  pf_test_document_fill (self);
  ASSERT_WINDOW (self, "text");
  end (self);
}

#define ADD(name, test)                                                        \
  pf_test_document_add ("/document-retry/" name, test_##test)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("open", open);
  ADD ("read", read);
  ADD ("read-fails", read_fails);
  ADD ("no-policy", no_policy);
  ADD ("pipe", pipe);
  ADD ("stale", stale);
  ADD ("stale-and-gone", stale_and_gone);
  ADD ("stale-and-replaced", stale_and_replaced);
  ADD ("stale-parts", stale_parts);
  ADD ("memory", memory);
  ADD ("memory-for-utf16", memory_for_utf16);
  ADD ("holds", holds);
  ADD ("pipe-does-not-hold", pipe_does_not_hold);
  ADD ("give-up", give_up);
  ADD ("give-up-and-lose", give_up_and_lose);
  ADD ("pipe-is-kept", pipe_is_kept);
  return g_test_run ();
}
