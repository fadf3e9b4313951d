#include "match/mixed.h"

/* Matches at word edges are pushed to us, those that start anywhere are pulled.
 * Of each start both are gathered, then it is decided what is reported. */
typedef struct {
  const PfMixed *parts;
  const PfScan *scan;
  GArray *ends;    /* End, of the start at hand, the farthest first */
  GArray *entries; /* guint32, of these ends */
  gsize start;     /* at hand, where ends is not empty */
  gsize next;      /* no match begins before */
  gsize pulled;    /* how far matches that start anywhere were asked for */
  gboolean over;
  gsize result;
} Mix;

typedef struct {
  gsize end;
  guint first, n; /* entries */
} End;

static gboolean
end_at (Mix *self, gsize at)
{
  self->over = TRUE;
  self->result = at;
  return FALSE;
}

static gboolean
report (Mix *self, gsize start, gsize end, const guint32 *entries, guint n)
{
  PfMatch match = { start, end, entries, n };

  if (!self->parts->overlapping)
    self->next = end;
  return self->scan->func (&match, self->scan->user) || end_at (self, end);
}

static gboolean
is_spelled (const Mix *self, guint32 entry, gsize start, gsize end)
{
  return pf_window_spells (
      &self->parts->window,
      pf_glossary_entry (self->parts->glossary, entry).term, start, end);
}

typedef struct {
  gboolean folded;
  guint32 entry;
} Ranked;

static int
compare_ranked (const void *a, const void *b)
{
  const Ranked *x = a, *y = b;

  if (x->folded != y->folded)
    return x->folded ? 1 : -1;
  return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* Both matchers have entries from START to END. */
static gboolean
report_both (Mix *self, gsize start, const End *end, const PfAnywhereEnd *other)
{
  guint n = end->n + other->n_entries;
  g_autofree Ranked *ranked = g_new (Ranked, n);
  g_autofree guint32 *entries = g_new (guint32, n);

  for (guint i = 0; i < n; i++) {
    guint32 entry = i < end->n
                        ? g_array_index (self->entries, guint32, end->first + i)
                        : other->entries[i - end->n];

    ranked[i] = (Ranked){ !is_spelled (self, entry, start, end->end), entry };
  }
  qsort (ranked, n, sizeof *ranked, compare_ranked);
  for (guint i = 0; i < n; i++)
    entries[i] = ranked[i].entry;
  return report (self, start, end->end, entries, n);
}

/* Reports the ends of one start, the farthest first; without overlapping, the
 * first one only. N_ENDS are ours, those of HIT are added. */
static gboolean
report_start (Mix *self, gsize start, guint n_ends, const PfAnywhereHit *hit)
{
  const End *end = (const End *)(gpointer)self->ends->data;
  const End *last = end + n_ends;
  const PfAnywhereEnd *other = hit != NULL ? hit->ends : NULL;
  const PfAnywhereEnd *last_other = hit != NULL ? other + hit->n_ends : NULL;
  gboolean going_on = TRUE;

  while (going_on && (end < last || other < last_other)) {
    if (other == last_other || (end < last && end->end > other->end)) {
      going_on =
          report (self, start, end->end,
                  &g_array_index (self->entries, guint32, end->first), end->n);
      end++;
    } else if (end == last || other->end > end->end) {
      going_on =
          report (self, start, other->end, other->entries, other->n_entries);
      other++;
    } else {
      going_on = report_both (self, start, end++, other++);
    }
    if (!self->parts->overlapping)
      break;
  }
  return going_on;
}

/* What starts anywhere, from what is settled up to LIMIT. */
static PfAnswer
pull (Mix *self, gsize limit, PfAnywhereHit *hit)
{
  const PfMixed *parts = self->parts;
  gsize from = MAX (self->pulled, self->next);
  PfAnswer there = PF_NO;

  if (from < limit)
    there = pf_anywhere_next (parts->anywhere, parts->anywhere_scratch,
                              &parts->window, from, limit, hit);
  self->pulled = there == PF_YES ? hit->start + 1 : MAX (from, limit);
  return there;
}

/* Reports all that starts before LIMIT anywhere. */
static gboolean
report_others (Mix *self, gsize limit)
{
  PfAnywhereHit hit;
  PfAnswer there;

  while ((there = pull (self, limit, &hit)) == PF_YES)
    if (!report_start (self, hit.start, 0, &hit))
      return FALSE;
  return there == PF_NO || end_at (self, MAX (hit.start, self->next));
}

/* Reports the start at hand, and what begins there or before. */
static gboolean
report_at_hand (Mix *self)
{
  guint n_ends = self->ends->len;
  PfAnywhereHit hit;
  PfAnswer there;

  if (n_ends == 0)
    return TRUE;
  if (!report_others (self, self->start))
    return FALSE;
  there = pull (self, self->start + 1, &hit);
  if (there == PF_UNDECIDED)
    return end_at (self, MAX (hit.start, self->next));
  if (self->start >= self->next &&
      !report_start (self, self->start, n_ends, there == PF_YES ? &hit : NULL))
    return FALSE;
  g_array_set_size (self->ends, 0);
  g_array_set_size (self->entries, 0);
  return TRUE;
}

static gboolean
on_word_match (const PfMatch *match, gpointer user)
{
  Mix *self = user;
  End end = { match->end, 0, match->n_entries };

  if (match->start != self->start && !report_at_hand (self))
    return FALSE;
  if (match->start < self->next)
    return TRUE;
  self->start = match->start;
  end.first = self->entries->len;
  g_array_append_vals (self->entries, match->entries, match->n_entries);
  g_array_append_val (self->ends, end);
  return TRUE;
}

gsize
pf_mixed_scan (const PfMixed *self, const PfScan *scan)
{
  Mix mix = { .parts = self,
              .scan = scan,
              .ends = g_array_new (FALSE, FALSE, sizeof (End)),
              .entries = g_array_new (FALSE, FALSE, sizeof (guint32)),
              .next = scan->from,
              .pulled = scan->from };
  PfScan words = *scan;
  gsize decided;

  words.func = on_word_match;
  words.user = &mix;
  pf_anywhere_begin (self->anywhere_scratch);
  decided = pf_words_scan (self->words, self->words_scratch, &words);
  if (!mix.over && report_at_hand (&mix))
    report_others (&mix, decided);
  g_array_unref (mix.ends);
  g_array_unref (mix.entries);
  return mix.over ? mix.result : MAX (decided, mix.next);
}
