#include "plan/globs.h"

static gboolean
takes (const char *path, const PfGlob *files, gsize n)
{
  return pf_globs_take_file (&(PfGlobs){ .files = files, .n_files = n }, path);
}

static void
test_names (void)
{
  const PfGlob c = { "*.c", FALSE };

  g_assert_true (takes ("a.c", &c, 1));
  g_assert_true (takes ("x/.a.c", &c, 1));
  g_assert_false (takes ("x.c/a.h", &c, 1));
  g_assert_false (takes ("a.c/", &c, 1));
  g_assert_true (takes ("a", NULL, 0));
}

static void
test_paths (void)
{
  const PfGlob t = { "lib/t*.c", FALSE };

  g_assert_true (takes ("lib/t.c", &t, 1));
  g_assert_true (takes ("./lib/t.c", &t, 1));
  g_assert_true (takes ("a/lib/text/x.c", &t, 1));
  g_assert_false (takes ("mylib/t.c", &t, 1));
  g_assert_false (takes ("t.c", &t, 1));
}

static void
test_last_wins (void)
{
  const PfGlob globs[] = { { "*.c", TRUE }, { "a*", FALSE }, { "ab*", TRUE } };

  g_assert_true (takes ("a.c", globs, 3));
  g_assert_false (takes ("ab.c", globs, 3));
  g_assert_false (takes ("x.c", globs, 3));
  /* The first one does not include. */
  g_assert_true (takes ("x", globs, 3));
  g_assert_false (takes ("x", globs + 1, 2));
}

static gboolean
walks (const char *path, const char *pattern)
{
  PfGlobs globs = { .directories = &pattern, .n_directories = 1 };

  return pf_globs_take_directory (&globs, path);
}

static void
test_directories (void)
{
  g_assert_false (walks ("a/b", "b"));
  g_assert_false (walks ("a/b//", "b/"));
  g_assert_false (walks ("a/b/c", "a/*"));
  g_assert_true (walks ("b/a", "b"));
  g_assert_true (walks (".", "*"));
  g_assert_true (walks ("./", "*"));
  g_assert_true (walks ("a/..", "*"));
  g_assert_true (walks (PF_CURRENT_DIRECTORY, "*"));
  g_assert_true (walks ("/", "*"));
  g_assert_false (walks (".git", ".*"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/globs/names", test_names);
  g_test_add_func ("/globs/paths", test_paths);
  g_test_add_func ("/globs/last-wins", test_last_wins);
  g_test_add_func ("/globs/directories", test_directories);
  return g_test_run ();
}
