/* Runs over files that are cut into small pieces, and break off, or are
 * cancelled, in the middle. */
#include <errno.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "test_cut.h"
#include "test_texts.h"

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

static void
check_action (const PfTestCut *self, PfRunAction action, gsize piece,
              guint64 memory)
{
  pf_test_cut_check (
      self,
      &(PfRunConfig){ .action = action, .piece = piece, .memory = memory });
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
check_broken (const PfTestCut *self, PfRunConfig *config, const char *sound)
{
  g_autofree char *found = pf_test_cut_run (self, config);

  g_assert_true (g_str_has_suffix (found, "5 1 0"));
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
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
  g_auto (PfTestCut) fixture = { 0 };
  PfRunConfig config = { .action = PF_RUN_FIND, .jobs = 1 };
  g_autofree char *sound = NULL;

  pf_test_cut_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (i == 2 ? 300000 : 3);

    g_string_append (text, "\na a b");
    pf_test_cut_write (&fixture, i, text);
  }
  sound = pf_test_cut_run (&fixture, &config);
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
break_file (const PfTestCut *self, off_t broken)
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
  g_auto (PfTestCut) fixture = { 0 };

  pf_test_cut_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (i == 2 ? 150000 : 3);

    pf_test_cut_write (&fixture, i, text);
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
  g_auto (PfTestCut) fixture = { 0 };
  PfRunConfig config = { .action = PF_RUN_FIND, .jobs = 3, .piece = 2000 };

  pf_test_cut_init (&fixture, pf_test_terms, G_N_ELEMENTS (pf_test_terms));
  for (guint i = 0; i < PF_TEST_CUT_FILES; i++) {
    g_autoptr (GString) text = pf_test_text (60000);

    pf_test_cut_write (&fixture, i, text);
  }
  config.inputs = fixture.inputs;
  config.n_inputs = PF_TEST_CUT_FILES;
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cut-run-broken/one", test_broken);
  g_test_add_func ("/cut-run-broken/alike", test_broken_alike);
  g_test_add_func ("/cut-run-broken/cancelled", test_cancelled);
  return g_test_run ();
}
