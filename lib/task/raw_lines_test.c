/* Raw lines, in windows of any size and with little memory, against a slow twin
 * that has the whole text and all its matches at hand. */
#include "task/task.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "glossary/builder.h"
#include "sink/format.h"
#include "text/word.h"

static const char *const terms[] = {
  "a a", "a b a", "b b c", "c", "c a b", "d", "a b c d e a b c d e"
};

typedef struct {
  char *path;
  PfCancel *cancel;
  PfDocumentOptions options;
  PfMatcher *matcher;
  PfTaskPlan plan;
  GString *delivered;
} Fixture;

static gboolean
flush (PfResult *result, gboolean must G_GNUC_UNUSED, gpointer user)
{
  Fixture *self = user;

  g_string_append_len (self->delivered, result->bytes->str,
                       (gssize)result->bytes->len);
  g_string_truncate (result->bytes, 0);
  return TRUE;
}

static PfMatcher *
new_matcher (gboolean overlapping)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  PfGlossary *glossary;
  PfMatcher *matcher;

  pf_glossary_builder_begin (builder, "g", &(PfSourceRules){ 0 });
  for (gsize i = 0; i < G_N_ELEMENTS (terms); i++) {
    PfEntry entry = { .term = pf_span_str (terms[i]) };

    g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  }
  glossary = pf_glossary_builder_seal (builder, NULL);
  matcher =
      pf_matcher_new (glossary, pf_word_class_new (pf_span_str (""), NULL),
                      &(PfMatchRules){ .overlapping = overlapping });
  pf_glossary_unref (glossary);
  return matcher;
}

static void
fixture_init (Fixture *self, gboolean overlapping)
{
  int fd = g_file_open_tmp ("pf-lines-XXXXXX", &self->path, NULL);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
  self->cancel = pf_cancel_new (NULL);
  self->options.cancel = self->cancel;
  /* Otherwise the first window would have all of a small text. */
  self->options.raw = TRUE;
  self->matcher = new_matcher (overlapping);
  self->delivered = g_string_new (NULL);
  self->plan = (PfTaskPlan){ .action = &pf_action_lines,
                             .format = &pf_record_format_text,
                             .line_format = &pf_line_format_text,
                             .cancel = self->cancel,
                             .flush = flush };
}

