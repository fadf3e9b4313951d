#include "glossary/lint.h"

#include <string.h>

#include "text/unicode.h"
#include "text/utf8.h"

/* Of so many entries with the same text, each is held against the others; more
 * are held against the first ones only. */
#define ALIKE_MAX 64

typedef struct {
  guint64 line;
  gsize number; /* of findings before it, to keep their order */
  PfLintKind kind;
  char *text; /* owned */
} Finding;

struct PfLint {
  PfReadWatch watch;
  PfLintKind malformed;
  GArray *findings; /* Finding */
  GArray *lines;    /* guint64, of each entry of the batch */
};

/* What a rule asks of the text outside a term at one of its edges; each asks
 * all that those before it do. */
typedef enum {
  DEMAND_NOTHING,
  DEMAND_PART, /* no word character, but where a part of a word begins */
  DEMAND_WORD, /* no word character */
  DEMAND_HOST  /* nor what goes on with a host name */
} Demand;

/* An entry as far as it is found in a text. */
typedef struct {
  PfSpan term, value, label;
  gboolean ignores_case;
  Demand before, after; /* at its edges */
  guint64 line;
} Look;

static void
add_finding (guint64 line, PfLintKind kind, const char *text, gpointer user)
{
  PfLint *self = user;
  Finding finding = { line, self->findings->len, kind, g_strdup (text) };

  g_array_append_val (self->findings, finding);
}

static void
on_entry (const PfEntry *given, guint64 line, gpointer user)
{
  PfLint *self = user;

  g_array_append_val (self->lines, line);
  pf_lint_entry (given, line, add_finding, self);
}

static void
on_malformed (const char *what, guint64 line, gpointer user)
{
  PfLint *self = user;

  add_finding (line, self->malformed, what, self);
}

static void
clear_finding (gpointer data)
{
  Finding *finding = data;

  g_free (finding->text);
}

PfLint *
pf_lint_new (PfLintKind malformed)
{
  PfLint *self = g_new0 (PfLint, 1);

  self->watch = (PfReadWatch){ on_entry, on_malformed, self };
  self->malformed = malformed;
  self->findings = g_array_new (FALSE, FALSE, sizeof (Finding));
  g_array_set_clear_func (self->findings, clear_finding);
  self->lines = g_array_new (FALSE, FALSE, sizeof (guint64));
  return self;
}

void
pf_lint_free (PfLint *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->findings);
  g_array_unref (self->lines);
  g_free (self);
}

const PfReadWatch *
pf_lint_watch (const PfLint *self)
{
  return &self->watch;
}

/* What BOUNDARY demands at an edge with C, at the END of a term or its
 * beginning. */
static Demand
demand_at (PfBoundary boundary, gunichar c, gboolean end)
{
  switch (boundary) {
  case PF_BOUNDARY_NONE:
    return DEMAND_NOTHING;
  case PF_BOUNDARY_PREFIX:
    return !end && pf_unicode_is_word (c) ? DEMAND_WORD : DEMAND_NOTHING;
  case PF_BOUNDARY_SUBWORD:
    return pf_unicode_is_word (c) ? DEMAND_PART : DEMAND_NOTHING;
  case PF_BOUNDARY_STRICT:
    return DEMAND_WORD;
  case PF_BOUNDARY_HOST:
    return DEMAND_HOST;
  case PF_BOUNDARY_UNSET:
  case PF_BOUNDARY_WORD:
  default:
    return pf_unicode_is_word (c) ? DEMAND_WORD : DEMAND_NOTHING;
  }
}

static void
look_at_edges (Look *self, PfBoundary boundary)
{
  const guint8 *end = pf_span_end (self->term);
  gunichar first, last;

  pf_utf8_next (self->term.data, end, &first);
  pf_utf8_prev (self->term.data, end, &last);
  self->before = demand_at (boundary, first, FALSE);
  self->after = demand_at (boundary, last, TRUE);
}

static Look
look_at (const PfLint *self, const PfRawEntry *entry, gsize i)
{
  const guint8 *value = entry->term + entry->term_len;
  PfCase case_rule = pf_rule_case (entry->rules);
  Look look = { .term = { entry->term, entry->term_len },
                .value = { value, entry->value_len },
                .label = { value + entry->value_len, entry->label_len },
                .ignores_case = case_rule == PF_CASE_UNSET
                                    ? pf_rule_ignores_case (entry->rules)
                                    : case_rule == PF_CASE_IGNORE,
                .line = g_array_index (self->lines, guint64, i) };

  look_at_edges (&look, pf_rule_boundary (entry->rules));
  return look;
}

/* TERM with its case folded, where FOLDS says so, and each run of white space
 * as one space. (transfer full) */
static GBytes *
key_of (PfSpan term, gboolean folds)
{
  const guint8 *p = term.data, *end = pf_span_end (term);
  GByteArray *key = g_byte_array_sized_new ((guint)term.len);
  gboolean after_space = FALSE;

  while (p < end) {
    guint8 bytes[4];
    gunichar c;

    p += pf_utf8_next (p, end, &c);
    if (pf_unicode_is_space (c)) {
      c = ' ';
      if (after_space)
        continue;
    }
    after_space = c == ' ';
    if (folds)
      c = pf_unicode_fold (c);
    g_byte_array_append (key, bytes, pf_utf8_encode (c, bytes));
  }
  return g_byte_array_free_to_bytes (key);
}

