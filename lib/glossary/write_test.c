/* What is written reads back as the same entries; what would not is refused. */
#include "glossary/write.h"

#include <string.h>
#include <unistd.h>

#include "glossary/builder.h"
#include "glossary/format.h"
#include "glossary/source.h"
#include "glossary/stream_format.h"

static guint32
below (GRand *random, guint n)
{
  return (guint32)g_rand_int_range (random, 0, (gint32)n);
}

/* What is hard for one format or another. */
static const char *const parts[] = {
  "a",           "b c", "#",    "\\",   "\\#",  "->",
  ",",           "\"",  "\n",   "\r",   "\t",   "\xEF\xBB\xBF",
  "\xC3\xA9",    " ",   "term", "\x01", "\x7F", "case=x",
  "{",           "'",   ";",    "\\n",  "1",    "-",
  "\xE2\x80\xA8"
};

/* A few parts; with RAW also what is no UTF-8, and NUL. */
static GString *
make_string (GRand *random, guint most, gboolean raw)
{
  GString *text = g_string_new (NULL);

  for (guint n = below (random, most + 1); n > 0; n--)
    if (raw && below (random, 20) == 0)
      g_string_append_len (text, below (random, 2) ? "\xFF" : "\0", 1);
    else
      g_string_append (text, parts[below (random, G_N_ELEMENTS (parts))]);
  return text;
}

static PfSpan
span_of (const GString *text)
{
  return (PfSpan){ (const guint8 *)text->str, text->len };
}

static void
add_random (PfGlossaryBuilder *builder, GRand *random, guint n_cases)
{
  GString *term = make_string (random, 3, FALSE);
  GString *label = make_string (random, below (random, 2), TRUE);

  for (guint n = 1 + below (random, 3); n > 0; n--) {
    GString *value = make_string (random, below (random, 4), TRUE);
    PfEntry entry = { .term = span_of (term),
                      .value = span_of (value),
                      .label = span_of (label),
                      .case_rule = (PfCase)below (random, n_cases),
                      .boundary = below (random, 3) > 0
                                      ? PF_BOUNDARY_UNSET
                                      : (PfBoundary)below (random, 5) };
    g_auto (PfError) error = { 0 };

    /* An empty term is refused. */
    pf_glossary_builder_add (builder, &entry, &error);
    g_string_free (value, TRUE);
  }
  g_string_free (term, TRUE);
  g_string_free (label, TRUE);
}

static PfGlossary *
make_glossary (GRand *random)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  gboolean ignores = below (random, 2) > 0;
  PfSourceRules rules = { .default_case =
                              ignores ? PF_CASE_IGNORE : PF_CASE_EXACT };

  pf_glossary_builder_begin (builder, "x", &rules);
  for (guint n = 1 + below (random, 6); n > 0; n--)
    /* Ignored by default or by a rule is the same once it is written. */
    add_random (builder, random, ignores ? 2 : 3);
  return pf_glossary_builder_seal (builder, NULL);
}

static gboolean
put (gpointer user, PfSpan bytes, PfError *error G_GNUC_UNUSED)
{
  pf_writer_put (user, bytes);
  return TRUE;
}

/* (transfer full) NULL where the format is not there. */
static PfGlossary *
read_back (const GString *text, const char *format, PfError *error)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_autofree char *path = NULL, *spec = NULL;
  PfReadOptions options = { .allow_empty = TRUE, .jobs = 1 };
  PfSource source;
  gboolean done;
  int fd = g_file_open_tmp ("pf-write-XXXXXX", &path, NULL);

  g_assert_cmpint (write (fd, text->str, text->len), ==, (gssize)text->len);
  close (fd);
  spec = g_strconcat (path, ":", format, NULL);
  g_assert_true (pf_source_parse (&source, spec, NULL));
  done = pf_source_read (&source, builder, &options, NULL, error);
  pf_source_clear (&source);
  unlink (path);
  return done ? pf_glossary_builder_seal (builder, NULL) : NULL;
}

static gboolean
is_held (const PfFormatWriter *writer, const PfEntry *entry)
{
  return writer->can_hold == NULL || writer->can_hold (entry, NULL);
}

/* The entries that WRITER can hold, as tsv. */
static GString *
show (const PfGlossary *glossary, const PfFormatWriter *writer)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < pf_glossary_n_entries (glossary); i++) {
    PfEntry entry = pf_glossary_plain_entry (glossary, i);

    if (is_held (writer, &entry))
      pf_tsv_write (out, &entry);
  }
  return out;
}

static gboolean
can_read (const char *format)
{
  PfSpan name = pf_span_str (format);
  const PfLineFormat *line = pf_format_find (name);
  const PfStreamFormat *stream = pf_stream_format_find (name);

  return line != NULL ? line->parse != NULL : stream->read != NULL;
}

static void
check_round_trip (const PfGlossary *glossary, const char *format)
{
  GString *text = g_string_new (NULL), *wanted, *seen;
  PfWriting how = { .writer = pf_writer_find (pf_span_str (format)),
                    .lenient = TRUE,
                    .put = put,
                    .user = text };
  g_auto (PfError) error = { 0 };
  PfWriteReport report = { 0 };
  PfGlossary *back;

  if (pf_glossary_write (glossary, &how, &report, &error)) {
    back = read_back (text, format, &error);
    g_assert_cmpstr (error.message, ==, NULL);
    wanted = show (glossary, how.writer);
    seen = show (back, how.writer);
    g_assert_cmpstr (seen->str, ==, wanted->str);
    g_assert_cmpuint (pf_glossary_n_entries (back), ==,
                      pf_glossary_n_entries (glossary) - report.skipped);
    g_string_free (wanted, TRUE);
    g_string_free (seen, TRUE);
    pf_glossary_unref (back);
  }
  pf_error_clear (&report.first);
  g_string_free (text, TRUE);
}

