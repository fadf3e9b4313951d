/* What the passes of a build share. Private to compile.c and place.c. */
#pragma once

#include "glossary/compile.h"

/* So many of a group's eight slots are taken, on average: few overflow. */
#define PF_KEYS_PER_GROUP 5

/* What one job has found out. */
typedef struct {
  guint32 min_token, max_token, max_tokens;
  guint64 n_chains; /* keys for the chains section */
  guint32 gaps[PF_GAP_WORDS];
  guint32 rules[PF_RULE_BITS_MAX / 32];
  GArray *shapes; /* PfShape, unsorted, with few repetitions */
  GArray *loose;  /* guint32, raw numbers */
  gsize n_dropped;
  gboolean any_text;  /* some entry has a value or a label */
  gboolean any_equal; /* two entries that stay have the same term */
} PfBuildPart;

typedef struct {
  PfCompiled *made;
  const PfRawEntry *entries;
  gsize n;
  gsize n_kept; /* without those that were dropped */
  const gsize *sources;
  gsize n_sources;
  guint jobs;
  PfTokenKeys keys;
  guint64 *spread;     /* by raw number: pf_key_spread of its key */
  guint32 *group_ends; /* of ORDER, by group */
  guint32 *group_size; /* bytes of its items, then where they begin */
  guint8 *group_keys;  /* keys of each group, at most 255 */
  guint32 *order;      /* n_kept raw numbers, by group, key and number */
  guint32 *equal;      /* by raw number: 1 + the first with this term, or 0 */
  guint32 *numbers;    /* by raw number: its entry number; NULL: the same */
  PfBuildPart *parts;  /* one a job */
} PfBuild;

/* The share of job I in N things. */
static inline gsize
pf_build_share (const PfBuild *self, guint64 n, guint i)
{
  return (gsize)(n * i / self->jobs);
}

static inline gboolean
pf_build_is_dropped (const PfBuild *self, gsize raw)
{
  return self->made->dropped[raw / 8] >> (raw % 8) & 1;
}

static inline guint32
pf_build_number (const PfBuild *self, gsize raw)
{
  return self->numbers != NULL ? self->numbers[raw] : (guint32)raw;
}

gboolean pf_build_out_of_memory (PfError *error);
gboolean pf_build_run (PfBuild *self,
                       gboolean (*pass) (guint, gpointer, PfError *),
                       PfError *error);

/* Sorts the entries by key and drops those that are repeated. The groups are
 * then as if those had never been there. */
gboolean pf_build_sort (PfBuild *self, PfError *error);

/* Whether the table can hold all keys as they came together in groups. */
gboolean pf_build_fits (const PfBuild *self);

/* Writes items and table, once entries have their numbers. */
gboolean pf_build_place (PfBuild *self, PfError *error);
