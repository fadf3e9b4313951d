/* Documents through the matcher into actions and results. */
#include "task/task.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/test_folder.h"
#include "glossary/builder.h"
#include "sink/format.h"
#include "text/word.h"

typedef struct {
  PfTestFolder folder;
  const char *path; /* in it */
  PfCancel *cancel;
  PfDocumentOptions options;
  PfMatcher *matcher;
  PfTaskPlan plan;
  PfResult *result;
  PfError error;
  GString *flushed; /* the bytes that flush took, "|" behind each time */
  guint n_musts;    /* how often flush was told that it must */
  gboolean refuse;  /* flush takes nothing */
  PfCutoff cutoff;  /* of documents, whose number is 5 */
  guint n_flushes;  /* before the cutoff falls to 4; 0: it does not */
} Fixture;

static gboolean
flush (PfResult *result, gboolean must, gpointer user)
{
  Fixture *self = user;

  self->n_musts += must;
  if (self->n_flushes > 0 && --self->n_flushes == 0)
    pf_cutoff_lower (&self->cutoff, 4);
  if (self->refuse && !must)
    return FALSE;
  g_string_append_len (self->flushed, result->bytes->str,
                       (gssize)result->bytes->len);
  g_string_append_c (self->flushed, '|');
  g_string_truncate (result->bytes, 0);
  return TRUE;
}

static PfMatcher *
new_matcher (void)
{
  static const char *const terms[] = { "cat", "dog", "big cat", "Cat" };
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  PfGlossary *glossary;
  PfMatcher *matcher;

  pf_glossary_builder_begin (builder, "g", &(PfSourceRules){ 0 });
  for (gsize i = 0; i < G_N_ELEMENTS (terms); i++) {
    PfEntry entry = { .term = pf_span_str (terms[i]) };

    entry.case_rule = i == 3 ? PF_CASE_IGNORE : PF_CASE_EXACT;
    g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  }
  glossary = pf_glossary_builder_seal (builder, NULL);
  matcher =
      pf_matcher_new (glossary, pf_word_class_new (pf_span_str (""), NULL),
                      &(PfMatchRules){ 0 });
  pf_glossary_unref (glossary);
  return matcher;
}

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_test_folder_enter (&self->folder, NULL);
  self->path = "file";
  self->cancel = pf_cancel_new (NULL);
  self->options.cancel = self->cancel;
  self->matcher = new_matcher ();
  self->flushed = g_string_new (NULL);
  self->plan.format = &pf_record_format_text;
  self->plan.cancel = self->cancel;
  self->plan.flush = flush;
  pf_cutoff_init (&self->cutoff);
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pf_result_free (self->result);
  pf_error_clear (&self->error);
  g_string_free (self->flushed, TRUE);
  pf_matcher_unref (self->matcher);
  pf_cancel_free (self->cancel);
  pf_test_folder_leave (&self->folder, NULL);
}

#define TEST(name)                                                             \
  static void test_##name (Fixture *self, gconstpointer data G_GNUC_UNUSED)

/* Processes what is open, called "f", with a new result; USER is for flush. */
static gboolean
process_document (Fixture *self, PfTask *task, PfDocument *document,
                  gpointer user)
{
  pf_result_free (self->result);
  self->result = pf_result_new ();
  pf_error_clear (&self->error);
  return pf_task_process (task,
                          &(PfTaskJob){ .matcher = self->matcher,
                                        .document = document,
                                        .path = "f",
                                        .result = self->result,
                                        .user = user,
                                        .cutoff = &self->cutoff,
                                        .number = 5 },
                          &self->error);
}

static gboolean
process (Fixture *self, PfTask *task, const char *path)
{
  g_autoptr (PfDocument) document = pf_document_new (&self->options);

  g_assert_true (pf_document_open (document, path, NULL));
  return process_document (self, task, document, self);
}

static gboolean
run (Fixture *self, const PfAction *action, const char *text, gsize len)
{
  g_autoptr (PfTask) task = NULL;

  self->plan.action = action;
  g_assert_true (g_file_set_contents (self->path, text, (gssize)len, NULL));
  task = pf_task_new (&self->plan, 0);
  return process (self, task, self->path);
}

#define RUN(self, action, literal)                                             \
  run (self, &(action), literal, sizeof literal - 1)

