#include "match/naive.h"

#include "text/subword.h"
#include "text/unicode.h"
#include "text/utf8.h"
#include "text/word.h"

/* One character; beyond the ends of a text there are invalid ones. */
typedef struct {
  gunichar c;
  gsize at; /* its offset in bytes */
} Char;

#define LONGEST_SPACE 256 /* bytes */

typedef struct {
  const PfWordClass *words;
  const PfMatchRules *rules;
  PfEntry *entries;
  Char **terms; /* by entry, as text */
  gsize n_entries;
  Char *text; /* n characters from 1 on, invalid ones around them */
  gsize n;
} Naive;

/* The characters of SPAN from index 1 to *N, with one more in front and two
 * behind them. */
static Char *
split (PfSpan span, gsize *n)
{
  Char *chars = g_new0 (Char, span.len + 3);
  gsize at = 0;

  chars[ *n = 0].c = PF_UTF8_INVALID;
  while (at < span.len) {
    chars[++*n].at = at;
    at += pf_utf8_next (span.data + at, span.data + span.len, &chars[*n].c);
  }
  chars[*n + 1] = chars[*n + 2] = (Char){ PF_UTF8_INVALID, span.len };
  return chars;
}

static gboolean
is_word (const Naive *self, const Char *p)
{
  return pf_word_class_has (self->words, p->c);
}

/* The end of the run of white space that begins at P. */
static const Char *
run_end (const Char *p)
{
  while (pf_unicode_is_space (p->c))
    p++;
  return p;
}

static gboolean
is_run_allowed (const Naive *self, const Char *from, const Char *to)
{
  guint breaks = 0;

  for (const Char *p = from; p < to; p++)
    breaks += p->c == '\n';
  return to > from && to->at - from->at <= LONGEST_SPACE &&
         breaks <= (self->rules->space == PF_SPACE_WRAP ? 1 : 0);
}

/* Where entry I ends if it begins at P, or NULL; *FOLDED where only folding
 * makes it so. */
static const Char *
end_of_term (const Naive *self, gsize i, const Char *p, gboolean *folded)
{
  const Char *t = self->terms[i] + 1;

  *folded = FALSE;
  while (t->c != PF_UTF8_INVALID) {
    if (self->rules->space != PF_SPACE_EXACT && pf_unicode_is_space (t->c)) {
      const Char *to = run_end (p);

      if (!is_run_allowed (self, p, to))
        return NULL;
      p = to;
      t = run_end (t);
      continue;
    }
    if (t->c != p->c) {
      if (self->entries[i].case_rule == PF_CASE_EXACT ||
          pf_unicode_fold (t->c) != pf_unicode_fold (p->c))
        return NULL;
      *folded = TRUE;
    }
    t++;
    p++;
  }
  return p;
}

/* The kind of P, or of the first character from P on in steps of BY that is no
 * mark; as of a letter without case where there is none within reach. */
static PfKind
kind_from (const Naive *self, const Char *p, int by)
{
  guint marks = 0;

  while (pf_unicode_kind (p->c) == PF_KIND_MARK && marks++ < PF_SUBWORD_MARKS)
    p += by;
  return pf_unicode_kind (p->c) == PF_KIND_MARK || !is_word (self, p)
             ? PF_KIND_OTHER
             : pf_unicode_kind (p->c);
}

static gboolean
is_letter (PfKind kind)
{
  return kind != PF_KIND_DIGIT && kind != PF_KIND_CONNECTOR;
}

/* Whether a word may be cut in front of P, by each rule in turn. */
static gboolean
is_cut (const Naive *self, const Char *p)
{
  PfKind before = kind_from (self, p - 1, -1), after = pf_unicode_kind (p->c);
  PfKind next = kind_from (self, p + 1, 1);
  gboolean capital = after == PF_KIND_UPPER || after == PF_KIND_TITLE;

  if (!is_word (self, p - 1) || !is_word (self, p))
    return TRUE;
  if (after == PF_KIND_MARK)
    return FALSE;
  return before == PF_KIND_CONNECTOR || after == PF_KIND_CONNECTOR ||
         is_letter (before) != is_letter (after) ||
         (capital && (before == PF_KIND_LOWER || before == PF_KIND_TITLE)) ||
         (before == PF_KIND_UPPER && after == PF_KIND_TITLE) ||
         (before == PF_KIND_UPPER && after == PF_KIND_UPPER &&
          next == PF_KIND_LOWER);
}

