/* Runs that stop at the first input that fails, over random lists in which any
 * input may fail, in every mode and with several workers. Each is held to two
 * others: to the same run with one worker, and to a run that knows nothing of
 * stopping, over the list up to and including the first input that fails.
 *
 *   list     a  b  ✗  c  ✗  d
 *   run      a  b  ✗              fail_fast, any mode, any number of workers
 *   alone    a  b  ✗              fail_fast, one worker
 *   prefix  [a  b  ✗]             no fail_fast, one worker
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#include "base/test_folder.h"
#include "base/test_random.h"
#include "pfproc.h"
#include "sched/blocked.h"
#include "test_texts.h"

#define N_SMALL 12
#define N_LARGE 4
#define NAMES_FEW 40
#define NAMES_MANY 200
#define OUTPUT "output"
#define FIFO "fifo"

/* --- What may stand in a list ----------------------------------------- */

typedef enum { NEVER, ALWAYS, AS_BINARY, AS_UNREADABLE } Failing;

typedef struct {
  const char *name;
  Failing fails;
  gboolean is_list;
} Kind;

static const Kind good_kinds[] = { { .name = "small" }, { .name = "small" },
                                   { .name = "large" }, { .name = "empty" },
                                   { .name = "wide" },  { .name = "marked" },
                                   { .name = FIFO } };

static const Kind bad_kinds[] = {
  { "missing", ALWAYS, FALSE },   { "directory", ALWAYS, FALSE },
  { "empty/x", ALWAYS, FALSE },   { "loop", ALWAYS, FALSE },
  { "", ALWAYS, FALSE },          { "/proc/self/mem", ALWAYS, FALSE },
  { "binary", AS_BINARY, FALSE }, { "closed", AS_UNREADABLE, FALSE },
  { "missing", ALWAYS, TRUE },    { "directory", ALWAYS, TRUE },
  { "empty", ALWAYS, TRUE },      { "/proc/self/mem", ALWAYS, TRUE }
};

static void
write_file (const char *name, const GString *text)
{
  g_assert_true (
      g_file_set_contents (name, text->str, (gssize)text->len, NULL));
}

/* NAME, which ends in N unless that is negative, of random text. */
static void
write_random (const char *name, int n, guint parts)
{
  g_autofree char *path =
      n < 0 ? g_strdup (name) : g_strdup_printf ("%s%d", name, n);
  g_autoptr (GString) text = pf_test_text (parts);

  write_file (path, text);
}

static void
write_coded (void)
{
  g_autoptr (GString) text = pf_test_text (3000);
  g_autoptr (GString) wide = g_string_new ("");

  g_string_append_len (wide, "\xFF\xFE", 2);
  for (gsize i = 0; i < text->len; i++)
    g_string_append_len (wide, (char[]){ text->str[i], '\0' }, 2);
  write_file ("wide", wide);
  g_string_prepend (text, "\xEF\xBB\xBF");
  write_file ("marked", text);
  text->str[100] = '\0';
  write_file ("binary", text);
}

static void
write_files (void)
{
  for (int i = 0; i < N_SMALL; i++)
    write_random ("small", i, (guint)g_test_rand_int_range (0, 300));
  for (int i = 0; i < N_LARGE; i++)
    write_random ("large", i, (guint)g_test_rand_int_range (1000, 6000));
  write_random ("empty", -1, 0);
  write_random ("closed", -1, 20);
  write_coded ();
  g_assert_cmpint (chmod ("closed", 0), ==, 0);
  g_assert_cmpint (mkdir ("directory", 0700), ==, 0);
  g_assert_cmpint (symlink ("loop", "loop"), ==, 0);
  g_assert_cmpint (mkfifo (FIFO, 0600), ==, 0);
}

/* --- Who writes into the FIFO ----------------------------------------- */

typedef struct {
  uv_thread_t thread;
  atomic_bool over; /* nobody will read it any more */
  guint pause;      /* microseconds */
} Writer;

