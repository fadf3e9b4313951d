/* Pieces, cut anywhere and joined, against the document in one go. */
#include "glossary/builder.h"
#include "task/piece.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "sink/format.h"
#include "text/word.h"

static const PfAction *const actions[] = {
  &pf_action_find,  &pf_action_count,      &pf_action_count_terms,
  &pf_action_total, &pf_action_with_match, &pf_action_without_match,
  &pf_action_answer
};

typedef struct {
  char *path;
  PfCancel *cancel;
  PfDocumentOptions options;
  PfMatcher *matcher;
  PfTaskPlan plan, piece_plan;
  gboolean passes;    /* parts are taken at once */
  gsize share;        /* of pieces' results; 0: large */
  GString *delivered; /* what pass or flush took */
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

static gboolean
refuse (PfResult *result G_GNUC_UNUSED, gboolean must G_GNUC_UNUSED,
        gpointer user G_GNUC_UNUSED)
{
  return FALSE;
}

static gboolean
pass (PfResult *result, PfResult *part, gpointer user)
{
  Fixture *self = user;

  if (!self->passes)
    return FALSE;
  flush (result, TRUE, user);
  flush (part, TRUE, user);
  return TRUE;
}

/* A term with = at its end shields. */
static PfMatcher *
new_matcher (const char *const *terms, const PfMatchRules *rules)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  PfGlossary *glossary;
  PfMatcher *matcher;

  pf_glossary_builder_begin (builder, "g", &(PfSourceRules){ 0 });
  for (; *terms != NULL; terms++) {
    PfEntry entry = { .term = pf_span_str (*terms) };

    if (g_str_has_suffix (*terms, "=")) {
      entry.term.len--;
      entry.value = entry.term;
    }
    g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  }
  glossary = pf_glossary_builder_seal (builder, NULL);
  matcher = pf_matcher_new (glossary,
                            pf_word_class_new (pf_span_str (""), NULL), rules);
  pf_glossary_unref (glossary);
  return matcher;
}

