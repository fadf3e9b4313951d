/* Real text: the documents and sources of this tree, and a table of letters of
 * all scripts where the system has it. Glossaries are words, phrases and parts
 * of lines drawn from the text itself. All rules and instruction sets come
 * around, each held to the reference. */
#include "match/random_cases.h"

#include "glossary/builder.h"
#include "text/unicode.h"
#include "text/utf8.h"

#define CASE_FOLDING "/usr/share/unicode/CaseFolding.txt"
#define TEXT_MAX (256 << 10) /* bytes that a round scans */

typedef struct {
  char *text;
  gsize len;
} RealText;

/* (transfer full) */
static RealText
real_text_of (GString *all)
{
  gsize len = all->len;

  return (RealText){ g_string_free (all, FALSE), len };
}

/* All sources below DIRECTORY, and its README. */
static void
read_sources (GPtrArray *paths, const char *directory)
{
  GDir *dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    char *path = g_build_filename (directory, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR) && *name != '.')
      read_sources (paths, path);
    if (g_str_has_suffix (name, ".c") || g_str_has_suffix (name, ".h") ||
        g_str_equal (name, "README.md"))
      g_ptr_array_add (paths, path);
    else
      g_free (path);
  }
  if (dir != NULL)
    g_dir_close (dir);
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* All of it in one piece, in an order that does not depend on the disk. */
static RealText
read_tree (void)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  GString *all = g_string_new (NULL);

  read_sources (paths, g_test_get_dir (G_TEST_DIST));
  g_ptr_array_sort (paths, compare_paths);
  for (guint i = 0; i < paths->len; i++) {
    g_autofree char *text = NULL;
    gsize len;

    g_assert_true (
        g_file_get_contents (g_ptr_array_index (paths, i), &text, &len, NULL));
    g_string_append_len (all, text, (gssize)len);
  }
  g_assert_cmpuint (all->len, >, 100000);
  return real_text_of (all);
}

/* Code points in words become the characters themselves, too. */
static RealText
read_letters (void)
{
  GString *all = g_string_new (NULL);
  g_autofree char *table = NULL;
  gsize len;

  if (g_file_get_contents (CASE_FOLDING, &table, &len, NULL))
    g_string_append_len (all, table, (gssize)len);
  for (gunichar c = 0x80; c < 0x20000; c += 1 + pf_random_below (8)) {
    gunichar folded = pf_unicode_fold (c);

    if (c >= 0xD800 && c < 0xE000)
      continue;
    g_string_append_unichar (all, c);
    g_string_append_unichar (all, folded);
    if (pf_random_below (5) == 0)
      g_string_append_c (all, " .\n-"[pf_random_below (4)]);
  }
  return real_text_of (all);
}

static gboolean
is_word_at (const RealText *real, gsize at)
{
  gunichar c;

  if (at >= real->len)
    return FALSE;
  pf_utf8_next ((const guint8 *)real->text + at,
                (const guint8 *)real->text + real->len, &c);
  return c != PF_UTF8_INVALID && pf_unicode_is_word (c);
}

static gsize
char_end (const RealText *real, gsize at)
{
  gunichar c;

  return at + pf_utf8_next ((const guint8 *)real->text + at,
                            (const guint8 *)real->text + real->len, &c);
}

/* Some tokens with what is between them; or, now and then, any characters. */
static PfSpan
draw_term (const RealText *real, gsize from, gsize to)
{
  guint n = pf_random_below (3) == 0 ? 1 + pf_random_below (6) : 1;
  gboolean any = pf_random_below (10) == 0;
  gsize start = from + pf_random_below ((guint)(to - from)), end;

  while (start < real->len && pf_utf8_is_tail ((guint8)real->text[start]))
    start++;
  while (!any && start < real->len && is_word_at (real, start))
    start = char_end (real, start);
  while (pf_random_below (3) != 0 && start < real->len &&
         !is_word_at (real, start))
    start = char_end (real, start);
  end = start;
  for (guint i = 0; i < n; i++) {
    while (end < real->len && !is_word_at (real, end))
      end = char_end (real, end);
    while (end < real->len && is_word_at (real, end))
      end = char_end (real, end);
  }
  while (pf_random_below (4) == 0 && end < real->len)
    end = char_end (real, end);
  return (PfSpan){ (const guint8 *)real->text + start, end - start };
}

/* What is too long, blank, or not UTF-8 is refused. */
static PfGlossary *
draw_glossary (const RealText *real, gsize from, gsize to, guint n)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  guint own = pf_random_below (3) == 0 ? 4 : G_MAXINT32;

  pf_glossary_builder_begin (builder, "drawn", &(PfSourceRules){ 0 });
  for (guint i = 0; i < n; i++) {
    g_auto (PfError) error = { 0 };
    char value[12];
    PfEntry entry = { .term = draw_term (real, from, to) };

    g_snprintf (value, sizeof value, "%u", i);
    entry.value = pf_span_str (value);
    if (pf_random_below (own) == 0) {
      entry.case_rule = (PfCase)pf_random_below (3);
      entry.boundary = (PfBoundary)pf_random_below (5);
    }
    pf_glossary_builder_add (builder, &entry, &error);
  }
  return pf_glossary_builder_seal (builder, NULL);
}

/* The terms come from a little beyond what is scanned, too. */
static guint
check_part (const RealText *real, const PfMatchRules *rules)
{
  gsize len = MIN (real->len, TEXT_MAX);
  gsize from = pf_random_below ((guint)(real->len - len + 1));
  PfSpan text = { (const guint8 *)real->text + from, len };
  guint n = 1u << pf_random_below (13);
  g_auto (PfScans) scans = { 0 };

  pf_scans_init (&scans, draw_glossary (real, from, from + len, n), rules, "");
  return pf_random_check (&scans, text);
}

static void
check_rules (const RealText *real, const PfMatchRules *rules)
{
  guint matches = 0;

  for (int isa = 0; isa < PF_N_ISAS; isa++) {
    PfMatchRules with = *rules;

    with.isa = (PfIsa)isa;
    with.isa_given = TRUE;
    if (pf_isa_is_supported (with.isa))
      matches += check_part (real, &with);
  }
  g_assert_cmpuint (matches, >, 0);
}

static void
check_all_rules (RealText real)
{
  guint settings = 2 * 3 * 5 * 2, step = settings / pf_random_times (settings);

  for (guint i = 0; i < settings; i += step) {
    PfMatchRules rules = { .case_rule = (PfCase)(1 + i % 2),
                           .space = (PfSpace)(i / 2 % 3),
                           .boundary = (PfBoundary)(i / 6 % 5),
                           .overlapping = i / 30 };

    check_rules (&real, &rules);
  }
  g_free (real.text);
}

static void
test_tree (void)
{
  check_all_rules (read_tree ());
}

static void
test_letters (void)
{
  check_all_rules (read_letters ());
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matcher/real/tree", test_tree);
  g_test_add_func ("/matcher/real/letters", test_letters);
  return g_test_run ();
}