/* Opens it once there is a reader. */
static int
open_fifo (const Writer *self)
{
  int fd = -1;

  while (fd < 0 && !atomic_load (&self->over)) {
    fd = open (FIFO, O_WRONLY | O_NONBLOCK);
    if (fd < 0)
      g_usleep (50);
  }
  return fd;
}

static void
write_fifo (void *data)
{
  static const char text[] = "a b a\nb b c d\na a\n";
  const Writer *self = data;
  int fd = open_fifo (self);

  for (gsize i = 0; fd >= 0 && i < sizeof text - 1; i += 6) {
    g_usleep (self->pause);
    if (write (fd, text + i, MIN (6, sizeof text - 1 - i)) < 0)
      break;
  }
  if (fd >= 0)
    close (fd);
}

/* --- A run ------------------------------------------------------------ */

/* Prints what a run says as it says it: one message a line. */
static void
note_message (const PfMessage *message, gpointer user)
{
  g_string_append_printf (user, "%s: %s (%d%s)\n", message->path, message->text,
                          message->status,
                          message->looks_like_content ? ", content" : "");
}

static void
append_summary (GString *text, const PfSummary *summary)
{
  g_string_append_printf (
      text, "files %d failed %d matched %d binaries %d %s; %d %s %s\n",
      (int)summary->files, (int)summary->failed, (int)summary->matched,
      (int)summary->binaries, summary->first_binary, summary->first_status,
      summary->first_failed, summary->first_message);
}

/* All that the run comes to, as one text. */
static char *
run_plainly (PfRunConfig *config)
{
  g_autoptr (PfRun) run = NULL;
  g_autofree char *output = NULL;
  GString *text = g_string_new (NULL);

  config->output = OUTPUT;
  config->message = note_message;
  config->user = text;
  run = pf_run_new (config, NULL);
  g_assert_nonnull (run);
  g_assert_true (pf_run_execute (run, NULL));
  g_assert_true (g_file_get_contents (OUTPUT, &output, NULL, NULL));
  append_summary (text, pf_run_summary (run));
  g_string_append (text, output);
  return g_string_free (text, FALSE);
}

static char *
run (PfRunConfig *config)
{
  Writer writer = { .pause = (guint)g_test_rand_int_range (0, 300) };
  char *text;

  g_assert_cmpint (uv_thread_create (&writer.thread, write_fifo, &writer), ==,
                   0);
  text = run_plainly (config);
  atomic_store (&writer.over, TRUE);
  uv_thread_join (&writer.thread);
  return text;
}

/* --- Random lists ----------------------------------------------------- */

typedef struct {
  GArray *inputs;    /* PfInput, as the run gets them: some are lists */
  GArray *prefix;    /* PfInput, one by one, up to the first that fails */
  GPtrArray *names;  /* owned; what both point to */
  gboolean has_fifo; /* or must not have one */
} List;

