#include "match/anywhere_image.h"

#include <string.h>

#include "base/large.h"

/* To be changed with anything that changes what is in a section, or how it is
 * read: one of another version is not used. */
#define SECTION_VERSION 2
#define ALIGNMENT 64

typedef struct {
  guint32 version;
  guint32 n_entries; /* of the glossary */
  guint32 n_covered;
  guint32 shift; /* of the shortcuts */
  guint64 n_slots, n_nodes, n_listed, n_tails;
  PfStartFilterShape filter;
  guint8 folds, spaces; /* 0 or 1 */
  guint8 reserved[70];
  PfEntryRules rules[PF_RULE_BITS_MAX]; /* zero for kinds that there are not */
} Header;

G_STATIC_ASSERT (sizeof (Header) == 256);

/* The runs that sections are for. */
static const PfMatchRules runs[PF_ANYWHERE_SECTIONS] = {
  { .boundary = PF_BOUNDARY_NONE },
  { .boundary = PF_BOUNDARY_NONE, .case_rule = PF_CASE_IGNORE },
};

/* --- from an index to bytes --- */

/* What follows the header. */
typedef struct {
  gconstpointer data;
  gsize len;
} Part;

#define N_PARTS 5

static void
list_parts (const PfAnywhereIndex *index, Part parts[N_PARTS])
{
  PfStartFilterShape shape = pf_start_filter_shape (index->filter);

  parts[0] = (Part){ pf_start_filter_tables (index->filter),
                     pf_start_filter_size (&shape) };
  parts[1] = (Part){ index->shortcuts.slots,
                     index->shortcuts.n_slots * sizeof (PfShortcut) };
  parts[2] =
      (Part){ index->trie.nodes, index->trie.n_nodes * sizeof (PfFlatNode) };
  parts[3] = (Part){ index->lists, index->n_listed * sizeof (PfListed) };
  parts[4] = (Part){ index->trie.tails, index->trie.n_tails };
}

