/* Documents that stream, and go over to another matcher on their way. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/test_folder.h"
#include "glossary/builder.h"
#include "sink/format.h"
#include "task/task.h"
#include "text/word.h"

#define STEPS_MAX 64

/* What happens when the task has looked at all there is: the slot gets a new
 * matcher, or not, and the document gets bytes, or its end. */
typedef struct {
  PfMatcher *swap;   /* transfer full; or NULL */
  const char *bytes; /* NULL: the end */
} Step;

typedef struct {
  PfTestFolder folder;
  PfCancel *cancel;
  PfDocumentOptions options;
  PfTaskPlan plan;
  PfSlot *matchers;
  PfResult *result;
  int writer;
  Step steps[STEPS_MAX];
  guint n_steps, next_step;
} Fixture;

/* A matcher of TERMS, up to a NULL, all with VALUE. */
static PfMatcher *
new_matcher (const char *value, const char *const *terms)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  PfGlossary *glossary;
  PfMatcher *matcher;

  pf_glossary_builder_begin (builder, "g", &(PfSourceRules){ 0 });
  for (; *terms != NULL; terms++) {
    PfEntry entry = { .term = pf_span_str (*terms),
                      .value = pf_span_str (value) };

    g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  }
  glossary = pf_glossary_builder_seal (builder, NULL);
  matcher =
      pf_matcher_new (glossary, pf_word_class_new (pf_span_str (""), NULL),
                      &(PfMatchRules){ 0 });
  pf_glossary_unref (glossary);
  return matcher;
}

static const char *const animals[] = { "cat", "dog", "big cat", NULL };

static PfMatcher *
animals_of (const char *value)
{
  return new_matcher (value, animals);
}

static gpointer
ref_matcher (gpointer matcher)
{
  return pf_matcher_ref (matcher);
}

static void
unref_matcher (gpointer matcher)
{
  pf_matcher_unref (matcher);
}

static void
take_step (Fixture *self)
{
  Step *step = &self->steps[self->next_step++];

  g_assert_cmpuint (self->next_step, <=, self->n_steps);
  if (step->swap != NULL)
    pf_slot_swap (self->matchers, step->swap);
  if (step->bytes == NULL) {
    close (self->writer);
    return;
  }
  g_assert_cmpint (write (self->writer, step->bytes, strlen (step->bytes)), ==,
                   strlen (step->bytes));
}

/* Before the stream is waited for. */
static gboolean
flush (PfResult *result G_GNUC_UNUSED, gboolean must, gpointer user)
{
  if (!must)
    take_step (user);
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_test_folder_enter (&self->folder, NULL);
  self->cancel = pf_cancel_new (NULL);
  self->options.cancel = self->cancel;
  self->plan.action = &pf_action_find;
  self->plan.format = &pf_record_format_text;
  self->plan.cancel = self->cancel;
  self->plan.flush = flush;
  self->matchers = pf_slot_new (animals_of ("1"), ref_matcher, unref_matcher);
  g_assert_cmpint (mkfifo ("fifo", 0600), ==, 0);
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_result_free (self->result);
  pf_slot_free (self->matchers);
  pf_cancel_free (self->cancel);
  pf_test_folder_leave (&self->folder, NULL);
}

#define TEST(name)                                                             \
  static void test_##name (Fixture *self, gconstpointer data G_GNUC_UNUSED)

static void
add_step (Fixture *self, PfMatcher *swap, const char *bytes)
{
  g_assert_cmpuint (self->n_steps, <, STEPS_MAX);
  self->steps[self->n_steps++] = (Step){ swap, bytes };
}

/* All steps, and then the end; what the result is. */
static const char *
process (Fixture *self)
{
  g_autoptr (PfTask) task = pf_task_new (&self->plan, 0);
  g_autoptr (PfDocument) document = pf_document_new (&self->options);
  g_autoptr (PfMatcher) first = pf_slot_get (self->matchers, NULL);
  g_auto (PfError) error = { 0 };
  PfTaskJob job = { .matcher = first,
                    .matchers = self->matchers,
                    .document = document,
                    .path = "f",
                    .user = self };

  add_step (self, NULL, NULL);
  g_assert_true (pf_document_open (document, "fifo", NULL));
  self->writer = open ("fifo", O_WRONLY);
  self->result = pf_result_new ();
  job.result = self->result;
  g_assert_true (pf_task_process (task, &job, &error));
  g_assert_cmpuint (self->next_step, ==, self->n_steps);
  return self->result->bytes->str;
}

/*   cat\n │ cat\n      the new one has the next line
 *         swap
 */
TEST (between_lines)
{
  add_step (self, NULL, "cat\n");
  add_step (self, animals_of ("2"), "cat\ndog\n");
  g_assert_cmpstr (process (self), ==,
                   "f:1:1: cat -> 1\n"
                   "f:2:1: cat -> 2\n"
                   "f:3:1: dog -> 2\n");
}

/*   cat, c│at dog\ncat      the line that was begun stays with the old one
 *         swap
 */
TEST (within_a_line)
{
  add_step (self, NULL, "cat, c");
  add_step (self, animals_of ("2"), "at dog");
  add_step (self, NULL, " cat\ncat");
  g_assert_cmpstr (process (self), ==,
                   "f:1:1: cat -> 1\n"
                   "f:1:6: cat -> 1\n"
                   "f:1:10: dog -> 1\n"
                   "f:1:14: cat -> 1\n"
                   "f:2:1: cat -> 2\n");
}

/*   a big│\ncat dog\ndog     a match that began before the line's end
 *        swap
 */