static void
fixture_init (Fixture *self, const char *const *terms,
              const PfMatchRules *rules)
{
  int fd = g_file_open_tmp ("pf-piece-XXXXXX", &self->path, NULL);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
  self->cancel = pf_cancel_new (NULL);
  self->options.cancel = self->cancel;
  self->matcher = new_matcher (terms, rules);
  self->delivered = g_string_new (NULL);
  self->plan = (PfTaskPlan){ .format = &pf_record_format_text,
                             .cancel = self->cancel,
                             .flush = flush,
                             .pass = pass };
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

/* All that can be seen of a document: output, totals, whether it matched. */
static char *
describe (Fixture *self, PfResult *result)
{
  const PfGlossary *glossary = pf_matcher_glossary (self->matcher);

  flush (result, TRUE, self);
  g_string_append_printf (self->delivered, "matched %d event %d\n",
                          (int)result->matched, result->first_event);
  for (guint32 i = 0; i < pf_glossary_n_entries (glossary); i++) {
    PfTotal total = pf_totals_get (self->plan.totals, i);

    g_string_append_printf (self->delivered, "%d/%d ", (int)total.count,
                            (int)total.files);
  }
  pf_totals_free (self->plan.totals);
  pf_result_free (result);
  return g_strndup (self->delivered->str, self->delivered->len);
}

static PfTaskJob
begin_job (Fixture *self, PfDocument *document)
{
  guint32 n = pf_glossary_n_entries (pf_matcher_glossary (self->matcher));

  g_string_truncate (self->delivered, 0);
  self->plan.totals = pf_totals_new (n, 1, 1 << 20, NULL);
  g_assert_true (pf_document_open (document, self->path, NULL));
  return (PfTaskJob){ .matcher = self->matcher,
                      .document = document,
                      .path = "f",
                      .result = pf_result_new (),
                      .user = self };
}

static char *
process_whole (Fixture *self, const PfAction *action)
{
  g_autoptr (PfDocument) document = pf_document_new (&self->options);
  g_autoptr (PfTask) task = NULL;
  PfTaskJob job;

  self->plan.action = action;
  job = begin_job (self, document);
  task = pf_task_new (&self->plan, 0);
  g_assert_true (pf_task_process (task, &job, NULL));
  return describe (self, job.result);
}

/* Where pieces begin, and the end: N + 1 offsets. */
typedef struct {
  guint64 *at;
  guint n;
} Cuts;

/* Reads all pieces and counts their lines, from left to right. */
static void
read_pieces (PfPiece **pieces, PfDocument **parts, const Cuts *cuts,
             const PfTaskJob *job, PfLineCounter *lines, PfMarkerState *markers)
{
  for (guint i = 0; i < cuts->n; i++) {
    PfLineCounter counted = { .at = cuts->at[i] };
    PfMarkerState through;

    pieces[i] = pf_piece_new (cuts->at[i], cuts->at[i + 1], pf_result_new ());
    pf_piece_read (pieces[i], parts[i], job->document, cuts->at[0]);
    pf_piece_count_lines (pieces[i], parts[i], &counted);
    pieces[i]->lines = *lines;
    pieces[i]->markers = *markers;
    through = pf_piece_find_markers (pieces[i], parts[i], PF_ISA_SCALAR);
    *markers = pf_marker_state_then (*markers, through);
    lines->line += counted.line;
    if (counted.line > 0)
      lines->line_start = counted.line_start;
    lines->at = cuts->at[i + 1];
  }
}

static void
scan_pieces (Fixture *self, PfPiece **pieces, PfDocument **parts, guint n,
             const PfTaskJob *whole)
{
  g_autoptr (PfTask) task = NULL;

  self->piece_plan = self->plan;
  self->piece_plan.flush = refuse;
  self->piece_plan.result_share = self->share > 0 ? self->share : G_MAXSIZE;
  task = pf_task_new (&self->piece_plan, 0);
  /* From right to left: none may depend on one before it. */
  for (guint i = n; i-- > 0;) {
    PfTaskJob job = *whole;

    job.document = parts[i];
    job.result = pieces[i]->result;
    pf_piece_scan (pieces[i], task, &job);
  }
}

static gboolean
join_pieces (Fixture *self, PfPiece **pieces, guint n, const PfTaskJob *job,
             const PfLineCounter *lines, PfMarkerState markers, PfError *error)
{
  g_autoptr (PfTask) task = pf_task_new (&self->plan, 0);
  g_autoptr (PfDocument) again = pf_document_new (&self->options);
  g_autoptr (PfJoiner) joiner =
      pf_joiner_new (&(PfJoinerOptions){ .task = task,
                                         .job = job,
                                         .part = again,
                                         .text_begin = pieces[0]->begin });

  for (guint i = 0; i < n && pf_joiner_add (joiner, pieces[i]); i++)
    ;
  return pf_joiner_finish (joiner, lines, markers, error);
}

/* What happens to the file before it is read, or when all pieces were scanned
 * and none is joined; each may be NULL. */
typedef struct {
  void (*before) (Fixture *self);
  void (*after) (Fixture *self);
} Changes;

static char *
process_pieces (Fixture *self, const PfAction *action, const Cuts *cuts,
                const Changes *changes, PfError *error)
{
  g_autoptr (PfDocument) document = pf_document_new (&self->options);
  g_autofree PfPiece **pieces = g_new0 (PfPiece *, cuts->n);
  g_autofree PfDocument **parts = g_new0 (PfDocument *, cuts->n);
  PfMarkerState markers = { 0 };
  PfLineCounter lines;
  PfTaskJob job;

  self->plan.action = action;
  job = begin_job (self, document);
  pf_line_counter_init (&lines);
  lines.at = cuts->at[0];
  for (guint i = 0; i < cuts->n; i++)
    parts[i] = pf_document_new (&self->options);
  if (changes != NULL && changes->before != NULL)
    changes->before (self);
  read_pieces (pieces, parts, cuts, &job, &lines, &markers);
  scan_pieces (self, pieces, parts, cuts->n, &job);
  if (changes != NULL && changes->after != NULL)
    changes->after (self);
  g_assert_true (
      join_pieces (self, pieces, cuts->n, &job, &lines, markers, error) ||
      error != NULL);
  for (guint i = 0; i < cuts->n; i++) {
    pf_piece_free (pieces[i]);
    pf_document_free (parts[i]);
  }
  return describe (self, job.result);
}

static void
write_text (Fixture *self, const GString *text)
{
  g_assert_true (
      g_file_set_contents (self->path, text->str, (gssize)text->len, NULL));
}

/* All actions over TEXT, cut at CUTS, are what they are over the whole. */
static void
check_cuts (Fixture *self, const Cuts *cuts)
{
  for (gsize a = 0; a < G_N_ELEMENTS (actions); a++) {
    g_autofree char *expected = process_whole (self, actions[a]);

    for (self->passes = FALSE; self->passes <= TRUE; self->passes++) {
      g_autofree char *found =
          process_pieces (self, actions[a], cuts, NULL, NULL);

      g_assert_cmpstr (found, ==, expected);
    }
  }
}

/* Pieces of PIECE bytes each, but for the last. */
static void
check_size (Fixture *self, gsize len, gsize piece)
{
  g_autofree guint64 *at = g_new (guint64, len / piece + 2);
  Cuts cuts = { at, 0 };

  for (gsize begin = 0; begin < len; begin += piece)
    at[cuts.n++] = begin;
  at[cuts.n] = len;
  check_cuts (self, &cuts);
}

static const char *const nasty_terms[] = { "a a",    "a b a", "b",
                                           "b b c",  "c",     "é",
                                           "c a\té", "ab",    "a b a b a b a b",
                                           NULL };

static const char *const nasty_parts[] = { "a",   "b",    "c",   "é",    " ",
                                           "\n",  "a\n",  "b ",  "\r\n", "ab",
                                           "a b", "\xC3", "\xFF" };

static GString *
nasty_text (guint parts, guint kinds)
{
  GString *text = g_string_new (NULL);

  for (; parts > 0; parts--)
    g_string_append (text,
                     nasty_parts[g_test_rand_int_range (0, (gint32)kinds)]);
  /* An empty file has no pieces. */
  return g_string_append (text, "a b");
}

/* Small random texts in pieces of all small sizes: cuts within matches, white
 * space, line breaks and characters. */
static void
check_random (const PfMatchRules *rules)
{
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, nasty_terms, rules);
  for (guint n = 0; n < 12; n++) {
    g_autoptr (GString) text =
        nasty_text (40, n % 2 == 0 ? 6 : G_N_ELEMENTS (nasty_parts));

    write_text (&fixture, text);
    for (gsize piece = 1; piece < 12; piece++)
      check_size (&fixture, text->len, piece);
  }
}

