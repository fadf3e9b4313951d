#include "match/anywhere_index.h"

#include <string.h>

#include "text/unicode.h"
#include "text/utf8.h"

/* An entry that is covered. */
typedef struct {
  guint32 number;
  PfEntryRules rules;
  PfSpan term; /* lies in the glossary */
} Covered;

/* What an image calls a term may be none. */
static gboolean
is_sound (PfSpan term)
{
  return term.len > 0 && pf_utf8_valid (term);
}

static void
cover (GArray *covered, guint32 number, PfEntryRules rules, PfSpan term)
{
  Covered entry = { number, rules, term };

  if (is_sound (term))
    g_array_append_val (covered, entry);
}

/* The entries that no token leads to; those of an image may hold anything. */
static void
cover_loose (GArray *covered, const PfSections *sections,
             const PfRuleTable *table)
{
  guint32 next = 0;

  for (gsize i = 0; i < sections->index.n_loose; i++) {
    guint32 number = sections->index.loose[i];

    if (number >= next && number < sections->n_entries) {
      PfItemView item = pf_sections_item (sections, number);

      cover (covered, number, table->of[item.rules], item.term);
      next = number + 1;
    }
  }
}

/* All entries that are loose or have a rule that says so. */
static void
cover_all (GArray *covered, const PfSections *sections,
           const PfRuleTable *table)
{
  const PfIndex *index = &sections->index;
  gsize k = 0;

  for (guint32 i = 0; i < sections->n_entries; i++) {
    PfItemView item = pf_sections_item (sections, i);
    PfEntryRules rules = table->of[item.rules];

    while (k < index->n_loose && index->loose[k] < i)
      k++;
    if (pf_boundary_is_inner ((PfBoundary)rules.boundary) ||
        (k < index->n_loose && index->loose[k] == i))
      cover (covered, i, rules, item.term);
  }
}

static gboolean
has_kind (const PfGlossary *glossary, guint bits)
{
  const guint32 *used = pf_glossary_index (glossary)->numbers.rules;

  return used[bits / 32] >> (bits % 32) & 1;
}

/* Whether some entry without a rule of its own may start anywhere; others that
 * may are loose. */
static gboolean
is_more_than_loose (const PfGlossary *glossary, const PfRuleTable *table)
{
  for (guint bits = 0; bits < PF_RULE_BITS_MAX; bits++)
    if (pf_rule_boundary ((PfRuleBits)bits) == PF_BOUNDARY_UNSET &&
        has_kind (glossary, bits) &&
        pf_boundary_is_inner ((PfBoundary)table->of[bits].boundary))
      return TRUE;
  return FALSE;
}

PfBoundary
pf_anywhere_index_edge (const PfAnywhereIndex *self, const PfGlossary *glossary)
{
  PfBoundary edge = PF_BOUNDARY_WORD;

  for (guint bits = 0; bits < PF_RULE_BITS_MAX; bits++) {
    PfBoundary boundary = (PfBoundary)self->rules.of[bits].boundary;

    if (!has_kind (glossary, bits))
      continue;
    if (boundary == PF_BOUNDARY_NONE)
      return PF_BOUNDARY_NONE;
    if (boundary == PF_BOUNDARY_SUBWORD)
      edge = PF_BOUNDARY_SUBWORD;
  }
  return edge;
}