static void
check (Fixture *self, const PfAction *action, const char *text,
       const char *expected)
{
  g_assert_true (run (self, action, text, strlen (text)));
  g_assert_false (pf_error_is_set (&self->error));
  g_assert_cmpstr (self->result->bytes->str, ==, expected);
}

TEST (find)
{
  check (self, &pf_action_find, "a cat\n\n dog, big\ncat",
         "f:1:3: cat\nf:3:2: dog\nf:3:7: big cat\n");
  g_assert_cmpuint (self->result->matched, ==, 1);
  g_assert_cmpint (self->result->first_event, ==, PF_EVENT_MATCH);
  check (self, &pf_action_find, "nothing", "");
  g_assert_cmpuint (self->result->matched, ==, 0);
  g_assert_cmpint (self->result->first_event, ==, PF_EVENT_NONE);
  check (self, &pf_action_find, "", "");
}

/* Columns and offsets count the mark. */
TEST (find_bom)
{
  check (self, &pf_action_find,
         "\xEF\xBB\xBF"
         "cat\ncat",
         "f:1:4: cat\nf:2:1: cat\n");
  self->plan.format = &pf_record_format_tsv;
  check (self, &pf_action_find, "\xEF\xBB\xBF\ncat",
         "f\t2\t1\t4\t3\tcat\tcat\t\t\tg\n"
         "f\t2\t1\t4\t3\tcat\tCat\t\t\tg\n");
}

TEST (count)
{
  check (self, &pf_action_count, "cat dog cat", "f:3\n");
  check (self, &pf_action_count, "nothing", "");
}

/* In the order of their first match; a match counts once for each term. */
TEST (count_terms)
{
  check (self, &pf_action_count_terms, "dog cat CAT cat",
         "f\tdog\t1\nf\tcat\t2\nf\tCat\t3\n");
  check (self, &pf_action_count_terms, "nothing", "");
}

/* Each file adds what it has; it is in `files` once. */
TEST (total)
{
  static const PfTotal expected[] = { { 4, 2 }, { 1, 1 }, { 0, 0 }, { 5, 2 } };
  g_autoptr (PfTotals) totals = pf_totals_new (4, 1, 4096, NULL);

  self->plan.totals = totals;
  check (self, &pf_action_total, "dog cat CAT cat", "");
  check (self, &pf_action_total, "cat cat", "");
  check (self, &pf_action_total, "nothing", "");
  for (guint32 i = 0; i < 4; i++) {
    PfTotal total = pf_totals_get (totals, i);

    g_assert_cmpuint (total.count, ==, expected[i].count);
    g_assert_cmpuint (total.files, ==, expected[i].files);
  }
}

TEST (names)
{
  check (self, &pf_action_with_match, "a cat", "f\n");
  check (self, &pf_action_with_match, "nothing", "");
  check (self, &pf_action_without_match, "a cat", "");
  check (self, &pf_action_without_match, "nothing", "f\n");
  check (self, &pf_action_without_match, "", "f\n");
}

TEST (answer)
{
  check (self, &pf_action_answer, "a cat", "");
  g_assert_cmpint (self->result->first_event, ==, PF_EVENT_MATCH);
  check (self, &pf_action_answer, "nothing", "");
  g_assert_cmpint (self->result->first_event, ==, PF_EVENT_NONE);
}

/* A task begins each file anew. */
TEST (again)
{
  g_autoptr (PfTask) task = NULL;

  self->plan.action = &pf_action_count_terms;
  task = pf_task_new (&self->plan, 0);
  g_assert_true (g_file_set_contents (self->path, "dog dog", -1, NULL));
  for (guint n = 0; n < 2; n++) {
    g_assert_true (process (self, task, self->path));
    g_assert_cmpstr (self->result->bytes->str, ==, "f\tdog\t2\n");
  }
}

/* A binary is passed over as a whole, and noted. */
TEST (binary_skip)
{
  self->plan.binary = PF_BINARY_SKIP;
  g_assert_true (RUN (self, pf_action_find, "cat\n\0cat"));
  g_assert_cmpstr (self->result->bytes->str, ==, "");
  g_assert_cmpuint (self->result->binaries, ==, 1);
  g_assert_cmpstr (self->result->first_binary, ==, "f");
  g_assert_cmpuint (self->result->matched, ==, 0);
  g_assert_true (RUN (self, pf_action_without_match, "x\0x"));
  g_assert_cmpstr (self->result->bytes->str, ==, "");
}

