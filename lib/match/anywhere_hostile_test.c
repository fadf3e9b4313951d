/* Indexes in images: no bytes in them do harm, whatever a run does. */
#include <string.h>

#include "match/scans.h"
#include "match/test_anywhere.h"
#include "match/walk.h"

#define NONE .boundary = PF_BOUNDARY_NONE

#define N_NONE 4 /* of RUNS, in front */

static const PfMatchRules runs[] = {
  { NONE },
  { NONE, .overlapping = TRUE },
  { NONE, .case_rule = PF_CASE_IGNORE },
  { NONE, .case_rule = PF_CASE_IGNORE, .overlapping = TRUE },
  { .boundary = PF_BOUNDARY_SUBWORD },
  { .boundary = PF_BOUNDARY_SUBWORD, .overlapping = TRUE },
  { .boundary = PF_BOUNDARY_PREFIX, .case_rule = PF_CASE_IGNORE },
};

/* A number that may well be followed somewhere. */
static guint32
some_number (GRand *random, guint64 end)
{
  switch (pf_test_below (random, 4)) {
  case 0:
    return g_rand_int (random);
  case 1:
    return (guint32)end - pf_test_below (random, 3);
  case 2:
    return PF_TERMINAL_LIST | pf_test_below (random, 8);
  default:
    return pf_test_below (random, (guint)CLAMP (end, 1, G_MAXINT32));
  }
}

/* Some are children of their own, or lead round in circles. */
static void
damage_node (GRand *random, const PfAnywhereIndex *index, guint32 number)
{
  PfFlatNode *node = &index->trie.nodes[number];

  switch (pf_test_below (random, 7)) {
  case 0:
    node->base = some_number (random, index->trie.n_nodes);
    break;
  case 1:
    node->base = number - 'a';
    node->parent = number;
    node->children = 0xFFFF;
    break;
  case 2:
    node->parent = some_number (random, index->trie.n_nodes);
    break;
  case 3:
    node->terminal = some_number (random, index->n_covered);
    break;
  case 4:
    node->len = (guint16)pf_test_below (random, 12);
    break;
  case 5:
    node->len = (guint16)g_rand_int (random);
    break;
  default:
    node->children = (guint16)g_rand_int (random);
  }
}

static void
damage_trie (GRand *random, const PfAnywhereIndex *index)
{
  guint32 n_nodes = (guint32)index->trie.n_nodes;

  for (guint32 i = 0; i < n_nodes; i++)
    if ((i == PF_FLAT_ROOT || index->trie.nodes[i].parent != PF_FLAT_NONE) &&
        pf_test_below (random, 8) == 0)
      damage_node (random, index, i);
}

static void
damage_slots (GRand *random, const PfAnywhereIndex *index)
{
  for (gsize i = 0; i < index->shortcuts.n_slots; i++) {
    PfTriePlace *place = &index->shortcuts.slots[i].place;

    if (pf_test_below (random, 4) == 0)
      place->node = some_number (random, index->trie.n_nodes);
    if (pf_test_below (random, 4) == 0)
      place->taken = (guint8)some_number (random, 10);
    if (pf_test_below (random, 20) == 0)
      place->len = (guint8)some_number (random, 10);
  }
}

static void
damage_lists (GRand *random, const PfAnywhereIndex *index)
{
  for (gsize i = 0; i < index->n_listed; i++) {
    PfListed *listed = &index->lists[i];

    switch (pf_test_below (random, 6)) {
    case 0:
      listed->entry = some_number (random, index->n_covered);
      break;
    case 1:
      listed->case_rule = listed->boundary = (guint8)g_rand_int (random);
      break;
    case 2:
      listed->is_last = 0;
      break;
    default:
      break;
    }
  }
}

/* Everything passes, or anything. */
static void
damage_filter (GRand *random, const PfAnywhereIndex *index)
{
  PfStartFilterShape shape = pf_start_filter_shape (index->filter);
  guint8 *tables = (guint8 *)pf_start_filter_tables (index->filter);
  guint8 fill = (guint8)g_rand_int (random);

  for (gsize i = 0, n = pf_start_filter_size (&shape); i < n; i++)
    if (fill > 200)
      tables[i] = 0xFF;
    else if (pf_test_below (random, 16) == 0)
      tables[i] = (guint8)(fill + i);
}

