/* Diffs of random changes, whatever they are cut into, against diff -u's own
 * idea of the same texts; and what has a form of its own. */
#include "text/unified_diff.h"

#include <glib/gstdio.h>
#include <string.h>

#define LARGE ((gsize)1 << 20)

static PfSpan
span_of (const GString *text)
{
  return (PfSpan){ (const guint8 *)text->str, text->len };
}

/* TEXT in parts of at most AT_ONCE bytes; "<from|to>" is a change. What it is
 * without and with the changes goes to OLD and NEW. */
static char *
diff_of (const char *name, const char *text, gsize at_once, gsize limit,
         gboolean *done, GString *old, GString *new)
{
  g_autoptr (PfUnifiedDiff) diff = pf_unified_diff_new (limit);
  GString *out = g_string_new (NULL);
  guint64 line = 1;

  *done = TRUE;
  pf_unified_diff_begin (diff, pf_span_str (name));
  while (*text != '\0' && *done) {
    gsize len = MIN (strcspn (text, "<"), at_once);
    const char *bar = strchr (text, '|'), *end = strchr (text, '>');

    if (len > 0) {
      PfSpan kept = { (const guint8 *)text, len };

      for (gsize i = 0; i < len; i++)
        line += text[i] == '\n';
      g_string_append_len (old, text, (gssize)len);
      g_string_append_len (new, text, (gssize)len);
      *done = pf_unified_diff_keep (diff, kept, out);
      text += len;
      continue;
    }
    g_string_append_len (old, text + 1, bar - text - 1);
    g_string_append_len (new, bar + 1, end - bar - 1);
    *done = pf_unified_diff_change (
        diff, line,
        (PfSpan){ (const guint8 *)text + 1, (gsize)(bar - text - 1) },
        (PfSpan){ (const guint8 *)bar + 1, (gsize)(end - bar - 1) });
    for (; text <= bar; text++)
      line += *text == '\n';
    text = end + 1;
  }
  if (*done)
    *done = pf_unified_diff_end (diff, out);
  return g_string_free (out, FALSE);
}

static void
check (const char *text, const char *expected)
{
  g_autoptr (GString) old = g_string_new (NULL), new = g_string_new (NULL);

  for (gsize at_once = 1; at_once < 64; at_once *= 2) {
    gboolean done;
    g_autofree char *diff =
        diff_of ("f", text, at_once, LARGE, &done, old, new);

    g_assert_true (done);
    g_assert_cmpstr (diff, ==, expected);
  }
}

static void
test_one (void)
{
  check ("", "");
  check ("nothing\nchanges\n", "");
  check ("a <teh|the> b\n", "--- f\n+++ f\n@@ -1 +1 @@\n-a teh b\n+a the b\n");
  check ("1\n2\n3\n4\n<x|y>\n6\n7\n8\n9\n",
         "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-x\n+y\n 6\n 7\n 8\n");
}

static void
test_runs (void)
{
  check ("<a|A>\n<b|B>\nc\n<d|D>\n",
         "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n-b\n+A\n+B\n c\n-d\n+D\n");
}

static void
test_end_of_file (void)
{
  check ("<a|b>",
         "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n"
         "+b\n\\ No newline at end of file\n");
  check ("<a|b>\nc",
         "--- f\n+++ f\n@@ -1,2 +1,2 @@\n-a\n+b\n c\n\\ No newline at end of "
         "file\n");
  check ("<a|b\n>", "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of "
                    "file\n+b\n");
}

static void
test_line_breaks (void)
{
  check ("a <b\nc|d> e\nf\n", "--- f\n+++ f\n@@ -1,3 +1,2 @@\n-a b\n-c e\n+a d "
                              "e\n f\n");
  check ("<a|b\nc>\nd\n1\n2\n3\n4\n5\n6\n<x|y>\n",
         "--- f\n+++ f\n@@ -1,4 +1,5 @@\n-a\n+b\n+c\n d\n 1\n 2\n"
         "@@ -6,4 +7,4 @@\n 4\n 5\n 6\n-x\n+y\n");
}