static void
test_round_trip (gconstpointer data)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  guint n_rounds = g_getenv ("PF_SANITIZER") != NULL ? 100 : 1000;

  g_test_message ("seed %u", seed);
  if (!can_read (data))
    return;
  for (guint n = 0; n < n_rounds; n++) {
    PfGlossary *glossary = make_glossary (random);

    if (pf_glossary_n_entries (glossary) > 0)
      check_round_trip (glossary, data);
    pf_glossary_unref (glossary);
  }
}

typedef struct {
  const char *format;
  PfEntry entry;
  const char *expected; /* NULL: it can be held */
} Hold;

#define SPAN(text)                                                             \
  {                                                                            \
    (const guint8 *)text, sizeof text - 1                                      \
  }

static void
test_can_hold (void)
{
  static const Hold rows[] = {
    { "txt", { .term = SPAN ("a b") }, NULL },
    { "txt", { .term = SPAN ("#") }, NULL },
    { "txt", { .term = SPAN ("\\#") }, "\\# at the start of its term" },
    { "txt", { .term = SPAN ("a\nb") }, "a line break in its term" },
    { "txt", { .term = SPAN ("a"), .value = SPAN ("v") }, "its value" },
    { "txt", { .term = SPAN ("a"), .label = SPAN ("l") }, "its label" },
    { "txt",
      { .term = SPAN ("a"), .case_rule = PF_CASE_EXACT },
      "its rule for case" },
    { "txt",
      { .term = SPAN ("a"), .boundary = PF_BOUNDARY_WORD },
      "its rule for boundaries" },
    { "codespell",
      { .term = SPAN ("a"),
        .value = SPAN ("v"),
        .label = SPAN ("l"),
        .case_rule = PF_CASE_IGNORE },
      NULL },
    { "codespell",
      { .term = SPAN ("a"), .case_rule = PF_CASE_IGNORE },
      "an entry without a value" },
    { "codespell",
      { .term = SPAN ("a"),
        .value = SPAN ("v"),
        .case_rule = PF_CASE_IGNORE,
        .boundary = PF_BOUNDARY_NONE },
      "its rule for boundaries" },
    { "codespell",
      { .term = SPAN ("a'"),
        .value = SPAN ("v"),
        .case_rule = PF_CASE_IGNORE,
        .boundary = PF_BOUNDARY_STRICT },
      NULL },
    /* It would be read back as a strict one. */
    { "codespell",
      { .term = SPAN ("a'"), .value = SPAN ("v"), .case_rule = PF_CASE_IGNORE },
      "a term that ends in no word character, unless its rule for boundaries "
      "is strict" },
    { "jsonl", { .term = SPAN ("a"), .value = SPAN ("\0") }, NULL },
    { "jsonl", { .term = SPAN ("a\0b") }, "a NUL character in its term" },
    { "jsonl",
      { .term = SPAN ("a"), .value = SPAN ("\xFF") },
      "its value, which is not valid UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const PfFormatWriter *writer =
        pf_writer_find (pf_span_str (rows[i].format));
    g_auto (PfError) error = { 0 };

    writer->can_hold (&rows[i].entry, &error);
    g_assert_cmpstr (error.message, ==, rows[i].expected);
  }
}

/* An entry of COUNT times TEXT, by what jsonl has no place for, or NULL. */
static void
check_long (const char *text, gsize count, const char *expected)
{
  g_autoptr (GString) value = g_string_new (NULL);
  PfEntry entry = { .term = SPAN ("a") };
  g_auto (PfError) error = { 0 };

  for (gsize i = 0; i < count; i++)
    g_string_append (value, text);
  entry.value = entry.label = pf_span_str (value->str);
  pf_writer_find (pf_span_str ("jsonl"))->can_hold (&entry, &error);
  g_assert_cmpstr (error.message, ==, expected);
}

/* {"term":"a","value":"","label":""} are 34 bytes. */
static void
test_long_line (void)
{
  static const char *const too_long =
      "an entry whose line would be longer than 4 MiB";
  gsize most = PF_LINE_MAX_BYTES - 34;

  check_long ("\n\t\\\"", most / 16, NULL);
  check_long ("\n\t\\\"", most / 16 + 1, too_long);
  check_long ("\1", most / 12, NULL);
  check_long ("\1", most / 12 + 1, too_long);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/write/round-trip/txt", "txt", test_round_trip);
  g_test_add_data_func ("/write/round-trip/tsv", "tsv", test_round_trip);
  g_test_add_data_func ("/write/round-trip/csv", "csv", test_round_trip);
  g_test_add_data_func ("/write/round-trip/jsonl", "jsonl", test_round_trip);
  g_test_add_data_func ("/write/round-trip/codespell", "codespell",
                        test_round_trip);
  g_test_add_func ("/write/can-hold", test_can_hold);
  g_test_add_func ("/write/long-line", test_long_line);
  return g_test_run ();
}
