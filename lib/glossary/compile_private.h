/* What the passes of a build share. Private to compile.c, measure.c
 * and place.c. */
#pragma once

#include "base/par.h"
#include "glossary/compile.h"
#include "glossary/term_chain.h"

/* So many of a group's eight slots are taken, on average: few overflow. */
#define PF_KEYS_PER_GROUP 5

/* What entries have to say: those of a range, or all. */
typedef struct {
  guint32 min_token, max_token, max_tokens;
  guint64 n_chains; /* keys for the chains section */
  guint32 gaps[PF_GAP_WORDS];
  guint32 rules[PF_RULE_BITS_MAX / 32];
  GArray *shapes;    /* PfShape, unsorted, with few repetitions */
  GArray *loose;     /* guint32, raw numbers, ascending */
  gboolean any_text; /* some entry has a value or a label */
} PfBuildFacts;

/* The terms that several entries of some groups have. */
typedef struct {
  gsize n_dropped;
  gboolean any_equal; /* two entries that stay have the same term */
} PfBuildEqual;

typedef struct PfBuild {
  PfCompiled *made;
  const PfRawEntry *entries;
  gsize n;
  gsize n_kept; /* without those that were dropped */
  const gsize *sources;
  gsize n_sources;
  PfPar *par;
  PfTokenKeys keys;
  guint64 *spread;     /* by raw number: pf_key_spread of its key */
  guint32 *group_ends; /* of ORDER, by group */
  guint32 *group_size; /* bytes of its items, then where they begin */
  guint8 *group_keys;  /* keys of each group, at most 255 */
  guint32 *order;      /* n_kept raw numbers, by group, key and number */
  guint32 *equal;      /* by raw number: 1 + the first with this term, or 0 */
  guint32 *numbers;    /* by raw number: its entry number; NULL: the same */
  PfBuildFacts facts;  /* of all entries */
  gboolean any_equal;
} PfBuild;

static inline gboolean
pf_build_is_dropped (const PfBuild *self, gsize raw)
{
  const guint8 *dropped = self->made->dropped;

  return dropped != NULL && (dropped[raw / 8] >> (raw % 8) & 1) != 0;
}

static inline guint32
pf_build_number (const PfBuild *self, gsize raw)
{
  return self->numbers != NULL ? self->numbers[raw] : (guint32)raw;
}

static inline PfSpan
pf_build_term (const PfBuild *self, gsize raw)
{
  const PfRawEntry *entry = &self->entries[raw];

  return (PfSpan){ entry->term, entry->term_len };
}

/* Looked for by other means than its tokens. */
static inline gboolean
pf_build_is_loose (const PfTermChain *chain, PfRuleBits rules)
{
  return chain->n_tokens == 0 ||
         pf_boundary_is_inner (pf_rule_boundary (rules));
}

static inline gboolean
pf_build_has_shape (const PfTermChain *chain)
{
  return chain->shape.before > 0 || chain->shape.after > 0;
}

gboolean pf_build_out_of_memory (PfError *error);

/* A pass over the things [FROM, TO), of which no two calls have the same. */
typedef void (*PfBuildPass) (PfBuild *self, gsize from, gsize to);

/* Cuts N things into N_RANGES, or as many as seems right where that is 0, and
 * shares them among the threads. */
void pf_build_run (PfBuild *self, gsize n, guint n_ranges, PfBuildPass pass);

/* Finds the key of each entry, and the facts of all. */
gboolean pf_build_measure (PfBuild *self, PfError *error);

/* Takes back what was counted of entries that were dropped since. Whatever else
 * such an entry has said, the one that stays says, too. */
gboolean pf_build_unmeasure (PfBuild *self, PfError *error);

/* Of PfShape: ascending, each once. */
void pf_build_sort_shapes (GArray *shapes);

/* For reductions, too; USER is not used. */
void pf_build_facts_clear (gpointer facts, gpointer user);

/* Sorts the entries by key and drops those that are repeated. The groups are
 * then as if those had never been there. */
gboolean pf_build_sort (PfBuild *self, PfError *error);

/* Whether the table can hold all keys as they came together in groups. */
gboolean pf_build_fits (const PfBuild *self);

/* Writes the items, once entries have their numbers. */
gboolean pf_build_place (PfBuild *self, PfError *error);

/* Fills the table, once items are where they are; what entries say is not
 * looked at any more. */
gboolean pf_build_fill_table (PfBuild *self, PfError *error);