static void
list_clear (List *self)
{
  g_array_unref (self->inputs);
  g_array_unref (self->prefix);
  g_ptr_array_unref (self->names);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (List, list_clear)

/* One name as often as not has a number. */
static char *
name_of (const Kind *kind)
{
  if (g_str_equal (kind->name, "small"))
    return g_strdup_printf ("small%d", g_test_rand_int_range (0, N_SMALL));
  if (g_str_equal (kind->name, "large"))
    return g_strdup_printf ("large%d", g_test_rand_int_range (0, N_LARGE));
  return g_strdup (kind->name);
}

/* CHANCE is that of a bad one, in thousandths. One at most can be the FIFO,
 * which is slow. */
static const Kind *
random_kind (List *self, int chance)
{
  const Kind *kind;

  if (g_test_rand_int_range (0, 1000) < chance)
    return &bad_kinds[g_test_rand_int_range (0, G_N_ELEMENTS (bad_kinds))];
  kind = &good_kinds[g_test_rand_int_range (0, G_N_ELEMENTS (good_kinds))];
  if (!g_str_equal (kind->name, FIFO))
    return kind;
  if (self->has_fifo)
    return &good_kinds[0];
  self->has_fifo = TRUE;
  return kind;
}

static gboolean
does_fail (const Kind *kind, PfBinary binary)
{
  switch (kind->fails) {
  case AS_BINARY:
    return binary == PF_BINARY_ERROR;
  case AS_UNREADABLE:
    return access (kind->name, R_OK) != 0;
  default:
    return kind->fails == ALWAYS;
  }
}

/* Writes the names from FROM on into a list, which is an input in their
 * place. */
static void
move_into_list (List *self, guint from)
{
  char *name = g_strdup_printf ("list%u", from);
  g_autoptr (GString) text = g_string_new (NULL);
  PfInput input = { name, TRUE };

  for (guint i = from; i < self->inputs->len; i++)
    g_string_append_printf (text, "%s\n",
                            g_array_index (self->inputs, PfInput, i).name);
  write_file (name, text);
  g_ptr_array_add (self->names, name);
  g_array_set_size (self->inputs, from);
  g_array_append_val (self->inputs, input);
}

/* Adds LEN inputs, and up to the first that fails also to the prefix. */
static void
add_inputs (List *self, guint len, int chance, PfBinary binary,
            gboolean *failed)
{
  for (; len > 0; len--) {
    const Kind *kind = random_kind (self, chance);
    PfInput input = { name_of (kind), kind->is_list };

    g_ptr_array_add (self->names, (gpointer)input.name);
    g_array_append_val (self->inputs, input);
    if (!*failed)
      g_array_append_val (self->prefix, input);
    *failed = *failed || does_fail (kind, binary);
  }
}

static gboolean
has_list (const List *self, guint from)
{
  for (guint i = from; i < self->inputs->len; i++)
    if (g_array_index (self->inputs, PfInput, i).is_list)
      return TRUE;
  return FALSE;
}

static void
list_init (List *self, PfBinary binary)
{
  static const int chances[] = { 0, 20, 100, 300 };
  int chance = chances[g_test_rand_int_range (0, G_N_ELEMENTS (chances))];
  gboolean many = g_test_rand_int_range (0, 16) == 0, failed = FALSE;
  guint n = (guint)g_test_rand_int_range (1, many ? NAMES_MANY : NAMES_FEW),
        len;

  self->inputs = g_array_new (FALSE, FALSE, sizeof (PfInput));
  self->prefix = g_array_new (FALSE, FALSE, sizeof (PfInput));
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->has_fifo = g_test_rand_int_range (0, 4) > 0;
  for (; n > 0; n -= len) {
    guint from = self->inputs->len;

    len = (guint)g_test_rand_int_range (1, 12);
    len = MIN (len, n);
    add_inputs (self, len, chance, binary, &failed);
    if (g_test_rand_bit () && !has_list (self, from))
      move_into_list (self, from);
  }
}

/* --- Everything against everything ------------------------------------ */

static const PfRunConfig ways[] = {
  { .mode = PF_MODE_FORK_JOIN, .schedule = PF_SCHEDULE_STEALING },
  { .mode = PF_MODE_FORK_JOIN, .schedule = PF_SCHEDULE_STATIC },
  { .mode = PF_MODE_PIPELINE },
  { .mode = PF_MODE_PIPELINE, .readers = 1 }
};

/* CONFIG in another way, and what to call it. */
static char *
choose_way (PfRunConfig *config)
{
  static const guint jobs[] = { 1, 2, 2, 3, 8 };
  static const gsize pieces[] = { 0, 100, 500, 2000 };
  guint way = (guint)g_test_rand_int_range (0, G_N_ELEMENTS (ways));

  config->mode = ways[way].mode;
  config->schedule = ways[way].schedule;
  config->readers = ways[way].readers;
  config->jobs = jobs[g_test_rand_int_range (0, G_N_ELEMENTS (jobs))];
  config->piece = pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))];
  config->memory = g_test_rand_bit () ? 1 : 0;
  return g_strdup_printf ("way %u, %u jobs, pieces of %d, memory %d", way,
                          config->jobs, (int)config->piece,
                          (int)config->memory);
}

