/* The reference matcher: the rules of matching, written to be read.
 *
 * At each position it walks a trie of all terms, as far as the text goes with
 * it, and notes where terms end. Terms are kept folded, a run of white space
 * as one symbol; so the walk finds candidates, and each candidate is then held
 * to the case and boundary rules of each of its entries, the longest first.
 *
 *   text ──walk──▶ ends of candidates ──longest first──▶ entries that hold
 *
 * Every answer that would need a byte beyond a window that is not the last one
 * is UNDECIDED, and the scan stops there.
 */
#include "match/reference.h"

#include <string.h>

#include "match/trie.h"
#include "text/subword.h"
#include "text/unicode.h"
#include "text/utf8.h"
#include "text/word.h"

/* A run of white space, where it is not compared byte for byte; above all
 * characters. */
#define SYMBOL_SPACE 0x110000u
#define SPACE_RUN_MAX 256 /* bytes */
#define NO_ENTRY G_MAXUINT32

struct PfReference {
  PfGlossary *glossary;
  PfWordClass *words;
  PfMatchRules rules;
  PfTrie *trie;
  guint32 *first_entry; /* by node: the first entry whose term ends there */
  guint32 *next_entry;  /* by entry: the next one at the same node */
  PfEntry *entries;     /* by entry: with no rule left unset */
  gboolean none_inside_word; /* no term may start inside a word */
};

/* A place where terms end. */
typedef struct {
  guint32 node;
  gsize end;
} Candidate;

struct PfReferenceScratch {
  GArray *candidates; /* Candidate, shortest first */
  GArray *exact;      /* guint32, numbers of entries */
  GArray *folded;     /* likewise */
};

/* What one scan works on. */
typedef struct {
  const PfReference *matcher;
  PfReferenceScratch *scratch;
  PfSpan text;
  gboolean final;
  gsize match_end; /* of the last match, for match_end_starts_text */
} Scan;

typedef enum { NO, YES, UNDECIDED } Answer;

static PfEntry
resolve_entry (const PfReference *self, gsize i)
{
  PfEntry entry = pf_glossary_entry (self->glossary, i);

  if (entry.case_rule == PF_CASE_UNSET)
    entry.case_rule = self->rules.case_rule;
  if (entry.case_rule == PF_CASE_UNSET)
    entry.case_rule = pf_glossary_default_case (self->glossary, i);
  if (entry.boundary == PF_BOUNDARY_UNSET)
    entry.boundary = self->rules.boundary;
  if (entry.boundary == PF_BOUNDARY_UNSET)
    entry.boundary = pf_glossary_default_boundary (self->glossary, i);
  return entry;
}

static const guint8 *
skip_space (const guint8 *p, const guint8 *end)
{
  gunichar c;

  while (p < end) {
    guint n = pf_utf8_next (p, end, &c);
    if (!pf_unicode_is_space (c))
      break;
    p += n;
  }
  return p;
}

/* Takes the next symbol of a term from *P. */
static guint32
term_symbol (const PfReference *self, const guint8 **p, const guint8 *end)
{
  gunichar c;

  *p += pf_utf8_next (*p, end, &c);
  if (self->rules.space == PF_SPACE_EXACT || !pf_unicode_is_space (c))
    return pf_unicode_fold (c);
  *p = skip_space (*p, end);
  return SYMBOL_SPACE;
}

static guint32
add_term (PfReference *self, PfSpan term)
{
  const guint8 *p = term.data, *end = term.data + term.len;
  guint32 node = PF_TRIE_ROOT;

  while (p < end)
    node = pf_trie_grow (self->trie, node, term_symbol (self, &p, end));
  return node;
}

/* Goes through the entries backwards and puts each at the front of its node's
 * list, so that the lists come out in entry order. */
static void
build_index (PfReference *self)
{
  gsize n = pf_glossary_n_entries (self->glossary);
  guint32 *node_of = g_new (guint32, n);

  self->trie = pf_trie_new ();
  self->entries = g_new (PfEntry, n);
  self->none_inside_word = TRUE;
  for (gsize i = 0; i < n; i++) {
    self->entries[i] = resolve_entry (self, i);
    node_of[i] = add_term (self, self->entries[i].term);
    if (self->entries[i].boundary == PF_BOUNDARY_NONE ||
        self->entries[i].boundary == PF_BOUNDARY_SUBWORD)
      self->none_inside_word = FALSE;
  }
  self->first_entry = g_new (guint32, pf_trie_n_nodes (self->trie));
  memset (self->first_entry, 0xFF,
          pf_trie_n_nodes (self->trie) * sizeof *self->first_entry);
  self->next_entry = g_new (guint32, n);
  for (gsize i = n; i-- > 0;) {
    self->next_entry[i] = self->first_entry[node_of[i]];
    self->first_entry[node_of[i]] = (guint32)i;
  }
  g_free (node_of);
}

