/* Three walks: over the table and its items, over the entries, over the
 * sources. Each item is looked at as a scan would come to it, so that what is
 * right here is found. */
#include "glossary/image.h"

#include <string.h>

#include "glossary/term_chain.h"
#include "text/unicode.h"
#include "text/utf8.h"

typedef struct {
  const PfSections *sections;
  PfTokenKeys keys;
  guint8 *seen;      /* by entry, one bit each: has an item */
  gsize n_loose;     /* so far */
  GHashTable *terms; /* items of a key: the first of each term, and whether it
                        is the only one */
  guint32 gaps[PF_GAP_WORDS];           /* that terms have */
  guint32 rules[PF_RULE_BITS_MAX / 32]; /* that items have */
  PfError *error;
} Check;

static gboolean
wrong (const Check *self, const char *what, gsize where)
{
  return pf_error_set (self->error, PF_STATUS_DATA,
                       "the image is damaged: %s (%" G_GSIZE_FORMAT ")", what,
                       where);
}

/* The term of the item at P, which has been looked at. */
static PfSpan
term_at (gconstpointer p)
{
  const PfIndex item = { .items = { p, PF_ITEM_HEAD + PF_ITEM_LEN_MAX } };
  PfItemView view = { 0 };
  gsize at = 0;

  pf_index_item (&item, &at, &view);
  return view.term;
}

static guint32
entry_at (gconstpointer item)
{
  guint32 entry;

  memcpy (&entry, item, sizeof entry);
  return entry;
}

static guint
hash_term (gconstpointer item)
{
  PfSpan term = term_at (item);
  guint64 hash = term.len;

  for (gsize i = 0; i < term.len; i++)
    hash = pf_chain_unit (hash, term.data[i]);
  return (guint)(hash >> 32);
}

static gboolean
equal_terms (gconstpointer a, gconstpointer b)
{
  return pf_span_equal (term_at (a), term_at (b));
}

static gboolean
is_trimmed (PfSpan term)
{
  gunichar first, last;

  pf_utf8_next (term.data, term.data + term.len, &first);
  pf_utf8_prev (term.data, term.data + term.len, &last);
  return !pf_unicode_is_space (first) && !pf_unicode_is_space (last);
}

/* An item tells whether another one has its term, and has no bit set that has
 * no meaning; all items of its key have been noted. */
static gboolean
check_flags (const Check *self, const PfItemView *item, gsize offset)
{
  const guint8 *here = self->sections->index.items.data + offset;
  gpointer is_twin = g_hash_table_lookup (self->terms, here);
  guint32 word, flags = (item->more ? PF_ITEM_MORE : 0) |
                        (is_twin != NULL ? PF_ITEM_TWIN : 0);

  memcpy (&word, here + 4, sizeof word);
  return word == pf_item_word (item->term.len, item->rules, flags) ||
         wrong (self, "the flags of an item", offset);
}

static gboolean
check_term (const Check *self, const PfItemView *item, gsize offset)
{
  if (item->term.len == 0 || item->term.len > PF_TERM_MAX)
    return wrong (self, "the length of a term", offset);
  if (!pf_utf8_valid (item->term))
    return wrong (self, "a term is not valid UTF-8", offset);
  if (!is_trimmed (item->term))
    return wrong (self, "a term has white space at its ends", offset);
  if ((item->rules & 3) > PF_CASE_IGNORE)
    return wrong (self, "the rules of an entry", offset);
  return TRUE;
}

/* The filters lead to the term. */
static gboolean
check_filters (const Check *self, const PfTermChain *chain, gsize offset)
{
  const PfIndex *index = &self->sections->index;

  if (!pf_filter_has (index->filter, index->numbers.n_filter, chain->first))
    return wrong (self, "a term is not in the filter", offset);
  for (guint k = 0; k < pf_term_chain_gaps (chain); k++)
    if (!pf_index_leads_on (index, chain->nodes[k],
                            PF_NEXT_GAP (chain->next[k])) ||
        !pf_index_leads_on (index, chain->nodes[k],
                            PF_NEXT_PAIR (chain->next[k], chain->second[k])))
      return wrong (self, "a term is not in the chains", offset);
  for (guint k = 1; k < pf_term_chain_nodes (chain); k++)
    if (!pf_index_has_chain (index, chain->nodes[k]))
      return wrong (self, "a term is not in the chains", offset);
  return TRUE;
}

