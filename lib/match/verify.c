/* What a candidate token comes to. From it, the index is asked along three
 * ways, each of which the filter of chains cuts off where no term goes:
 *
 *   the token itself                      lookup
 *   what follows: units and more tokens   walk
 *   what stands around a chain of tokens  shaped
 *
 * A look-up gives items whose key is that of the text; each is then compared
 * with the text in full and held to its rules.
 */
#include <stdlib.h>

#include "glossary/glossary.h"
#include "match/words_private.h"
#include "text/unicode.h"

/* Units that a term can hold between two tokens. */
#define UNITS_MAX PF_TERM_MAX

typedef struct {
  const PfWords *words;
  const PfWindow *window;
  gsize from;
  const PfCandidate *candidate;
  PfFound *found;
} Verify;

/* A chain of tokens in the text. */
typedef struct {
  guint64 hash;
  gsize end;
  guint n_tokens;
} Chain;

typedef enum { SPELLED_NOT, SPELLED_FOLDED, SPELLED_EXACTLY } Spelled;

static guint
take_char (const guint8 **p, const guint8 *end, gboolean spaces, gunichar *c)
{
  guint n = pf_utf8_next (*p, end, c);

  *p += n;
  if (!spaces || !pf_unicode_is_space (*c))
    return n;
  *c = ' ';
  while (*p < end) {
    gunichar next;

    n = pf_utf8_next (*p, end, &next);
    if (!pf_unicode_is_space (next))
      break;
    *p += n;
  }
  return n;
}

/* Whether TERM and TEXT differ in case only, and in white space where that is
 * not compared byte for byte. */
static gboolean
is_folded (PfSpan term, PfSpan text, gboolean spaces)
{
  const guint8 *p = term.data, *p_end = p + term.len;
  const guint8 *q = text.data, *q_end = q + text.len;
  gunichar c, d;

  while (p < p_end && q < q_end) {
    take_char (&p, p_end, spaces, &c);
    take_char (&q, q_end, spaces, &d);
    if (c != d && pf_unicode_fold (c) != pf_unicode_fold (d))
      return FALSE;
  }
  return p == p_end && q == q_end;
}

/* TEXT is one token, or PLAIN is FALSE and it may hold white space. */
static Spelled
spelled (const Verify *self, PfSpan term, gsize start, gsize end,
         gboolean plain, gboolean ignores_case)
{
  PfSpan text = pf_span_sub (self->window->text, start, end);
  gboolean spaces = !plain && self->window->space != PF_SPACE_EXACT;

  if (term.len == text.len && memcmp (term.data, text.data, text.len) == 0)
    return SPELLED_EXACTLY;
  if (spaces && pf_window_spells (self->window, term, start, end))
    return SPELLED_EXACTLY;
  if (ignores_case && is_folded (term, text, spaces))
    return SPELLED_FOLDED;
  return SPELLED_NOT;
}

static PfAnswer
is_bounded (const Verify *self, const PfItemRules *rules, gsize start,
            gsize end)
{
  PfBoundary boundary = (PfBoundary)rules->boundary;

  PfAnswer before = pf_window_holds_before (self->window, boundary, start);

  return before == PF_YES ? pf_window_holds_after (self->window, boundary, end)
                          : before;
}

/* Adds the entry of ITEM where all its rules hold. */
static PfAnswer
take_item (const Verify *self, const PfItemView *item, gsize start, gsize end,
           gboolean plain)
{
  const PfItemRules *rules = &self->words->rules[item->rules];
  PfFound *found = self->found;
  Spelled how;
  PfAnswer bounded = PF_YES;

  if (rules->is_anywhere || item->entry >= self->words->n_entries)
    return PF_NO;
  how = spelled (self, item->term, start, end, plain, rules->ignores_case);
  if (how == SPELLED_NOT)
    return PF_NO;
  if (!rules->is_edge || !plain)
    bounded = is_bounded (self, rules, start, end);
  if (bounded == PF_YES)
    g_array_append_val (how == SPELLED_EXACTLY ? found->entries : found->folded,
                        item->entry);
  return bounded;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;

  return x < y ? -1 : x > y;
}

