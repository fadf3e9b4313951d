/* Each case builds a small tree in a folder of its own, and compares what is
 * listed. */
#include "plan/lister.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/test_folder.h"

/* Makes a file with TEXT in it, and the directories it lies in. */
static void
make_file (const char *name, const char *text)
{
  g_autofree char *directory = g_path_get_dirname (name);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0777), ==, 0);
  g_assert_true (g_file_set_contents (name, text, -1, NULL));
}

static void
make_link (const char *target, const char *name)
{
  g_assert_cmpint (symlink (target, name), ==, 0);
}

/* What was listed: names with " " behind them; those with an error as
 * "NAME!STATUS ", lists as "list:NAME!STATUS ". */
typedef struct {
  GString *out;
  guint most; /* stops after so many; 0: never */
  guint n;
  gboolean stdin_listed; /* of the last name */
} Listing;

static gboolean
note (const PfListed *listed, gpointer user)
{
  Listing *self = user;

  if (listed->is_list)
    g_string_append (self->out, "list:");
  if (listed->is_stdin)
    g_string_append (self->out, "stdin:");
  g_string_append (self->out, listed->name);
  if (listed->error != NULL) {
    g_assert_true (pf_error_is_set (listed->error));
    g_string_append_printf (self->out, "!%d", listed->error->status);
  }
  g_string_append_c (self->out, ' ');
  self->stdin_listed = listed->stdin_listed;
  return ++self->n != self->most;
}

/* Lists what SPEC names, separated by spaces, lists as @NAME. */
static char *
list_with (PfListerOptions options, const char *spec)
{
  g_auto (GStrv) words = g_strsplit (spec, " ", -1);
  guint n = g_strv_length (words);
  g_autofree PfInput *inputs = g_new0 (PfInput, n + 1);
  Listing listing = { .out = g_string_new (NULL) };

  for (guint i = 0; i < n; i++) {
    inputs[i].is_list = words[i][0] == '@';
    inputs[i].name = words[i] + inputs[i].is_list;
  }
  options.inputs = inputs;
  options.n_inputs = n;
  options.emit = note;
  options.user = &listing;
  g_assert_true (pf_list_inputs (&options));
  return g_string_free (listing.out, FALSE);
}

static void
check (PfListerOptions options, const char *spec, const char *expected)
{
  g_autofree char *found = list_with (options, spec);

  g_assert_cmpstr (found, ==, expected);
}

static const PfListerOptions plain = { 0 };
static const PfListerOptions nul = { .null_delimited = TRUE };
static const PfListerOptions recursive = { .recursive = TRUE };
static const PfListerOptions hidden = { .recursive = TRUE, .hidden = TRUE };
static const PfListerOptions follow = { .recursive = TRUE, .follow = TRUE };

typedef void (*Test) (PfTestFolder *folder, gconstpointer data);
#define TEST(name)                                                             \
  static void test_##name (PfTestFolder *folder G_GNUC_UNUSED,                 \
                           gconstpointer data G_GNUC_UNUSED)

/* FILE and LIST keep their order; nobody looks whether a file exists. */
TEST (order)
{
  make_file ("list", "x\ny\n");
  make_file ("other", "z\n");
  check (plain, "b a", "b a ");
  check (plain, "b @list a @other b", "b x y a z b ");
}

TEST (lists)
{
  make_file ("no-end", "x\ny");
  make_file ("spaces", " a b \n\tc\r\n-d\n");
  check (plain, "@no-end", "x y ");
  check (plain, "@spaces", " a b  \tc\r -d ");
}

TEST (null_delimited)
{
  g_assert_true (g_file_set_contents ("list", "a\nb\0c\0", 6, NULL));
  g_assert_true (g_file_set_contents ("no-end", "a\0b", 3, NULL));
  check (nul, "@list", "a\nb c ");
  check (nul, "@no-end", "a b ");
}

/* An empty name is an error in its place. */
TEST (empty_name)
{
  make_file ("list", "a\n\nb\n");
  make_file ("newline", "\n");
  check (plain, "@list", "a !66 b ");
  check (plain, "@newline", "!66 ");
  check (plain, "a  b", "a !66 b ");
  check (recursive, "a  b", "a !66 b ");
  g_assert_true (g_file_set_contents ("nul", "a\0\0b\0", 5, NULL));
  check (nul, "@nul", "a !66 b ");
}