static void
damage_header (GRand *random, PfSpan section)
{
  guint8 *data = (guint8 *)section.data;
  guint at = 4 * pf_test_below (random, 16);
  guint32 number;

  if (section.len == 0)
    return;
  memcpy (&number, data + at, sizeof number);
  number = pf_test_below (random, 2) == 0
               ? some_number (random, number)
               : number ^ 1u << pf_test_below (random, 32);
  memcpy (data + at, &number, sizeof number);
}

/* Damages the index for such a run, where it is. */
static void
damage (GRand *random, const PfGlossary *image, const PfMatchRules *rules)
{
  PfAnywhereIndex index;
  guint what = 1 + pf_test_below (random, 15);

  if (!pf_anywhere_image_open (&index, image, rules, PF_ISA_SCALAR))
    return;
  if (what & 1)
    damage_trie (random, &index);
  if (what & 2)
    damage_slots (random, &index);
  if (what & 4)
    damage_lists (random, &index);
  if (what & 8)
    damage_filter (random, &index);
  pf_anywhere_index_clear (&index);
  for (guint i = 0; i < PF_ANYWHERE_SECTIONS; i++)
    if (pf_test_below (random, 8) == 0)
      damage_header (random, pf_glossary_sections (image)->anywhere[i]);
}

static gboolean
look_at_match (const PfMatch *match, gpointer user)
{
  const PfScans *scans = user;

  g_assert_cmpuint (match->start, <, match->end);
  for (guint i = 0; i < match->n_entries; i++)
    g_assert_cmpuint (match->entries[i], <,
                      pf_glossary_n_entries (scans->glossary));
  return TRUE;
}

/* All terms, and long runs, in a text behind which nothing can be read. */
static GString *
make_text (const PfGlossary *glossary)
{
  GString *text = g_string_new ("alpha C++ insides one two\nthree aB+c\u4E2D_");

  for (gsize i = 0; i < pf_glossary_n_entries (glossary); i++) {
    PfSpan term = pf_glossary_entry (glossary, i).term;

    g_string_append_len (text, (const char *)term.data, (gssize)term.len);
    g_string_append_c (text, i % 2 ? ' ' : 'a');
  }
  for (guint i = 0; i < 20000; i++)
    g_string_append_c (text, i % 1000 == 0 ? ' ' : 'a');
  return text;
}

static void
scan (PfGlossary *image, const PfMatchRules *rules, PfSpan text,
      guint *n_stored)
{
  g_auto (PfScans) scans = { 0 };
  gboolean is_stored;

  pf_scans_init (&scans, pf_glossary_ref (image), rules, "");
  pf_matcher_anywhere (scans.matcher, &is_stored);
  *n_stored += is_stored;
  for (guint final = 0; final < 2; final++)
    pf_matcher_scan (scans.matcher, scans.scratch,
                     &(PfScan){ .text = text,
                                .final = final,
                                .func = look_at_match,
                                .user = &scans });
}

/* Returns whether the index was used all the same. */
static guint
use_damaged (GRand *random, const GByteArray *bytes, PfSpan text)
{
  PfMatchRules rules = runs[pf_test_below (random, G_N_ELEMENTS (runs))];
  guint n_stored = 0;
  PfTestCopy copy;
  PfGlossary *image;

  rules.isa_given = TRUE;
  do
    rules.isa = (PfIsa)pf_test_below (random, PF_N_ISAS);
  while (!pf_isa_is_supported (rules.isa));
  pf_test_copy_init (&copy, bytes->data, bytes->len);
  image = pf_test_copy_open (&copy);
  damage (random, image, &rules);
  scan (image, &rules, text, &n_stored);
  pf_glossary_unref (image);
  pf_test_copy_clear (&copy);
  return n_stored;
}

