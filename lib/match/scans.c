#include "match/scans.h"

#include <sys/mman.h>
#include <unistd.h>

#include "glossary/image.h"
#include "match/anywhere_image.h"
#include "match/naive.h"
#include "text/word.h"

/* One without additions owns nothing, so that copies of one are as good, and
 * much quicker to make. */
static PfWordClass *
new_words (const char *extra)
{
  static PfWordClass *plain;

  if (*extra != '\0')
    return pf_word_class_new (pf_span_str (extra), NULL);
  if (plain == NULL)
    plain = pf_word_class_new (pf_span_str (""), NULL);
  return g_memdup2 (plain, sizeof *plain);
}

void
pf_scans_init (PfScans *self, PfGlossary *glossary, const PfMatchRules *rules,
               const char *extra_words)
{
  self->glossary = glossary;
  self->rules = *rules;
  self->words = new_words (extra_words);
  self->extra_words = extra_words;
  self->matcher = pf_matcher_new (glossary, new_words (extra_words), rules);
  self->scratch = pf_scratch_new ();
}

void
pf_scans_clear (PfScans *self)
{
  pf_matcher_unref (self->matcher);
  pf_scratch_free (self->scratch);
  pf_reference_free (self->reference);
  pf_reference_scratch_free (self->reference_scratch);
  pf_word_class_free (self->words);
  pf_glossary_unref (self->glossary);
}

typedef struct {
  const PfGlossary *glossary;
  GString *out;
  gsize offset;   /* of the window */
  gsize last_end; /* of the last match */
} Transcript;

/* What must be left of a text before the place where a scan goes on. */
static gsize
context_of (const PfScans *self)
{
  return pf_view_is_plain (&self->rules.view) ? PF_MATCH_CONTEXT_PLAIN
                                              : PF_MATCH_CONTEXT;
}

static Transcript
transcript_of (const PfScans *self)
{
  return (Transcript){ .glossary = self->glossary, .out = g_string_new (NULL) };
}

static gboolean
note_match (const PfMatch *match, gpointer user)
{
  Transcript *self = user;

  g_assert_cmpuint (match->start, <, match->end);
  g_assert_cmpuint (match->n_entries, >, 0);
  g_string_append_printf (self->out, "%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT,
                          self->offset + match->start,
                          self->offset + match->end);
  for (guint i = 0; i < match->n_entries; i++) {
    PfEntry entry = pf_glossary_entry (self->glossary, match->entries[i]);

    g_string_append_c (self->out, i == 0 ? ':' : ',');
    g_string_append_len (self->out, (const char *)entry.value.data,
                         (gssize)entry.value.len);
  }
  g_string_append_c (self->out, ' ');
  self->last_end = self->offset + match->end;
  return TRUE;
}

/* A copy that ends where its allocation ends, so that AddressSanitizer sees a
 * read beyond. */
static PfSpan
copy (PfSpan text)
{
  guint8 *data = g_malloc (MAX (text.len, 1));

  for (gsize i = 0; i < text.len; i++)
    data[i] = text.data[i];
  return (PfSpan){ data + MAX (text.len, 1) - text.len, text.len };
}

static void
copy_free (PfSpan text)
{
  g_free ((guint8 *)text.data - (text.len == 0));
}

/* JOB over a copy of its text. */
static gsize
scan (const PfScans *self, const PfScan *job)
{
  PfScan copied = *job;
  gsize at;

  copied.text = copy (job->text);
  at = pf_matcher_scan (self->matcher, self->scratch, &copied);
  g_assert_cmpuint (at, >=, job->from);
  g_assert_cmpuint (at, <=, job->text.len);
  copy_free (copied.text);
  return at;
}

static void
scan_whole (const PfScans *self, PfSpan text, PfMatchFunc func, gpointer user)
{
  gsize at = scan (
      self,
      &(PfScan){ .text = text, .final = TRUE, .func = func, .user = user });

  g_assert_cmpuint (at, ==, text.len);
}

char *
pf_scans_whole (const PfScans *self, PfSpan text)
{
  Transcript transcript = transcript_of (self);

  scan_whole (self, text, note_match, &transcript);
  return g_string_free (transcript.out, FALSE);
}

char *
pf_scans_naive (const PfScans *self, PfSpan text)
{
  Transcript transcript = transcript_of (self);

  pf_naive_scan (self->glossary, self->words, &self->rules, text, note_match,
                 &transcript);
  return g_string_free (transcript.out, FALSE);
}