TEST (empty_list)
{
  make_file ("list", "");
  check (plain, "a @list b", "a list:list!65 b ");
}

/* A list that cannot be opened or read stops nothing. */
TEST (bad_list)
{
  check (plain, "a @none b", "a list:none!66 b ");
  check (plain, "@. b", "list:.!66 b ");
}

/* Such a name would be cut short. */
TEST (nul_in_name)
{
  g_assert_true (g_file_set_contents ("list", "a\nb\0c\nd\n", 8, NULL));
  check (plain, "@list", "a b!66 d ");
}

/* The message for it says what was meant. */
static gboolean
check_advice (const PfListed *listed, gpointer user)
{
  guint *n = user;

  g_assert_nonnull (listed->error);
  g_assert_nonnull (strstr (listed->error->message, "-0"));
  ++*n;
  return TRUE;
}

TEST (nul_in_name_advice)
{
  PfInput input = { "list", TRUE };
  guint n = 0;
  PfListerOptions options = {
    .inputs = &input, .n_inputs = 1, .emit = check_advice, .user = &n
  };

  g_assert_true (g_file_set_contents ("list", "a\0b\0", 4, NULL));
  g_assert_true (pf_list_inputs (&options));
  g_assert_cmpuint (n, ==, 1);
}

/* Longer than any name can be: one error, and the next name is whole. */
TEST (long_name)
{
  g_autofree char *name = g_strnfill (100000, 'x');
  g_autofree char *text = g_strconcat ("a\n", name, "\nb\n", NULL);
  g_autofree char *found = NULL;

  make_file ("list", text);
  found = list_with (plain, "@list");
  g_assert_true (g_str_has_prefix (found, "a xxx"));
  g_assert_true (g_str_has_suffix (found, "x!66 b "));
}

static void
make_tree (void)
{
  make_file ("d/b/2", "");
  make_file ("d/b/10", "");
  make_file ("d/b-1/x", "");
  make_file ("d/a", "");
  make_file ("d/B", "");
  make_file ("d/\xC3\xA9", "");
  make_file ("d/z/y/x/w", "");
  make_file ("d/.h/f", "");
  make_file ("d/.g", "");
}

/* Byte order of names at each level; what lies in a directory stands where
 * its name does. */
TEST (recursion)
{
  make_tree ();
  check (recursive, "d", "d/B d/a d/b/10 d/b/2 d/b-1/x d/z/y/x/w d/\xC3\xA9 ");
  check (recursive, "d/", "d/B d/a d/b/10 d/b/2 d/b-1/x d/z/y/x/w d/\xC3\xA9 ");
  check (recursive, "./d/b", "./d/b/10 ./d/b/2 ");
  check (recursive, "d/b/2 d/z d/a", "d/b/2 d/z/y/x/w d/a ");
  check (plain, "d", "d ");
}

/* The current directory is left out of names where the user named none. */
TEST (recursion_here)
{
  make_file ("a", "");
  make_file ("d/b", "");
  check (recursive, PF_CURRENT_DIRECTORY, "a d/b ");
  check (recursive, "./", "./a ./d/b ");
  check (recursive, ".", "./a ./d/b ");
}

TEST (recursion_from_list)
{
  make_tree ();
  make_file ("list", "d/b\nd/a\n");
  check (recursive, "@list", "d/b/10 d/b/2 d/a ");
}

/* Hidden ones count with --hidden, and where the user names them. */
TEST (hidden_names)
{
  make_tree ();
  check (hidden, "d/.h d",
         "d/.h/f d/.g d/.h/f d/B d/a d/b/10 d/b/2 d/b-1/x "
         "d/z/y/x/w d/\xC3\xA9 ");
  check (recursive, "d/.h d/.g", "d/.h/f d/.g ");
}

/* Neither FIFOs nor other special files are met in a walk. */
TEST (special_files)
{
  make_file ("d/a", "");
  g_assert_cmpint (mkfifo ("d/fifo", 0600), ==, 0);
  check (recursive, "d", "d/a ");
  check (follow, "d", "d/a ");
  check (recursive, "d/fifo", "d/fifo ");
}

/* A walk passes over links; one that the user names is taken. */
TEST (links)
{
  make_tree ();
  make_link ("a", "d/la");
  make_link ("b", "d/lb");
  make_link ("d/b", "top");
  check (recursive, "d", "d/B d/a d/b/10 d/b/2 d/b-1/x d/z/y/x/w d/\xC3\xA9 ");
  check (recursive, "d/la", "d/la ");
  check (recursive, "top", "top/10 top/2 ");
}

