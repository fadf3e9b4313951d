/* A filter names the places where a term may begin (match/start_filter.h), a
 * walk down a trie of all terms finds where terms end (match/walk.h), and the
 * entries of each end are held to their rules:
 *
 *   text ──filter──▶ places ──shortcut──▶ nodes ──walk──▶ ends ──▶ entries
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

#include "match/start_filter.h"
#include "match/walk.h"
#include "text/unicode.h"

/* What goes through the filter at once: bytes. */
#define BLOCK 8192

struct PfAnywhere {
  const PfGlossary *glossary;
  const PfEntryRules *rules;
  PfCanonicalForm form;
  PfSpace space;
  gboolean all_ends;
  PfFlatTrie trie;
  PfShortcuts shortcuts;
  PfStartFilter *filter;
  /* How many entries, and their numbers, again and again. */
  guint32 *lists;
};

/* What a terminal of the trie is: the number of an entry that needs no check,
 * for it holds wherever it is found; or, with this bit, where in lists those
 * are whose term ends there. */
#define TERMINAL_LIST 0x80000000u

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
};

static gboolean
is_canonical (const PfCanonicalForm *form, PfSpan term)
{
  for (gsize i = 0; i < term.len; i++) {
    guint8 c = term.data[i];

    if (c >= 0x80 || (form->spaces && pf_unicode_is_space (c)) ||
        (form->folds && c >= 'A' && c <= 'Z'))
      return FALSE;
  }
  return TRUE;
}

/* The items lie in the glossary or in ARENA. */
static PfSortItem *
make_items (const PfAnywhere *self, const PfAnywhereSpec *spec,
            GStringChunk *arena)
{
  PfSortItem *items = g_new (PfSortItem, spec->n_entries);
  guint8 canonical[2 * PF_TERM_MAX];

  for (gsize i = 0; i < spec->n_entries; i++) {
    PfSpan term = pf_glossary_entry (spec->glossary, spec->entries[i]).term;

    if ((self->form.folds || self->form.spaces) &&
        !is_canonical (&self->form, term)) {
      term.len = pf_canonical_term (&self->form, term, canonical);
      term.data = (const guint8 *)g_string_chunk_insert_len (
          arena, (const char *)canonical, (gssize)term.len);
    }
    items[i] = (PfSortItem){ term.data, (guint32)term.len, spec->entries[i] };
  }
  pf_term_sort (items, spec->n_entries);
  return items;
}

static gboolean
is_same_term (const PfSortItem *a, const PfSortItem *b)
{
  return a->len == b->len && memcmp (a->bytes, b->bytes, a->len) == 0;
}

/* Whether ENTRY holds wherever it is found. */
static gboolean
is_sure (const PfAnywhere *self, guint32 entry)
{
  PfEntryRules rules = self->rules[entry];

  return rules.boundary == PF_BOUNDARY_NONE &&
         (!self->form.folds || rules.case_rule == PF_CASE_IGNORE);
}

/* Adds the list of these items at *USED; returns a terminal for it. */
static guint32
add_list (PfAnywhere *self, const PfSortItem *items, gsize n, gsize *used)
{
  guint32 terminal = (guint32)*used | TERMINAL_LIST;

  if (n == 1 && is_sure (self, items[0].id))
    return items[0].id;
  self->lists[(*used)++] = (guint32)n;
  for (gsize i = 0; i < n; i++)
    self->lists[(*used)++] = items[i].id;
  return terminal;
}

/* Makes one item of those with the same term, with a terminal as its id;
 * returns how many are left. */
static gsize
make_lists (PfAnywhere *self, PfSortItem *items, gsize n)
{
  gsize n_terms = 0, used = 0, end;

  self->lists = g_new (guint32, 2 * n + 1);
  for (gsize begin = 0; begin < n; begin = end) {
    PfSortItem item = items[begin];

    for (end = begin + 1; end < n; end++)
      if (!is_same_term (&items[begin], &items[end]))
        break;
    item.id = add_list (self, items + begin, end - begin, &used);
    items[n_terms++] = item;
  }
  self->lists = g_renew (guint32, self->lists, used + 1);
  return n_terms;
}

/* Whether A and B have the same prefixes, however they are spelled: a text may
 * have half as many bytes as its canonical form. */
