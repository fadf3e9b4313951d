/* Lists and directories whose calls of the system fail now and then: what is
 * listed is what is there, each name once. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/line_reader.h"
#include "base/test_faults.h"
#include "base/test_folder.h"
#include "plan/lister.h"

#define WALKED "tree/a tree/b/c tree/d "
#define N_LISTED 30000

typedef struct {
  PfTestFolder folder;
  PfRetry *retry; /* of two retries */
  GString *out;   /* what was listed; an error as NAME!ERRNO */
} Fixture;

static gboolean
note (const PfListed *listed, gpointer user)
{
  Fixture *self = user;

  g_string_append (self->out, listed->name);
  if (listed->error != NULL)
    g_string_append_printf (self->out, "!%d", listed->error->errnum);
  g_string_append_c (self->out, ' ');
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_test_folder_enter (&self->folder, NULL);
  pf_test_faults_clear ();
  self->retry = pf_retry_new (2, NULL);
  self->out = g_string_new (NULL);
  g_assert_cmpint (g_mkdir_with_parents ("tree/b", 0777), ==, 0);
  g_assert_true (g_file_set_contents ("tree/a", "", 0, NULL));
  g_assert_true (g_file_set_contents ("tree/b/c", "", 0, NULL));
  g_assert_true (g_file_set_contents ("tree/d", "", 0, NULL));
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_test_faults_clear ();
  g_string_free (self->out, TRUE);
  pf_retry_free (self->retry);
  pf_test_folder_leave (&self->folder, NULL);
}

#define TEST(name)                                                             \
  static void test_##name (Fixture *self, gconstpointer data G_GNUC_UNUSED)

static const char *
list (Fixture *self, const char *name, gboolean is_list, gboolean follow)
{
  PfInput input = { name, is_list };
  PfListerOptions options = { .inputs = &input,
                              .n_inputs = 1,
                              .recursive = TRUE,
                              .follow = follow,
                              .retry = self->retry,
                              .emit = note,
                              .user = self };

  g_string_truncate (self->out, 0);
  g_assert_true (pf_list_inputs (&options));
  return self->out->str;
}

/* Walks the tree with two faults before each of the calls that it takes. */
static void
walk_with_faults (Fixture *self, PfCall call, int errnum, gboolean follow)
{
  guint before = pf_test_calls (call), n_calls;

  g_assert_cmpstr (list (self, "tree", FALSE, follow), ==, WALKED);
  n_calls = pf_test_calls (call) - before;
  g_assert_cmpuint (n_calls, >, 0);
  for (guint i = 0; i < n_calls; i++) {
    pf_test_fail (call, i, 2, errnum);
    g_assert_cmpstr (list (self, "tree", FALSE, follow), ==, WALKED);
  }
  g_assert_cmpuint (pf_retry_count (self->retry), ==, 2 * n_calls);
}

TEST (opendir)
{
  walk_with_faults (self, PF_CALL_OPENDIR, EMFILE, FALSE);
  pf_test_fail (PF_CALL_OPENDIR, 1, 3, EMFILE);
  g_assert_cmpstr (list (self, "tree", FALSE, FALSE), ==,
                   "tree/a tree/b!24 tree/d ");
}

TEST (readdir)
{
  walk_with_faults (self, PF_CALL_READDIR, EIO, FALSE);
  pf_test_fail (PF_CALL_READDIR, 2, 3, EIO);
  g_assert_cmpstr (list (self, "tree", FALSE, FALSE), ==, "tree!5 ");
}

/* A directory that went stale is read from its start, and no name comes twice.
 */
TEST (readdir_stale)
{
  guint before;

  walk_with_faults (self, PF_CALL_READDIR, ESTALE, FALSE);
  before = pf_test_calls (PF_CALL_OPENDIR);
  pf_test_fail (PF_CALL_READDIR, 1, 1, ESTALE);
  g_assert_cmpstr (list (self, "tree", FALSE, FALSE), ==, WALKED);
  g_assert_cmpuint (pf_test_calls (PF_CALL_OPENDIR) - before, ==, 2 + 1);
  pf_test_fail (PF_CALL_OPENDIR, 0, 3, ESTALE);
  g_assert_cmpstr (list (self, "tree", FALSE, FALSE), ==, "tree!116 ");
}

TEST (stat)
{
  walk_with_faults (self, PF_CALL_STAT, EIO, TRUE);
}

static void
make_list (void)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < N_LISTED; i++)
    g_string_append_printf (text, "none%u\n", i);
  g_assert_true (g_file_set_contents ("list", text->str, -1, NULL));
  g_string_free (text, TRUE);
}

/* Whether all names were listed, each once, in their order. */
static void
assert_all_listed (const Fixture *self)
{
  g_auto (GStrv) names = g_strsplit (self->out->str, " ", -1);
  char name[20];

  g_assert_cmpuint (g_strv_length (names), ==, N_LISTED + 1);
  for (guint i = 0; i < N_LISTED; i++) {
    g_snprintf (name, sizeof name, "none%u", i);
    g_assert_cmpstr (names[i], ==, name);
  }
}

TEST (list)
{
  static const int errnums[] = { EIO, ENOMEM, ESTALE, EAGAIN };

  make_list ();
  pf_test_fail (PF_CALL_OPEN, 0, 2, ENFILE);
  list (self, "list", TRUE, FALSE);
  assert_all_listed (self);
  for (guint i = 0; i < G_N_ELEMENTS (errnums); i++) {
    pf_test_fail (PF_CALL_READ, i, 2, errnums[i]);
    list (self, "list", TRUE, FALSE);
    assert_all_listed (self);
  }
  g_assert_cmpuint (pf_retry_count (self->retry), ==, 2 + 4 * 2);
  pf_test_fail (PF_CALL_READ, 0, 3, EIO);
  g_assert_cmpstr (list (self, "list", TRUE, FALSE), ==, "list!5 ");
  pf_test_fail (PF_CALL_OPEN, 0, 3, EMFILE);
  g_assert_cmpstr (list (self, "list", TRUE, FALSE), ==, "list!24 ");
}

/* Goes stale behind the first names. */
static gboolean
note_and_go_stale (const PfListed *listed, gpointer user)
{
  Fixture *self = user;

  if (self->out->len == 0)
    pf_test_go_stale ();
  return note (listed, user);
}

TEST (list_stale)
{
  PfInput input = { "list", TRUE };
  PfListerOptions options = { .inputs = &input,
                              .n_inputs = 1,
                              .retry = self->retry,
                              .emit = note_and_go_stale,
                              .user = self };

  make_list ();
  g_assert_true (pf_list_inputs (&options));
  assert_all_listed (self);
  g_assert_cmpuint (pf_retry_count (self->retry), ==, 1);
}

#define ADD(name, test)                                                        \
  g_test_add ("/lister-retry/" name, Fixture, NULL, set_up, test_##test,       \
              tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("opendir", opendir);
  ADD ("readdir", readdir);
  ADD ("readdir-stale", readdir_stale);
  ADD ("stat", stat);
  ADD ("list", list);
  ADD ("list-stale", list_stale);
  return g_test_run ();
}
