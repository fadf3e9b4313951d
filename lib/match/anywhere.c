/* A filter names the places where a term may begin (match/start_filter.h), a
 * walk down a trie of all terms finds where terms end (match/walk.h), and the
 * entries of each end are held to their rules:
 *
 *   text ──filter──▶ places ──shortcut──▶ nodes ──walk──▶ ends ──▶ entries
 *
 * Where every term begins at an edge of some kind, places inside words are
 * dropped before they are looked up (match/inner.h).
 *
 * A block of the text at a time goes through the filter, and through the
 * shortcuts into the trie; what these lead to is fetched for all places before
 * it is looked at for the first.
 *
 * Why so. Two other ways were weighed, with random words of five letters and
 * more, on C source in memory, one thread. The speed of Vectorscan 5.4.9, in
 * the same run, is 1 for each number of terms:
 *
 *                                     1,000   10,000   100,000
 *   double-array automaton (daachorse)  0.16     0.34      0.65
 *   this, AVX-512                        1.3      2.3       1.9
 *   this, AVX2                           1.1      1.9       1.7
 *   this, without vectors                0.6      1.1       1.2
 *
 * An automaton takes a load that depends on the one before for every byte.
 * Vectorscan needs 3 s to begin with 100,000 terms, where this needs 0.04 s;
 * and white space, folding that changes length, and rules by entry would have
 * to be matched by other means beside it.
 *
 * What was tried on the way, and what came of it:
 * - Grams at each second position in place of each: 1.4 times as fast at 1,000
 *   terms, 1.2 at 10,000, 1.07 at 100,000. A byte tested beside each gram: 1.4
 *   times at 10,000. Places written by compressing a vector: 1.06 times at
 *   100,000.
 * - Shortcuts in place of walks from the root: 1.45 times at 100,000; nodes of
 *   children fetched ahead, 1.03 times; huge pages, 1.1 times.
 * - Grams at the rarest place of a term, by how common letters are: a quarter
 *   fewer hits at most, and none fewer at 100,000. By the frequencies of the
 *   text itself it would be three to seven times fewer, up to 10,000 terms; but
 *   nobody knows them.
 * - Words gathered from the table by one instruction, nodes that never cross a
 *   cache line, shortcuts that fill their table less: no difference.
 * What bounds it at 100,000 terms, in equal parts: looking up grams, which fill
 * more than the first cache; refining places; and walks, a third of which find
 * nothing, so that branches are hard to predict.
 */
#include "match/anywhere.h"

#include <string.h>

#include "match/anywhere_image.h"
#include "match/inner.h"
#include "match/walk.h"

/* What goes through the filter at once: bytes. */
#define BLOCK 8192

struct PfAnywhere {
  const PfGlossary *glossary;
  guint32 n_entries; /* of the glossary */
  gboolean all_ends;
  PfAnywhereIndex index;
  PfInner inner; /* where index.edge is not NONE */
};

/* A place where a term may begin. Its first bytes are its key, where they are
 * plain, and lead to a place in the trie. */
typedef struct {
  guint64 key;
  guint32 at; /* relative to places_from */
  guint32 slot;
  guint8 key_len; /* 0 where the walk begins at the root */
  PfTriePlace in_trie;
} Place;

struct PfAnywhereScratch {
  guint32 *found; /* what the filter writes */
  Place *places;
  gsize n_places, next_place;
  gsize places_from, places_to; /* what the places were looked for in */
  PfWalkEnd *ends;
  guint n_ends;
  PfAnywhereEnd *hit_ends;
  guint n_hit_ends;
  GArray *numbers; /* guint32: entries that were checked */
  GArray *folded;  /* guint32 */
  guint32 n_left;  /* entries there can be at one start that were not looked at;
                      lists of a damaged image may be met again and again */
};

PfAnywhere *
pf_anywhere_new (const PfGlossary *glossary, const PfMatchRules *rules,
                 PfIsa isa)
{
  PfAnywhere *self = g_new0 (PfAnywhere, 1);

  self->glossary = glossary;
  self->n_entries = (guint32)pf_glossary_n_entries (glossary);
  self->all_ends = rules->overlapping;
  if (!pf_anywhere_image_open (&self->index, glossary, rules, isa) &&
      !pf_anywhere_index_init (&self->index, glossary, rules, isa))
    g_clear_pointer (&self, pf_anywhere_free);
  else if (self->index.edge != PF_BOUNDARY_NONE)
    pf_inner_init (&self->inner, self->index.edge);
  return self;
}