/* Covered, in ascending order. (transfer full) */
static GArray *
find_covered (const PfGlossary *glossary, const PfRuleTable *table)
{
  GArray *covered = g_array_new (FALSE, FALSE, sizeof (Covered));

  if (is_more_than_loose (glossary, table))
    cover_all (covered, pf_glossary_sections (glossary), table);
  else
    cover_loose (covered, pf_glossary_sections (glossary), table);
  return covered;
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
find_form (const GArray *covered, PfSpace space)
{
  PfCanonicalForm form = { FALSE, FALSE };

  for (guint i = 0; i < covered->len; i++) {
    const Covered *entry = &g_array_index (covered, Covered, i);

    if (entry->rules.case_rule == PF_CASE_IGNORE)
      form.folds = TRUE;
    if (space != PF_SPACE_EXACT && !form.spaces)
      form.spaces = has_space (entry->term);
  }
  return form;
}

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

/* The id of each is its number in COVERED; they lie in the glossary or in
 * ARENA. */
static PfSortItem *
make_items (const PfAnywhereIndex *self, const GArray *covered,
            GStringChunk *arena)
{
  PfSortItem *items = g_new (PfSortItem, covered->len);
  guint8 canonical[2 * PF_TERM_MAX];

  for (guint i = 0; i < covered->len; i++) {
    PfSpan term = g_array_index (covered, Covered, i).term;

    if ((self->form.folds || self->form.spaces) &&
        !is_canonical (&self->form, term)) {
      term.len = pf_canonical_term (&self->form, term, canonical);
      term.data = (const guint8 *)g_string_chunk_insert_len (
          arena, (const char *)canonical, (gssize)term.len);
    }
    items[i] = (PfSortItem){ term.data, (guint32)term.len, i };
  }
  pf_term_sort (items, covered->len);
  return items;
}

static gboolean
is_same_term (const PfSortItem *a, const PfSortItem *b)
{
  return a->len == b->len && memcmp (a->bytes, b->bytes, a->len) == 0;
}

/* Whether an entry holds wherever it is found. */
static gboolean
is_sure (const PfAnywhereIndex *self, PfEntryRules rules)
{
  return rules.boundary == PF_BOUNDARY_NONE &&
         (!self->form.folds || rules.case_rule == PF_CASE_IGNORE);
}

/* Adds the list of these items; returns a terminal for it. */
static guint32
add_list (PfAnywhereIndex *self, const GArray *covered, const PfSortItem *items,
          gsize n)
{
  const Covered *first = &g_array_index (covered, Covered, items[0].id);
  guint32 terminal = (guint32)self->n_listed | PF_TERMINAL_LIST;

  if (n == 1 && is_sure (self, first->rules))
    return first->number;
  for (gsize i = 0; i < n; i++) {
    const Covered *entry = &g_array_index (covered, Covered, items[i].id);

    self->lists[self->n_listed++] =
        (PfListed){ .entry = entry->number,
                    .case_rule = entry->rules.case_rule,
                    .boundary = entry->rules.boundary,
                    .is_last = i + 1 == n };
  }
  return terminal;
}

/* Makes one item of those with the same term, with a terminal as its id;
 * returns how many are left. */
static gsize
make_lists (PfAnywhereIndex *self, const GArray *covered, PfSortItem *items)
{
  gsize n_terms = 0, n = covered->len, end;

  self->lists = g_new (PfListed, n);
  for (gsize begin = 0; begin < n; begin = end) {
    PfSortItem item = items[begin];

    for (end = begin + 1; end < n; end++)
      if (!is_same_term (&items[begin], &items[end]))
        break;
    item.id = add_list (self, covered, items + begin, end - begin);
    items[n_terms++] = item;
  }
  self->lists = g_renew (PfListed, self->lists, self->n_listed);
  return n_terms;
}

/* Whether A and B have the same prefixes, however they are spelled: a text may
 * have half as many bytes as its canonical form. */
static gboolean
is_spelled_alike (const PfAnywhereIndex *self, const PfSortItem *a,
                  const PfSortItem *b)
{
  guint len = self->form.folds ? 2 * PF_PREFIX_MAX : PF_PREFIX_MAX;

  return a->len >= len && b->len >= len &&
         memcmp (a->bytes, b->bytes, len) == 0;
}

static PfStartFilter *
make_filter (const PfAnywhereIndex *self, const PfSortItem *items, gsize n,
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
make_shortcuts (PfAnywhereIndex *self, const PfSortItem *items, gsize n)
{
  g_autofree guint8 *lens = g_new (guint8, n);

  for (gsize i = 0; i < n; i++) {
    guint8 first[PF_START_FILTER_LOOK] = { 0 };

    memcpy (first, items[i].bytes, MIN (items[i].len, PF_PREFIX_MAX));
    lens[i] = (guint8)pf_start_filter_key_len (self->filter, first);
  }
  pf_shortcuts_init (&self->shortcuts, &self->trie, items, lens, n);
}

static void
make_all (PfAnywhereIndex *self, const GArray *covered, PfIsa isa)
{
  GStringChunk *arena = g_string_chunk_new (1 << 16);
  PfSortItem *items = make_items (self, covered, arena);
  gsize n = make_lists (self, covered, items);

  self->filter = make_filter (self, items, n, isa);
  pf_flat_trie_init (&self->trie, items, n);
  make_shortcuts (self, items, n);
  g_free (items);
  g_string_chunk_free (arena);
}

gboolean
pf_anywhere_index_init (PfAnywhereIndex *self, const PfGlossary *glossary,
                        const PfMatchRules *rules, PfIsa isa)
{
  const PfRuleTable table = pf_rule_table (glossary, rules);
  g_autoptr (GArray) covered = find_covered (glossary, &table);

  *self = (PfAnywhereIndex){ .n_covered = covered->len, .rules = table };
  if (covered->len == 0)
    return FALSE;
  self->edge = pf_anywhere_index_edge (self, glossary);
  self->form = find_form (covered, rules->space);
  make_all (self, covered, isa);
  return TRUE;
}

void
pf_anywhere_index_clear (PfAnywhereIndex *self)
{
  pf_start_filter_free (self->filter);
  if (!self->is_opened) {
    pf_flat_trie_clear (&self->trie);
    pf_shortcuts_clear (&self->shortcuts);
    g_free (self->lists);
  }
  *self = (PfAnywhereIndex){ 0 };
}