PfReference *
pf_reference_new (PfGlossary *glossary, PfWordClass *words,
                  const PfMatchRules *rules)
{
  PfReference *self = g_new0 (PfReference, 1);

  self->glossary = pf_glossary_ref (glossary);
  self->words = words;
  self->rules = *rules;
  build_index (self);
  return self;
}

void
pf_reference_free (PfReference *self)
{
  if (self == NULL)
    return;
  pf_trie_free (self->trie);
  g_free (self->first_entry);
  g_free (self->next_entry);
  g_free (self->entries);
  pf_word_class_free (self->words);
  pf_glossary_unref (self->glossary);
  g_free (self);
}

PfReferenceScratch *
pf_reference_scratch_new (void)
{
  PfReferenceScratch *self = g_new0 (PfReferenceScratch, 1);

  self->candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  self->exact = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->folded = g_array_new (FALSE, FALSE, sizeof (guint32));
  return self;
}

void
pf_reference_scratch_free (PfReferenceScratch *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->candidates);
  g_array_unref (self->exact);
  g_array_unref (self->folded);
  g_free (self);
}

/* The character at AT. NO at the end of the text, UNDECIDED where the window
 * ends before the character is whole. */
static Answer
char_at (const Scan *scan, gsize at, gunichar *c, guint *len)
{
  const guint8 *p = scan->text.data + at;
  const guint8 *end = scan->text.data + scan->text.len;

  if (p == end)
    return scan->final ? NO : UNDECIDED;
  if (!scan->final && pf_utf8_truncated (p, end))
    return UNDECIDED;
  *len = pf_utf8_next (p, end, c);
  return YES;
}

/* The character before AT; FALSE at the start of the text. */
static gboolean
char_before (const Scan *scan, gsize at, gunichar *c)
{
  if (at == 0 ||
      (scan->matcher->rules.match_end_starts_text && at == scan->match_end))
    return FALSE;
  pf_utf8_prev (scan->text.data, scan->text.data + at, c);
  return TRUE;
}

static gboolean
is_word (const Scan *scan, gunichar c)
{
  return pf_word_class_has (scan->matcher->words, c);
}

/* The length of the run of white space at AT that a space in a term may match:
 * YES with *LEN, or NO where it is too long or has too many line breaks. */
static Answer
space_run (const Scan *scan, gsize at, gsize *len)
{
  guint breaks = 0, most = scan->matcher->rules.space == PF_SPACE_WRAP ? 1 : 0;
  gunichar c;
  guint n;

  for (*len = 0; *len <= SPACE_RUN_MAX && breaks <= most; *len += n) {
    Answer there = char_at (scan, at + *len, &c, &n);
    if (there == UNDECIDED)
      return UNDECIDED;
    if (there == NO || !pf_unicode_is_space (c))
      return *len > 0 ? YES : NO;
    breaks += c == '\n';
  }
  return NO;
}

/* Follows the text at *AT one step down from *NODE. */
static Answer
step (const Scan *scan, guint32 *node, gsize *at)
{
  const PfReference *matcher = scan->matcher;
  gboolean spaces = matcher->rules.space != PF_SPACE_EXACT;
  gunichar c;
  guint n;
  gsize len;
  Answer there;

  if (!pf_trie_has_children (matcher->trie, *node))
    return NO;
  there = char_at (scan, *at, &c, &n);
  if (there != YES)
    return there;
  len = n;
  if (c == PF_UTF8_INVALID)
    return NO;
  if (spaces && pf_unicode_is_space (c)) {
    *node = pf_trie_child (matcher->trie, *node, SYMBOL_SPACE);
    there = *node == PF_TRIE_NONE ? NO : space_run (scan, *at, &len);
    if (there != YES)
      return there;
  } else {
    *node = pf_trie_child (matcher->trie, *node, pf_unicode_fold (c));
  }
  *at += len;
  return *node == PF_TRIE_NONE ? NO : YES;
}

/* Notes every place where terms that begin at AT end. */
static Answer
collect_candidates (const Scan *scan, gsize at)
{
  Candidate here = { PF_TRIE_ROOT, at };
  Answer there;

  g_array_set_size (scan->scratch->candidates, 0);
  while ((there = step (scan, &here.node, &here.end)) == YES)
    if (scan->matcher->first_entry[here.node] != NO_ENTRY)
      g_array_append_val (scan->scratch->candidates, here);
  return there == UNDECIDED ? UNDECIDED : YES;
}

