/* Folders of paths, and totals by folder. */
#include "rows.h"

static void
check_folder (const char *path, guint depth, const char *expected)
{
  g_autofree char *folder = pf_folder_of (path, depth);

  g_assert_cmpstr (folder, ==, expected);
}

static void
test_folder_of (void)
{
  check_folder ("f", 1, ".");
  check_folder ("./f", 3, ".");
  check_folder ("a/f", 1, "a");
  check_folder ("a/b/f", 1, "a");
  check_folder ("a/b/f", 2, "a/b");
  check_folder ("a/b/f", 9, "a/b");
  check_folder ("././a//b/./f", 2, "a/b");
  check_folder ("../a/f", 2, "../a");
  check_folder (".a/f", 1, ".a");
  check_folder ("/f", 1, "/");
  check_folder ("/a/b/f", 1, "/a");
  check_folder ("//a/f", 2, "/a");
}

static void
assert_row (const GArray *rows, guint i, const char *name, guint64 count,
            guint64 files)
{
  const PfRow *row = &g_array_index (rows, PfRow, i);

  g_assert_true (pf_span_equal (row->name, pf_span_str (name)));
  g_assert_cmpuint (row->total.count, ==, count);
  g_assert_cmpuint (row->total.files, ==, files);
}

static void
test_folders (void)
{
  g_autoptr (PfFolders) folders = pf_folders_new (1000);
  g_autoptr (GArray) rows = NULL;

  g_assert_true (pf_folders_add (folders, "b", 2, NULL));
  g_assert_true (pf_folders_add (folders, "c", 7, NULL));
  g_assert_true (pf_folders_add (folders, "a", 1, NULL));
  g_assert_true (pf_folders_add (folders, "a", 1, NULL));
  rows = pf_rows_of_folders (folders);
  g_assert_cmpuint (rows->len, ==, 3);
  assert_row (rows, 0, "c", 7, 1);
  assert_row (rows, 1, "a", 2, 2);
  assert_row (rows, 2, "b", 2, 1);
}

/* There is room for some, and what is known is still counted then. */
static void
test_limit (void)
{
  g_autoptr (PfFolders) folders = pf_folders_new (1000);
  g_auto (PfError) error = { 0 };
  char name[] = "0";

  while (pf_folders_add (folders, name, 1, &error))
    name[0]++;
  g_assert_cmpint (error.status, ==, PF_STATUS_TEMPORARY);
  g_assert_nonnull (strstr (error.message, "--group-by"));
  g_assert_cmpint (name[0], >, '2');
  g_assert_true (pf_folders_add (folders, "0", 1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rows/folder-of", test_folder_of);
  g_test_add_func ("/rows/folders", test_folders);
  g_test_add_func ("/rows/limit", test_limit);
  return g_test_run ();
}
