/* Runs over files that are cut into small pieces, in both modes and with
 * several workers, against one worker, who cuts nothing. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pfproc.h"
#include "test_texts.h"

#define N_FILES 5

/* Where files, once they are cut, cannot be read any more; 0: nowhere. */
static _Atomic off_t broken_from;

/* The run that is cancelled after so many preads, or NULL. */
static atomic_int reads_left;
static PfRun *_Atomic victim;

static void
count_read (void)
{
  PfRun *run = atomic_load (&victim);

  if (run != NULL && atomic_fetch_sub (&reads_left, 1) == 1)
    pf_run_cancel (run);
}

/* The same for read, of one file. */
static _Atomic off_t read_broken_from;
static _Atomic ino_t read_broken;

/* In place of the system's, as the next: a file that is broken in the middle.
 */
ssize_t
read (int fd, void *buffer, size_t len)
{
  off_t broken = atomic_load (&read_broken_from), at = 0;
  struct stat st;

  if (broken == 0 || fstat (fd, &st) != 0 ||
      st.st_ino != atomic_load (&read_broken))
    return syscall (SYS_read, fd, buffer, len);
  at = lseek (fd, 0, SEEK_CUR);
  if (at >= broken) {
    errno = EIO;
    return -1;
  }
  return syscall (SYS_read, fd, buffer, MIN (len, (size_t)(broken - at)));
}

ssize_t
pread (int fd, void *buffer, size_t len, off_t offset)
{
  off_t broken = atomic_load (&broken_from);

  count_read ();
  if (broken > 0 && offset >= broken) {
    errno = EIO;
    return -1;
  }
  if (broken > 0)
    len = MIN (len, (size_t)(broken - offset));
  return syscall (SYS_pread64, fd, buffer, len, offset);
}

typedef struct {
  char *directory;
  char *files[N_FILES];
  char *output;
  PfInput inputs[N_FILES];
  PfGlossary *glossary;
} Fixture;

static void
fixture_init (Fixture *self, const char *const *terms, gsize n_terms)
{
  PfGlossaryOptions options = { .terms = terms, .n_terms = n_terms };

  self->directory = g_dir_make_tmp ("pf-cut-XXXXXX", NULL);
  self->output = g_build_filename (self->directory, "output", NULL);
  self->glossary = pf_glossary_load (&options, NULL);
  for (guint i = 0; i < N_FILES; i++) {
    char name[] = { 'f', (char)('0' + i), '\0' };

    self->files[i] = g_build_filename (self->directory, name, NULL);
    self->inputs[i].name = self->files[i];
  }
}