/* Whether the shapes, which ascend, have this one. */
static gboolean
has_shape (const PfIndex *index, PfShape shape)
{
  guint32 wanted = (guint32)shape.before << 16 | shape.after;
  gsize low = 0, high = index->n_shapes;

  while (low < high) {
    gsize middle = low + (high - low) / 2;
    PfShape there = index->shapes[middle];
    guint32 found = (guint32)there.before << 16 | there.after;

    if (found == wanted)
      return TRUE;
    if (found < wanted)
      low = middle + 1;
    else
      high = middle;
  }
  return FALSE;
}

static gboolean
check_shape (const Check *self, const PfTermChain *chain, gsize offset)
{
  const PfIndex *index = &self->sections->index;

  if (chain->shape.before == 0 && chain->shape.after == 0)
    return TRUE;
  if (!pf_index_leads_on (index, chain->chain,
                          PF_NEXT_SHAPE (chain->after_first)) ||
      !pf_index_leads_on (index, chain->chain,
                          PF_NEXT_AFTER (chain->shape.after)))
    return wrong (self, "the shape of a term is not in the chains", offset);
  return has_shape (index, chain->shape) ||
         wrong (self, "the shape of a term is not known", offset);
}

static gboolean
check_numbers (Check *self, const PfTermChain *chain, gsize offset)
{
  const PfIndexNumbers *numbers = &self->sections->index.numbers;

  if ((chain->first_ascii &&
       (numbers->min_token == 0 || chain->first_len < numbers->min_token)) ||
      chain->first_len > numbers->max_token ||
      chain->n_tokens > numbers->max_tokens ||
      (chain->n_tokens > 1 && !numbers->has_chains))
    return wrong (self, "a term is beyond the numbers of the index", offset);
  if (chain->n_tokens > 1)
    self->gaps[chain->next[0] / 32] |= 1u << chain->next[0] % 32;
  return TRUE;
}

/* Whether a look-up of SPREAD comes to the items that begin at FIRST. */
static gboolean
leads_to (const PfIndex *index, guint64 spread, gsize first)
{
  PfIndexSearch search = pf_index_search (index, spread);
  gsize at;

  while (pf_index_next (index, &search, &at))
    if (at == first)
      return TRUE;
  return FALSE;
}

/* A term that a scan comes to by its tokens, or else by the list of those that
 * it does not; the list ascends, and is gone through entry by entry later.
 * FIRST is where the items of its key begin. */
static gboolean
check_found (Check *self, const PfItemView *item, gsize first, gsize offset)
{
  PfTermChain chain;

  self->rules[item->rules / 32] |= 1u << item->rules % 32;
  pf_term_chain (&chain, item->term, self->keys);
  if (!leads_to (&self->sections->index,
                 pf_key_spread (pf_term_key (&chain, item->term)), first))
    return wrong (self, "an item is not under its key", offset);
  if (chain.n_tokens == 0 ||
      pf_boundary_is_inner (pf_rule_boundary (item->rules)))
    return TRUE;
  return check_filters (self, &chain, offset) &&
         check_shape (self, &chain, offset) &&
         check_numbers (self, &chain, offset);
}

/* Each entry has one item, and knows which. */
static gboolean
check_entry_number (Check *self, const PfItemView *item, gsize offset)
{
  const PfSections *sections = self->sections;
  guint32 entry = item->entry;

  if (entry >= sections->n_entries)
    return wrong (self, "an item has no entry", offset);
  if (self->seen[entry / 8] >> (entry % 8) & 1)
    return wrong (self, "two items of one entry", offset);
  self->seen[entry / 8] |= (guint8)(1u << entry % 8);
  return sections->item_of[entry] == offset ||
         wrong (self, "an entry does not lead to its item", entry);
}

/* An entry is the first of its term, or names the first. */
static gboolean
check_first (Check *self, const PfItemView *item, gsize offset)
{
  const PfSections *sections = self->sections;
  gpointer here = (gpointer)(sections->index.items.data + offset);
  gpointer first;
  guint32 number = item->entry;
  gboolean is_twin =
      g_hash_table_lookup_extended (self->terms, here, &first, NULL);

  if (sections->first_equal != NULL)
    number = sections->first_equal[item->entry];
  if (number > item->entry)
    return wrong (self, "the first entry of a term", item->entry);
  if (!is_twin)
    first = here;
  g_hash_table_insert (self->terms, first, GINT_TO_POINTER (is_twin));
  return number == entry_at (first) ||
         wrong (self, "the first entry of a term", item->entry);
}