static void
check_ways (PfRunConfig config, const char *expected, guint n_ways)
{
  for (guint i = 0; i < n_ways; i++) {
    g_autofree char *way = choose_way (&config);
    g_autofree char *found = run (&config);

    if (!g_str_equal (found, expected))
      g_test_message ("action %d, %s", config.action, way);
    g_assert_cmpstr (found, ==, expected);
  }
}

static void
check_list (const PfRunConfig *plan, guint n_ways)
{
  g_auto (List) list = { 0 };
  PfRunConfig config = *plan;
  g_autofree char *prefix = NULL, *alone = NULL;

  list_init (&list, config.binary);
  config.inputs = (const PfInput *)list.prefix->data;
  config.n_inputs = list.prefix->len;
  config.jobs = 1;
  prefix = run (&config);
  config.fail_fast = TRUE;
  config.inputs = (const PfInput *)list.inputs->data;
  config.n_inputs = list.inputs->len;
  alone = run (&config);
  g_assert_cmpstr (alone, ==, prefix);
  check_ways (config, alone, n_ways);
}

typedef struct {
  PfTestFolder folder;
  PfGlossary *glossary;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  PfGlossaryOptions options = { .terms = pf_test_terms,
                                .n_terms = G_N_ELEMENTS (pf_test_terms) };

  pf_test_folder_enter (&self->folder, data);
  write_files ();
  self->glossary = pf_glossary_load (&options, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  pf_glossary_unref (self->glossary);
  pf_test_folder_leave (&self->folder, data);
}

static void
test_random (Fixture *self, gconstpointer data)
{
  PfRunAction action = (PfRunAction)GPOINTER_TO_INT (data);

  for (guint n = pf_test_rounds (300); n > 0; n--) {
    PfRunConfig config = {
      .glossary = self->glossary,
      .action = action,
      .format = g_test_rand_bit () ? PF_FORMAT_TSV : PF_FORMAT_TEXT,
      .binary = g_test_rand_bit () ? PF_BINARY_ERROR : PF_BINARY_SKIP
    };

    check_list (&config, 3);
  }
}

/* --- Counts that fill more than one result ----------------------------- */

#define N_WORDS 30000u

static PfGlossary *
many_terms (void)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  PfGlossaryOptions options = { .n_terms = N_WORDS };

  for (guint i = 0; i < N_WORDS; i++)
    g_ptr_array_add (words, g_strdup_printf ("t%u", i));
  options.terms = (const char *const *)words->pdata;
  return pf_glossary_load (&options, NULL);
}

/* Two thirds of the terms, from another one on each time. */
static void
write_words (const char *name, guint from)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < N_WORDS; i += 1 + i % 3)
    g_string_append_printf (text, "t%u\n", (i + from) % N_WORDS);
  write_file (name, text);
}

/* What a file counts is more than a result may hold while it waits, so the
 * counts of one file go in parts, and those of later ones wait. */
static void
test_large_counts (Fixture *self G_GNUC_UNUSED,
                   gconstpointer data G_GNUC_UNUSED)
{
  static const PfInput inputs[] = { { "words0", FALSE }, { "words1", FALSE },
                                    { "words2", FALSE }, { "missing", FALSE },
                                    { "words0", FALSE }, { "words1", FALSE } };
  g_autoptr (PfGlossary) glossary = many_terms ();
  PfRunConfig config = { .glossary = glossary,
                         .inputs = inputs,
                         .n_inputs = 4,
                         .action = PF_RUN_TOTAL,
                         .jobs = 1 };
  g_autofree char *prefix = NULL;

  for (guint i = 0; i < 3; i++)
    write_words (inputs[i].name, i * 1000);
  prefix = run_plainly (&config);
  config.n_inputs = G_N_ELEMENTS (inputs);
  config.fail_fast = TRUE;
  check_ways (config, prefix, pf_test_rounds (60));
}