/* Terms that are spelled alike but for white space stand by their bytes. */
static void
sort_entries (GArray *entries, guint first)
{
  guint32 *all = (guint32 *)(gpointer)entries->data + first;
  guint n = entries->len - first;

  for (guint i = 1; i < n; i++)
    if (all[i - 1] > all[i]) {
      qsort (all, n, sizeof *all, compare_numbers);
      return;
    }
}

/* All entries with KEY that hold from START to END become a hit. PLAIN: what
 * stands there is one token. */
static PfAnswer
lookup (const Verify *self, guint64 key, gsize start, gsize end, gboolean plain)
{
  const PfIndex *index = self->words->index;
  PfFound *found = self->found;
  PfHit hit = { start, end, found->entries->len, 0 };
  PfIndexSearch search = pf_index_search (index, pf_key_spread (key));
  gsize at;
  PfItemView item;

  while (pf_index_next (index, &search, &at)) {
    item.more = TRUE;
    while (item.more && pf_index_item (index, &at, &item))
      if (take_item (self, &item, start, end, plain) == PF_UNDECIDED)
        return PF_UNDECIDED;
  }
  if (!plain)
    sort_entries (found->entries, hit.first);
  if (found->folded->len > 0) {
    g_array_sort (found->folded, compare_numbers);
    g_array_append_vals (found->entries, found->folded->data,
                         found->folded->len);
    found->folded->len = 0;
  }
  hit.n = found->entries->len - hit.first;
  if (hit.n > 0)
    g_array_append_val (found->hits, hit);
  return PF_YES;
}

/* A run of white space that is then compared byte for byte: what a term can
 * hold is all that matters. */
static PfAnswer
exact_run (const PfWindow *window, gsize at, gsize *run)
{
  gunichar c = 0;
  guint len = 0;

  for (*run = 0; *run <= PF_TERM_MAX; *run += len) {
    PfAnswer there = pf_window_char (window, at + *run, &c, &len);

    if (there == PF_UNDECIDED)
      return PF_UNDECIDED;
    if (there == PF_NO || !pf_unicode_is_space (c))
      return PF_YES;
  }
  return PF_NO;
}

static PfAnswer
space_run (const PfWindow *window, gsize at, gsize *run)
{
  return window->space == PF_SPACE_EXACT
             ? exact_run (window, at, run)
             : pf_window_space_run (window, at, run);
}

/* Takes the unit at *AT into UNIT. NO at the end of the text, at a word
 * character, at what no term can hold, and at white space that none matches. */
static PfAnswer
take_unit (const PfWindow *window, gsize *at, gunichar *unit)
{
  gsize run;
  guint len;
  PfAnswer there = pf_window_char (window, *at, unit, &len);

  if (there != PF_YES)
    return there;
  if (*unit == PF_UTF8_INVALID || pf_unicode_is_word (*unit))
    return PF_NO;
  if (!pf_unicode_is_space (*unit)) {
    *at += len;
    return PF_YES;
  }
  *unit = ' ';
  there = space_run (window, *at, &run);
  if (there == PF_YES)
    *at += run;
  return there;
}

static gboolean
is_word_at (const PfWindow *window, gsize at)
{
  gunichar c;
  guint len;

  return pf_window_char (window, at, &c, &len) == PF_YES &&
         c != PF_UTF8_INVALID && pf_unicode_is_word (c);
}

/* Whether some term of CHAIN goes on with a gap that begins with the character
 * behind it. This needs no byte beyond it, so that a match before a line break
 * is not kept waiting for the next line. */
static PfAnswer
may_go_on (const Verify *self, const Chain *chain)
{
  gunichar c;
  guint len;
  PfAnswer there = pf_window_char (self->window, chain->end, &c, &len);
  guint8 byte;

  if (there != PF_YES || chain->n_tokens > PF_CHAIN_DEPTH)
    return there;
  byte = pf_unicode_is_space (c) ? ' ' : self->window->text.data[chain->end];
  return pf_index_leads_on (self->words->index, chain->hash, PF_NEXT_GAP (byte))
             ? PF_YES
             : PF_NO;
}