static void
fixture_clear (Fixture *self)
{
  for (guint i = 0; i < N_FILES; i++) {
    unlink (self->files[i]);
    g_free (self->files[i]);
  }
  unlink (self->output);
  g_assert_cmpint (rmdir (self->directory), ==, 0);
  pf_glossary_unref (self->glossary);
  g_free (self->output);
  g_free (self->directory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
write_file (const Fixture *self, guint i, const GString *text)
{
  g_assert_true (
      g_file_set_contents (self->files[i], text->str, (gssize)text->len, NULL));
}

/* What the run writes, and its summary. */
static char *
run (const Fixture *self, PfRunConfig *config)
{
  g_autoptr (PfRun) run = NULL;
  g_autofree char *output = NULL;
  const PfSummary *summary;

  config->inputs = self->inputs;
  config->n_inputs = N_FILES;
  config->glossary = self->glossary;
  config->output = self->output;
  run = pf_run_new (config, NULL);
  g_assert_nonnull (run);
  g_assert_true (pf_run_execute (run, NULL));
  summary = pf_run_summary (run);
  g_assert_true (g_file_get_contents (self->output, &output, NULL, NULL));
  /* Runs that end at the first answer may have listed more or fewer files. */
  if (config->action == PF_RUN_ANSWER)
    return g_strdup_printf ("%d %d", summary->matched > 0, summary->failed > 0);
  return g_strdup_printf ("%s%d %d %d", output, (int)summary->matched,
                          (int)summary->failed, (int)summary->binaries);
}

/* BASE, with pieces and several workers, against the same by one. */
static void
check_config (const Fixture *self, const PfRunConfig *base)
{
  PfRunConfig alone = *base;
  g_autofree char *expected = NULL;

  alone.jobs = 1;
  alone.memory = 0;
  alone.piece = 0;
  expected = run (self, &alone);

  for (PfRunMode mode = PF_MODE_FORK_JOIN; mode <= PF_MODE_PIPELINE; mode++)
    for (guint jobs = 2; jobs <= 5; jobs += 3) {
      PfRunConfig config = *base;
      g_autofree char *found = NULL;

      config.jobs = jobs;
      config.mode = mode;
      found = run (self, &config);
      g_assert_cmpstr (found, ==, expected);
    }
}

static void
check_bounded (const Fixture *self, PfRunAction action, gsize piece,
               guint64 memory, PfBoundary boundary)
{
  check_config (self, &(PfRunConfig){ .action = action,
                                      .piece = piece,
                                      .memory = memory,
                                      .match = { .boundary = boundary } });
}

static void
check_action (const Fixture *self, PfRunAction action, gsize piece,
              guint64 memory)
{
  check_bounded (self, action, piece, memory, PF_BOUNDARY_UNSET);
}

static void
check_all (const Fixture *self, gsize piece, guint64 memory)
{
  for (PfRunAction action = PF_RUN_FIND; action <= PF_RUN_ANSWER; action++)
    check_action (self, action, piece, memory);
}

/* Files of all sizes; the first that matches "d", if any, stands anywhere. */
static void
test_random (void)
{
  for (guint n = 0; n < 5; n++) {
    g_auto (Fixture) fixture = { 0 };

    fixture_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
    for (guint i = 0; i < N_FILES; i++) {
      g_autoptr (GString) text = pf_test_text (
          (guint)g_test_rand_int_range (0, i == 2 ? 20000 : 9000));

      write_file (&fixture, i, text);
    }
    check_all (&fixture, 64, 0);
    check_all (&fixture, 500, 1 << 20);
  }
}

/* No more than so many matches of a file, wherever the last one stands. */
static void
test_max_count (void)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < N_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (9000 + i);

    write_file (&fixture, i, text);
  }
  for (gint64 n = PF_MAX_COUNT_NONE; n < 4000; n = n < 5 ? n + 1 : n * 3)
    for (PfRunAction action = PF_RUN_FIND; action < PF_RUN_ANSWER; action++)
      check_config (&fixture, &(PfRunConfig){ .action = action,
                                              .max_count = n,
                                              .piece = n % 2 ? 64 : 500 });
}

/* In place of the glossary: LIST, as tsv. */
static void
load_tsv (Fixture *self, const char *list)
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
check_gated (const Fixture *self, gboolean overlapping)
{
  PfRunConfig alone = { .jobs = 1, .match.overlapping = overlapping };
  g_autofree char *expected = run (self, &alone);

  for (PfRunAction action = PF_RUN_FIND; action <= PF_RUN_ANSWER; action++)
    check_action (self, action, 64, 0);
  for (gsize piece = 50; piece < 3000; piece *= 3) {
    PfRunConfig config = { .jobs = 4,
                           .piece = piece,
                           .match.overlapping = overlapping };
    g_autofree char *found = run (self, &config);

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
    g_auto (Fixture) fixture = { 0 };

    fixture_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
    if (n % 2 == 1)
      load_tsv (&fixture, "a a\ta a\na b a\tx\nb b c\tb b c\nc\nb\na\n");
    for (guint i = 0; i < N_FILES; i++) {
      g_autoptr (GString) text = pf_test_text (2000);

      for (guint k = 0; k < 12 * i; k++)
        g_string_insert (
            text, g_test_rand_int_range (0, (gint32)text->len),
            words[g_test_rand_int_range (0, G_N_ELEMENTS (words))]);
      write_file (&fixture, i, text);
    }
    check_gated (&fixture, n >= 2);
  }
}

/* All there is to find stands in shields, one of them across each line's end:
 * who begins at a wrong guess finds what is none. */