TEST (binary_error)
{
  self->plan.binary = PF_BINARY_ERROR;
  g_assert_false (RUN (self, pf_action_find, "cat\n\0cat"));
  g_assert_cmpint (self->error.status, ==, PF_STATUS_DATA);
  g_assert_cmpstr (self->result->bytes->str, ==, "");
}

TEST (binary_text)
{
  self->plan.binary = PF_BINARY_TEXT;
  self->options.raw = TRUE;
  g_assert_true (RUN (self, pf_action_find, "cat\n\0cat"));
  g_assert_cmpstr (self->result->bytes->str, ==, "f:1:1: cat\nf:2:2: cat\n");
}

/* N lines, of which each has a match in column 3, behind one of LONG bytes. */
static char *
make_lines (gsize n, gsize first)
{
  g_autofree char *blank = g_strnfill (first, '.');
  GString *text = g_string_new (blank);

  for (gsize i = 0; i < n; i++)
    g_string_append (text, "\n: cat");
  return g_string_free (text, FALSE);
}

/* Over many windows, with matches at their edges: lines, columns and offsets
 * are those of the whole. */
TEST (windows)
{
  for (gsize first = 0; first < 7; first++) {
    gsize n = 60000, at = 0;
    g_autofree char *text = make_lines (n, first);
    const char *line;

    self->plan.format = &pf_record_format_tsv;
    g_string_truncate (self->flushed, 0);
    g_assert_true (run (self, &pf_action_find, text, strlen (text)));
    flush (self->result, TRUE, self);
    for (line = self->flushed->str; *line != '\0';
         line = strchr (line, '\n') + 1) {
      g_autofree char *expected = NULL;

      line += *line == '|';
      if (*line == '\0')
        break;
      expected =
          g_strdup_printf ("f\t%zu\t3\t%zu\t3\tcat\t%s\t\t\tg\n", at / 2 + 2,
                           first + at / 2 * 6 + 3, at % 2 == 0 ? "cat" : "Cat");
      if (!g_str_has_prefix (line, expected))
        g_error ("%.80s: expected %s", line, expected);
      at++;
    }
    g_assert_cmpuint (at, ==, 2 * n);
  }
}

/* A result that grows large is handed on before the file is over. */
TEST (large_result)
{
  g_autofree char *text = make_lines (60000, 0);

  g_assert_true (run (self, &pf_action_find, text, strlen (text)));
  g_assert_cmpuint (self->n_musts, >, 1);
  g_assert_cmpuint (self->result->bytes->len, <, 257 << 10);
  self->n_musts = 0;
  g_assert_true (run (self, &pf_action_count, text, strlen (text)));
  g_assert_cmpuint (self->n_musts, ==, 0);
  g_assert_cmpstr (self->result->bytes->str, ==, "f:60000\n");
}

/* What flush does before a stream is waited for: it takes what there is, and
 * the writer writes the next part. */
typedef struct {
  Fixture *fixture;
  int writer; /* -1: ended */
  const char *const *parts;
} Stream;

static gboolean
flush_and_feed (PfResult *result, gboolean must, gpointer user)
{
  Stream *self = user;
  gboolean flushed = flush (result, must, self->fixture);

  if (*self->parts != NULL) {
    gsize len = strlen (*self->parts);

    g_assert_cmpint (write (self->writer, *self->parts, len), ==, len);
    self->parts++;
  } else if (self->writer >= 0) {
    close (self->writer);
    self->writer = -1;
  }
  return flushed;
}

/* A stream that holds FIRST when it is opened, and then gets PARTS. */
static void
run_stream_behind (Fixture *self, const PfAction *action, PfSpan first,
                   const char *const *parts)
{
  Stream stream = { .fixture = self, .parts = parts };
  g_autoptr (PfDocument) document = pf_document_new (&self->options);
  g_autoptr (PfTask) task = NULL;

  self->plan.action = action;
  self->plan.flush = flush_and_feed;
  task = pf_task_new (&self->plan, 0);
  g_assert_cmpint (mkfifo (self->path, 0600), ==, 0);
  g_assert_true (pf_document_open (document, self->path, NULL));
  stream.writer = open (self->path, O_WRONLY);
  g_assert_cmpint (write (stream.writer, first.data, first.len), ==, first.len);
  g_assert_true (process_document (self, task, document, &stream));
  if (stream.writer >= 0)
    close (stream.writer);
  flush (self->result, FALSE, self);
}