static gboolean
is_spelled_alike (const PfAnywhere *self, const PfSortItem *a,
                  const PfSortItem *b)
{
  guint len = self->form.folds ? 2 * PF_PREFIX_MAX : PF_PREFIX_MAX;

  return a->len >= len && b->len >= len &&
         memcmp (a->bytes, b->bytes, len) == 0;
}

static PfStartFilter *
make_filter (const PfAnywhere *self, const PfSortItem *items, gsize n,
             PfIsa isa)
{
  g_autoptr (PfSpellings) spellings = pf_spellings_new (&self->form);
  g_autoptr (GArray) prefixes = g_array_new (FALSE, FALSE, sizeof (PfPrefix));

  for (gsize i = 0; i < n; i++)
    if (i == 0 || !is_spelled_alike (self, &items[i - 1], &items[i]))
      pf_spellings_append (spellings, (PfSpan){ items[i].bytes, items[i].len },
                           prefixes);
  return pf_start_filter_new ((const PfPrefix *)prefixes->data, prefixes->len,
                              self->form.folds, isa);
}

static void
make_shortcuts (PfAnywhere *self, const PfSortItem *items, gsize n)
{
  g_autofree guint8 *lens = g_new (guint8, n);

  for (gsize i = 0; i < n; i++) {
    guint8 first[PF_START_FILTER_LOOK] = { 0 };

    memcpy (first, items[i].bytes, MIN (items[i].len, PF_PREFIX_MAX));
    lens[i] = (guint8)pf_start_filter_key_len (self->filter, first);
  }
  pf_shortcuts_init (&self->shortcuts, &self->trie, items, lens, n);
}

static gboolean
has_space (PfSpan term)
{
  const guint8 *p = term.data, *end = p + term.len;
  gunichar c;

  while (p < end) {
    p += pf_utf8_next (p, end, &c);
    if (pf_unicode_is_space (c))
      return TRUE;
  }
  return FALSE;
}

/* The less the form does, the quicker the walk is. */
static PfCanonicalForm
find_form (const PfAnywhereSpec *spec)
{
  PfCanonicalForm form = { FALSE, FALSE };

  for (gsize i = 0; i < spec->n_entries; i++) {
    guint32 number = spec->entries[i];

    if (spec->rules[number].case_rule == PF_CASE_IGNORE)
      form.folds = TRUE;
    if (spec->space != PF_SPACE_EXACT && !form.spaces)
      form.spaces = has_space (pf_glossary_entry (spec->glossary, number).term);
  }
  return form;
}

PfAnywhere *
pf_anywhere_new (const PfAnywhereSpec *spec)
{
  PfAnywhere *self = g_new0 (PfAnywhere, 1);
  GStringChunk *arena = g_string_chunk_new (1 << 16);
  PfSortItem *items;
  gsize n;

  self->glossary = spec->glossary;
  self->rules = spec->rules;
  self->space = spec->space;
  self->all_ends = spec->all_ends;
  self->form = find_form (spec);
  items = make_items (self, spec, arena);
  n = make_lists (self, items, spec->n_entries);
  self->filter = make_filter (self, items, n, spec->isa);
  pf_flat_trie_init (&self->trie, items, n);
  make_shortcuts (self, items, n);
  g_free (items);
  g_string_chunk_free (arena);
  return self;
}

void
pf_anywhere_free (PfAnywhere *self)
{
  if (self == NULL)
    return;
  pf_flat_trie_clear (&self->trie);
  pf_shortcuts_clear (&self->shortcuts);
  pf_start_filter_free (self->filter);
  g_free (self->lists);
  g_free (self);
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
  guint plain = pf_walk_peek (&self->form, p, &word);

  place->key_len = 0;
  place->in_trie = (PfTriePlace){ PF_FLAT_ROOT, 0, 0 };
  if (plain < len)
    return;
  place->key_len = (guint8)len;
  place->key = pf_shortcut_key (word, len);
  place->slot = (guint32)pf_shortcut_slot (&self->shortcuts, place->key);
  __builtin_prefetch (&self->shortcuts.slots[place->slot]);
}

/* Follows the shortcut at PLACE; FALSE where there is none, so that no term
 * begins there. The node is fetched. */