/* Whether the text at [START, END) is TERM letter for letter, white space
 * runs apart. */
static gboolean
is_spelled (const Scan *scan, PfSpan term, gsize start, gsize end)
{
  const guint8 *p = term.data, *p_end = p + term.len;
  const guint8 *q = scan->text.data + start, *q_end = scan->text.data + end;
  gboolean spaces = scan->matcher->rules.space != PF_SPACE_EXACT;
  gunichar c, d;

  while (p < p_end && q < q_end) {
    p += pf_utf8_next (p, p_end, &c);
    q += pf_utf8_next (q, q_end, &d);
    if (spaces && pf_unicode_is_space (c) && pf_unicode_is_space (d)) {
      p = skip_space (p, p_end);
      q = skip_space (q, q_end);
    } else if (c != d) {
      return FALSE;
    }
  }
  return p == p_end && q == q_end;
}

/* What kind of letter the marks before AT belong to: the rules of subword. */
static PfKind
letter_before (const Scan *scan, gsize at)
{
  for (guint marks = 0; marks <= PF_SUBWORD_MARKS && at > 0; marks++) {
    gunichar c;

    at -= pf_utf8_prev (scan->text.data, scan->text.data + at, &c);
    if (pf_unicode_kind (c) != PF_KIND_MARK)
      return is_word (scan, c) ? pf_unicode_kind (c) : PF_KIND_OTHER;
  }
  return PF_KIND_OTHER;
}

/* Whether the first character from AT on that is no mark is a small letter. */
static Answer
is_small_letter (const Scan *scan, gsize at)
{
  for (guint marks = 0; marks <= PF_SUBWORD_MARKS; marks++) {
    gunichar c;
    guint n;
    Answer there = char_at (scan, at, &c, &n);

    if (there != YES)
      return there;
    if (pf_unicode_kind (c) != PF_KIND_MARK)
      return pf_unicode_kind (c) == PF_KIND_LOWER ? YES : NO;
    at += n;
  }
  return NO;
}

/* Whether a part of a word begins with C, which is at AT, behind another word
 * character. */
static Answer
begins_part (const Scan *scan, gsize at, gunichar c)
{
  PfKind before = letter_before (scan, at), after = pf_unicode_kind (c);
  gunichar same;
  guint n;

  if (after == PF_KIND_MARK)
    return NO;
  if (before == PF_KIND_CONNECTOR || after == PF_KIND_CONNECTOR)
    return YES;
  if (before == PF_KIND_DIGIT || after == PF_KIND_DIGIT)
    return before != after ? YES : NO;
  if (after != PF_KIND_UPPER && after != PF_KIND_TITLE)
    return NO;
  if (before != PF_KIND_UPPER)
    return before == PF_KIND_LOWER || before == PF_KIND_TITLE ? YES : NO;
  if (after == PF_KIND_TITLE)
    return YES;
  char_at (scan, at, &same, &n);
  return is_small_letter (scan, at + n);
}

static Answer
holds_before (const Scan *scan, PfBoundary boundary, gsize start)
{
  gunichar first, before;
  guint n;

  if (boundary == PF_BOUNDARY_NONE || !char_before (scan, start, &before))
    return YES;
  if (boundary == PF_BOUNDARY_HOST && before == '-')
    return NO;
  if (!is_word (scan, before))
    return YES;
  if (boundary == PF_BOUNDARY_STRICT || boundary == PF_BOUNDARY_HOST)
    return NO;
  char_at (scan, start, &first, &n);
  if (!is_word (scan, first))
    return YES;
  return boundary == PF_BOUNDARY_SUBWORD ? begins_part (scan, start, first)
                                         : NO;
}

/* For hosts: what comes after the full stop at AT must not be a word. */
static Answer
holds_after_stop (const Scan *scan, gsize at)
{
  gunichar c;
  guint n;
  Answer there = char_at (scan, at + 1, &c, &n);

  if (there != YES)
    return there == NO ? YES : UNDECIDED;
  return is_word (scan, c) ? NO : YES;
}

static Answer
holds_after (const Scan *scan, PfBoundary boundary, gsize end)
{
  gunichar last, after;
  guint n;
  Answer there;

  if (boundary == PF_BOUNDARY_NONE || boundary == PF_BOUNDARY_PREFIX)
    return YES;
  pf_utf8_prev (scan->text.data, scan->text.data + end, &last);
  if ((boundary == PF_BOUNDARY_WORD || boundary == PF_BOUNDARY_SUBWORD) &&
      !is_word (scan, last))
    return YES;
  there = char_at (scan, end, &after, &n);
  if (there != YES)
    return there == NO ? YES : UNDECIDED;
  if (is_word (scan, after))
    return boundary == PF_BOUNDARY_SUBWORD ? begins_part (scan, end, after)
                                           : NO;
  if (boundary != PF_BOUNDARY_HOST)
    return YES;
  if (after == '.')
    return holds_after_stop (scan, end);
  return after == '-' ? NO : YES;
}