static void
run_stream (Fixture *self, const PfAction *action, const char *const *parts)
{
  run_stream_behind (self, action, pf_span_str (""), parts);
}

/* Matches of a complete line are out before more is waited for. */
TEST (stream)
{
  static const char *const parts[] = { "a cat\n", "a d", "og\nbig",
                                       " ",       "cat", NULL };

  run_stream (self, &pf_action_find, parts);
  g_assert_cmpstr (self->flushed->str, ==,
                   "|f:1:3: cat\n||f:2:3: dog\n|||f:3:1: big cat\n|");
}

/* What stands before a window still bounds the words in it. */
TEST (stream_context)
{
  static const char *const parts[] = {
    "x", "cat ", "\u00E9", "cat \U0001D7D8", "cat", " ", "cat", NULL
  };

  run_stream (self, &pf_action_count, parts);
  g_assert_cmpstr (self->flushed->str, ==, "||||||||f:1\n|");
}

/* Where it is not this file's turn, the result keeps all and grows. */
TEST (stream_not_its_turn)
{
  static const char *const parts[] = { "a cat\n", "dog\n", NULL };

  self->refuse = TRUE;
  run_stream (self, &pf_action_find, parts);
  g_assert_cmpstr (self->flushed->str, ==, "");
  g_assert_cmpstr (self->result->bytes->str, ==, "f:1:3: cat\nf:2:1: dog\n");
}

/* The first match is the answer; the rest of the stream is not waited for. */
TEST (stream_first_only)
{
  static const char *const parts[] = { "x\n", "a cat\n", "dog\n", NULL };

  run_stream (self, &pf_action_with_match, parts);
  g_assert_cmpstr (self->flushed->str, ==, "||f\n|");
}

/* What came before the NUL is kept, and the file counts as binary. */
TEST (stream_binary)
{
  static const char text[] = "a cat\ndog\0cat\n";
  static const char *const none[] = { NULL };

  run_stream_behind (self, &pf_action_find,
                     (PfSpan){ (const guint8 *)text, sizeof text - 1 }, none);
  g_assert_cmpstr (self->flushed->str, ==, "|f:1:3: cat\n|");
  g_assert_cmpuint (self->result->binaries, ==, 1);
}

TEST (cancelled)
{
  pf_cancel_set (self->cancel);
  g_assert_false (RUN (self, pf_action_find, "a cat"));
  g_assert_false (pf_error_is_set (&self->error));
}

/* One at the cutoff is processed, one behind it is given up. */
TEST (cutoff)
{
  pf_cutoff_lower (&self->cutoff, 5);
  g_assert_true (RUN (self, pf_action_find, "a cat"));
  g_assert_cmpstr (self->result->bytes->str, ==, "f:1:3: cat\n");
  pf_cutoff_lower (&self->cutoff, 4);
  g_assert_false (RUN (self, pf_action_find, "a cat"));
  g_assert_false (pf_error_is_set (&self->error));
}

/* A result that waits for its turn is not made any larger. */
TEST (cutoff_midway)
{
  g_autofree char *text = make_lines (60000, 0);

  self->n_flushes = 2;
  g_assert_false (run (self, &pf_action_find, text, strlen (text)));
  g_assert_false (pf_error_is_set (&self->error));
  g_assert_cmpuint (self->n_musts, ==, 2);
}

/* A stream that waits for its turn is not waited for: it has no writer who
 * would end it. */
TEST (cutoff_stream)
{
  g_autoptr (PfDocument) document = pf_document_new (&self->options);
  g_autoptr (PfTask) task = NULL;
  int writer;

  self->plan.action = &pf_action_find;
  self->refuse = TRUE;
  self->n_flushes = 3;
  task = pf_task_new (&self->plan, 0);
  g_assert_cmpint (mkfifo (self->path, 0600), ==, 0);
  g_assert_true (pf_document_open (document, self->path, NULL));
  writer = open (self->path, O_WRONLY);
  g_assert_false (process_document (self, task, document, self));
  g_assert_false (pf_error_is_set (&self->error));
  g_assert_cmpuint (self->n_flushes, ==, 0);
  close (writer);
}