/* --- What is not done in vain ----------------------------------------- */

static PfThreadId failing;   /* who came upon "missing" */
static atomic_int n_in_vain; /* files opened whose names begin with "vain" */

/* In place of the system's, to see what is opened. */
int
open (const char *path, int flags, ...)
{
  mode_t mode = 0;
  va_list args;

  if ((flags & O_CREAT) != 0) {
    va_start (args, flags);
    mode = va_arg (args, mode_t);
    va_end (args);
  }
  if (g_str_equal (path, "missing"))
    pf_thread_announce (&failing);
  if (g_str_has_prefix (path, "vain"))
    atomic_fetch_add (&n_in_vain, 1);
  return (int)syscall (SYS_openat, AT_FDCWD, path, flags, mode);
}

static void
write_late (void *data)
{
  Writer *self = data;

  pf_thread_wait_blocked (&failing);
  write_fifo (self);
}

/*   worker 0:  FIFO ··················· waits for its writer ··│ reads, ends
 *   worker 1:  missing │ vain3, vain5 … are left out, sleeps   │
 *   writer:                                                    └ writes
 *
 * What stands before the failure runs on, and what stands behind it is not
 * even opened. */
static void
test_not_in_vain (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PfInput inputs[30] = { { FIFO, FALSE }, { "missing", FALSE } };
  PfRunConfig config = { .glossary = self->glossary,
                         .inputs = inputs,
                         .n_inputs = G_N_ELEMENTS (inputs),
                         .fail_fast = TRUE,
                         .jobs = 2,
                         .mode = PF_MODE_FORK_JOIN,
                         .schedule = PF_SCHEDULE_STATIC };
  g_autofree char *text = NULL;
  Writer writer = { 0 };

  for (guint i = 2; i < G_N_ELEMENTS (inputs); i++)
    inputs[i].name = i % 2 == 0 ? "vain-even" : "vain-odd";
  write_random ("vain-even", -1, 300);
  write_random ("vain-odd", -1, 300);
  atomic_store (&n_in_vain, 0);
  atomic_store (&failing, 0);
  g_assert_cmpint (uv_thread_create (&writer.thread, write_late, &writer), ==,
                   0);
  text = run_plainly (&config);
  uv_thread_join (&writer.thread);
  g_assert_cmpint (atomic_load (&n_in_vain), ==, 0);
  g_assert_nonnull (strstr (text, FIFO ":3:1: a a\n"));
  g_assert_nonnull (strstr (text, "files 2 failed 1 matched 1"));
}

int
main (int argc, char **argv)
{
  static const char *const names[] = { [PF_RUN_FIND] = "find",
                                       [PF_RUN_COUNT] = "count",
                                       [PF_RUN_COUNT_TERMS] = "count-terms",
                                       [PF_RUN_TOTAL] = "total",
                                       [PF_RUN_WITH_MATCH] = "with-match",
                                       [PF_RUN_WITHOUT_MATCH] = "without-match",
                                       [PF_RUN_ANSWER] = "answer" };

  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  for (int i = 0; i < (int)G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_strdup_printf ("/fail-fast/random/%s", names[i]);

    g_test_add (path, Fixture, GINT_TO_POINTER (i), set_up, test_random,
                tear_down);
  }
  g_test_add ("/fail-fast/large-counts", Fixture, NULL, set_up,
              test_large_counts, tear_down);
  g_test_add ("/fail-fast/not-in-vain", Fixture, NULL, set_up, test_not_in_vain,
              tear_down);
  return g_test_run ();
}