static void
fixture_clear (Fixture *self)
{
  unlink (self->path);
  g_free (self->path);
  pf_matcher_unref (self->matcher);
  pf_cancel_free (self->cancel);
  g_string_free (self->delivered, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* Anew, or it would wait for the disk. */
static void
write_text (const Fixture *self, const GString *text)
{
  FILE *file;

  unlink (self->path);
  file = fopen (self->path, "w");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (text->str, 1, text->len, file), ==, text->len);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* (transfer full) */
static char *
process (Fixture *self, gsize block)
{
  g_autoptr (PfDocument) document = NULL;
  g_autoptr (PfTask) task = pf_task_new (&self->plan, 0);
  PfTaskJob job = { .matcher = self->matcher,
                    .path = "f",
                    .result = pf_result_new (),
                    .user = self };

  self->options.block = block;
  job.document = document = pf_document_new (&self->options);
  g_string_truncate (self->delivered, 0);
  g_assert_true (pf_document_open (document, self->path, NULL));
  g_assert_true (pf_task_process (task, &job, NULL));
  flush (job.result, TRUE, self);
  pf_result_free (job.result);
  return g_strndup (self->delivered->str, self->delivered->len);
}

/* The twin: for each byte, whether it is matched, and whether a stretch of
 * overlapping matches begins there. */
typedef struct {
  const PfTaskPlan *plan;
  const GString *text;
  guint8 *matched, *begins;
  gsize end; /* of the last match */
  GString *out;
  gsize printed;
  gboolean any;
} Twin;

static gboolean
note (const PfMatch *match, gpointer user)
{
  Twin *self = user;

  self->begins[match->start] = match->start >= self->end;
  memset (self->matched + match->start, 1, match->end - match->start);
  self->end = MAX (self->end, match->end);
  return TRUE;
}

static void
scan (Twin *self, const PfMatcher *matcher)
{
  PfScratch *scratch = pf_scratch_new ();
  PfScan whole = { .text = { (const guint8 *)self->text->str, self->text->len },
                   .final = TRUE,
                   .func = note,
                   .user = self };

  pf_matcher_scan (matcher, scratch, &whole);
  pf_scratch_free (scratch);
}

static void
twin_print (Twin *self, const GArray *lines, guint i, gboolean is_context)
{
  const PfLineOptions *options = &self->plan->lines;
  gsize begin = g_array_index (lines, gsize, i);
  gsize end = g_array_index (lines, gsize, i + 1);
  gboolean color = self->plan->style.color && !is_context, lit = FALSE;

  if (options->groups && (!self->any || begin > self->printed))
    g_string_append (self->out, self->plan->style.color
                                    ? "\33[36m\33[K--\33[m\33[K\n"
                                    : "--\n");
  self->any = TRUE;
  if (options->names || options->numbers) {
    PfLineRecord record = { .number = options->numbers ? i + 1 : 0,
                            .is_context = is_context };
    g_autoptr (GString) name = g_string_new (NULL);

    if (options->names)
      pf_record_format_text.name (name, pf_span_str ("f"), &self->plan->style);
    record.name = (PfSpan){ (const guint8 *)name->str, name->len };
    pf_line_format_text.begin (self->out, &record, &self->plan->style);
  }
  for (gsize k = begin; k < end; k++) {
    gboolean in = self->matched[k] && self->text->str[k] != '\n';

    if (color && lit && (!in || self->begins[k]))
      g_string_append (self->out, "\33[m\33[K");
    if (color && in && (!lit || self->begins[k]))
      g_string_append (self->out, "\33[01;31m\33[K");
    lit = in;
    g_string_append_c (self->out, self->text->str[k]);
  }
  if (color && lit)
    g_string_append (self->out, "\33[m\33[K");
  if (self->text->str[end - 1] != '\n')
    g_string_append_c (self->out, '\n');
  self->printed = end;
}

static GArray *
split (const GString *text)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize begin = 0;

  g_array_append_val (lines, begin);
  for (gsize i = 0; i < text->len; i++)
    if (text->str[i] == '\n' || i + 1 == text->len) {
      begin = i + 1;
      g_array_append_val (lines, begin);
    }
  return lines;
}

/* Which lines are printed: 2 as they are, 1 as context. */
static void
choose (const Twin *self, const GArray *lines, guint8 *kinds)
{
  const PfLineOptions *options = &self->plan->lines;
  guint n = lines->len - 1;
  gint64 left = self->plan->max_count;

  for (guint i = 0; i < n; i++) {
    gsize begin = g_array_index (lines, gsize, i);
    gsize len = g_array_index (lines, gsize, i + 1) - begin;
    gboolean has = memchr (self->matched + begin, 1, len) != NULL;

    if (has == options->without_match)
      continue;
    if (left > 0 && --left == 0)
      left = -1;
    kinds[i] = 2;
    for (guint64 k = 1; k <= options->before && k <= i; k++)
      kinds[i - k] = MAX (kinds[i - k], 1);
    for (guint64 k = 1; k <= options->after && i + k < n; k++)
      kinds[i + k] = MAX (kinds[i + k], 1);
    if (left < 0)
      return;
  }
}

/* (transfer full) */
static char *
twin (const Fixture *fixture, const GString *text)
{
  g_autofree guint8 *matched = g_malloc0 (text->len + 1);
  g_autofree guint8 *begins = g_malloc0 (text->len + 1);
  g_autoptr (GArray) lines = split (text);
  g_autofree guint8 *kinds = g_malloc0 (lines->len);
  Twin self = { .plan = &fixture->plan,
                .text = text,
                .matched = matched,
                .begins = begins,
                .out = g_string_new (NULL) };

  scan (&self, fixture->matcher);
  choose (&self, lines, kinds);
  for (guint i = 0; i + 1 < lines->len; i++)
    if (kinds[i] > 0)
      twin_print (&self, lines, i, kinds[i] == 1);
  return g_string_free (self.out, FALSE);
}

static GString *
random_text (guint parts, gint32 rare)
{
  static const char *const pieces[] = {
    "a ",  "b\n",  "a\n", "b ", "c ", "a",
    "x\n", "\r\n", "\n",  "d",  "%",  "a b a b c d e a b c d "
  };
  GString *text = g_string_new (NULL);

  for (; parts > 0; parts--)
    if (g_test_rand_int_range (0, rare) == 0)
      g_string_append (
          text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
    else
      g_string_append (text, parts % 7 == 0 ? "x y\n" : "xx ");
  return text;
}

static gint32
often_zero (gint32 end)
{
  gint32 n = g_test_rand_int_range (-end, end);

  return MAX (n, 0);
}

static void
choose_options (PfTaskPlan *plan)
{
  plan->lines =
      (PfLineOptions){ .without_match = g_test_rand_int_range (0, 3) == 0,
                       .names = g_test_rand_bit (),
                       .numbers = g_test_rand_bit (),
                       .groups = g_test_rand_bit (),
                       .before = (guint64)often_zero (6),
                       .after = (guint64)often_zero (4) };
  if (g_test_rand_int_range (0, 20) == 0)
    plan->lines.before = G_MAXUINT64;
  if (g_test_rand_int_range (0, 20) == 0)
    plan->lines.after = G_MAXUINT64;
  plan->max_count = often_zero (8);
  plan->style.color = g_test_rand_bit ();
  plan->held_lines = (gsize)g_test_rand_int_range (1, 200);
  plan->result_share = (gsize)g_test_rand_int_range (1, 300);
}

static void
check_random (gboolean overlapping)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, overlapping);
  for (guint n = 0; n < 1500; n++) {
    g_autoptr (GString) text =
        random_text ((guint)g_test_rand_int_range (0, 120), 1 + (gint32)n % 50);
    g_autofree char *expected = NULL, *found = NULL;

    choose_options (&fixture.plan);
    g_assert_true (
        g_file_set_contents (fixture.path, text->str, (gssize)text->len, NULL));
    expected = twin (&fixture, text);
    found = process (&fixture, (gsize)g_test_rand_int_range (1, 60));
    g_assert_cmpstr (found, ==, expected);
  }
}

static void
test_random (void)
{
  check_random (FALSE);
}

static void
test_overlapping (void)
{
  check_random (TRUE);
}

/* Lines far longer than what is held in memory, with their only match at the
 * end, or none. */
static void
test_long_lines (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  fixture_init (&fixture, FALSE);
  for (guint line = 0; line < 6; line++) {
    for (guint i = 0; i < 30000; i++)
      g_string_append_printf (text, "word%u ", i);
    g_string_append (text, line % 3 == 1 ? " d\n" : " x\n");
  }
  write_text (&fixture, text);
  fixture.plan.held_lines = 10000;
  for (fixture.plan.lines.before = 0; fixture.plan.lines.before < 3;
       fixture.plan.lines.before++)
    for (guint n = 0; n < 2; n++) {
      g_autofree char *expected = NULL, *found = NULL;

      fixture.plan.lines.without_match = n > 0;
      expected = twin (&fixture, text);
      found = process (&fixture, 4096);
      g_assert_true (strcmp (found, expected) == 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/raw-lines/random", test_random);
  g_test_add_func ("/raw-lines/overlapping", test_overlapping);
  g_test_add_func ("/raw-lines/long-lines", test_long_lines);
  return g_test_run ();
}