/* Without totals, counts go with the result, which is handed on where they make
 * it large. */
TEST (counts)
{
  const PfTallyCount *counts;

  check (self, &pf_action_total, "dog cat dog", "");
  g_assert_cmpuint (self->result->counts->len, ==, 3);
  counts = (const PfTallyCount *)self->result->counts->data;
  g_assert_cmpuint (counts[0].count, ==, 2);
  g_assert_cmpuint (counts[1].count, ==, 1);
  g_assert_cmpuint (self->n_musts, ==, 0);
  pf_result_reset (self->result, 1 << 20);
  g_assert_cmpuint (self->result->counts->len, ==, 0);
  self->plan.result_share = 3 * sizeof (PfTallyCount);
  check (self, &pf_action_total, "dog cat dog", "");
  g_assert_cmpuint (self->n_musts, ==, 1);
  pf_result_reset (self->result, 0);
  g_assert_null (self->result->counts);
}

/* A document whose first read fails. */
TEST (failed)
{
  g_autoptr (PfTask) task = NULL;

  self->plan.action = &pf_action_without_match;
  task = pf_task_new (&self->plan, 0);
  g_assert_false (process (self, task, "/proc/self/mem"));
  g_assert_cmpint (self->error.status, ==, PF_STATUS_IO);
  g_assert_cmpstr (self->result->bytes->str, ==, "");
}

/* Notes stand where the bytes were when they came; the first event stays. */
TEST (result)
{
  PfResult *result = pf_result_new ();
  PfError error = { 0 };
  PfNote *note;

  g_string_append (result->bytes, "12345");
  pf_error_set (&error, PF_STATUS_IO, "why");
  pf_result_add_error (result, "f", 7, &error);
  g_assert_false (pf_error_is_set (&error));
  pf_result_add_match (result);
  g_assert_cmpint (result->first_event, ==, PF_EVENT_ERROR);
  g_assert_cmpuint (result->notes->len, ==, 1);
  note = &g_array_index (result->notes, PfNote, 0);
  g_assert_cmpuint (note->at, ==, 5);
  g_assert_cmpstr (note->path, ==, "f");
  g_assert_cmpuint (note->stdin_number, ==, 7);
  g_assert_cmpstr (note->error.message, ==, "why");
  pf_result_add_binary (result, "one");
  pf_result_add_binary (result, "two");
  g_assert_cmpuint (result->binaries, ==, 2);
  g_assert_cmpstr (result->first_binary, ==, "one");
  g_string_truncate (result->bytes, 0);
  pf_result_free (result);
  pf_result_free (NULL);
  g_assert_null (self->result);
}

static void
add (const char *path, void (*test) (Fixture *self, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/pump/action/find", test_find);
  add ("/pump/action/find-bom", test_find_bom);
  add ("/pump/action/count", test_count);
  add ("/pump/action/count-terms", test_count_terms);
  add ("/pump/action/total", test_total);
  add ("/pump/action/names", test_names);
  add ("/pump/action/answer", test_answer);
  add ("/pump/action/again", test_again);
  add ("/pump/binary/skip", test_binary_skip);
  add ("/pump/binary/error", test_binary_error);
  add ("/pump/binary/text", test_binary_text);
  add ("/pump/windows", test_windows);
  add ("/pump/large-result", test_large_result);
  add ("/pump/stream/lines", test_stream);
  add ("/pump/stream/context", test_stream_context);
  add ("/pump/stream/not-its-turn", test_stream_not_its_turn);
  add ("/pump/stream/first-only", test_stream_first_only);
  add ("/pump/stream/binary", test_stream_binary);
  add ("/pump/cancelled", test_cancelled);
  add ("/pump/cutoff/before", test_cutoff);
  add ("/pump/cutoff/midway", test_cutoff_midway);
  add ("/pump/cutoff/stream", test_cutoff_stream);
  add ("/pump/counts", test_counts);
  add ("/pump/failed", test_failed);
  add ("/pump/result", test_result);
  return g_test_run ();
}
