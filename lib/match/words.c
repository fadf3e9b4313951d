#include "match/words_private.h"

#include "glossary/glossary.h"
#include "match/entry_rules.h"
#include "text/unicode.h"

static PfItemRules
make_rules (const PfWords *self, PfEntryRules entry)
{
  return (PfItemRules){
    .is_anywhere = pf_boundary_is_inner ((PfBoundary)entry.boundary),
    .ignores_case = entry.case_rule == PF_CASE_IGNORE,
    .boundary = entry.boundary,
    .is_edge = pf_word_class_is_plain (self->words) &&
               (entry.boundary == PF_BOUNDARY_WORD ||
                entry.boundary == PF_BOUNDARY_STRICT),
  };
}

static void
measure_shapes (PfWords *self)
{
  for (gsize i = 0; i < self->index->n_shapes; i++) {
    self->max_before = MAX (self->max_before, self->index->shapes[i].before);
    self->max_after = MAX (self->max_after, self->index->shapes[i].after);
  }
}

/* Whether all entries are of a kind that the kernel can compare. */
static void
choose_comparison (PfWords *self)
{
  guint n_exact = 0, n_ignoring = 0, n_other = 0;

  for (guint bits = 0; bits < PF_RULE_BITS_MAX; bits++) {
    const PfItemRules *rules = &self->rules[bits];

    if (!(self->index->numbers.rules[bits / 32] >> (bits % 32) & 1))
      continue;
    n_other += !rules->is_edge;
    n_ignoring += rules->ignores_case;
    n_exact += !rules->ignores_case;
  }
  self->can_compare = n_other == 0 && (n_exact == 0 || n_ignoring == 0);
  self->comparison.n_entries = self->n_entries;
  self->comparison.fold = n_ignoring > 0 ? PF_TOKEN_FOLD : 0;
  self->comparison.unsure = n_ignoring > 0 ? PF_ITEM_MORE : PF_ITEM_TWIN;
}

/* White space and other gaps beyond ASCII are told apart later. */
static void
measure_gaps (PfWords *self)
{
  const guint32 *gaps = self->index->numbers.gaps;
  gboolean any_high = (gaps[4] | gaps[5] | gaps[6] | gaps[7]) != 0;
  gboolean has_space = gaps[1] & 1;

  if (self->max_tokens < 2)
    return;
  for (guint c = 1; c < 0x80; c++)
    if (gaps[c / 32] >> (c % 32) & 1)
      self->gap_of[c] = (guint8)c;
  for (guint c = '\t'; has_space && c <= '\r'; c++)
    self->gap_of[c] = ' ';
  /* NUL stands for no gap, so it is not known either. */
  self->gap_of[0] = gaps[0] & 1 ? PF_GAP_UNKNOWN : 0;
  for (guint c = 0x80; (any_high || has_space) && c < 256; c++)
    self->gap_of[c] = PF_GAP_UNKNOWN;
}

static void
fill_units (PfWords *self)
{
  for (guint c = 0; c < 256; c++) {
    gboolean is_word = g_ascii_isalnum ((char)c) || c == '_';

    self->unit_of[c] = (guint8)(is_word ? c | 0x20 : c);
    if (c >= 0x80)
      self->unit_of[c] = PF_GAP_UNKNOWN;
  }
  for (guint c = '\t'; c <= '\r'; c++)
    self->unit_of[c] = ' ';
}

/* Such a character folds to one of that plane, and a word character to a word
 * character. */
static guint16 *
fold_words (void)
{
  guint16 *folded = g_new0 (guint16, PF_BMP_SIZE);

  for (gunichar c = 0; c < PF_BMP_SIZE; c++)
    if (pf_unicode_is_word (c))
      folded[c] = (guint16)pf_unicode_fold (c);
  folded['_'] = 0x7F; /* as in pf_token_fold */
  return folded;
}

