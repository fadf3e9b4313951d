#include "base/retry_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/test_faults.h"
#include "base/test_folder.h"

typedef struct {
  PfTestFolder folder;
  PfRetry *retry; /* of two retries */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_test_folder_enter (&self->folder, NULL);
  g_assert_true (g_file_set_contents ("file", "0123456789", 10, NULL));
  self->retry = pf_retry_new (2, NULL);
  pf_test_faults_clear ();
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_test_faults_clear ();
  pf_retry_free (self->retry);
  pf_test_folder_leave (&self->folder, NULL);
}

#define TEST(name)                                                             \
  static void test_##name (Fixture *self G_GNUC_UNUSED,                        \
                           gconstpointer data G_GNUC_UNUSED)

/* The descriptor that an opening leaves is the lowest one that is free: so it
 * shows whether a try before it lost one. */
static int
open_and_close (Fixture *self, int *errnum)
{
  struct stat st;
  int fd = pf_retry_open (self->retry, "file", O_RDONLY, &st);

  *errnum = errno;
  if (fd < 0)
    return -1;
  g_assert_cmpint (st.st_size, ==, 10);
  close (fd);
  return fd;
}

TEST (open)
{
  int errnum, fd = open_and_close (self, &errnum);

  g_assert_cmpint (fd, >=, 0);
  pf_test_fail (PF_CALL_OPEN, 0, 2, EMFILE);
  g_assert_cmpint (open_and_close (self, &errnum), ==, fd);
  pf_test_fail (PF_CALL_FSTAT, 0, 2, ESTALE);
  g_assert_cmpint (open_and_close (self, &errnum), ==, fd);
  pf_test_fail (PF_CALL_OPEN, 0, 3, ENFILE);
  g_assert_cmpint (open_and_close (self, &errnum), ==, -1);
  g_assert_cmpint (errnum, ==, ENFILE);
  pf_test_fail (PF_CALL_FSTAT, 0, 3, EIO);
  g_assert_cmpint (open_and_close (self, &errnum), ==, -1);
  g_assert_cmpint (errnum, ==, EIO);
  g_assert_cmpint (open_and_close (self, &errnum), ==, fd);
}

/* Both are one operation, with two retries together. */
TEST (open_and_look)
{
  int errnum;

  pf_test_fail (PF_CALL_OPEN, 0, 1, EMFILE);
  pf_test_fail (PF_CALL_FSTAT, 0, 2, EIO);
  g_assert_cmpint (open_and_close (self, &errnum), ==, -1);
  g_assert_cmpint (errnum, ==, EIO);
  g_assert_cmpuint (pf_retry_count (self->retry), ==, 2);
}

/* However often: it is no fault of the file. */
TEST (open_interrupted)
{
  int errnum;

  pf_test_fail (PF_CALL_OPEN, 0, 5, EINTR);
  g_assert_cmpint (open_and_close (self, &errnum), >=, 0);
  g_assert_cmpuint (pf_retry_count (self->retry), ==, 0);
}

TEST (open_what_is_not_there)
{
  struct stat st;

  g_assert_cmpint (pf_retry_open (self->retry, "none", O_RDONLY, &st), ==, -1);
  g_assert_cmpint (errno, ==, ENOENT);
  g_assert_cmpuint (pf_test_calls (PF_CALL_OPEN), ==, 1);
}

TEST (stat)
{
  struct stat st;

  g_assert_cmpint (symlink ("file", "link"), ==, 0);
  pf_test_fail (PF_CALL_STAT, 0, 2, EIO);
  g_assert_cmpint (pf_retry_stat (self->retry, "link", TRUE, &st), ==, 0);
  g_assert_true (S_ISREG (st.st_mode));
  pf_test_fail (PF_CALL_STAT, 0, 2, ENOMEM);
  g_assert_cmpint (pf_retry_stat (self->retry, "link", FALSE, &st), ==, 0);
  g_assert_true (S_ISLNK (st.st_mode));
  pf_test_fail (PF_CALL_STAT, 0, 3, ENOMEM);
  g_assert_cmpint (pf_retry_stat (self->retry, "link", FALSE, &st), ==, -1);
  g_assert_cmpint (errno, ==, ENOMEM);
}

TEST (realloc)
{
  char *memory = g_strdup ("kept"), *larger;

  pf_test_fail (PF_CALL_REALLOC, 0, 3, 0);
  g_assert_null (pf_retry_realloc (self->retry, memory, 1000));
  g_assert_cmpstr (memory, ==, "kept");
  pf_test_fail (PF_CALL_REALLOC, 0, 2, 0);
  larger = pf_retry_realloc (self->retry, memory, 1000);
  g_assert_cmpstr (larger, ==, "kept");
  g_free (larger);
}

static PfFileState
state_of (const char *path)
{
  struct stat st;

  g_assert_cmpint (stat (path, &st), ==, 0);
  return pf_file_state_of (&st);
}

TEST (reopen)
{
  PfFileState was = state_of ("file");
  int fd = pf_reopen ("file", &was, 4);
  char bytes[8];

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (read (fd, bytes, sizeof bytes), ==, 6);
  g_assert_cmpmem (bytes, 6, "456789", 6);
  close (fd);
}

/* A file that is another one by now, though it has the same size. */
TEST (reopen_another)
{
  PfFileState was = state_of ("file"), other = was;

  other.modified.tv_nsec ^= 1;
  g_assert_cmpint (pf_reopen ("file", &other, 0), ==, -1);
  other = was;
  other.modified.tv_sec--;
  g_assert_cmpint (pf_reopen ("file", &other, 0), ==, -1);
  other = was;
  other.size--;
  g_assert_cmpint (pf_reopen ("file", &other, 0), ==, -1);
  g_assert_cmpint (pf_reopen ("none", &was, 0), ==, -1);
}

/* It must neither be waited for nor read from. */
TEST (reopen_fifo)
{
  PfFileState was;

  g_assert_cmpint (mkfifo ("fifo", 0600), ==, 0);
  was = state_of ("fifo");
  g_assert_cmpint (pf_reopen ("fifo", &was, 0), ==, -1);
}

TEST (may_wait)
{
  struct rlimit limit, lower;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  lower = limit;
  lower.rlim_cur = 20;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &lower), ==, 0);
  g_assert_true (pf_descriptor_may_wait (9));
  g_assert_false (pf_descriptor_may_wait (10));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
}

#define ADD(name, test)                                                        \
  g_test_add ("/retry-file/" name, Fixture, NULL, set_up, test_##test,         \
              tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("open", open);
  ADD ("open-and-look", open_and_look);
  ADD ("open-interrupted", open_interrupted);
  ADD ("open-what-is-not-there", open_what_is_not_there);
  ADD ("stat", stat);
  ADD ("realloc", realloc);
  ADD ("reopen", reopen);
  ADD ("reopen-another", reopen_another);
  ADD ("reopen-fifo", reopen_fifo);
  ADD ("may-wait", may_wait);
  return g_test_run ();
}