TEST (across_a_line_break)
{
  add_step (self, NULL, "a big");
  add_step (self, animals_of ("2"), "\nc");
  add_step (self, NULL, "at dog\ndog\n");
  g_assert_cmpstr (process (self), ==,
                   "f:1:3: big cat -> 1\n"
                   "f:2:5: dog -> 2\n"
                   "f:3:1: dog -> 2\n");
}

/* Before anything was read; where a line was begun of which nothing is decided
 * yet; at the very end. */
TEST (at_the_ends)
{
  add_step (self, animals_of ("2"), "cat\n");
  add_step (self, animals_of ("3"), "dog");
  add_step (self, animals_of ("4"), "\n");
  add_step (self, animals_of ("5"), "cat");
  g_assert_cmpstr (process (self), ==,
                   "f:1:1: cat -> 2\n"
                   "f:2:1: dog -> 4\n"
                   "f:3:1: cat -> 5\n");
}

/* Of several new ones the last is taken. */
TEST (several_within_a_line)
{
  add_step (self, NULL, "cat ");
  add_step (self, animals_of ("2"), "cat ");
  add_step (self, animals_of ("3"), "cat ");
  add_step (self, animals_of ("4"), "cat\ncat\n");
  g_assert_cmpstr (process (self), ==,
                   "f:1:1: cat -> 1\n"
                   "f:1:5: cat -> 1\n"
                   "f:1:9: cat -> 1\n"
                   "f:1:13: cat -> 1\n"
                   "f:2:1: cat -> 4\n");
}

/* Numbers of terms are those of one glossary. */
TEST (count_terms)
{
  static const char *const other[] = { "dog", "cat", NULL };

  self->plan.action = &pf_action_count_terms;
  add_step (self, NULL, "cat\n");
  add_step (self, new_matcher ("2", other), "cat\ndog\n");
  g_assert_cmpstr (process (self), ==, "f\tcat\t2\nf\tdog\t1\n");
}

TEST (count)
{
  static const char *const other[] = { "cow", NULL };

  self->plan.action = &pf_action_count;
  add_step (self, NULL, "cat\ncow\n");
  add_step (self, new_matcher ("2", other), "cat\ncow\ncow\n");
  g_assert_cmpstr (process (self), ==, "f:3\n");
}

/* A file that does not stream keeps the matcher it was listed with. */
TEST (regular_file)
{
  g_autoptr (PfTask) task = pf_task_new (&self->plan, 0);
  g_autoptr (PfDocument) document = pf_document_new (&self->options);
  g_autoptr (PfMatcher) first = pf_slot_get (self->matchers, NULL);
  PfTaskJob job = { .matcher = first,
                    .matchers = self->matchers,
                    .document = document,
                    .path = "f",
                    .user = self };

  pf_slot_swap (self->matchers, animals_of ("2"));
  g_assert_true (g_file_set_contents ("file", "cat\n", -1, NULL));
  g_assert_true (pf_document_open (document, "file", NULL));
  job.result = self->result = pf_result_new ();
  g_assert_true (pf_task_process (task, &job, NULL));
  g_assert_cmpstr (self->result->bytes->str, ==, "f:1:1: cat -> 1\n");
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == '\n';
  return n;
}

/* No line has matches of two generations, and later lines none of earlier
 * ones. */
static void
check_generations (const char *output)
{
  guint last_line = 0, last = 0;

  for (; *output != '\0'; output = strchr (output, '\n') + 1) {
    guint line, generation;

    g_assert_cmpint (
        sscanf (output, "f:%u:%*u: %*[a-z ] -> %u", &line, &generation), ==, 2);
    g_assert_cmpuint (generation, >=, last);
    g_assert_true (line > last_line || generation == last);
    last_line = line;
    last = generation;
  }
}

/* Adds a step of some words, cut anywhere; maybe there is a new generation. */
static void
add_random_step (Fixture *self, GStringChunk *texts, GString *all)
{
  static const char *const parts[] = { "cat ", "dog\n", "big ", "\n",
                                       "c",    "at ",   "do",   "g " };
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autofree char *value = g_strdup_printf ("%u", self->n_steps + 2);

  for (gint n = g_test_rand_int_range (1, 8); n > 0; n--)
    g_string_append (
        bytes, parts[g_test_rand_int_range (0, (gint)G_N_ELEMENTS (parts))]);
  g_string_append (all, bytes->str);
  add_step (self, g_test_rand_bit () ? animals_of (value) : NULL,
            g_string_chunk_insert (texts, bytes->str));
}

/* Whatever the cuts and swaps are, nothing is missed or found twice: there are
 * as many matches as in the same text without them. */
TEST (random)
{
  g_autoptr (GStringChunk) texts = g_string_chunk_new (1024);
  g_autoptr (GString) all = g_string_new (NULL);
  guint n_matches;

  while (self->n_steps < STEPS_MAX - 1)
    add_random_step (self, texts, all);
  n_matches = count_lines (process (self));
  check_generations (self->result->bytes->str);
  pf_result_free (g_steal_pointer (&self->result));
  self->n_steps = self->next_step = 0;
  add_step (self, NULL, all->str);
  g_assert_cmpuint (count_lines (process (self)), ==, n_matches);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/follow/between-lines", test_between_lines);
  add ("/follow/within-a-line", test_within_a_line);
  add ("/follow/across-a-line-break", test_across_a_line_break);
  add ("/follow/at-the-ends", test_at_the_ends);
  add ("/follow/several-within-a-line", test_several_within_a_line);
  add ("/follow/count-terms", test_count_terms);
  add ("/follow/count", test_count);
  add ("/follow/regular-file", test_regular_file);
  for (guint i = 0; i < 20; i++) {
    g_autofree char *path = g_strdup_printf ("/follow/random/%u", i);

    add (path, test_random);
  }
  return g_test_run ();
}