TEST (links_followed)
{
  make_file ("d/a", "");
  make_file ("other/x", "");
  make_file ("file", "");
  make_link ("../other", "d/b");
  make_link ("../file", "d/c");
  check (follow, "d", "d/a d/b/x d/c ");
}

/* Each file once, by whatever name it is met first. */
TEST (each_file_once)
{
  make_file ("d/a", "");
  make_file ("d/b/x", "");
  make_link ("a", "d/c");
  make_link ("b", "d/l");
  g_assert_cmpint (link ("d/a", "d/hard"), ==, 0);
  check (follow, "d", "d/a d/b/x ");
  check (follow, "d/c d d/b/x d", "d/c d/b/x ");
  check (follow, "d/l d", "d/l/x d/a ");
  /* Without links to follow, a name counts as often as it is given. */
  check (recursive, "d/a d/a", "d/a d/a ");
  check (plain, "d/a d/a", "d/a d/a ");
}

/* A link to a directory above ends. */
TEST (loop)
{
  make_file ("d/a", "");
  make_file ("d/e/b", "");
  make_link ("..", "d/e/up");
  make_link (".", "d/self");
  make_link ("../d", "d/again");
  check (follow, "d", "d/a d/e/b ");
}

/* Links that lead nowhere, or to themselves, are errors in their place. */
TEST (bad_links)
{
  make_file ("d/a", "");
  make_file ("d/z", "");
  make_link ("nowhere", "d/m");
  make_link ("n", "d/n");
  check (follow, "d", "d/a d/m!66 d/n!66 d/z ");
  check (recursive, "d", "d/a d/z ");
}

TEST (empty_directory)
{
  g_assert_cmpint (g_mkdir_with_parents ("d/e", 0777), ==, 0);
  check (recursive, "d", "");
}

/* Depth costs no descriptors. */
TEST (deep)
{
  g_autoptr (GString) name = g_string_new ("d");
  g_autofree char *expected = NULL;

  for (guint i = 0; i < 400; i++)
    g_string_append (name, "/d");
  g_string_append (name, "/f");
  make_file (name->str, "");
  expected = g_strconcat (name->str, " ", NULL);
  check (recursive, "d", expected);
}

/* Runs with DATA on standard input. */
static char *
list_stdin (PfListerOptions options, const char *spec, const char *text)
{
  int saved = dup (STDIN_FILENO), ends[2];
  char *found;

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (write (ends[1], text, strlen (text)), ==, strlen (text));
  close (ends[1]);
  g_assert_cmpint (dup2 (ends[0], STDIN_FILENO), ==, STDIN_FILENO);
  close (ends[0]);
  found = list_with (options, spec);
  dup2 (saved, STDIN_FILENO);
  close (saved);
  return found;
}

/* As a list it is read; as a file it is a document. */
TEST (standard_input)
{
  g_autofree char *list = list_stdin (plain, "a @- b", "x\ny\n");
  g_autofree char *empty = list_stdin (plain, "@-", "");
  g_autofree char *document = list_stdin (plain, "a - b", "x\ny\n");

  g_assert_cmpstr (list, ==, "a x y b ");
  g_assert_cmpstr (empty, ==, "list:" PF_STDIN_NAME "!65 ");
  g_assert_cmpstr (document, ==, "a stdin:" PF_STDIN_NAME " b ");
}

/* In a list, "-" is a file of that name. */
TEST (dash_in_list)
{
  make_file ("list", "-\n");
  check (plain, "@list", "- ");
}

/* Tells which names came from standard input. */
TEST (stdin_listed)
{
  PfInput inputs[] = { { "a", FALSE }, { "list", TRUE } };
  Listing listing = { .out = g_string_new (NULL) };
  PfListerOptions options = {
    .inputs = inputs, .n_inputs = 2, .emit = note, .user = &listing
  };

  make_file ("list", "b\n");
  g_assert_true (pf_list_inputs (&options));
  g_assert_false (listing.stdin_listed);
  g_string_free (listing.out, TRUE);
}