void
pf_anywhere_free (PfAnywhere *self)
{
  if (self == NULL)
    return;
  pf_anywhere_index_clear (&self->index);
  g_free (self);
}

guint32
pf_anywhere_n_covered (const PfAnywhere *self)
{
  return self->index.n_covered;
}

gboolean
pf_anywhere_is_stored (const PfAnywhere *self)
{
  return self->index.is_opened;
}

PfAnywhereScratch *
pf_anywhere_scratch_new (void)
{
  PfAnywhereScratch *self = g_new0 (PfAnywhereScratch, 1);

  self->found = g_new (guint32, BLOCK + PF_START_SPARE);
  self->places = g_new (Place, BLOCK);
  self->ends = g_new (PfWalkEnd, PF_WALK_ENDS_MAX);
  self->hit_ends = g_new (PfAnywhereEnd, PF_WALK_ENDS_MAX);
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->folded = g_array_new (FALSE, FALSE, sizeof (guint32));
  return self;
}

void
pf_anywhere_scratch_free (PfAnywhereScratch *self)
{
  if (self == NULL)
    return;
  g_free (self->found);
  g_free (self->places);
  g_free (self->ends);
  g_free (self->hit_ends);
  g_array_unref (self->numbers);
  g_array_unref (self->folded);
  g_free (self);
}

void
pf_anywhere_begin (PfAnywhereScratch *scratch)
{
  scratch->places_from = scratch->places_to = 0;
  scratch->n_places = scratch->next_place = 0;
}

/* What leads from the text at P into the trie; its slot is fetched. */
static void
find_key (const PfAnywhere *self, const guint8 *p, guint len, Place *place)
{
  guint64 word;
  guint plain = pf_walk_peek (&self->index.form, p, &word);

  place->key_len = 0;
  place->in_trie = (PfTriePlace){ PF_FLAT_ROOT, 0, 0, 0 };
  if (plain < len)
    return;
  place->key_len = (guint8)len;
  place->key = pf_shortcut_key (word, len);
  place->slot = (guint32)pf_shortcut_slot (&self->index.shortcuts, place->key);
  __builtin_prefetch (&self->index.shortcuts.slots[place->slot]);
}

/* Follows the shortcut at PLACE; FALSE where there is none, so that no term
 * begins there. The node is fetched. */
static gboolean
take_shortcut (const PfAnywhere *self, Place *place)
{
  const PfShortcut *shortcut;

  if (place->key_len == 0)
    return TRUE;
  shortcut = pf_shortcut_find (&self->index.shortcuts, place->slot, place->key,
                               place->key_len);
  if (shortcut == NULL || shortcut->place.node >= self->index.trie.n_nodes)
    return FALSE;
  place->in_trie = shortcut->place;
  __builtin_prefetch (&self->index.trie.nodes[place->in_trie.node]);
  return TRUE;
}

/* Fetches the child that the text at P, behind the key of PLACE, leads to. */
static void
fetch_child (const PfAnywhere *self, const guint8 *p, const Place *place)
{
  const PfFlatNode *node = &self->index.trie.nodes[place->in_trie.node];
  guint left = node->len - place->in_trie.taken;
  guint8 byte;

  if (place->key_len + left >= PF_START_FILTER_LOOK)
    return;
  byte = p[place->key_len + left];
  if (node->children >> byte % 16 & 1)
    __builtin_prefetch (&self->index.trie.nodes[node->base + byte]);
}

/* Looks for places between FROM and TO. First all slots are fetched, then all
 * nodes, so that none of them is waited for. */
static void
filter_places (const PfAnywhere *self, PfAnywhereScratch *scratch,
               const guint8 *text, gsize from, gsize to)
{
  gsize n =
      pf_start_filter_find (self->index.filter, text, from, to, scratch->found);
  gsize kept = 0;

  if (self->index.edge != PF_BOUNDARY_NONE)
    n = pf_inner_drop (&self->inner, text, from, scratch->found, n);
  for (gsize i = 0; i < n; i++) {
    guint32 at = PF_START_AT (scratch->found[i]);

    scratch->places[i].at = at;
    find_key (self, text + from + at, PF_START_KEY_LEN (scratch->found[i]),
              &scratch->places[i]);
  }
  for (gsize i = 0; i < n; i++) {
    Place place = scratch->places[i];

    if (take_shortcut (self, &place))
      scratch->places[kept++] = place;
  }
  scratch->n_places = kept;
  for (gsize i = 0; i < kept; i++)
    fetch_child (self, text + from + scratch->places[i].at,
                 &scratch->places[i]);
}

