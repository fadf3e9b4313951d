/* Files that get their names when they are whole: placed files, those of a
 * tree, and edited ones. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/test_folder.h"
#include "sink/edit_file.h"
#include "sink/placed_file.h"
#include "sink/tree.h"

#define TEST(name)                                                             \
  static void test_##name (PfTestFolder *folder G_GNUC_UNUSED,                 \
                           gconstpointer data G_GNUC_UNUSED)

static void
assert_text (const char *path, const char *wanted)
{
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, wanted);
}

static guint
count_names (void)
{
  GDir *dir = g_dir_open (".", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  g_dir_close (dir);
  return n;
}

static void
write_text (const PfPlacedFile *file, const char *text)
{
  gssize len = (gssize)strlen (text);

  g_assert_cmpint (write (pf_placed_file_fd (file), text, strlen (text)), ==,
                   len);
}

TEST (placed)
{
  g_autoptr (PfPlacedFile) file = pf_placed_file_new ();
  g_auto (PfError) error = { 0 };

  /* Twice: where nothing has the name, and in the place of what has. */
  for (guint i = 0; i < 2; i++) {
    g_assert_true (pf_placed_file_open (file, AT_FDCWD, "a", 0640, NULL));
    write_text (file, i == 0 ? "old" : "new");
    if (i > 0)
      assert_text ("a", "old");
    g_assert_true (pf_placed_file_place (file, NULL));
    g_assert_false (pf_placed_file_is_open (file));
  }
  assert_text ("a", "new");
  g_assert_true (pf_placed_file_open (file, AT_FDCWD, "a", 0640, NULL));
  pf_placed_file_drop (file);
  assert_text ("a", "new");
  g_assert_cmpint (mkdir ("d", 0777), ==, 0);
  g_assert_true (pf_placed_file_open (file, AT_FDCWD, "d", 0640, NULL));
  g_assert_false (pf_placed_file_place (file, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_CANT_CREATE);
  g_assert_cmpuint (count_names (), ==, 2);
}

TEST (discarded)
{
  g_autoptr (PfPlacedFile) file = pf_placed_file_new ();

  g_assert_true (pf_placed_file_open (file, AT_FDCWD, "a", 0640, NULL));
  pf_placed_file_discard (file);
  g_assert_false (pf_placed_file_place (file, NULL));
  g_assert_cmpuint (count_names (), ==, 0);
}

TEST (temporary_names)
{
  g_autofree char *own =
      g_strdup_printf (".a.txt.pfproc-%ld-0", (long)getpid ());
  g_autofree char *other =
      g_strdup_printf (".a.txt.pfproc-%ld-0", (long)getpid () + 1);

  g_assert_true (pf_placed_file_is_temporary (own));
  g_assert_false (pf_placed_file_is_temporary (own + 1));
  g_assert_false (pf_placed_file_is_temporary (other));
  g_assert_false (pf_placed_file_is_temporary ("a"));
  g_assert_false (pf_placed_file_is_temporary (".pfproc-"));
}

