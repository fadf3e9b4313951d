/* Runs over files that are cut into small pieces, in both modes and with
 * several workers, against one worker, who cuts nothing. */
#include "test_cut.h"
#include "test_texts.h"

static void
check_bounded (const PfTestCut *self, PfRunAction action, gsize piece,
               guint64 memory, PfBoundary boundary)
{
  pf_test_cut_check (self, &(PfRunConfig){ .action = action,
                                           .piece = piece,
                                           .memory = memory,
                                           .match = { .boundary = boundary } });
}

static void
check_action (const PfTestCut *self, PfRunAction action, gsize piece,
              guint64 memory)
{
  check_bounded (self, action, piece, memory, PF_BOUNDARY_UNSET);
}

static void
check_all (const PfTestCut *self, gsize piece, guint64 memory)
{
  for (PfRunAction action = PF_RUN_FIND; action <= PF_RUN_ANSWER; action++)
    check_action (self, action, piece, memory);
}

/* Files of all sizes; the first that matches "d", if any, stands anywhere. */
static void
test_random (void)
{
  for (guint n = 0; n < 5; n++) {
    g_auto (PfTestCut) fixture = { 0 };

    pf_test_cut_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
    for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
      g_autoptr (GString) text = pf_test_text (
          (guint)g_test_rand_int_range (0, i == 2 ? 20000 : 9000));

      pf_test_cut_write (&fixture, i, text);
    }
    check_all (&fixture, 64, 0);
    check_all (&fixture, 500, 1 << 20);
  }
}

/* No more than so many matches of a file, wherever the last one stands. */
static void
test_max_count (void)
{
  g_auto (PfTestCut) fixture = { 0 };

  pf_test_cut_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (9000 + i);

    pf_test_cut_write (&fixture, i, text);
  }
  for (gint64 n = PF_MAX_COUNT_NONE; n < 4000; n = n < 5 ? n + 1 : n * 3)
    for (PfRunAction action = PF_RUN_FIND; action < PF_RUN_ANSWER; action++)
      pf_test_cut_check (&fixture, &(PfRunConfig){ .action = action,
                                                   .max_count = n,
                                                   .piece = n % 2 ? 64 : 500 });
}

/* In place of the glossary: LIST, as tsv. */
static void
load_tsv (PfTestCut *self, const char *list)
{
  g_autofree char *source = g_strconcat (self->output, ":tsv", NULL);
  const char *const sources[] = { source };
  PfGlossaryOptions options = { .sources = sources, .n_sources = 1 };

  pf_glossary_unref (self->glossary);
  g_assert_true (g_file_set_contents (self->output, list, -1, NULL));
  self->glossary = pf_glossary_load (&options, NULL);
  g_assert_nonnull (self->glossary);
}

static void
check_gated (const PfTestCut *self, gboolean overlapping)
{
  PfRunConfig alone = { .jobs = 1, .match.overlapping = overlapping };
  g_autofree char *expected = pf_test_cut_run (self, &alone);

  for (PfRunAction action = PF_RUN_FIND; action <= PF_RUN_ANSWER; action++)
    check_action (self, action, 64, 0);
  for (gsize piece = 50; piece < 3000; piece *= 3) {
    PfRunConfig config = { .jobs = 4,
                           .piece = piece,
                           .match.overlapping = overlapping };
    g_autofree char *found = pf_test_cut_run (self, &config);

    g_assert_cmpstr (found, ==, expected);
  }
}

/* Markers and shields stand across cuts, and what they hide reaches over many
 * pieces. */
static void
test_gated (void)
{
  static const char *const words[] = { " pfproc:off ", " pfproc:on ",
                                       " pfproc:ignore ", " pfproc:on\n" };

  for (guint n = 0; n < 4; n++) {
    g_auto (PfTestCut) fixture = { 0 };

    pf_test_cut_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
    if (n % 2 == 1)
      load_tsv (&fixture, "a a\ta a\na b a\tx\nb b c\tb b c\nc\nb\na\n");
    for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
      g_autoptr (GString) text = pf_test_text (2000);

      for (guint k = 0; k < 12 * i; k++)
        g_string_insert (
            text, g_test_rand_int_range (0, (gint32)text->len),
            words[g_test_rand_int_range (0, G_N_ELEMENTS (words))]);
      pf_test_cut_write (&fixture, i, text);
    }
    check_gated (&fixture, n >= 2);
  }
}

/* All there is to find stands in shields, one of them across each line's end:
 * who begins at a wrong guess finds what is none. */
static void
test_shielded_answer (void)
{
  g_auto (PfTestCut) fixture = { 0 };
  g_autoptr (GString) text = g_string_new ("the first end\n");

  pf_test_cut_init (&fixture, pf_test_terms, 1);
  load_tsv (&fixture, "end begin\tend begin\nbegin\n");
  while (text->len < 8000)
    g_string_append (text, "begin of a line to its end\n");
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
    if (i == PF_TEST_CUT_FILES - 1)
      g_string_append (text, "of it, but begin\n");
    pf_test_cut_write (&fixture, i, text);
  }
  check_all (&fixture, 64, 0);
}

/* Every line ends within a match, so that nearly every guess is wrong. */
static void
test_wrong_guesses (void)
{
  static const char *const wrapping[] = { "end begin" };
  g_auto (PfTestCut) fixture = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  pf_test_cut_init (&fixture, wrapping, 1);
  while (text->len < 30000)
    g_string_append (text, "begin of a line to its end\n");
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++)
    pf_test_cut_write (&fixture, i, text);
  check_all (&fixture, 64, 0);
}

/* A list of names before the first match: what comes later is not looked at,
 * and matters to nobody. */