static gsize
align (gsize len)
{
  return (len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static Header
make_header (const PfAnywhereIndex *index, const PfGlossary *glossary,
             const PfRuleTable *table)
{
  Header header = { .version = SECTION_VERSION,
                    .n_entries = (guint32)pf_glossary_n_entries (glossary),
                    .n_covered = index->n_covered,
                    .shift = index->shortcuts.shift,
                    .n_slots = index->shortcuts.n_slots,
                    .n_nodes = index->trie.n_nodes,
                    .n_listed = index->n_listed,
                    .n_tails = index->trie.n_tails,
                    .filter = pf_start_filter_shape (index->filter),
                    .folds = index->form.folds ? 1 : 0,
                    .spaces = index->form.spaces ? 1 : 0 };

  memcpy (header.rules, table->of, sizeof header.rules);
  return header;
}

static gboolean
write_index (const PfAnywhereIndex *index, const Header *header,
             PfSpan *section, PfError *error)
{
  Part parts[N_PARTS];
  gsize len = sizeof *header;
  guint8 *data;

  list_parts (index, parts);
  for (guint i = 0; i < N_PARTS; i++)
    len = align (len) + parts[i].len;
  data = pf_large_try_new0 (len);
  if (data == NULL)
    return pf_error_set (error, PF_STATUS_TEMPORARY,
                         "not enough memory for the index for "
                         "--boundary=none");
  *section = (PfSpan){ data, len };
  memcpy (data, header, sizeof *header);
  len = sizeof *header;
  for (guint i = 0; i < N_PARTS; i++) {
    len = align (len);
    if (parts[i].len > 0)
      memcpy (data + len, parts[i].data, parts[i].len);
    len += parts[i].len;
  }
  return TRUE;
}

static gboolean
make_section (const PfGlossary *glossary, const PfMatchRules *rules,
              const PfRuleTable *table, PfSpan *section, PfError *error)
{
  PfAnywhereIndex index;
  gboolean done = TRUE;

  if (pf_anywhere_index_init (&index, glossary, rules, PF_ISA_SCALAR)) {
    Header header = make_header (&index, glossary, table);

    done = write_index (&index, &header, section, error);
  }
  pf_anywhere_index_clear (&index);
  return done;
}

/* GLOSSARY without the rules that it was opened with; it must outlive that.
 * (transfer full) */
static PfGlossary *
without_rules (const PfGlossary *glossary)
{
  return pf_glossary_new (pf_glossary_sections (glossary),
                          &(PfSourceRules){ 0 }, NULL, g_free);
}

static gboolean
make_sections (PfAnywhereImage *self, const PfGlossary *glossary,
               PfError *error)
{
  PfRuleTable tables[PF_ANYWHERE_SECTIONS];

  for (guint i = 0; i < PF_ANYWHERE_SECTIONS; i++) {
    tables[i] = pf_rule_table_used (glossary, &runs[i]);
    if (i > 0 && memcmp (&tables[i], &tables[0], sizeof tables[i]) == 0)
      continue;
    if (!make_section (glossary, &runs[i], &tables[i], &self->sections[i],
                       error))
      return FALSE;
  }
  return TRUE;
}

/* Numbers of entries and places in tails have 31 and 32 bits; folding may make
 * a term longer. */
static gboolean
is_too_large (const PfGlossary *glossary)
{
  return pf_glossary_n_entries (glossary) > G_MAXINT32 ||
         pf_glossary_index (glossary)->items.len > G_MAXINT32;
}

gboolean
pf_anywhere_image_init (PfAnywhereImage *self, const PfGlossary *glossary,
                        PfError *error)
{
  PfGlossary *bare;
  gboolean done;

  *self = (PfAnywhereImage){ 0 };
  if (is_too_large (glossary))
    return pf_error_set (error, PF_STATUS_DATA,
                         "too large for an index for --boundary=none");
  bare = without_rules (glossary);
  done = make_sections (self, bare, error);
  pf_glossary_unref (bare);
  if (!done)
    pf_anywhere_image_clear (self);
  return done;
}

void
pf_anywhere_image_clear (PfAnywhereImage *self)
{
  for (guint i = 0; i < PF_ANYWHERE_SECTIONS; i++)
    g_free ((gpointer)self->sections[i].data);
  *self = (PfAnywhereImage){ 0 };
}

/* --- from bytes to an index --- */

/* Takes N times SIZE bytes at the next multiple of the alignment. */
static gboolean
take (PfSpan section, gsize *at, guint64 n, gsize size, gpointer *data)
{
  gsize from = align (*at);

  if (from > section.len || n > (section.len - from) / size)
    return FALSE;
  *data = (gpointer)(section.data + from);
  *at = from + n * size;
  return TRUE;
}

/* What is there is used where it is, so that opening takes no time. */
static gboolean
take_parts (PfAnywhereIndex *self, PfSpan section, const Header *header,
            gpointer *filter)
{
  gsize at = sizeof *header;
  gsize filter_len = pf_start_filter_size (&header->filter);
  gpointer slots, nodes, lists, tails;

  if (filter_len == 0 || !take (section, &at, filter_len, 1, filter) ||
      !take (section, &at, header->n_slots, sizeof (PfShortcut), &slots) ||
      !take (section, &at, header->n_nodes, sizeof (PfFlatNode), &nodes) ||
      !take (section, &at, header->n_listed, sizeof (PfListed), &lists) ||
      !take (section, &at, header->n_tails, 1, &tails) || at != section.len)
    return FALSE;
  self->shortcuts = (PfShortcuts){ slots, header->n_slots, header->shift };
  self->trie = (PfFlatTrie){ nodes, header->n_nodes, tails, header->n_tails };
  self->lists = lists;
  self->n_listed = header->n_listed;
  return header->n_nodes > 0 && pf_shortcuts_end (&self->shortcuts);
}

/* Whether two runs have the same entries in an index, and in the same form. */
static gboolean
is_like (const PfEntryRules *a, const PfEntryRules *b)
{
  for (guint bits = 0; bits < PF_RULE_BITS_MAX; bits++)
    if (a[bits].case_rule != b[bits].case_rule ||
        pf_boundary_is_inner ((PfBoundary)a[bits].boundary) !=
            pf_boundary_is_inner ((PfBoundary)b[bits].boundary))
      return FALSE;
  return TRUE;
}

/* Whether a section is for such a run. */
static gboolean
serves (const Header *header, const PfGlossary *glossary, PfSpace space,
        const PfRuleTable *table)
{
  return header->version == SECTION_VERSION &&
         header->n_entries == pf_glossary_n_entries (glossary) &&
         header->n_covered > 0 && header->n_covered <= header->n_entries &&
         (space != PF_SPACE_EXACT || !header->spaces) &&
         is_like (header->rules, table->of);
}

static gboolean
open_section (PfAnywhereIndex *self, PfSpan section, const Header *header,
              const PfRuleTable *table, PfIsa isa)
{
  gpointer tables;

  *self =
      (PfAnywhereIndex){ .form = { header->folds != 0, header->spaces != 0 },
                         .n_covered = header->n_covered,
                         .is_opened = TRUE,
                         .rules = *table };
  self->is_for_others =
      memcmp (header->rules, table->of, sizeof header->rules) != 0;
  if (!take_parts (self, section, header, &tables))
    return FALSE;
  self->filter = pf_start_filter_open (&header->filter, tables, isa);
  return TRUE;
}

gboolean
pf_anywhere_image_open (PfAnywhereIndex *self, const PfGlossary *glossary,
                        const PfMatchRules *rules, PfIsa isa)
{
  const PfRuleTable table = pf_rule_table_used (glossary, rules);
  const PfSections *sections = pf_glossary_sections (glossary);

  for (guint i = 0; i < PF_ANYWHERE_SECTIONS; i++) {
    PfSpan section = sections->anywhere[i];
    Header header;

    if (section.len < sizeof header)
      continue;
    memcpy (&header, section.data, sizeof header);
    if (serves (&header, glossary, rules->space, &table) &&
        open_section (self, section, &header, &table, isa)) {
      self->edge = pf_anywhere_index_edge (self, glossary);
      return TRUE;
    }
  }
  *self = (PfAnywhereIndex){ 0 };
  return FALSE;
}

gboolean
pf_anywhere_image_check (const PfGlossary *glossary, PfError *error)
{
  const PfSpan *there = pf_glossary_sections (glossary)->anywhere;
  g_auto (PfAnywhereImage) made = { 0 };
  gboolean has_any = FALSE, is_right = TRUE;

  for (guint i = 0; i < PF_ANYWHERE_SECTIONS; i++)
    has_any |= there[i].len > 0;
  if (!has_any)
    return TRUE;
  if (!pf_anywhere_image_init (&made, glossary, error))
    return FALSE;
  for (guint i = 0; i < PF_ANYWHERE_SECTIONS; i++)
    is_right &= pf_span_equal (there[i], made.sections[i]);
  return is_right ||
         pf_error_set (error, PF_STATUS_DATA,
                       "the image is damaged: its index for --boundary=none is "
                       "not that of its entries");
}