/* Takes the units between two tokens. YES where a token follows. */
static PfAnswer
take_gap (const Verify *self, Chain *chain)
{
  gsize at = chain->end;
  gunichar unit;
  guint n = 0;
  PfAnswer there = may_go_on (self, chain);

  while (there == PF_YES && n < UNITS_MAX) {
    there = take_unit (self->window, &at, &unit);
    if (there != PF_YES)
      break;
    chain->hash = pf_chain_unit (chain->hash, unit);
    n++;
  }
  if (there == PF_UNDECIDED)
    return PF_UNDECIDED;
  chain->end = at;
  return n > 0 && is_word_at (self->window, at) ? PF_YES : PF_NO;
}

static guint64
hash_folded (PfSpan token, PfTokenKeys keys)
{
  guint8 folded[PF_TOKEN_FOLDED_MAX (PF_UNFOLD_MAX * PF_TERM_MAX)];
  gsize len = pf_token_fold (token, folded);

  memset (folded + len, 0, 8);
  return pf_token_hash (folded, len, 0, keys);
}

static guint64
hash_token (const Verify *self, gsize start, gsize end)
{
  PfSpan text = self->window->text, token = pf_span_sub (text, start, end);
  PfTokenKeys keys = self->words->filter.keys;

  if (text.len - start < 8 || !pf_words_is_ascii (token))
    return hash_folded (token, keys);
  return pf_token_hash (token.data, token.len, PF_TOKEN_FOLD, keys);
}

static PfAnswer
take_token (const Verify *self, Chain *chain)
{
  const PfWindow *window = self->window;
  gsize end = pf_words_token_end (window->text, chain->end, window->text.len);
  gunichar c;
  guint len;

  if (end - chain->end > PF_UNFOLD_MAX * PF_TERM_MAX)
    return PF_NO;
  if (pf_window_char (window, end, &c, &len) == PF_UNDECIDED)
    return PF_UNDECIDED;
  chain->hash =
      pf_chain_token (chain->hash, hash_token (self, chain->end, end));
  chain->end = end;
  chain->n_tokens++;
  return chain->n_tokens > PF_CHAIN_DEPTH ||
                 pf_index_has_chain (self->words->index, chain->hash)
             ? PF_YES
             : PF_NO;
}

/* Units outside a chain of tokens: where they end, outwards, and their hash. */
typedef struct {
  guint64 hash;
  gsize at;
} Outside;

static PfAnswer
gather_after (const Verify *self, gsize at, guint most, GArray *after)
{
  Outside outside = { 0, at };
  PfAnswer there = PF_YES;
  gunichar unit;

  g_array_set_size (after, 0);
  g_array_append_val (after, outside);
  while (after->len <= most) {
    there = take_unit (self->window, &outside.at, &unit);
    if (there != PF_YES)
      break;
    outside.hash = pf_chain_unit (outside.hash, unit);
    g_array_append_val (after, outside);
  }
  return there;
}

/* Takes the unit before *AT, at or after FROM. */
static gboolean
take_unit_before (const PfWindow *window, gsize from, gsize *at, gunichar *unit)
{
  const guint8 *begin = window->text.data + from;
  const guint8 *p = window->text.data + *at;
  gsize run = 0;

  if (p == begin)
    return FALSE;
  p -= pf_utf8_prev (begin, p, unit);
  if (*unit == PF_UTF8_INVALID || pf_unicode_is_word (*unit))
    return FALSE;
  if (pf_unicode_is_space (*unit)) {
    gunichar c = *unit;

    while (p > begin && pf_unicode_is_space (c)) {
      guint len = pf_utf8_prev (begin, p, &c);
      if (!pf_unicode_is_space (c))
        break;
      p -= len;
    }
    *unit = ' ';
    if (space_run (window, (gsize)(p - window->text.data), &run) == PF_NO)
      return FALSE;
  }
  *at = (gsize)(p - window->text.data);
  return TRUE;
}