/* Looks for places from FROM on. The last bytes of a window are too few for the
 * filter, and each of them is a place. */
static void
find_places (const PfAnywhere *self, PfAnywhereScratch *scratch, PfSpan text,
             gsize from)
{
  gsize left = text.len - from;

  scratch->places_from = from;
  scratch->next_place = 0;
  if (left > PF_START_FILTER_LOOK) {
    scratch->places_to = from + MIN (left - PF_START_FILTER_LOOK, BLOCK);
    filter_places (self, scratch, text.data, from, scratch->places_to);
  } else {
    scratch->places_to = text.len;
    scratch->n_places = left;
    for (guint32 i = 0; i < left; i++)
      scratch->places[i] =
          (Place){ .at = i, .in_trie = { PF_FLAT_ROOT, 0, 0, 0 } };
  }
}

/* The next place from *AT on; NULL where there is none before LIMIT. */
static const Place *
next_place (const PfAnywhere *self, PfAnywhereScratch *scratch, PfSpan text,
            gsize limit, gsize *at)
{
  for (;;) {
    for (; scratch->next_place < scratch->n_places; scratch->next_place++) {
      const Place *place = &scratch->places[scratch->next_place];

      if (scratch->places_from + place->at >= *at) {
        *at = scratch->places_from + place->at;
        return *at < limit ? place : NULL;
      }
    }
    *at = MAX (*at, scratch->places_to);
    if (*at >= MIN (limit, text.len))
      return NULL;
    find_places (self, scratch, text, *at);
  }
}

/* How the entry LISTED, which is one, is to be matched. */
static PfEntryRules
rules_of (const PfAnywhere *self, const PfListed *listed)
{
  const PfSections *sections = pf_glossary_sections (self->glossary);

  return self->index.is_for_others
             ? self->index.rules
                   .of[pf_sections_item (sections, listed->entry).rules]
             : (PfEntryRules){ listed->case_rule, listed->boundary };
}

static PfAnswer
check_edges (const PfWindow *window, gsize start, gsize end,
             PfBoundary boundary)
{
  PfAnswer before = pf_window_holds_before (window, boundary, start);

  return before == PF_YES ? pf_window_holds_after (window, boundary, end)
                          : before;
}

static gboolean
is_spelled (const PfAnywhere *self, const PfWindow *window, gsize start,
            gsize end, guint32 entry)
{
  const PfSections *sections = pf_glossary_sections (self->glossary);

  return !self->index.form.folds ||
         pf_window_spells (window, pf_sections_item (sections, entry).term,
                           start, end);
}

/* SPELLED is NULL where it does not matter. */
static PfAnswer
check_entry (const PfAnywhere *self, const PfWindow *window, gsize start,
             gsize end, const PfListed *listed, gboolean *spelled)
{
  PfEntryRules rules;
  PfAnswer holds;
  gboolean ignores_case;

  if (listed->entry >= self->n_entries)
    return PF_NO;
  rules = rules_of (self, listed);
  holds = check_edges (window, start, end, (PfBoundary)rules.boundary);
  ignores_case = rules.case_rule == PF_CASE_IGNORE;
  if (holds == PF_NO || (ignores_case && spelled == NULL))
    return holds;
  if (is_spelled (self, window, start, end, listed->entry)) {
    if (spelled != NULL)
      *spelled = TRUE;
    return holds;
  }
  return ignores_case ? holds : PF_NO;
}

/* Appends to scratch->numbers those entries of LIST, N at most, that hold. */
static PfAnswer
check_list (const PfAnywhere *self, PfAnywhereScratch *scratch,
            const PfWindow *window, gsize start, gsize end,
            const PfListed *list, gsize n)
{
  guint had = scratch->numbers->len;
  gboolean is_last = FALSE;

  g_array_set_size (scratch->folded, 0);
  for (gsize i = 0; i < n && !is_last && scratch->n_left > 0; i++) {
    gboolean spelled = FALSE;
    PfAnswer holds = check_entry (self, window, start, end, &list[i], &spelled);

    if (holds == PF_UNDECIDED)
      return PF_UNDECIDED;
    if (holds == PF_YES)
      g_array_append_val (spelled ? scratch->numbers : scratch->folded,
                          list[i].entry);
    is_last = list[i].is_last;
    scratch->n_left--;
  }
  g_array_append_vals (scratch->numbers, scratch->folded->data,
                       scratch->folded->len);
  return scratch->numbers->len > had ? PF_YES : PF_NO;
}