static gboolean
same_text (PfSpan a, PfSpan b)
{
  g_autoptr (GBytes) left = NULL, right = NULL;

  if (pf_span_equal (a, b))
    return TRUE;
  left = key_of (a, FALSE);
  right = key_of (b, FALSE);
  return g_bytes_equal (left, right);
}

/* Whether the boundary rule of WIDE holds wherever that of NARROW does. */
static gboolean
boundary_covers (const Look *wide, const Look *narrow)
{
  return wide->before <= narrow->before && wide->after <= narrow->after;
}

/* Whether WIDE is found wherever NARROW is; their folded texts are the same. */
static gboolean
covers (const Look *wide, const Look *narrow)
{
  if (!boundary_covers (wide, narrow))
    return FALSE;
  return wide->ignores_case ||
         (!narrow->ignores_case && same_text (wide->term, narrow->term));
}

static void G_GNUC_PRINTF (4, 5)
    tell (PfLint *self, guint64 line, PfLintKind kind, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  add_finding (line, kind, text, self);
}

static gboolean
says_the_same (const Look *a, const Look *b)
{
  return pf_span_equal (a->value, b->value) &&
         pf_span_equal (a->label, b->label);
}

/* EARLIER stands before LATER and says the same. FALSE: neither needs the
 * other. */
static gboolean
tell_hidden (PfLint *self, const Look *earlier, const Look *later)
{
  gboolean is_later_hidden = covers (earlier, later);
  const Look *hidden = is_later_hidden ? later : earlier;
  const Look *other = is_later_hidden ? earlier : later;

  if (!is_later_hidden && !covers (later, earlier))
    return FALSE;
  tell (self, hidden->line, PF_LINT_WARNING,
        "hidden by line %" G_GUINT64_FORMAT
        ", which is found wherever this is and says the same",
        other->line);
  return TRUE;
}

static gboolean
tell_same (PfLint *self, const Look *earlier, const Look *later)
{
  if (!pf_span_equal (earlier->term, later->term) ||
      earlier->ignores_case != later->ignores_case ||
      earlier->before != later->before || earlier->after != later->after)
    return tell_hidden (self, earlier, later);
  tell (self, later->line, PF_LINT_WARNING, "repeats line %" G_GUINT64_FORMAT,
        earlier->line);
  return TRUE;
}

/* Several entries of one line are meant to be several. */
static gboolean
tell_variant (PfLint *self, const Look *earlier, const Look *later)
{
  if (earlier->line == later->line ||
      (!covers (earlier, later) && !covers (later, earlier)))
    return FALSE;
  tell (self, later->line, PF_LINT_NOTE,
        "another %s than line %" G_GUINT64_FORMAT " for the same text",
        pf_span_equal (earlier->value, later->value) ? "label" : "value",
        earlier->line);
  return TRUE;
}

/* Holds the last of ALIKE against those before it; one that says the same
 * counts more than one that says something else. */
static void
compare_last (PfLint *self, const PfRawEntry *entries, const GArray *alike)
{
  gsize last = g_array_index (alike, gsize, alike->len - 1);
  Look later = look_at (self, &entries[last], last);

  for (int same = 1; same >= 0; same--)
    for (guint i = 0; i + 1 < alike->len; i++) {
      gsize number = g_array_index (alike, gsize, i);
      Look earlier = look_at (self, &entries[number], number);

      if (says_the_same (&earlier, &later) != same)
        continue;
      if (same ? tell_same (self, &earlier, &later)
               : tell_variant (self, &earlier, &later))
        return;
    }
}

static void
free_array (gpointer data)
{
  g_array_unref (data);
}

/* The entries whose text is that of KEY, which is taken over. */
static GArray *
alike_of (GHashTable *table, GBytes *key)
{
  GArray *alike = g_hash_table_lookup (table, key);

  if (alike != NULL) {
    g_bytes_unref (key);
    return alike;
  }
  alike = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_hash_table_insert (table, key, alike);
  return alike;
}

static void
compare_all (PfLint *self, const PfBatch *batch)
{
  const PfRawEntry *entries = pf_batch_entries (batch);
  g_autoptr (GHashTable) table = g_hash_table_new_full (
      g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, free_array);

  for (gsize i = 0; i < self->lines->len; i++) {
    PfSpan term = { entries[i].term, entries[i].term_len };
    GArray *alike = alike_of (table, key_of (term, TRUE));

    g_array_append_val (alike, i);
    if (alike->len > 1)
      compare_last (self, entries, alike);
    if (alike->len > ALIKE_MAX)
      g_array_set_size (alike, ALIKE_MAX);
  }
}

static int
by_line (gconstpointer a, gconstpointer b)
{
  const Finding *x = a, *y = b;

  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  return x->number < y->number ? -1 : x->number > y->number;
}

void
pf_lint_finish (PfLint *self, const PfBatch *batch, PfLintFunc func,
                gpointer user)
{
  g_assert (pf_batch_size (batch) == self->lines->len);
  compare_all (self, batch);
  g_array_sort (self->findings, by_line);
  for (guint i = 0; i < self->findings->len; i++) {
    const Finding *finding = &g_array_index (self->findings, Finding, i);

    func (finding->line, finding->kind, finding->text, user);
  }
}