/* The same where matches may not count; markers are cut, too. */
static void
check_gated (const char *const *terms, const PfMatchRules *rules)
{
  static const char *const parts[] = { "pfproc:off", "pfproc:on",
                                       "pfproc:", "pfproc:ignore", "\n" };
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, terms, rules);
  fixture.plan.has_markers = TRUE;
  for (guint n = 0; n < 12; n++) {
    g_autoptr (GString) text = nasty_text (30, G_N_ELEMENTS (nasty_parts));

    for (guint i = 0; i < 5; i++)
      g_string_insert (text, g_test_rand_int_range (0, (gint32)text->len),
                       parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
    write_text (&fixture, text);
    for (gsize piece = 1; piece < 30; piece += 1 + piece / 4)
      check_size (&fixture, text->len, piece);
  }
}

static void
test_gated (void)
{
  static const char *const shielded[] = { "a a=", "a b a=", "b",  "b b c=",
                                          "c",    "a",      "ab", NULL };

  check_gated (nasty_terms, &(PfMatchRules){ 0 });
  check_gated (nasty_terms, &(PfMatchRules){ .overlapping = TRUE });
  check_gated (shielded, &(PfMatchRules){ 0 });
  check_gated (shielded, &(PfMatchRules){ .boundary = PF_BOUNDARY_NONE });
}