static void
scan_reference (PfScans *self, PfSpan text, PfMatchFunc func, gpointer user)
{
  PfScan job = { .text = text, .final = TRUE, .func = func, .user = user };

  if (self->reference == NULL) {
    self->reference = pf_reference_new (
        self->glossary, new_words (self->extra_words), &self->rules);
    self->reference_scratch = pf_reference_scratch_new ();
  }
  pf_reference_scan (self->reference, self->reference_scratch, &job);
}

char *
pf_scans_reference (PfScans *self, PfSpan text)
{
  Transcript transcript = transcript_of (self);

  scan_reference (self, text, note_match, &transcript);
  return g_string_free (transcript.out, FALSE);
}

typedef struct {
  GArray *numbers; /* gsize: start, end, entries, how many of them */
  guint n_matches;
} Record;

static gboolean
record_match (const PfMatch *match, gpointer user)
{
  Record *self = user;
  gsize range[] = { match->start, match->end };

  g_array_append_vals (self->numbers, range, 2);
  for (guint i = 0; i < match->n_entries; i++)
    g_array_append_val (self->numbers, ((gsize){ match->entries[i] }));
  g_array_append_val (self->numbers, ((gsize){ match->n_entries }));
  self->n_matches++;
  return TRUE;
}

gboolean
pf_scans_agree (PfScans *self, PfSpan text, guint *n_matches)
{
  Record found = { g_array_new (FALSE, FALSE, sizeof (gsize)), 0 };
  Record expected = { g_array_new (FALSE, FALSE, sizeof (gsize)), 0 };
  gboolean agree;

  scan_whole (self, text, record_match, &found);
  scan_reference (self, text, record_match, &expected);
  agree = found.numbers->len == expected.numbers->len &&
          (found.numbers->len == 0 ||
           memcmp (found.numbers->data, expected.numbers->data,
                   found.numbers->len * sizeof (gsize)) == 0);
  *n_matches = expected.n_matches;
  g_array_unref (found.numbers);
  g_array_unref (expected.numbers);
  return agree;
}

static gsize
next_step (gsize step, gboolean random)
{
  return random ? (gsize)g_test_rand_int_range (0, (gint32)step + 1) : step;
}

char *
pf_scans_windows (const PfScans *self, PfSpan text, gsize step, gboolean random)
{
  Transcript transcript = transcript_of (self);
  gsize at = 0, end = 0; /* at counts in the window, end in the text */
  gboolean final = FALSE;

  while (!final) {
    gsize more = next_step (step, random), dropped;

    more = MIN (more, text.len - end);
    /* As with read: the end shows only where a window grew by nothing. */
    final = more == 0 && end == text.len;
    end += more;
    at = scan (self,
               &(PfScan){ .text = pf_span_sub (text, transcript.offset, end),
                          .from = at,
                          .final = final,
                          .func = note_match,
                          .user = &transcript });
    g_assert_true (!final || transcript.offset + at == text.len);
    dropped = at - MIN (at, context_of (self));
    transcript.offset += dropped;
    at -= dropped;
  }
  return g_string_free (transcript.out, FALSE);
}

/* Scans one piece of TEXT in windows that are longer each time, and drop no
 * more than they may at their front. Returns where the next one begins. */
static gsize
scan_piece (const PfScans *self, PfSpan text, gsize from, gsize limit,
            Transcript *transcript)
{
  gboolean overlapping = self->rules.overlapping;
  gsize step = text.len / 3 + 1, end = from, at = from;

  do {
    gsize more = next_step (step, TRUE) + 1;

    end += MIN (more, text.len - end);
    transcript->offset = at - MIN (at, context_of (self));
    at = transcript->offset +
         scan (self,
               &(PfScan){ .text = pf_span_sub (text, transcript->offset, end),
                          .from = at - transcript->offset,
                          .limit = limit - transcript->offset,
                          .final = end == text.len,
                          .func = note_match,
                          .user = transcript });
  } while (at < limit && end < text.len);
  g_assert_cmpuint (at, ==,
                    overlapping
                        ? MAX (from, limit)
                        : MAX (MAX (from, limit), transcript->last_end));
  return at;
}