static gboolean
is_bounded (const Naive *self, PfBoundary boundary, const Char *from,
            const Char *to)
{
  gboolean before = is_word (self, from - 1), after = is_word (self, to);

  switch (boundary) {
  case PF_BOUNDARY_NONE:
    return TRUE;
  case PF_BOUNDARY_STRICT:
    return !before && !after;
  case PF_BOUNDARY_HOST:
    return !before && from[-1].c != '-' && !after && to->c != '-' &&
           !(to->c == '.' && is_word (self, to + 1));
  case PF_BOUNDARY_PREFIX:
    return !(before && is_word (self, from));
  case PF_BOUNDARY_SUBWORD:
    return is_cut (self, from) && is_cut (self, to);
  default:
    return !(before && is_word (self, from)) &&
           !(after && is_word (self, to - 1));
  }
}

/* The end of entry I at FROM where all its rules hold, or NULL. */
static const Char *
end_of_match (const Naive *self, gsize i, const Char *from, gboolean *folded)
{
  const Char *to = end_of_term (self, i, from, folded);

  return to != NULL && is_bounded (self, self->entries[i].boundary, from, to)
             ? to
             : NULL;
}

/* The farthest end of a match at FROM that is before LIMIT, or NULL. */
static const Char *
farthest_end (const Naive *self, const Char *from, const Char *limit)
{
  const Char *farthest = NULL;
  gboolean folded;

  for (gsize i = 0; i < self->n_entries; i++) {
    const Char *to = end_of_match (self, i, from, &folded);

    if (to != NULL && to < limit && (farthest == NULL || to > farthest))
      farthest = to;
  }
  return farthest;
}

static gboolean
report (const Naive *self, const Char *from, const Char *to, PfMatchFunc func,
        gpointer user)
{
  g_autofree guint32 *entries = g_new (guint32, self->n_entries);
  PfMatch match = { .start = from->at, .end = to->at, .entries = entries };

  for (gboolean folded = FALSE; folded <= TRUE; folded++)
    for (gsize i = 0; i < self->n_entries; i++) {
      gboolean is_folded;

      if (end_of_match (self, i, from, &is_folded) == to && is_folded == folded)
        entries[match.n_entries++] = (guint32)i;
    }
  return func (&match, user);
}

static void
scan (const Naive *self, PfMatchFunc func, gpointer user)
{
  const Char *end = self->text + 1 + self->n, *next;

  for (const Char *from = self->text + 1; from < end; from = next) {
    const Char *to = end + 1;

    next = from + 1;
    while ((to = farthest_end (self, from, to)) != NULL) {
      if (!report (self, from, to, func, user))
        return;
      if (self->rules->overlapping)
        continue;
      next = to;
      break;
    }
  }
}

/* Of several rules the nearest wins; a glossary's entry has those of its own
 * or of its source. */
static PfEntry
resolve (const Naive *self, const PfGlossary *glossary, gsize i)
{
  PfEntry entry = pf_glossary_entry (glossary, i);
  PfCase cases[] = { entry.case_rule, self->rules->case_rule,
                     pf_glossary_default_case (glossary, i) };
  PfBoundary boundaries[] = { entry.boundary, self->rules->boundary,
                              pf_glossary_default_boundary (glossary, i) };
  guint c = 0, b = 0;

  while (cases[c] == PF_CASE_UNSET)
    c++;
  while (boundaries[b] == PF_BOUNDARY_UNSET)
    b++;
  entry.case_rule = cases[c];
  entry.boundary = boundaries[b];
  return entry;
}

void
pf_naive_scan (const PfGlossary *glossary, const PfWordClass *words,
               const PfMatchRules *rules, PfSpan text, PfMatchFunc func,
               gpointer user)
{
  Naive self = { .words = words,
                 .rules = rules,
                 .n_entries = pf_glossary_n_entries (glossary) };
  gsize n;

  self.entries = g_new (PfEntry, self.n_entries);
  self.terms = g_new (Char *, self.n_entries);
  for (gsize i = 0; i < self.n_entries; i++) {
    self.entries[i] = resolve (&self, glossary, i);
    self.terms[i] = split (self.entries[i].term, &n);
  }
  self.text = split (text, &self.n);
  scan (&self, func, user);
  for (gsize i = 0; i < self.n_entries; i++)
    g_free (self.terms[i]);
  g_free (self.text);
  g_free (self.terms);
  g_free (self.entries);
}