/* A list most often has one entry, which is then used where it is. */
static PfAnswer
check_terminal (const PfAnywhere *self, PfAnywhereScratch *scratch,
                const PfWindow *window, gsize start, const PfWalkEnd *end,
                PfAnywhereEnd *found)
{
  gsize from = MIN (end->terminal & ~PF_TERMINAL_LIST, self->index.n_listed);
  const PfListed *list = self->index.lists + from;
  guint had = scratch->numbers->len;
  PfAnswer holds;

  if ((end->terminal & PF_TERMINAL_LIST) == 0)
    return check_entry (self, window, start, end->end,
                        &(PfListed){ .entry = end->terminal }, NULL);
  if (from < self->index.n_listed && list->is_last) {
    found->entries = &list->entry;
    return check_entry (self, window, start, end->end, list, NULL);
  }
  holds = check_list (self, scratch, window, start, end->end, list,
                      self->index.n_listed - from);
  found->entries = NULL;
  found->n_entries = scratch->numbers->len - had;
  return holds;
}

static PfAnswer
add_end (const PfAnywhere *self, PfAnywhereScratch *scratch,
         const PfWindow *window, gsize start, const PfWalkEnd *end)
{
  PfAnywhereEnd found = { end->end, &end->terminal, 1 };
  PfAnswer holds = end->terminal < self->n_entries ? PF_YES : PF_NO;

  if (end->terminal & PF_TERMINAL_LIST || self->index.is_for_others)
    holds = check_terminal (self, scratch, window, start, end, &found);
  if (holds == PF_YES)
    scratch->hit_ends[scratch->n_hit_ends++] = found;
  return holds;
}

/* The numbers may have moved while they were gathered. */
static void
set_entries (PfAnywhereScratch *scratch)
{
  const guint32 *numbers = (const guint32 *)scratch->numbers->data;

  for (guint i = 0; i < scratch->n_hit_ends; i++) {
    PfAnywhereEnd *end = &scratch->hit_ends[i];

    if (end->entries == NULL) {
      end->entries = numbers;
      numbers += end->n_entries;
    }
  }
}

/* Of the ends that were found, those that hold. */
static PfAnswer
check_ends (const PfAnywhere *self, PfAnywhereScratch *scratch,
            const PfWindow *window, gsize start)
{
  g_array_set_size (scratch->numbers, 0);
  scratch->n_left = self->n_entries;
  for (guint i = scratch->n_ends; i-- > 0;) {
    PfAnswer holds = add_end (self, scratch, window, start, &scratch->ends[i]);

    if (holds == PF_UNDECIDED)
      return PF_UNDECIDED;
    if (holds == PF_YES && !self->all_ends)
      break;
  }
  set_entries (scratch);
  return scratch->n_hit_ends > 0 ? PF_YES : PF_NO;
}

static PfAnswer
match_at (const PfAnywhere *self, PfAnywhereScratch *scratch,
          const PfWindow *window, gsize start, const Place *place)
{
  const PfWalk walk = { &self->index.trie, &self->index.form, window };
  const PfWalkEnd *last;

  scratch->n_hit_ends = 0;
  if (!pf_walk (&walk, place->in_trie, start + place->key_len, scratch->ends,
                &scratch->n_ends))
    return PF_UNDECIDED;
  if (scratch->n_ends == 0)
    return PF_NO;
  last = &scratch->ends[scratch->n_ends - 1];
  /* Beyond the entries: a list, or the terminal of a damaged image. */
  if (self->all_ends || last->terminal >= self->n_entries ||
      self->index.is_for_others)
    return check_ends (self, scratch, window, start);
  scratch->hit_ends[scratch->n_hit_ends++] =
      (PfAnywhereEnd){ last->end, &last->terminal, 1 };
  return PF_YES;
}

PfAnswer
pf_anywhere_next (const PfAnywhere *self, PfAnywhereScratch *scratch,
                  const PfWindow *window, gsize from, gsize limit,
                  PfAnywhereHit *hit)
{
  const Place *place;
  gsize at = from;

  while ((place = next_place (self, scratch, window->text, limit, &at)) !=
         NULL) {
    PfAnswer holds = match_at (self, scratch, window, at, place);

    if (holds != PF_NO) {
      *hit = (PfAnywhereHit){ .start = at,
                              .ends = scratch->hit_ends,
                              .n_ends = scratch->n_hit_ends };
      return holds;
    }
    at++;
  }
  return PF_NO;
}