char *
pf_scans_pieces (const PfScans *self, PfSpan text, gsize step)
{
  Transcript transcript = transcript_of (self);
  gsize at = 0, limit = 0;

  while (limit < text.len) {
    gsize more = next_step (step, TRUE) + 1;

    limit += MIN (more, text.len - limit);
    if (at < limit)
      at = scan_piece (self, text, at, limit, &transcript);
  }
  return g_string_free (transcript.out, FALSE);
}

typedef struct {
  GString *out;
  PfSpan text;
  gsize done;
} Marking;

static gboolean
mark_match (const PfMatch *match, gpointer user)
{
  Marking *self = user;
  const char *data = (const char *)self->text.data;

  g_string_append_len (self->out, data + self->done,
                       (gssize)(match->start - self->done));
  g_string_append_c (self->out, '[');
  g_string_append_len (self->out, data + match->start,
                       (gssize)(match->end - match->start));
  g_string_append_c (self->out, ']');
  self->done = match->end;
  return TRUE;
}

char *
pf_scans_marked (const PfScans *self, PfSpan text)
{
  Marking marking = { g_string_new (NULL), text, 0 };

  scan_whole (self, text, mark_match, &marking);
  g_string_append_len (marking.out, (const char *)text.data + marking.done,
                       (gssize)(text.len - marking.done));
  return g_string_free (marking.out, FALSE);
}

/* Letters behind a semicolon are rules of the entry's own. */
static void
apply_rules (PfEntry *entry, const char *letters)
{
  for (; *letters != '\0'; letters++)
    switch (*letters) {
    case 'e':
      entry->case_rule = PF_CASE_EXACT;
      break;
    case 'i':
      entry->case_rule = PF_CASE_IGNORE;
      break;
    case 's':
      entry->boundary = PF_BOUNDARY_STRICT;
      break;
    case 'p':
      entry->boundary = PF_BOUNDARY_PREFIX;
      break;
    case 'u':
      entry->boundary = PF_BOUNDARY_SUBWORD;
      break;
    case 'w':
      entry->boundary = PF_BOUNDARY_WORD;
      break;
    case 'n':
      entry->boundary = PF_BOUNDARY_NONE;
      break;
    default:
      g_assert_not_reached ();
    }
}

void
pf_scans_add_terms (PfGlossaryBuilder *builder, const char *list,
                    const PfSourceRules *rules)
{
  g_auto (GStrv) terms = g_strsplit (list, "|", -1);

  pf_glossary_builder_begin (builder, "terms", rules);
  for (guint i = 0; terms[i] != NULL; i++) {
    g_auto (GStrv) parts = g_strsplit (terms[i], ";", 2);
    PfEntry entry = { .term = pf_span_str (parts[0]),
                      .value = pf_span_str (terms[i]) };

    if (parts[1] != NULL)
      apply_rules (&entry, parts[1]);
    g_assert_true (pf_glossary_builder_add (builder, &entry, NULL));
  }
}

PfGlossary *
pf_scans_glossary (const char *terms)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();

  pf_scans_add_terms (builder, terms, &(PfSourceRules){ 0 });
  return pf_glossary_builder_seal (builder, NULL);
}

PfGlossary *
pf_scans_image (PfGlossary *glossary)
{
  g_auto (PfAnywhereImage) anywhere = { 0 };
  int fd = memfd_create ("image", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  PfGlossary *image;

  g_assert_true (pf_anywhere_image_init (&anywhere, glossary, NULL));
  g_assert_true (pf_image_write (glossary, anywhere.sections, fd, NULL));
  image = pf_image_open (path, &(PfSourceRules){ 0 }, NULL, NULL);
  g_assert_nonnull (image);
  close (fd);
  pf_glossary_unref (glossary);
  return image;
}

void
pf_scans_check_ways (const PfScans *scans, PfSpan text)
{
  g_autofree char *whole = pf_scans_whole (scans, text);
  g_autofree char *naive = pf_scans_naive (scans, text);

  g_assert_cmpstr (naive, ==, whole);
  for (gsize step = 1; step <= 6; step++) {
    g_autofree char *windows = pf_scans_windows (scans, text, step, FALSE);

    g_autofree char *pieces = pf_scans_pieces (scans, text, step - 1);

    g_assert_cmpstr (windows, ==, whole);
    g_assert_cmpstr (pieces, ==, whole);
  }
}