PfWords *
pf_words_new (const PfGlossary *glossary, const PfWordClass *words,
              const PfMatchRules *rules, PfIsa isa)
{
  PfWords *self = g_new0 (PfWords, 1);
  const PfRuleTable table = pf_rule_table (glossary, rules);
  const PfIndexNumbers *numbers;

  self->index = pf_glossary_index (glossary);
  numbers = &self->index->numbers;
  self->n_entries = (guint32)pf_glossary_n_entries (glossary);
  self->words = words;
  self->kernel = pf_kernel_for (isa);
  self->filter = (PfFilter){ self->index->filter, numbers->n_filter,
                             pf_token_keys (numbers->seed) };
  self->space = rules->space;
  self->overlapping = rules->overlapping;
  self->max_folded =
      MIN ((gsize)numbers->max_token, PF_TOKEN_FOLDED_MAX (PF_TERM_MAX));
  self->max_token = self->max_folded * PF_UNFOLD_MAX;
  self->folded_words = fold_words ();
  self->min_token = numbers->min_token > 0 ? MIN (numbers->min_token, 64) : 64;
  self->max_tokens = MIN (numbers->max_tokens, PF_TERM_MAX);
  measure_shapes (self);
  measure_gaps (self);
  fill_units (self);
  self->can_lead_on = self->max_tokens > 1 || self->index->n_shapes > 0;
  for (guint bits = 0; bits < PF_RULE_BITS_MAX; bits++)
    self->rules[bits] = make_rules (self, table.of[bits]);
  choose_comparison (self);
  self->has_prefixes = self->kernel->find_prefixes != NULL &&
                       pf_prefixes_fill (&self->prefixes, glossary);
  return self;
}

void
pf_words_free (PfWords *self)
{
  if (self == NULL)
    return;
  g_free (self->folded_words);
  g_free (self);
}

PfWordsScratch *
pf_words_scratch_new (void)
{
  PfWordsScratch *self = g_new0 (PfWordsScratch, 1);

  self->found.hits = g_array_new (FALSE, FALSE, sizeof (PfHit));
  self->found.entries = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->found.folded = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->found.before = g_array_new (FALSE, FALSE, 2 * sizeof (guint64));
  self->found.after = g_array_new (FALSE, FALSE, 2 * sizeof (guint64));
  return self;
}

void
pf_words_scratch_free (PfWordsScratch *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->found.hits);
  g_array_unref (self->found.entries);
  g_array_unref (self->found.folded);
  g_array_unref (self->found.before);
  g_array_unref (self->found.after);
  g_free (self->folded);
  g_free (self);
}

/* A scan under way. */
typedef struct {
  const PfWords *words;
  PfWordsScratch *scratch;
  const PfScan *job;
  PfWindow window;
  gsize end;   /* of what may be looked at: a last character may be cut off */
  gsize limit; /* no match begins here or behind */
  gsize next;  /* no match begins before: where the last one ended */
  gboolean over;
  gsize result; /* where it went over */
} Scan;

static gboolean
end_at (Scan *self, gsize at)
{
  self->over = TRUE;
  self->result = at;
  return FALSE;
}

static inline gboolean
report (Scan *self, const PfHit *hit, const guint32 *entries)
{
  PfMatch match = { hit->start, hit->end, entries + hit->first, hit->n };

  if (!self->words->overlapping)
    self->next = hit->end;
  return self->job->func (&match, self->job->user) || end_at (self, hit->end);
}

static int
compare_hits (const void *a, const void *b)
{
  const PfHit *x = a, *y = b;

  if (x->start != y->start)
    return x->start < y->start ? -1 : 1;
  return x->end > y->end ? -1 : x->end < y->end;
}

/* All hits of one candidate hold its token, so without overlapping one of them
 * is all there can be. */
static gboolean
report_found (Scan *self)
{
  GArray *hits = self->scratch->found.hits;
  const guint32 *entries =
      (const guint32 *)(gpointer)self->scratch->found.entries->data;
  guint n = self->words->overlapping ? hits->len : MIN (hits->len, 1);

  if (hits->len > 1)
    qsort (hits->data, hits->len, sizeof (PfHit), compare_hits);
  for (guint i = 0; i < n; i++) {
    const PfHit *hit = &g_array_index (hits, PfHit, i);

    if (hit->start < self->limit && !report (self, hit, entries))
      return FALSE;
  }
  return TRUE;
}

/* What stands before a term's first token takes this many bytes at most. */
static gsize
lead_bytes_max (const PfWords *self)
{
  gsize unit = self->space == PF_SPACE_EXACT ? PF_TERM_MAX : PF_SPACE_RUN_MAX;

  return self->max_before * unit;
}

/* FALSE where the scan is over. */
static gboolean
take_candidate (Scan *self, const PfCandidate *candidate)
{
  const PfWords *words = self->words;
  gsize lead_max = lead_bytes_max (words);

  if (candidate->start < self->next)
    return TRUE;
  if (candidate->start >= self->limit &&
      candidate->start - self->limit >= lead_max)
    return end_at (self, MAX (self->limit, self->next));
  if (pf_words_verify (words, &self->window, self->next, candidate,
                       &self->scratch->found) == PF_UNDECIDED)
    return end_at (self,
                   MIN (pf_words_lead_start (words, &self->window, self->next,
                                             candidate->start),
                        MAX (self->limit, self->next)));
  return report_found (self);
}