static gboolean
take_shortcut (const PfAnywhere *self, Place *place)
{
  const PfShortcut *shortcut;

  if (place->key_len == 0)
    return TRUE;
  shortcut = pf_shortcut_find (&self->shortcuts, place->slot, place->key,
                               place->key_len);
  if (shortcut == NULL)
    return FALSE;
  place->in_trie = shortcut->place;
  __builtin_prefetch (&self->trie.nodes[place->in_trie.node]);
  return TRUE;
}

/* Fetches the child that the text at P, behind the key of PLACE, leads to. */
static void
fetch_child (const PfAnywhere *self, const guint8 *p, const Place *place)
{
  const PfFlatNode *node = &self->trie.nodes[place->in_trie.node];
  guint left = node->len - place->in_trie.taken;
  guint8 byte;

  if (place->key_len + left >= PF_START_FILTER_LOOK)
    return;
  byte = p[place->key_len + left];
  if (node->children >> byte % 16 & 1)
    __builtin_prefetch (&self->trie.nodes[node->base + byte]);
}

/* Looks for places between FROM and TO. First all slots are fetched, then all
 * nodes, so that none of them is waited for. */
static void
filter_places (const PfAnywhere *self, PfAnywhereScratch *scratch,
               const guint8 *text, gsize from, gsize to)
{
  gsize n = pf_start_filter_find (self->filter, text, from, to, scratch->found);
  gsize kept = 0;

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
          (Place){ .at = i, .in_trie = { PF_FLAT_ROOT, 0, 0 } };
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

static PfAnswer
check_entry (const PfAnywhere *self, const PfWindow *window, gsize start,
             gsize end, guint32 number, gboolean *spelled)
{
  PfEntryRules rules = self->rules[number];

  *spelled =
      !self->form.folds ||
      pf_window_spells (window, pf_glossary_entry (self->glossary, number).term,
                        start, end);
  if (!*spelled && rules.case_rule == PF_CASE_EXACT)
    return PF_NO;
  if (!pf_window_holds_before (window, (PfBoundary)rules.boundary, start))
    return PF_NO;
  return pf_window_holds_after (window, (PfBoundary)rules.boundary, end);
}

/* Appends to scratch->numbers those entries of the list at END that hold. */
static PfAnswer
check_list (const PfAnywhere *self, PfAnywhereScratch *scratch,
            const PfWindow *window, gsize start, const PfWalkEnd *end)
{
  const guint32 *list = self->lists + (end->terminal & ~TERMINAL_LIST);
  guint had = scratch->numbers->len;

  g_array_set_size (scratch->folded, 0);
  for (guint i = 1; i <= list[0]; i++) {
    gboolean spelled;
    PfAnswer holds =
        check_entry (self, window, start, end->end, list[i], &spelled);

    if (holds == PF_UNDECIDED)
      return PF_UNDECIDED;
    if (holds == PF_YES)
      g_array_append_val (spelled ? scratch->numbers : scratch->folded,
                          list[i]);
  }
  g_array_append_vals (scratch->numbers, scratch->folded->data,
                       scratch->folded->len);
  return scratch->numbers->len > had ? PF_YES : PF_NO;
}

static PfAnswer
add_end (const PfAnywhere *self, PfAnywhereScratch *scratch,
         const PfWindow *window, gsize start, const PfWalkEnd *end)
{
  guint had = scratch->numbers->len;
  PfAnywhereEnd found = { end->end, &end->terminal, 1 };

  if (end->terminal & TERMINAL_LIST) {
    PfAnswer holds = check_list (self, scratch, window, start, end);

    if (holds != PF_YES)
      return holds;
    found.entries = NULL;
    found.n_entries = scratch->numbers->len - had;
  }
  scratch->hit_ends[scratch->n_hit_ends++] = found;
  return PF_YES;
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
  const PfWalk walk = { &self->trie, &self->form, window };
  const PfWalkEnd *last;

  scratch->n_hit_ends = 0;
  if (!pf_walk (&walk, place->in_trie, start + place->key_len, scratch->ends,
                &scratch->n_ends))
    return PF_UNDECIDED;
  if (scratch->n_ends == 0)
    return PF_NO;
  last = &scratch->ends[scratch->n_ends - 1];
  if (self->all_ends || last->terminal & TERMINAL_LIST)
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