TEST (stop)
{
  PfInput inputs[] = { { "d", FALSE }, { "list", TRUE }, { "c", FALSE } };
  static const char *const expected[] = { "d/a ", "d/a d/b ", "d/a d/b x ",
                                          "d/a d/b x y " };

  make_file ("d/a", "");
  make_file ("d/b", "");
  make_file ("list", "x\ny\n");
  for (guint most = 1; most <= 4; most++) {
    Listing listing = { .out = g_string_new (NULL), .most = most };
    PfListerOptions options = { .inputs = inputs,
                                .n_inputs = 3,
                                .recursive = TRUE,
                                .emit = note,
                                .user = &listing };

    g_assert_false (pf_list_inputs (&options));
    g_assert_cmpstr (listing.out->str, ==, expected[most - 1]);
    g_string_free (listing.out, TRUE);
  }
}

/* Sets the flag when the walk or the list is under way. */
static gboolean
cancel_it (const PfListed *listed, gpointer user)
{
  g_assert_cmpstr (listed->name, !=, "d/b");
  pf_cancel_set (user);
  return TRUE;
}

TEST (cancel)
{
  PfInput inputs[] = { { "d", FALSE }, { "fifo", TRUE } };
  PfCancel *cancel = pf_cancel_new (NULL);
  PfListerOptions options = { .inputs = inputs,
                              .n_inputs = 1,
                              .recursive = TRUE,
                              .cancel = cancel,
                              .emit = cancel_it,
                              .user = cancel };
  int fd;

  make_file ("d/a", "");
  make_file ("d/b", "");
  g_assert_false (pf_list_inputs (&options));
  /* And a list that would never come is not waited for. */
  g_assert_cmpint (mkfifo ("fifo", 0600), ==, 0);
  fd = open ("fifo", O_RDWR);
  options.inputs = &inputs[1];
  g_assert_false (pf_list_inputs (&options));
  close (fd);
  pf_cancel_free (cancel);
}

TEST (known)
{
  PfInput file = { "f", FALSE }, dash = { "-", FALSE };
  PfInput list = { "list", TRUE }, none = { "none", TRUE };
  PfInput fifo = { "fifo", TRUE }, in = { "-", TRUE };
  PfInput both[] = { file, in };

  make_file ("list", "");
  g_assert_cmpint (mkfifo ("fifo", 0600), ==, 0);
  g_assert_true (pf_inputs_are_known (&file, 1));
  g_assert_true (pf_inputs_are_known (&dash, 1));
  g_assert_true (pf_inputs_are_known (&list, 1));
  g_assert_true (pf_inputs_are_known (&none, 1));
  g_assert_false (pf_inputs_are_known (&fifo, 1));
  g_assert_false (pf_inputs_are_known (&in, 1));
  g_assert_false (pf_inputs_are_known (both, 2));
  g_assert_true (pf_inputs_are_known (NULL, 0));
}

static void
add (const char *path, Test test)
{
  g_test_add (path, PfTestFolder, NULL, pf_test_folder_enter, test,
              pf_test_folder_leave);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/lister/order", test_order);
  add ("/lister/list/lines", test_lists);
  add ("/lister/list/null-delimited", test_null_delimited);
  add ("/lister/list/empty", test_empty_list);
  add ("/lister/list/bad", test_bad_list);
  add ("/lister/list/dash", test_dash_in_list);
  add ("/lister/name/empty", test_empty_name);
  add ("/lister/name/nul", test_nul_in_name);
  add ("/lister/name/nul-advice", test_nul_in_name_advice);
  add ("/lister/name/long", test_long_name);
  add ("/lister/walk/order", test_recursion);
  add ("/lister/walk/here", test_recursion_here);
  add ("/lister/walk/from-list", test_recursion_from_list);
  add ("/lister/walk/hidden", test_hidden_names);
  add ("/lister/walk/special-files", test_special_files);
  add ("/lister/walk/empty", test_empty_directory);
  add ("/lister/walk/deep", test_deep);
  add ("/lister/links/passed-over", test_links);
  add ("/lister/links/followed", test_links_followed);
  add ("/lister/links/each-file-once", test_each_file_once);
  add ("/lister/links/loop", test_loop);
  add ("/lister/links/bad", test_bad_links);
  add ("/lister/stdin/kinds", test_standard_input);
  add ("/lister/stdin/listed", test_stdin_listed);
  add ("/lister/stop", test_stop);
  add ("/lister/cancel", test_cancel);
  add ("/lister/known", test_known);
  return g_test_run ();
}