static void
test_random (void)
{
  check_random (&(PfMatchRules){ 0 });
  check_random (
      &(PfMatchRules){ .case_rule = PF_CASE_IGNORE, .space = PF_SPACE_LINE });
}

static void
test_random_overlapping (void)
{
  check_random (&(PfMatchRules){ .overlapping = TRUE });
  check_random (&(PfMatchRules){ .boundary = PF_BOUNDARY_NONE });
}

/* Every match reaches across a line break and there is no blank line: a scan
 * that begins at a wrong line stays wrong to the end of its piece. Pieces are
 * longer than their heads. */
static void
test_never_agree (void)
{
  static const char *const terms[] = { "a a", NULL };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 at[] = { 0, 50002, 100000, 150006, 150008, 200000 };
  Cuts cuts = { at, 5 };

  fixture_init (&fixture, terms, &(PfMatchRules){ 0 });
  while (text->len < 200000)
    g_string_append (text, "a\n");
  write_text (&fixture, text);
  check_cuts (&fixture, &cuts);
}

/* Guesses are wrong, and both scans agree within the head; or, where the gap
 * stands in the body, behind it. */
static void
check_agree (gsize gap)
{
  static const char *const terms[] = { "a a", NULL };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 at[] = { 0, 100002, 200000 };
  Cuts cuts = { at, 2 };

  fixture_init (&fixture, terms, &(PfMatchRules){ 0 });
  while (text->len < 200000)
    g_string_append (text, text->len == 100002 + gap ? "\n\n" : "a\n");
  write_text (&fixture, text);
  check_cuts (&fixture, &cuts);
}

static void
test_agree (void)
{
  check_agree (2);
  check_agree (10000);
  check_agree (10002);
  check_agree (60000);
}

/* A term of 4,096 bytes, and pieces of 64: matches go over many pieces. */
static void
test_long_match (void)
{
  g_autofree char *word = g_strnfill (4090, 'x');
  g_autofree char *term = g_strconcat (word, " yyy", NULL);
  const char *terms[] = { term, "yyy", "zz", NULL };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GString) text = g_string_new ("zz yyy ");

  fixture_init (&fixture, terms, &(PfMatchRules){ 0 });
  for (guint i = 0; i < 3; i++)
    g_string_append_printf (text, "%s\nyyy zz\nyyy %s zz ", word, word);
  write_text (&fixture, text);
  check_size (&fixture, text->len, 64);
  check_size (&fixture, text->len, 4093);
}

/* One line without end. */
static void
test_giant_line (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  fixture_init (&fixture, nasty_terms, &(PfMatchRules){ 0 });
  while (text->len < 300000)
    g_string_append (text, text->len % 7 == 0 ? "b " : "aé ");
  write_text (&fixture, text);
  check_size (&fixture, text->len, 70001);
}

/* Results that outgrow their share are left to the joiner, from any step. */
static void
test_outgrown (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  fixture_init (&fixture, nasty_terms, &(PfMatchRules){ 0 });
  while (text->len < 400000)
    g_string_append (text, text->len % 5 == 0 ? "b\n" : "c ");
  write_text (&fixture, text);
  for (fixture.share = 1; fixture.share < 4 << 20; fixture.share *= 40)
    check_size (&fixture, text->len, 150001);
}

static void
truncate_file (Fixture *self)
{
  g_assert_cmpint (truncate (self->path, 100), ==, 0);
}

static void
extend_file (Fixture *self)
{
  int fd = open (self->path, O_WRONLY | O_APPEND);

  g_assert_cmpint (write (fd, "a a\na", 5), ==, 5);
  close (fd);
}