static void
gather_before (const Verify *self, gsize at, guint most, GArray *before)
{
  Outside outside = { 0, at };
  gunichar unit;

  g_array_set_size (before, 0);
  g_array_append_val (before, outside);
  while (before->len <= most &&
         take_unit_before (self->window, self->from, &outside.at, &unit)) {
    outside.hash = pf_chain_unit (outside.hash, unit);
    g_array_append_val (before, outside);
  }
}

gsize
pf_words_lead_start (const PfWords *self, const PfWindow *window, gsize from,
                     gsize start)
{
  gunichar unit;

  for (guint i = 0; i < self->max_before; i++)
    if (!take_unit_before (window, from, &start, &unit))
      break;
  return start;
}

static gboolean
may_have_shape (const Verify *self, const Chain *chain)
{
  gunichar c;
  guint len;
  guint8 byte;

  if (pf_index_leads_on (self->words->index, chain->hash,
                         PF_NEXT_SHAPE (PF_AFTER_NOTHING)))
    return TRUE;
  switch (pf_window_char (self->window, chain->end, &c, &len)) {
  case PF_NO:
    return FALSE;
  case PF_UNDECIDED:
    return TRUE;
  default:
    byte = pf_unicode_is_space (c) ? ' ' : self->window->text.data[chain->end];
    return pf_index_leads_on (self->words->index, chain->hash,
                              PF_NEXT_SHAPE (byte));
  }
}

/* The shapes that terms of this chain may have. */
static PfAnswer
shaped (const Verify *self, const Chain *chain)
{
  const PfWords *words = self->words;
  GArray *before = self->found->before, *after = self->found->after;
  PfAnswer more;

  if (words->index->n_shapes == 0 || !may_have_shape (self, chain))
    return PF_YES;
  gather_before (self, self->candidate->start, words->max_before, before);
  more = gather_after (self, chain->end, words->max_after, after);
  for (gsize i = 0; i < words->index->n_shapes; i++) {
    PfShape shape = words->index->shapes[i];
    const Outside *b, *a;

    if (shape.before >= before->len)
      continue;
    if (shape.after >= after->len) {
      /* Only what this very chain may have is waited for. */
      if (more == PF_UNDECIDED &&
          pf_index_leads_on (words->index, chain->hash,
                             PF_NEXT_AFTER (shape.after)))
        return PF_UNDECIDED;
      continue;
    }
    b = &g_array_index (before, Outside, shape.before);
    a = &g_array_index (after, Outside, shape.after);
    if (lookup (self, pf_shaped_key (chain->hash, b->hash, a->hash), b->at,
                a->at, FALSE) == PF_UNDECIDED)
      return PF_UNDECIDED;
  }
  return PF_YES;
}

/* Follows the text behind the candidate as far as terms do. */
static PfAnswer
walk (const Verify *self, Chain chain)
{
  PfAnswer there = PF_YES;

  while (chain.n_tokens < self->words->max_tokens) {
    there = take_gap (self, &chain);
    if (there == PF_YES)
      there = take_token (self, &chain);
    if (there == PF_YES)
      there =
          lookup (self, chain.hash, self->candidate->start, chain.end, FALSE);
    if (there == PF_YES)
      there = shaped (self, &chain);
    if (there != PF_YES)
      break;
  }
  return there == PF_UNDECIDED ? PF_UNDECIDED : PF_YES;
}

PfAnswer
pf_words_verify (const PfWords *self, const PfWindow *window, gsize from,
                 const PfCandidate *candidate, PfFound *found)
{
  Verify verify = { self, window, from, candidate, found };
  Chain chain = { candidate->hash, candidate->end, 1 };
  PfAnswer there;

  found->hits->len = found->entries->len = found->folded->len = 0;
  there = lookup (&verify, chain.hash, candidate->start, candidate->end, TRUE);
  if (there == PF_YES)
    there = shaped (&verify, &chain);
  if (there == PF_YES && self->max_tokens > 1)
    there = walk (&verify, chain);
  return there;
}