static void
test_hostile (void)
{
  g_autoptr (GRand) random = pf_test_seeded ();
  guint n_stored = 0, n_rounds = pf_test_rounds (300);

  for (guint n = 0; n < n_rounds; n++) {
    PfGlossary *glossary = n % 4 == 0 ? pf_test_rich_glossary ()
                                      : pf_test_random_glossary (random);
    g_autoptr (GByteArray) bytes = pf_test_anywhere_bytes (glossary);
    g_autoptr (GString) text = make_text (glossary);

    for (guint i = 0; i < 4 && pf_glossary_n_entries (glossary) > 0; i++)
      n_stored += use_damaged (
          random, bytes, (PfSpan){ (const guint8 *)text->str, text->len });
    pf_glossary_unref (glossary);
  }
  g_assert_cmpuint (n_stored, >, n_rounds);
}

typedef struct {
  PfScans scans;
  gsize start;
  guint n_ends, n_entries; /* at START */
  gboolean has_list;
  guint n_matches;
} Circle;

/* There are no more ends at a start than a walk may find, and no more entries
 * of lists than there are at all. As there are any, a walk does not go on to
 * the end of a window that may go on. */
static gboolean
look_at_circle (const PfMatch *match, gpointer user)
{
  Circle *self = user;

  look_at_match (match, &self->scans);
  if (self->n_matches++ == 0 || match->start != self->start)
    self->n_ends = self->n_entries = 0;
  self->start = match->start;
  self->n_ends++;
  self->n_entries += match->n_entries;
  g_assert_cmpuint (self->n_ends, <=, PF_WALK_ENDS_MAX);
  if (self->has_list)
    g_assert_cmpuint (self->n_entries, <=,
                      pf_glossary_n_entries (self->scans.glossary));
  return self->n_matches < (self->has_list ? 100 : 3 * PF_WALK_ENDS_MAX);
}

/* The root is the second byte of its own child, and a term ends there. Each
 * node has one parent, so there is no other way into a circle from the root. */
static void
make_circle (const PfAnywhereIndex *index, guint32 terminal)
{
  PfFlatNode *nodes = index->trie.nodes;
  guint32 first = nodes[PF_FLAT_ROOT].base + 0xC3;

  g_assert_cmpuint (nodes[first].parent, ==, PF_FLAT_ROOT);
  nodes[first].len = 1;
  nodes[first].children = 0xFFFF;
  nodes[first].base = (guint32)0 - 0xA9;
  nodes[PF_FLAT_ROOT].parent = first;
  nodes[PF_FLAT_ROOT].terminal = terminal;
}

static void
check_circle (const GByteArray *bytes, const PfMatchRules *rules,
              guint32 terminal, PfSpan text)
{
  Circle circle = { .has_list = (terminal & PF_TERMINAL_LIST) != 0 };
  PfAnywhereIndex index;
  PfTestCopy copy;
  PfGlossary *image;

  pf_test_copy_init (&copy, bytes->data, bytes->len);
  image = pf_test_copy_open (&copy);
  g_assert_true (pf_anywhere_image_open (&index, image, rules, PF_ISA_SCALAR));
  make_circle (&index, terminal);
  for (gsize i = 0; i < index.n_listed; i++)
    index.lists[i].is_last = 0;
  pf_anywhere_index_clear (&index);
  pf_scans_init (&circle.scans, image, rules, "");
  pf_matcher_scan (
      circle.scans.matcher, circle.scans.scratch,
      &(PfScan){ .text = text, .func = look_at_circle, .user = &circle });
  g_assert_cmpuint (circle.n_matches, >, 0);
  pf_scans_clear (&circle.scans);
  pf_test_copy_clear (&copy);
}

/* With words of eight bytes, and by the character where case is ignored. */
static void
test_circles (void)
{
  PfGlossary *glossary = pf_scans_glossary ("\u00E9|\u00E9;e|\u00C9;i");
  g_autoptr (GByteArray) bytes = pf_test_anywhere_bytes (glossary);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 3 * PF_WALK_ENDS_MAX; i++)
    g_string_append (text, "\u00E9");
  for (guint i = 0; i < N_NONE; i++)
    for (guint list = 0; list < 2; list++)
      check_circle (bytes, &runs[i], list ? PF_TERMINAL_LIST : 0,
                    (PfSpan){ (const guint8 *)text->str, text->len });
  pf_glossary_unref (glossary);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/anywhere-image/hostile", test_hostile);
  g_test_add_func ("/anywhere-image/circles", test_circles);
  return g_test_run ();
}