/* N matches of "a a" in pieces of 100,001 bytes, where all guesses after the
 * first are wrong, while CHANGES happen. */
static void
check_changing (const Changes *changes, guint n)
{
  static const char *const terms[] = { "a a", NULL };
  guint64 at[] = { 0, 100002, 200000, 300002 };
  Cuts cuts = { at, 3 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *found = NULL, *expected = NULL;

  fixture_init (&fixture, terms, &(PfMatchRules){ 0 });
  while (text->len < 300002)
    g_string_append (text, "a\n");
  write_text (&fixture, text);
  expected = g_strdup_printf ("f:%u\nmatched 1 event 1\n0/0 ", n);
  found = process_pieces (&fixture, &pf_action_count, &cuts, changes, NULL);
  g_assert_cmpstr (found, ==, expected);
}

/* The file becomes longer or shorter meanwhile: what is new at its end is
 * found, and where it ends too early, all ends there. */
static void
test_changing (void)
{
  check_changing (&(Changes){ NULL, NULL }, 75000);
  check_changing (&(Changes){ .before = extend_file }, 75002);
  check_changing (&(Changes){ .before = truncate_file }, 25);
  check_changing (&(Changes){ .after = truncate_file }, 25001);
}

/* A piece that could not be read ends the document there; so does one that
 * must be read again where that fails. What stands before it is kept. */
static void
test_error (void)
{
  static const char *const terms[] = { "b", NULL };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (PfDocument) document = pf_document_new (&fixture.options);
  g_autoptr (PfTask) task = NULL;
  g_autoptr (PfTask) whole = NULL;
  g_autoptr (PfJoiner) joiner = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (PfError) error = { 0 };
  PfLineCounter lines = { .line = 1 };
  PfTaskJob job;

  fixture_init (&fixture, terms, &(PfMatchRules){ 0 });
  while (text->len < 300000)
    g_string_append (text, "b\n");
  write_text (&fixture, text);
  fixture.plan.action = &pf_action_count;
  job = begin_job (&fixture, document);
  whole = pf_task_new (&fixture.plan, 0);
  task = pf_task_new (&fixture.plan, 0);
  joiner = pf_joiner_new (
      &(PfJoinerOptions){ .task = whole, .job = &job, .part = document });
  for (guint i = 0; i < 3; i++) {
    g_autoptr (PfPiece) piece =
        pf_piece_new (i * 100000, (i + 1) * 100000, pf_result_new ());
    g_autoptr (PfDocument) part = pf_document_new (&fixture.options);
    PfTaskJob piece_job = job;

    piece_job.document = part;
    piece_job.result = piece->result;
    pf_piece_read (piece, part, document, 0);
    pf_piece_scan (piece, task, &piece_job);
    if (i == 1)
      pf_error_set_errno (&piece->error, EIO);
    g_assert_cmpint (pf_joiner_add (joiner, piece), ==, i == 0);
  }
  g_assert_false (
      pf_joiner_finish (joiner, &lines, (PfMarkerState){ 0 }, &error));
  g_assert_cmpint (error.errnum, ==, EIO);
  g_assert_cmpstr (job.result->bytes->str, ==, "f:100000\n");
  pf_result_free (job.result);
  pf_totals_free (fixture.plan.totals);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/piece/random", test_random);
  g_test_add_func ("/piece/random-overlapping", test_random_overlapping);
  g_test_add_func ("/piece/gated", test_gated);
  g_test_add_func ("/piece/never-agree", test_never_agree);
  g_test_add_func ("/piece/agree", test_agree);
  g_test_add_func ("/piece/long-match", test_long_match);
  g_test_add_func ("/piece/giant-line", test_giant_line);
  g_test_add_func ("/piece/outgrown", test_outgrown);
  g_test_add_func ("/piece/changing", test_changing);
  g_test_add_func ("/piece/error", test_error);
  return g_test_run ();
}
