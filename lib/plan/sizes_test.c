#include "plan/sizes.h"

#include <unistd.h>

#include "base/test_folder.h"

#define FILES 9

static void
add (PfNames *names, const char *name, gboolean is_stdin)
{
  PfListed listed = { .name = name, .is_stdin = is_stdin };

  pf_names_add (names, &listed, 0);
}

/* A file of I bytes for each I below FILES, and between them what has no size:
 * a folder, nothing, and standard input. */
static PfNames *
make_names (void)
{
  PfNames *names = pf_names_new ();

  for (guint i = 0; i < FILES; i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);

    g_assert_true (g_file_set_contents (name, "123456789", (gssize)i, NULL));
    add (names, i == 3 ? "." : i == 5 ? "no-such" : name, i == 7);
  }
  return names;
}

static void
check_sizes (const PfNames *names, PfPar *par, guint64 per_item)
{
  static const guint64 one[FILES] = { 0, 1, 2, 0, 4, 0, 6, 0, 8 };
  g_autofree guint64 *bytes = NULL;
  guint64 expected[FILES] = { 0 };

  g_assert_true (pf_sizes_of_items (names, per_item, par, NULL, &bytes));
  for (guint i = 0; i < FILES; i++)
    expected[i / per_item] += one[i];
  for (guint i = 0; i < (FILES + per_item - 1) / per_item; i++)
    g_assert_cmpuint (bytes[i], ==, expected[i]);
}

static void
test_sizes (PfTestFolder *folder G_GNUC_UNUSED,
            gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PfNames) names = make_names ();
  g_autoptr (PfPar) par = pf_par_new (3, NULL);

  for (guint64 per_item = 1; per_item <= FILES + 1; per_item++)
    check_sizes (names, par, per_item);
}

static void
test_cancel (PfTestFolder *folder G_GNUC_UNUSED,
             gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PfNames) names = make_names ();
  g_autoptr (PfPar) par = pf_par_new (2, NULL);
  g_autoptr (PfCancel) cancel = pf_cancel_new (NULL);
  guint64 *bytes = NULL;

  pf_cancel_set (cancel);
  g_assert_false (pf_sizes_of_items (names, 1, par, cancel, &bytes));
  g_assert_null (bytes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/sizes/of-items", PfTestFolder, NULL, pf_test_folder_enter,
              test_sizes, pf_test_folder_leave);
  g_test_add ("/sizes/cancel", PfTestFolder, NULL, pf_test_folder_enter,
              test_cancel, pf_test_folder_leave);
  return g_test_run ();
}