static void
test_first_only (void)
{
  g_auto (PfTestCut) fixture = { 0 };
  static const char *const one[] = { "d" };

  pf_test_cut_init (&fixture, one, 1);
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (12000);

    if (i > 0)
      g_string_insert (text, (gssize)(text->len * i / 5), " d ");
    pf_test_cut_write (&fixture, i, text);
  }
  check_all (&fixture, 64, 0);
}

/* A binary is passed over as a whole, UTF-16 is decoded in one go, and a mark
 * at the beginning is no text. */
static void
test_codings (void)
{
  g_auto (PfTestCut) fixture = { 0 };
  g_autoptr (GString) text = pf_test_text (12000);
  g_autoptr (GString) wide = g_string_new ("");

  pf_test_cut_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  g_string_append_len (wide, "\xFF\xFE", 2);
  for (gsize i = 0; i < text->len; i++)
    g_string_append_len (wide, (char[]){ text->str[i], '\0' }, 2);
  pf_test_cut_write (&fixture, 0, wide);
  pf_test_cut_write (&fixture, 1, text);
  g_string_prepend (text, "\xEF\xBB\xBF");
  pf_test_cut_write (&fixture, 2, text);
  g_string_prepend (text, "\r\n");
  pf_test_cut_write (&fixture, 3, text);
  text->str[2000] = '\0';
  pf_test_cut_write (&fixture, 4, text);
  check_all (&fixture, 64, 0);
}

/* So many pieces that workers overtake each other now and then. */
static void
test_many_pieces (void)
{
  g_auto (PfTestCut) fixture = { 0 };

  pf_test_cut_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (i % 2 == 0 ? 100000 : 20);

    pf_test_cut_write (&fixture, i, text);
  }
  check_action (&fixture, PF_RUN_FIND, 64, 0);
  check_action (&fixture, PF_RUN_TOTAL, 64, 0);
}

/* In all formats, and by all groups. Matches wrap, and stand behind characters
 * of one, two and four bytes, and bytes that are none. */
static void
test_formats (void)
{
  static const char *const parts[] = {
    "\xC3\xA9", "\xF0\x9D\x84\x9E ", "\xFF", "a ", "a\n", "b ", "c "
  };
  g_auto (PfTestCut) fixture = { 0 };

  pf_test_cut_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
    g_autoptr (GString) text = g_string_new (NULL);

    for (guint n = 0; n < (i == 0 ? 30000 : 3000); n++)
      g_string_append (text,
                       parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
    pf_test_cut_write (&fixture, i, text);
  }
  for (PfRunFormat format = PF_FORMAT_TEXT; format <= PF_FORMAT_GITHUB;
       format++)
    pf_test_cut_check (&fixture,
                       &(PfRunConfig){ .format = format, .piece = 64 });
  for (PfRunGroup group = PF_GROUP_LABEL; group <= PF_GROUP_FOLDER; group++)
    pf_test_cut_check (&fixture, &(PfRunConfig){ .action = PF_RUN_TOTAL,
                                                 .group = group,
                                                 .group_depth = 2,
                                                 .piece = 64 });
}

/* Parts of words, of which some show only by seven marks before them, and some
 * by a letter and seven marks behind. */
static GString *
text_of_parts (guint parts)
{
  static const char *const pieces[] = {
    "a", "B", "_", "1", "\u0301", "\n", "Bb"
  };
  GString *text = g_string_new (NULL);

  for (; parts > 0; parts--) {
    g_string_append (text,
                     pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
    for (int marks = g_test_rand_int_range (-30, 9); marks > 0; marks--)
      g_string_append (text, "\U000E0100");
  }
  return text;
}

static void
test_parts (void)
{
  static const char *const terms[] = { "B", "a", "Bb", "1" };
  g_auto (PfTestCut) fixture = { 0 };

  pf_test_cut_init (&fixture, terms, G_N_ELEMENTS (terms));
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
    g_autoptr (GString) text = text_of_parts (i % 2 == 0 ? 20000 : 20);

    pf_test_cut_write (&fixture, i, text);
  }
  check_bounded (&fixture, PF_RUN_FIND, 64, 0, PF_BOUNDARY_SUBWORD);
  check_bounded (&fixture, PF_RUN_FIND, 64, 0, PF_BOUNDARY_PREFIX);
  check_bounded (&fixture, PF_RUN_TOTAL, 500, 1 << 20, PF_BOUNDARY_SUBWORD);
}

/* The output of one file is far larger than all memory. */
static void
test_little_memory (void)
{
  g_auto (PfTestCut) fixture = { 0 };

  pf_test_cut_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (i == 1 ? 400000 : 20);

    pf_test_cut_write (&fixture, i, text);
  }
  check_action (&fixture, PF_RUN_FIND, 0, 1);
  check_action (&fixture, PF_RUN_FIND, 100000, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cut-run/random", test_random);
  g_test_add_func ("/cut-run/max-count", test_max_count);
  g_test_add_func ("/cut-run/gated", test_gated);
  g_test_add_func ("/cut-run/shielded-answer", test_shielded_answer);
  g_test_add_func ("/cut-run/wrong-guesses", test_wrong_guesses);
  g_test_add_func ("/cut-run/first-only", test_first_only);
  g_test_add_func ("/cut-run/codings", test_codings);
  g_test_add_func ("/cut-run/many-pieces", test_many_pieces);
  g_test_add_func ("/cut-run/formats", test_formats);
  g_test_add_func ("/cut-run/parts", test_parts);
  g_test_add_func ("/cut-run/little-memory", test_little_memory);
  return g_test_run ();
}
