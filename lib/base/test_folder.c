#include "base/test_folder.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

void
pf_test_folder_enter (PfTestFolder *self, gconstpointer data G_GNUC_UNUSED)
{
  self->before = open (".", O_RDONLY | O_DIRECTORY);
  self->path = g_dir_make_tmp ("pf-test-XXXXXX", NULL);
  g_assert_nonnull (self->path);
  g_assert_cmpint (chdir (self->path), ==, 0);
}

static int
remove_one (const char *path, const struct stat *st G_GNUC_UNUSED,
            int type G_GNUC_UNUSED, struct FTW *ftw G_GNUC_UNUSED)
{
  return remove (path);
}

void
pf_test_folder_leave (PfTestFolder *self, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (fchdir (self->before), ==, 0);
  close (self->before);
  g_assert_cmpint (nftw (self->path, remove_one, 8, FTW_DEPTH | FTW_PHYS), ==,
                   0);
  g_free (self->path);
}