static void
test_shielded_answer (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GString) text = g_string_new ("the first end\n");

  fixture_init (&fixture, pf_test_terms, 1);
  load_tsv (&fixture, "end begin\tend begin\nbegin\n");
  while (text->len < 8000)
    g_string_append (text, "begin of a line to its end\n");
  for (guint i = 0; i < N_FILES; i++) {
    if (i == N_FILES - 1)
      g_string_append (text, "of it, but begin\n");
    write_file (&fixture, i, text);
  }
  check_all (&fixture, 64, 0);
}

/* Every line ends within a match, so that nearly every guess is wrong. */
static void
test_wrong_guesses (void)
{
  static const char *const wrapping[] = { "end begin" };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  fixture_init (&fixture, wrapping, 1);
  while (text->len < 30000)
    g_string_append (text, "begin of a line to its end\n");
  for (guint i = 0; i < N_FILES; i++)
    write_file (&fixture, i, text);
  check_all (&fixture, 64, 0);
}

/* A list of names before the first match: what comes later is not looked at,
 * and matters to nobody. */
static void
test_first_only (void)
{
  g_auto (Fixture) fixture = { 0 };
  static const char *const one[] = { "d" };

  fixture_init (&fixture, one, 1);
  for (guint i = 0; i < N_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (12000);

    if (i > 0)
      g_string_insert (text, (gssize)(text->len * i / 5), " d ");
    write_file (&fixture, i, text);
  }
  check_all (&fixture, 64, 0);
}

/* A binary is passed over as a whole, UTF-16 is decoded in one go, and a mark
 * at the beginning is no text. */
static void
test_codings (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GString) text = pf_test_text (12000);
  g_autoptr (GString) wide = g_string_new ("");

  fixture_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  g_string_append_len (wide, "\xFF\xFE", 2);
  for (gsize i = 0; i < text->len; i++)
    g_string_append_len (wide, (char[]){ text->str[i], '\0' }, 2);
  write_file (&fixture, 0, wide);
  write_file (&fixture, 1, text);
  g_string_prepend (text, "\xEF\xBB\xBF");
  write_file (&fixture, 2, text);
  g_string_prepend (text, "\r\n");
  write_file (&fixture, 3, text);
  text->str[2000] = '\0';
  write_file (&fixture, 4, text);
  check_all (&fixture, 64, 0);
}

/* So many pieces that workers overtake each other now and then. */
static void
test_many_pieces (void)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < N_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (i % 2 == 0 ? 100000 : 20);

    write_file (&fixture, i, text);
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
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < N_FILES; i++) {
    g_autoptr (GString) text = g_string_new (NULL);

    for (guint n = 0; n < (i == 0 ? 30000 : 3000); n++)
      g_string_append (text,
                       parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
    write_file (&fixture, i, text);
  }
  for (PfRunFormat format = PF_FORMAT_TEXT; format <= PF_FORMAT_GITHUB;
       format++)
    check_config (&fixture, &(PfRunConfig){ .format = format, .piece = 64 });
  for (PfRunGroup group = PF_GROUP_LABEL; group <= PF_GROUP_FOLDER; group++)
    check_config (&fixture, &(PfRunConfig){ .action = PF_RUN_TOTAL,
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
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, terms, G_N_ELEMENTS (terms));
  for (guint i = 0; i < N_FILES; i++) {
    g_autoptr (GString) text = text_of_parts (i % 2 == 0 ? 20000 : 20);

    write_file (&fixture, i, text);
  }
  check_bounded (&fixture, PF_RUN_FIND, 64, 0, PF_BOUNDARY_SUBWORD);
  check_bounded (&fixture, PF_RUN_FIND, 64, 0, PF_BOUNDARY_PREFIX);
  check_bounded (&fixture, PF_RUN_TOTAL, 500, 1 << 20, PF_BOUNDARY_SUBWORD);
}

/* What FILE has in OUTPUT. */
static char *
output_of (const char *output, const char *file)
{
  const char *begin = strstr (output, file), *end = begin;

  while (end != NULL && g_str_has_prefix (end, file))
    end = strchr (end, '\n') + 1;
  return begin != NULL ? g_strndup (begin, (gsize)(end - begin))
                       : g_strdup ("");
}

static void
check_broken (const Fixture *self, PfRunConfig *config, const char *sound)
{
  g_autofree char *found = run (self, config);

  g_assert_true (g_str_has_suffix (found, "5 1 0"));
  for (guint i = 0; i < N_FILES; i++) {
    g_autofree char *expected = output_of (sound, self->files[i]);
    g_autofree char *seen = output_of (found, self->files[i]);

    if (i != 2) {
      g_assert_cmpstr (seen, ==, expected);
      continue;
    }
    /* All before the place, and nothing that is far behind it. */
    g_assert_true (g_str_has_prefix (expected, seen));
    g_assert_cmpuint (strlen (seen), >, strlen (expected) / 3);
    g_assert_cmpuint (strlen (seen), <, strlen (expected) / 3 * 2);
  }
}

/* One file cannot be read from its middle on: what was found before is kept,
 * nothing behind it is reported, and the others are what they were. */
static void
test_broken (void)
{
  g_auto (Fixture) fixture = { 0 };
  PfRunConfig config = { .action = PF_RUN_FIND, .jobs = 1 };
  g_autofree char *sound = NULL;

  fixture_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < N_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (i == 2 ? 300000 : 3);

    g_string_append (text, "\na a b");
    write_file (&fixture, i, text);
  }
  sound = run (&fixture, &config);
  config.jobs = 3;
  config.piece = 2000;
  atomic_store (&broken_from, 300000);
  for (PfRunMode mode = PF_MODE_FORK_JOIN; mode <= PF_MODE_PIPELINE; mode++) {
    config.mode = mode;
    check_broken (&fixture, &config, sound);
  }
  atomic_store (&broken_from, 0);
}

