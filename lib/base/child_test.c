/* Programs that make a text of a file, and how they end. */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/thread.h"

/* What SCRIPT prints, run by the shell, and how reading ended. */
static GString *
run (const char *script, const PfCancel *cancel, gsize most, PfError *error)
{
  int input = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  g_autofree char *file =
      g_strconcat (g_get_tmp_dir (), "/pfproc-child-XXXXXX", NULL);
  int fd = g_mkstemp (file);
  PfChildOptions options = { .program = "/bin/sh",
                             .name = "shell",
                             .argument = file,
                             .input = input,
                             .cancel = cancel };
  g_autoptr (PfChild) child = NULL;
  PfByteSource source;
  GString *all = g_string_new (NULL);
  char text[4096];
  gssize n = 1;

  g_assert_cmpint (write (fd, script, strlen (script)), ==,
                   (gssize)strlen (script));
  close (fd);
  child = pf_child_new (&options, error);
  g_assert_nonnull (child);
  source = pf_child_bytes (child);
  while (all->len < most && n > 0) {
    n = pf_byte_source_read (&source, (guint8 *)text, sizeof text, error);
    g_string_append_len (all, text, MAX (n, 0));
  }
  if (n == 0)
    g_assert_cmpint (pf_byte_source_read (&source, (guint8 *)text, 1, error),
                     ==, 0);
  g_string_append (all, pf_child_said (child));
  g_clear_pointer (&child, pf_child_free);
  unlink (file);
  close (input);
  return all;
}

static void
check (const char *script, const char *wanted, const char *message)
{
  g_auto (PfError) error = { 0 };
  GString *seen = run (script, NULL, G_MAXSIZE, &error);

  g_assert_cmpstr (seen->str, ==, wanted);
  g_assert_cmpstr (error.message, ==, message);
  if (message != NULL)
    g_assert_cmpint (error.status, ==, PF_STATUS_DATA);
  g_string_free (seen, TRUE);
}

static void
test_ends (void)
{
  check ("echo hello; echo no >&2", "hello\nno\n", NULL);
  check ("exit 3", "", "shell: exit status 3");
  check ("echo a; printf 'one\\ntwo' >&2; exit 3", "a\none\ntwo",
         "shell: exit status 3: one");
  check ("echo a; kill -9 $$", "a\n", "shell: killed by signal 9");
  check ("printf '\\033[1m\\t.' >&2", " [1m .", NULL);
  /* It goes on behind the end of its output. */
  check ("echo a; exec >&-; sleep 0.1; exit 4", "a\n", "shell: exit status 4");
}

static void
test_not_there (void)
{
  g_auto (PfError) error = { 0 };
  PfChildOptions options = { .program = "/nonexistent/program",
                             .name = "program",
                             .argument = "x",
                             .input = 0 };

  g_assert_null (pf_child_new (&options, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_OS);
  g_assert_cmpint (error.errnum, ==, ENOENT);
  g_assert_cmpstr (error.message, ==, "program: No such file or directory");
}

/* Freed in the middle: also one that does not listen to SIGTERM, with what it
 * has started. The test hangs where they are not ended. */
static void
test_dropped (void)
{
  static const char *const scripts[] = {
    "yes", "echo a; sleep 1000",
    "trap '' TERM; echo a; while :; do sleep 1; done"
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
    g_auto (PfError) error = { 0 };
    GString *seen = run (scripts[i], NULL, 1, &error);

    g_assert_cmpuint (seen->len, >, 0);
    g_assert_cmpint (error.status, ==, PF_STATUS_OK);
    g_string_free (seen, TRUE);
  }
}

static gpointer
set_soon (gpointer cancel, PfError *error G_GNUC_UNUSED)
{
  g_usleep (50000);
  pf_cancel_set (cancel);
  return NULL;
}

static void
test_cancelled (void)
{
  g_auto (PfError) error = { 0 };
  PfCancel *cancel = pf_cancel_new (&error);
  PfThread *thread = pf_spawn ("cancels", set_soon, cancel, &error);
  GString *seen = run ("sleep 1000", cancel, G_MAXSIZE, &error);

  g_assert_cmpstr (seen->str, ==, "");
  g_assert_cmpint (error.status, ==, PF_STATUS_OK);
  g_string_free (seen, TRUE);
  pf_join (thread, NULL, &error);
  pf_cancel_free (cancel);
}

static guint
count_descriptors (void)
{
  GDir *dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  if (dir != NULL)
    g_dir_close (dir);
  return n;
}

static void
test_no_leaks (void)
{
  guint before;

  check ("echo a", "a\n", NULL);
  before = count_descriptors ();
  for (guint i = 0; i < 5; i++) {
    check ("echo a", "a\n", NULL);
    test_not_there ();
  }
  g_assert_cmpuint (count_descriptors (), ==, before);
}

static gpointer
run_some (gpointer data G_GNUC_UNUSED, PfError *error G_GNUC_UNUSED)
{
  for (guint i = 0; i < 10; i++)
    check ("echo a; exit 2", "a\n", "shell: exit status 2");
  return NULL;
}

/* Loops in several threads, each with programs that end in any order. */
static void
test_threads (void)
{
  g_auto (PfError) error = { 0 };
  PfThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = pf_spawn ("runs", run_some, NULL, &error);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    pf_join (threads[i], NULL, &error);
  g_assert_false (pf_error_is_set (&error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/child/ends", test_ends);
  g_test_add_func ("/child/not-there", test_not_there);
  g_test_add_func ("/child/dropped", test_dropped);
  g_test_add_func ("/child/cancelled", test_cancelled);
  g_test_add_func ("/child/no-leaks", test_no_leaks);
  g_test_add_func ("/child/threads", test_threads);
  return g_test_run ();
}