/* Most candidates have one entry or none, and need no more than a look. */
static gboolean
take_prepared (Scan *self, gsize block, const guint8 *text,
               const PfPrepared *prepared)
{
  PfHit hit = { block + prepared->start, block + prepared->end, 0, 1 };
  PfCandidate candidate = { hit.start, hit.end, prepared->hash };
  guint32 entry = prepared->tag;
  guint n;

  if (hit.start < self->next)
    return TRUE;
  if (prepared->gap == PF_STATE_FOUND && hit.start < self->limit)
    return report (self, &hit, &entry);
  if (prepared->leads_on || hit.start >= self->limit)
    return take_candidate (self, &candidate);
  n = pf_words_lookup (self->words, prepared, text, &entry);
  if (n == PF_WORDS_MANY)
    return take_candidate (self, &candidate);
  return n == 0 || report (self, &hit, &entry);
}

static gboolean
take_all_prepared (Scan *self, gsize block, const guint8 *text)
{
  const PfWordsScratch *scratch = self->scratch;

  for (guint i = 0; i < scratch->n_prepared; i++)
    if (!take_prepared (self, block, text, &scratch->prepared[i]))
      return FALSE;
  return TRUE;
}

/* The token at *AT is longer than a block, or open at the end of the window.
 * FALSE where the scan is over. */
static gboolean
take_long_token (Scan *self, gsize *at)
{
  PfSpan text = self->window.text;
  PfCandidate candidate = { *at, pf_words_token_end (text, *at, self->end), 0 };

  *at = candidate.end;
  if (candidate.end == self->end && !self->window.final)
    /* One that is too long for all terms is none, however it goes on. */
    return end_at (self,
                   candidate.end - candidate.start > self->words->max_token
                       ? MIN (self->end, MAX (self->limit, self->next))
                       : MIN (pf_words_lead_start (self->words, &self->window,
                                                   self->next, candidate.start),
                              MAX (self->limit, self->next)));
  if (!pf_words_hash_token (self->words, self->scratch,
                            pf_span_sub (text, candidate.start, candidate.end),
                            &candidate.hash))
    return TRUE;
  return take_candidate (self, &candidate);
}

/* Whether AT is inside a token, where none begins. */
static gboolean
is_inside (const Scan *self, gsize at)
{
  gunichar c;

  if (at == 0)
    return FALSE;
  pf_utf8_prev (self->window.text.data, self->window.text.data + at, &c);
  return c != PF_UTF8_INVALID && pf_unicode_is_word (c);
}

/* A scan may begin within a character, where no term does. */
static gsize
skip_tail (PfSpan text, gsize at)
{
  gunichar c;

  for (gsize n = 1; n < 4 && n <= at && at < text.len; n++) {
    const guint8 *p = text.data + at - n;
    guint len = pf_utf8_next (p, text.data + text.len, &c);

    if (len > n)
      return at - n + len;
    if (!pf_utf8_is_tail (*p))
      break;
  }
  return at;
}

/* Where a window that does not end the text loses its last character, if the
 * rest of that is yet to come. */
static gsize
whole_end (const PfScan *job)
{
  gsize len = job->text.len;

  for (gsize n = 1; !job->final && n < 4 && n <= len; n++)
    if (pf_utf8_truncated (job->text.data + len - n, job->text.data + len))
      return len - n;
  return len;
}

static void
scan_blocks (Scan *self)
{
  gsize at = skip_tail (self->job->text, self->job->from), len;
  gsize stop = self->limit;

  if (is_inside (self, at))
    at = pf_words_token_end (self->window.text, at, self->end);
  if (self->words->max_before > 0 && stop < self->end)
    stop += lead_bytes_max (self->words);
  while (!self->over && at < self->end && at < stop) {
    const guint8 *block = pf_words_tokenise (
        self->words, self->scratch, &self->window, self->end, at, &len);

    pf_words_prepare (self->words, self->scratch, block, len);
    if (len == 0)
      take_long_token (self, &at);
    else if (take_all_prepared (self, at, block))
      at += len;
  }
}

gsize
pf_words_scan (const PfWords *self, PfWordsScratch *scratch, const PfScan *job)
{
  Scan scan = { .words = self,
                .scratch = scratch,
                .job = job,
                .window = { job->text, job->final, self->space, self->words },
                .end = MAX (whole_end (job), job->from),
                .limit = job->limit > 0 ? job->limit : G_MAXSIZE,
                .next = job->from };
  gsize decided;

  if (job->from >= scan.limit)
    return job->from;
  scan_blocks (&scan);
  if (scan.over)
    return scan.result;
  decided = job->final
                ? job->text.len
                : pf_words_lead_start (self, &scan.window, scan.next, scan.end);
  return MAX (MIN (decided, scan.limit), scan.next);
}
