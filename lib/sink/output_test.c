/* Each case has a folder of its own; what is left in it is compared. */
#include "sink/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/test_folder.h"

static gint
compare (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

/* Whether the folder holds what EXPECTED says, and no more. */
static void
assert_names (const char *expected)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GDir *folder = g_dir_open (".", 0, NULL);
  const char *name;
  g_autofree char *found = NULL;

  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_dir_close (folder);
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  found = g_strjoinv (" ", (char **)names->pdata);
  g_assert_cmpstr (found, ==, expected);
}

#define TEST(name)                                                             \
  static void test_##name (PfTestFolder *folder G_GNUC_UNUSED,                 \
                           gconstpointer data G_GNUC_UNUSED)

static PfOutput *
open_output (const char *path)
{
  g_auto (PfError) error = { 0 };
  PfOutput *output = pf_output_open (path, &error);

  if (output == NULL)
    g_error ("%s", error.message);
  return output;
}

static void
write_string (PfOutput *output, const char *text)
{
  g_assert_true (pf_output_write (output, pf_span_str (text), NULL));
}

static void
make_file (const char *name, const char *text)
{
  g_assert_true (g_file_set_contents (name, text, -1, NULL));
}

static void
assert_file (const char *name, const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (name, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static guint
mode_of (const char *name)
{
  struct stat st;

  g_assert_cmpint (lstat (name, &st), ==, 0);
  return st.st_mode & 07777;
}

/* The file is there when it is whole, and not before. */
TEST (commit)
{
  g_autoptr (PfOutput) output = open_output ("new");

  write_string (output, "one ");
  write_string (output, "two");
  g_assert_true (pf_output_flush (output, NULL));
  g_assert_false (g_file_test ("new", G_FILE_TEST_EXISTS));
  g_assert_true (pf_output_commit (output, NULL));
  assert_names ("new");
  assert_file ("new", "one two");
}

TEST (commit_empty)
{
  g_autoptr (PfOutput) output = open_output ("new");

  g_assert_true (pf_output_commit (output, NULL));
  assert_names ("new");
  assert_file ("new", "");
}

/* What was not committed leaves nothing, and an older file as it was. */
TEST (free)
{
  PfOutput *output;

  make_file ("old", "old");
  output = open_output ("old");
  write_string (output, "new");
  g_assert_true (pf_output_flush (output, NULL));
  assert_file ("old", "old");
  pf_output_free (output);
  assert_names ("old");
  assert_file ("old", "old");
  pf_output_free (open_output ("new"));
  assert_names ("old");
  pf_output_free (NULL);
}

/* For a process that is about to end. */
TEST (discard)
{
  g_autoptr (PfOutput) output = open_output ("new");

  write_string (output, "new");
  pf_output_discard (output);
  assert_names ("");
  pf_output_discard (output);
}

/* After the commit there is nothing to remove. */
TEST (discard_committed)
{
  g_autoptr (PfOutput) output = open_output ("new");

  g_assert_true (pf_output_commit (output, NULL));
  pf_output_discard (output);
  assert_names ("new");
}

/* A file that is replaced keeps its permissions. */
TEST (mode)
{
  static const mode_t modes[] = { 0600, 0644, 0755, 0640 };

  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++) {
    PfOutput *output;

    make_file ("old", "old");
    g_assert_cmpint (chmod ("old", modes[i]), ==, 0);
    output = open_output ("old");
    write_string (output, "new");
    g_assert_true (pf_output_commit (output, NULL));
    pf_output_free (output);
    assert_file ("old", "new");
    g_assert_cmphex (mode_of ("old"), ==, modes[i]);
  }
}

/* A new one gets those that any other would. */
TEST (mode_of_new)
{
  static const mode_t masks[] = { 022, 077, 002 };

  for (gsize i = 0; i < G_N_ELEMENTS (masks); i++) {
    mode_t before = umask (masks[i]);
    PfOutput *output = open_output ("new");

    g_assert_true (pf_output_commit (output, NULL));
    pf_output_free (output);
    g_assert_cmphex (mode_of ("new"), ==, 0666 & ~masks[i]);
    g_assert_cmphex (umask (before), ==, masks[i]);
    g_assert_cmpint (unlink ("new"), ==, 0);
  }
}

static void
check_link (const char *text)
{
  PfOutput *output = open_output ("link");

  write_string (output, text);
  g_assert_true (pf_output_commit (output, NULL));
  pf_output_free (output);
  g_assert_true (g_file_test ("link", G_FILE_TEST_IS_SYMLINK));
  assert_names ("link target");
  assert_file ("target", text);
}

/* The file behind a link is replaced, not the link. */
TEST (link)
{
  make_file ("target", "old");
  g_assert_cmpint (symlink ("target", "link"), ==, 0);
  check_link ("new");
}

/* It is made where the link leads, as by any other program. */
TEST (link_to_new)
{
  g_assert_cmpint (symlink ("target", "link"), ==, 0);
  check_link ("new");
}

/* Only the last part of a long name goes into the temporary one. */
TEST (long_name)
{
  g_autofree char *name = g_strnfill (255, 'x');
  PfOutput *output = open_output (name);

  g_assert_true (pf_output_commit (output, NULL));
  pf_output_free (output);
  assert_names (name);
}

static void
check_large (gsize piece, guint times)
{
  g_autofree char *bytes = g_malloc (piece), *text = NULL;
  PfOutput *output = open_output ("new");
  gsize len;

  for (guint n = 0; n < times; n++) {
    memset (bytes, 'a' + (int)(n % 26), piece);
    g_assert_true (pf_output_write (
        output, (PfSpan){ (const guint8 *)bytes, piece }, NULL));
  }
  g_assert_true (pf_output_commit (output, NULL));
  pf_output_free (output);
  g_assert_true (g_file_get_contents ("new", &text, &len, NULL));
  g_assert_cmpuint (len, ==, piece * times);
  for (gsize i = 0; i < len; i++)
    g_assert_cmpint (text[i], ==, 'a' + (int)(i / piece % 26));
}

/* Around the size of the buffer, in order all the same. */
TEST (large)
{
  check_large (1000, 400);
  check_large ((128 << 10) - 1, 4);
  check_large (128 << 10, 4);
  check_large ((128 << 10) + 1, 4);
  check_large (1 << 20, 2);
}

/* Small and large ones in turn. */
TEST (mixed)
{
  g_autofree char *large = g_strnfill (200000, 'L');
  g_autofree char *expected = g_strconcat ("a", large, "b", large, "c", NULL);
  g_autoptr (PfOutput) output = open_output ("new");

  write_string (output, "a");
  write_string (output, large);
  write_string (output, "b");
  write_string (output, large);
  write_string (output, "c");
  g_assert_true (pf_output_commit (output, NULL));
  assert_file ("new", expected);
}

/* A device is written as it is. */
TEST (device)
{
  PfOutput *output = open_output ("/dev/null");

  write_string (output, "gone");
  g_assert_true (pf_output_commit (output, NULL));
  pf_output_free (output);
  assert_names ("");
  g_assert_false (g_file_test ("/dev/null", G_FILE_TEST_IS_REGULAR));
}

/* So is a FIFO. */
TEST (fifo)
{
  char read_back[8] = { 0 };
  PfOutput *output;
  int fd;

  g_assert_cmpint (mkfifo ("fifo", 0600), ==, 0);
  fd = open ("fifo", O_RDWR);
  output = open_output ("fifo");
  write_string (output, "text");
  g_assert_true (pf_output_commit (output, NULL));
  pf_output_free (output);
  g_assert_cmpint (read (fd, read_back, sizeof read_back), ==, 4);
  g_assert_cmpstr (read_back, ==, "text");
  close (fd);
  assert_names ("fifo");
}

static void
check_full (gboolean (*provoke) (PfOutput *output, PfError *error))
{
  g_autoptr (PfOutput) output = open_output ("/dev/full");
  g_auto (PfError) error = { 0 };

  g_assert_false (provoke (output, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_IO);
  g_assert_cmpint (error.errnum, ==, ENOSPC);
}

static gboolean
write_much (PfOutput *output, PfError *error)
{
  g_autofree char *large = g_strnfill (200000, 'L');

  return pf_output_write (output, pf_span_str (large), error);
}

static gboolean
write_and_flush (PfOutput *output, PfError *error)
{
  write_string (output, "x");
  return pf_output_flush (output, error);
}

static gboolean
write_and_commit (PfOutput *output, PfError *error)
{
  write_string (output, "x");
  return pf_output_commit (output, error);
}

static gboolean
write_little_often (PfOutput *output, PfError *error)
{
  for (guint n = 0; n < 1000; n++) {
    g_autofree char *piece = g_strnfill (1000, 'p');

    if (!pf_output_write (output, pf_span_str (piece), error))
      return FALSE;
  }
  return TRUE;
}

/* A full disk is found at the latest by the commit. */
TEST (full)
{
  check_full (write_much);
  check_full (write_and_flush);
  check_full (write_and_commit);
  check_full (write_little_often);
}

/* The message names what could not be written. */
TEST (full_message)
{
  g_autoptr (PfOutput) output = open_output ("/dev/full");
  g_auto (PfError) error = { 0 };
  g_autofree char *expected =
      g_strconcat ("/dev/full: ", strerror (ENOSPC), NULL);

  g_assert_false (write_and_commit (output, &error));
  g_assert_cmpstr (error.message, ==, expected);
}

/* Where the rename fails, nothing is left of it. */
TEST (rename_fails)
{
  PfOutput *output = open_output ("new");
  g_auto (PfError) error = { 0 };

  g_assert_cmpint (mkdir ("new", 0777), ==, 0);
  g_assert_false (pf_output_commit (output, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_IO);
  pf_output_free (output);
  assert_names ("new");
}

/* The current directory has nothing new after that. */
TEST (refused)
{
  static const struct {
    const char *path;
    int errnum;
  } cases[] = { { "", ENOENT },
                { ".", EISDIR },
                { "none/new", ENOENT },
                { "file/new", ENOTDIR } };

  make_file ("file", "");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (PfError) error = { 0 };

    g_assert_null (pf_output_open (cases[i].path, &error));
    g_assert_cmpint (error.status, ==, PF_STATUS_CANT_CREATE);
    g_assert_cmpint (error.errnum, ==, cases[i].errnum);
    g_assert_true (g_str_has_prefix (error.message, cases[i].path));
    g_assert_null (pf_output_open (cases[i].path, NULL));
  }
  assert_names ("file");
}

/* Standard output is written, and stays open. */
TEST (standard_output)
{
  int saved = dup (STDOUT_FILENO), fd = open ("out", O_RDWR | O_CREAT, 0600);
  PfOutput *output;

  fflush (stdout);
  g_assert_cmpint (dup2 (fd, STDOUT_FILENO), ==, STDOUT_FILENO);
  output = open_output (NULL);
  write_string (output, "text");
  g_assert_true (pf_output_commit (output, NULL));
  pf_output_free (output);
  g_assert_cmpint (fcntl (STDOUT_FILENO, F_GETFD), >=, 0);
  dup2 (saved, STDOUT_FILENO);
  close (saved);
  close (fd);
  assert_names ("out");
  assert_file ("out", "text");
}

static void
add (const char *path, void (*test) (PfTestFolder *folder, gconstpointer data))
{
  g_test_add (path, PfTestFolder, NULL, pf_test_folder_enter, test,
              pf_test_folder_leave);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/output/commit/renames", test_commit);
  add ("/output/commit/empty", test_commit_empty);
  add ("/output/commit/rename-fails", test_rename_fails);
  add ("/output/free", test_free);
  add ("/output/discard/open", test_discard);
  add ("/output/discard/committed", test_discard_committed);
  add ("/output/mode/kept", test_mode);
  add ("/output/mode/of-new", test_mode_of_new);
  add ("/output/link/to-old", test_link);
  add ("/output/link/to-new", test_link_to_new);
  add ("/output/long-name", test_long_name);
  add ("/output/large", test_large);
  add ("/output/mixed", test_mixed);
  add ("/output/device", test_device);
  add ("/output/fifo", test_fifo);
  add ("/output/full/status", test_full);
  add ("/output/full/message", test_full_message);
  add ("/output/refused", test_refused);
  add ("/output/standard-output", test_standard_output);
  return g_test_run ();
}