static void
check_name (const char *name, const char *expected)
{
  g_autoptr (GString) old = g_string_new (NULL), new = g_string_new (NULL);
  gboolean done;
  g_autofree char *diff = diff_of (name, "<a|b>\n", 8, LARGE, &done, old, new);
  g_autofree char *all = g_strdup_printf (
      "--- %s\n+++ %s\n@@ -1 +1 @@\n-a\n+b\n", expected, expected);

  g_assert_cmpstr (diff, ==, all);
}

static void
test_names (void)
{
  check_name ("./a/./b", "a/./b");
  check_name (".//a", "a");
  check_name ("a b", "a b\t");
  check_name ("a\tb\n", "\"a\\011b\\012\"");
  check_name ("a\"\\", "\"a\\\"\\\\\"");
  check_name ("\xC3\xA4", "\xC3\xA4");
}

/* Long lines matter only where they are changed, or beside what is. */
static void
test_limit (void)
{
  static const char *const texts[] = { "1234567890123\n2\n3\n4\n<a|b>\n",
                                       "1234567890123\n3\n4\n<a|b>\n",
                                       "1234567890123 <a|b>\n",
                                       "<a|b>\n<c|d>\n<e|f>\n", "1\n<a|b>" };
  static const gboolean expected[] = { TRUE, FALSE, FALSE, FALSE, TRUE };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GString) old = g_string_new (NULL), new = g_string_new (NULL);
    gboolean done;
    g_autofree char *diff = diff_of ("f", texts[i], 4, 12, &done, old, new);

    g_assert_cmpint (done, ==, expected[i]);
    if (!done)
      g_assert_cmpstr (diff, ==, "");
  }
}

/* Lines, most of which stay. */
static char *
random_text (GRand *random)
{
  GString *text = g_string_new (NULL);
  gint n = g_rand_int_range (random, 0, 60);

  for (gint i = 0; i < n; i++) {
    gint what = g_rand_int_range (random, 0, 14);

    g_string_append_printf (text, "%d", g_rand_int_range (random, 0, 3));
    if (what == 0)
      g_string_append (text, "<x|y>");
    else if (what == 1)
      g_string_append (text, "<x\nx|y>z");
    else if (what == 2)
      g_string_append (text, "<x|y\n>");
    if (i + 1 < n || what > 3)
      g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

static gboolean
spawn (const char *folder, const char *const *argv, char **out)
{
  int status;

  g_assert_true (g_spawn_sync (folder, (char **)argv, NULL, G_SPAWN_SEARCH_PATH,
                               NULL, NULL, out, NULL, &status, NULL));
  return g_spawn_check_wait_status (status, NULL);
}

static void
write_to (const char *folder, const char *name, PfSpan text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, (const char *)text.data,
                                      (gssize)text.len, NULL));
}

/* patch makes the new text of the old one. */
static void
test_random (void)
{
  static const char *const argv[] = {
    "patch", "-p0", "-s", "-i", "diff", NULL
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autofree char *folder = g_dir_make_tmp ("diff-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "f", NULL);
  g_autofree char *patch = g_build_filename (folder, "diff", NULL);

  for (guint i = 0; i < 200; i++) {
    g_autofree char *text = random_text (random), *seen = NULL, *diff = NULL;
    g_autoptr (GString) old = g_string_new (NULL), new = g_string_new (NULL);
    gsize len;
    gboolean done;

    diff = diff_of ("f", text, (gsize)g_rand_int_range (random, 1, 40), LARGE,
                    &done, old, new);
    g_assert_true (done);
    g_assert_cmpint (*diff == '\0', ==, g_string_equal (old, new));
    write_to (folder, "f", span_of (old));
    write_to (folder, "diff", pf_span_str (diff));
    g_assert_true (spawn (folder, argv, NULL));
    g_assert_true (g_file_get_contents (path, &seen, &len, NULL));
    g_assert_cmpmem (seen, len, new->str, new->len);
  }
  g_remove (path);
  g_remove (patch);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unified-diff/one", test_one);
  g_test_add_func ("/unified-diff/runs", test_runs);
  g_test_add_func ("/unified-diff/end-of-file", test_end_of_file);
  g_test_add_func ("/unified-diff/line-breaks", test_line_breaks);
  g_test_add_func ("/unified-diff/names", test_names);
  g_test_add_func ("/unified-diff/limit", test_limit);
  g_test_add_func ("/unified-diff/random", test_random);
  return g_test_run ();
}