/* Gathers the entries of CANDIDATE whose rules hold, exact ones first. */
static Answer
collect_entries (const Scan *scan, gsize start, const Candidate *candidate)
{
  const PfReference *matcher = scan->matcher;
  GArray *exact = scan->scratch->exact, *folded = scan->scratch->folded;

  g_array_set_size (exact, 0);
  g_array_set_size (folded, 0);
  for (guint32 i = matcher->first_entry[candidate->node]; i != NO_ENTRY;
       i = matcher->next_entry[i]) {
    const PfEntry *entry = &matcher->entries[i];
    gboolean spelled = is_spelled (scan, entry->term, start, candidate->end);
    Answer holds;

    if (!spelled && entry->case_rule == PF_CASE_EXACT)
      continue;
    holds = holds_before (scan, entry->boundary, start);
    if (holds == YES)
      holds = holds_after (scan, entry->boundary, candidate->end);
    if (holds == UNDECIDED)
      return UNDECIDED;
    if (holds == YES)
      g_array_append_val (spelled ? exact : folded, i);
  }
  g_array_append_vals (exact, folded->data, folded->len);
  return exact->len > 0 ? YES : NO;
}

/* Whether no term can start at AT because it is inside a word: then every
 * boundary rule but NONE and SUBWORD fails for it. */
static gboolean
is_inside_word (const Scan *scan, gsize at, gunichar c)
{
  gunichar before;

  return scan->matcher->none_inside_word && is_word (scan, c) &&
         char_before (scan, at, &before) && is_word (scan, before);
}

/* The longest candidate that holds, shorter ones than candidates[*N] only:
 * YES with the match, and *N left at its number. */
static Answer
next_match (const Scan *scan, gsize start, guint *n, PfMatch *match)
{
  while (*n > 0) {
    const Candidate *candidate =
        &g_array_index (scan->scratch->candidates, Candidate, --*n);
    Answer holds = collect_entries (scan, start, candidate);

    if (holds == YES)
      *match =
          (PfMatch){ .start = start,
                     .end = candidate->end,
                     .entries = (const guint32 *)scan->scratch->exact->data,
                     .n_entries = scan->scratch->exact->len };
    if (holds != NO)
      return holds;
  }
  return NO;
}

/* With overlapping, a position is reported whole or not at all, or a longer
 * window would report its first matches again. */
static gboolean
is_all_decided (const Scan *scan, gsize start)
{
  guint n = scan->scratch->candidates->len;
  PfMatch match;
  Answer holds;

  do
    holds = next_match (scan, start, &n, &match);
  while (holds == YES);
  return holds == NO;
}

/* Reports what begins at AT. YES: the scan goes on at *NEXT, which is moved
 * behind a match; NO: the callback ended it there. */
static Answer
scan_position (Scan *scan, const PfScan *job, gsize at, gsize *next)
{
  gboolean overlapping = scan->matcher->rules.overlapping;
  PfMatch match;
  Answer holds;
  guint n;

  if (collect_candidates (scan, at) == UNDECIDED ||
      (overlapping && !is_all_decided (scan, at)))
    return UNDECIDED;
  n = scan->scratch->candidates->len;
  while ((holds = next_match (scan, at, &n, &match)) == YES) {
    if (!overlapping)
      *next = scan->match_end = match.end;
    if (!job->func (&match, job->user)) {
      *next = match.end;
      return NO;
    }
    if (!overlapping)
      return YES;
  }
  return holds == UNDECIDED ? UNDECIDED : YES;
}

gsize
pf_reference_scan (const PfReference *self, PfReferenceScratch *scratch,
                   const PfScan *job)
{
  Scan scan = { self, scratch, job->text, job->final, G_MAXSIZE };
  gsize limit = job->limit > 0 ? job->limit : G_MAXSIZE;
  Answer going_on = YES;
  gsize at = job->from;
  gunichar c;
  guint len;

  while (going_on == YES && at < limit &&
         char_at (&scan, at, &c, &len) == YES) {
    /* A limit may stand within a character. */
    gsize next = MIN (at + len, limit);

    if (!is_inside_word (&scan, at, c))
      going_on = scan_position (&scan, job, at, &next);
    if (going_on != UNDECIDED)
      at = next;
  }
  return at;
}