/* All items of the key whose first one begins at FIRST. */
static gboolean
check_key (Check *self, gsize first)
{
  const PfIndex *index = &self->sections->index;
  PfItemView item = { .more = TRUE };
  gsize at = first, offset;

  g_hash_table_remove_all (self->terms);
  while (item.more) {
    offset = at;
    if (!pf_index_item (index, &at, &item))
      return wrong (self, "an item crosses the end of all", offset);
    if (!check_term (self, &item, offset) ||
        !check_entry_number (self, &item, offset) ||
        !check_found (self, &item, first, offset) ||
        !check_first (self, &item, offset))
      return FALSE;
  }
  item.more = TRUE;
  for (at = offset = first; item.more; offset = at)
    if (!pf_index_item (index, &at, &item) ||
        !check_flags (self, &item, offset))
      return FALSE;
  return TRUE;
}

static gboolean
check_slot (Check *self, guint32 tag, guint32 offset)
{
  if (tag != 0)
    return check_key (self, offset);
  return offset == 0 || wrong (self, "an empty slot of the table", offset);
}

static gboolean
check_index (Check *self)
{
  const PfIndex *index = &self->sections->index;
  gsize n_groups = pf_table_words (index->numbers.n_groups) / PF_GROUP_WORDS;

  for (gsize i = 1; i < index->n_shapes; i++)
    if (memcmp (&index->shapes[i - 1], &index->shapes[i], sizeof (PfShape)) ==
            0 ||
        !has_shape (index, index->shapes[i]))
      return wrong (self, "the shapes are not in order", i);
  for (gsize g = 0; g < n_groups; g++) {
    const guint32 *group = index->table + g * PF_GROUP_WORDS;

    for (guint i = 0; i < PF_GROUP_SLOTS; i++)
      if (!check_slot (self, group[i], group[PF_GROUP_SLOTS + i]))
        return FALSE;
  }
  if (memcmp (self->gaps, index->numbers.gaps, sizeof self->gaps) != 0 ||
      memcmp (self->rules, index->numbers.rules, sizeof self->rules) != 0)
    return wrong (self, "the numbers of the index", 0);
  return TRUE;
}

/* The list of loose entries has this one next, where it is loose. */
static gboolean
check_loose (Check *self, guint32 entry)
{
  const PfIndex *index = &self->sections->index;
  PfItemView item = pf_sections_item (self->sections, entry);
  gboolean listed =
      self->n_loose < index->n_loose && index->loose[self->n_loose] == entry;
  PfTermChain chain;

  pf_term_chain (&chain, item.term, self->keys);
  self->n_loose += listed;
  return listed == (chain.n_tokens == 0 ||
                    pf_boundary_is_inner (pf_rule_boundary (item.rules))) ||
         wrong (self, "the list of loose entries", entry);
}

static gboolean
check_text (const Check *self, guint32 entry, guint64 *end)
{
  const PfSections *sections = self->sections;
  PfSpan value, label;

  if (!pf_sections_text (sections, entry, &value, &label) ||
      value.len > PF_VALUE_MAX || label.len > PF_VALUE_MAX)
    return wrong (self, "the text of an entry", entry);
  if (sections->texts != NULL &&
      (sections->texts[entry] & PF_TEXT_OFFSET_MAX) != *end)
    return wrong (self, "the text of an entry", entry);
  *end += value.len + label.len;
  return TRUE;
}

static gboolean
check_entries (Check *self)
{
  const PfSections *sections = self->sections;
  guint64 end = 0;
  guint32 n_shields = 0;

  for (guint32 i = 0; i < sections->n_entries; i++) {
    if ((self->seen[i / 8] >> (i % 8) & 1) == 0)
      return wrong (self, "an entry has no item", i);
    if (!check_loose (self, i) || !check_text (self, i, &end))
      return FALSE;
    n_shields += pf_sections_is_shield (sections, i);
  }
  if (n_shields != sections->n_shields)
    return wrong (self, "the number of shields", n_shields);
  if (self->n_loose != sections->index.n_loose)
    return wrong (self, "the list of loose entries", self->n_loose);
  return end == sections->strings.len ||
         wrong (self, "strings that no entry has", end);
}

gboolean
pf_image_check (const PfGlossary *glossary, PfError *error)
{
  const PfSections *sections = pf_glossary_sections (glossary);
  Check check = { .sections = sections,
                  .keys = pf_token_keys (sections->index.numbers.seed),
                  .seen = g_try_malloc0 (sections->n_entries / 8 + 1),
                  .terms = g_hash_table_new (hash_term, equal_terms),
                  .error = error };
  gboolean done;

  if (check.seen == NULL)
    done =
        pf_error_set (error, PF_STATUS_TEMPORARY, "not enough memory to check");
  else
    done = pf_image_check_container (glossary, error) && check_index (&check) &&
           check_entries (&check) && pf_image_check_sources (sections, error);
  g_hash_table_unref (check.terms);
  g_free (check.seen);
  return done;
}