TEST (places)
{
  static const char *const places[][2] = {
    { "a", "a" },
    { "a/b", "a/b" },
    { "./a//b/./c", "a/b/c" },
    { "...", "..." },
    { "..a/b..", "..a/b.." },
    { "a/", "a" },
    { "/a", NULL },
    { "..", NULL },
    { "a/../b", NULL },
    { "a/..", NULL },
    { ".", NULL },
    { "./", NULL },
    { "", NULL },
    { "//", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_auto (PfError) error = { 0 };
    g_autofree char *place = pf_tree_place (places[i][0], &error);

    g_assert_cmpstr (place, ==, places[i][1]);
    g_assert_cmpint (error.status, ==,
                     place != NULL ? PF_STATUS_OK : PF_STATUS_CANT_CREATE);
  }
}

static gboolean
put (PfTree *tree, const char *place, PfError *error)
{
  return pf_tree_open (tree, place, 0600, error) &&
         pf_tree_write (tree, pf_span_str ("text"), error) &&
         pf_tree_commit (tree, error);
}

TEST (tree)
{
  int root;
  g_auto (PfError) error = { 0 };
  PfTree *tree;

  g_assert_cmpint (mkdir ("root", 0777), ==, 0);
  root = open ("root", O_PATH | O_DIRECTORY | O_CLOEXEC);
  tree = pf_tree_new (root, NULL);
  g_assert_true (put (tree, "a", NULL));
  g_assert_true (put (tree, "b/c/d", NULL));
  g_assert_true (put (tree, "b/c/e", NULL));
  g_assert_true (put (tree, "b/f", NULL));
  g_assert_true (put (tree, "a", NULL));
  assert_text ("root/a", "text");
  assert_text ("root/b/c/d", "text");
  assert_text ("root/b/c/e", "text");
  assert_text ("root/b/f", "text");
  g_assert_cmpint (symlink ("../..", "root/b/out"), ==, 0);
  g_assert_false (put (tree, "b/out/x", &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_CANT_CREATE);
  g_assert_false (g_file_test ("x", G_FILE_TEST_EXISTS));
  /* One that failed does no harm to the next. */
  g_assert_true (put (tree, "b/c/g", NULL));
  assert_text ("root/b/c/g", "text");
  pf_tree_free (tree);
  close (root);
}

static void
make_file (const char *name, const char *text, struct stat *st)
{
  g_assert_true (g_file_set_contents (name, text, -1, NULL));
  g_assert_cmpint (stat (name, st), ==, 0);
}

static gboolean
replace (PfEditFile *edit, PfError *error)
{
  return pf_edit_file_settle (edit, error) &&
         pf_edit_file_replace (edit, error) && pf_edit_file_sync (edit, error);
}

TEST (edited)
{
  PfEditOptions options = { .suffix = "~" };
  g_autoptr (PfEditFile) edit = pf_edit_file_new (&options);
  struct stat st;

  make_file ("a", "old text", &st);
  g_assert_cmpint (symlink ("a", "link"), ==, 0);
  g_assert_true (pf_edit_file_open (edit, "link", &st, NULL));
  g_assert_true (pf_edit_file_copy (edit, 4, NULL));
  g_assert_true (pf_edit_file_write (edit, pf_span_str ("words"), NULL));
  assert_text ("a", "old text");
  g_assert_true (replace (edit, NULL));
  pf_edit_file_close (edit);
  assert_text ("a", "old words");
  assert_text ("a~", "old text");
  g_assert_true (g_file_test ("link", G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpuint (count_names (), ==, 3);
}

/* What is copied must be there; what is replaced, be as it was. */
TEST (changed)
{
  PfEditOptions options = { 0 };
  g_autoptr (PfEditFile) edit = pf_edit_file_new (&options);
  g_auto (PfError) error = { 0 }, second = { 0 };
  struct stat st;

  make_file ("a", "old", &st);
  g_assert_true (pf_edit_file_open (edit, "a", &st, NULL));
  g_assert_false (pf_edit_file_copy (edit, 4, &error));
  g_assert_cmpint (error.status, ==, PF_STATUS_IO);
  pf_edit_file_close (edit);
  g_assert_true (pf_edit_file_open (edit, "a", &st, NULL));
  make_file ("a", "other", &st);
  g_assert_false (replace (edit, &second));
  g_assert_cmpint (second.status, ==, PF_STATUS_IO);
  pf_edit_file_close (edit);
  assert_text ("a", "other");
  g_assert_cmpuint (count_names (), ==, 1);
}

TEST (hard_links)
{
  PfEditOptions careful = { 0 }, forced = { .force = TRUE };
  g_autoptr (PfEditFile) edit = pf_edit_file_new (&careful);
  g_autoptr (PfEditFile) other = pf_edit_file_new (&forced);
  struct stat st;

  make_file ("a", "old", &st);
  g_assert_cmpint (link ("a", "b"), ==, 0);
  g_assert_cmpint (stat ("a", &st), ==, 0);
  g_assert_false (pf_edit_file_open (edit, "a", &st, NULL));
  g_assert_true (pf_edit_file_open (other, "a", &st, NULL));
  g_assert_true (replace (other, NULL));
  pf_edit_file_close (other);
  assert_text ("a", "");
  assert_text ("b", "old");
}

#define ADD(name)                                                              \
  g_test_add ("/own-file/" #name, PfTestFolder, NULL, pf_test_folder_enter,    \
              test_##name, pf_test_folder_leave)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (placed);
  ADD (discarded);
  ADD (temporary_names);
  ADD (places);
  ADD (tree);
  ADD (edited);
  ADD (changed);
  ADD (hard_links);
  return g_test_run ();
}