/* Breaks file 2 from BROKEN on, for whoever reads it. */
static void
break_file (const Fixture *self, off_t broken)
{
  struct stat st;

  g_assert_cmpint (stat (self->files[2], &st), ==, 0);
  atomic_store (&read_broken, st.st_ino);
  atomic_store (&read_broken_from, broken);
  atomic_store (&broken_from, broken);
}

/* Of a file that breaks off, the matches in what can be read are kept, and
 * they are the same whether it is cut or not. The first block must be sound:
 * where that fails, nothing is looked at. */
static void
test_broken_alike (void)
{
  guint rounds = g_getenv ("PF_SANITIZER") != NULL ? 1 : 4;
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < N_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (i == 2 ? 150000 : 3);

    write_file (&fixture, i, text);
  }
  for (guint n = 0; n < rounds; n++) {
    break_file (&fixture, g_test_rand_int_range (132000, 200000));
    check_action (&fixture, PF_RUN_FIND, 2000, 0);
    check_action (&fixture, PF_RUN_COUNT_TERMS, 9000, 0);
    check_action (&fixture, PF_RUN_FIND, 40000, 1);
  }
  break_file (&fixture, 0);
}

/* A run that is cancelled at any read of a piece ends, and says so. */
static void
test_cancelled (void)
{
  g_auto (Fixture) fixture = { 0 };
  PfRunConfig config = { .action = PF_RUN_FIND, .jobs = 3, .piece = 2000 };

  fixture_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < N_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (60000);

    write_file (&fixture, i, text);
  }
  config.inputs = fixture.inputs;
  config.n_inputs = N_FILES;
  config.glossary = fixture.glossary;
  config.output = fixture.output;
  for (int n = 1; n < 200; n += 3) {
    g_autoptr (PfRun) run = NULL;

    config.mode = n % 2 == 0 ? PF_MODE_FORK_JOIN : PF_MODE_PIPELINE;
    run = pf_run_new (&config, NULL);
    atomic_store (&reads_left, n);
    atomic_store (&victim, run);
    g_assert_true (pf_run_execute (run, NULL));
    atomic_store (&victim, NULL);
    g_assert_true (pf_run_summary (run)->cancelled);
  }
}

/* The output of one file is far larger than all memory. */
static void
test_little_memory (void)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < N_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (i == 1 ? 400000 : 20);

    write_file (&fixture, i, text);
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
  g_test_add_func ("/cut-run/broken", test_broken);
  g_test_add_func ("/cut-run/broken-alike", test_broken_alike);
  g_test_add_func ("/cut-run/cancelled", test_cancelled);
  g_test_add_func ("/cut-run/little-memory", test_little_memory);
  return g_test_run ();
}
