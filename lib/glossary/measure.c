/* What the entries of a build have to say, in two of its passes: measure, and
 * unmeasure for those that were dropped.
 */
#include "glossary/compile_private.h"

#include <stdlib.h>

static int
compare_shapes (const void *a, const void *b)
{
  const PfShape *x = a, *y = b;

  if (x->before != y->before)
    return x->before < y->before ? -1 : 1;
  return x->after < y->after ? -1 : x->after > y->after;
}

void
pf_build_sort_shapes (GArray *shapes)
{
  PfShape *all = (PfShape *)(gpointer)shapes->data;
  guint n = 0;

  if (shapes->len > 0)
    qsort (all, shapes->len, sizeof *all, compare_shapes);
  for (guint i = 0; i < shapes->len; i++)
    if (n == 0 || compare_shapes (&all[n - 1], &all[i]) != 0)
      all[n++] = all[i];
  g_array_set_size (shapes, n);
}

static void
note_shape (PfBuildFacts *facts, PfShape shape)
{
  if (facts->shapes->len > 0 &&
      compare_shapes (
          &g_array_index (facts->shapes, PfShape, facts->shapes->len - 1),
          &shape) == 0)
    return;
  g_array_append_val (facts->shapes, shape);
  /* There are many terms, but few shapes. */
  if (facts->shapes->len % 4096 == 0)
    pf_build_sort_shapes (facts->shapes);
}

/* Its keys in the chains section. */
static guint
n_chain_keys (const PfTermChain *chain)
{
  return 2 * pf_term_chain_gaps (chain) + pf_term_chain_nodes (chain) - 1 +
         2 * pf_build_has_shape (chain);
}

static void
measure_term (PfBuildFacts *facts, const PfTermChain *chain)
{
  if (chain->first_ascii)
    facts->min_token = MIN (facts->min_token, (guint32)chain->first_len);
  facts->max_token = MAX (facts->max_token, (guint32)chain->first_len);
  facts->max_tokens = MAX (facts->max_tokens, chain->n_tokens);
  if (chain->n_tokens > 1)
    facts->gaps[chain->next[0] / 32] |= 1u << chain->next[0] % 32;
  facts->n_chains += n_chain_keys (chain);
  if (pf_build_has_shape (chain))
    note_shape (facts, chain->shape);
}

static void
facts_init (PfBuildFacts *self)
{
  *self = (PfBuildFacts){ .min_token = G_MAXUINT32 };
  self->shapes = g_array_new (FALSE, FALSE, sizeof (PfShape));
  self->loose = g_array_new (FALSE, FALSE, sizeof (guint32));
}

void
pf_build_facts_clear (gpointer facts, gpointer user G_GNUC_UNUSED)
{
  PfBuildFacts *self = facts;

  g_clear_pointer (&self->shapes, g_array_unref);
  g_clear_pointer (&self->loose, g_array_unref);
}

static void
measure_entry (PfBuild *self, PfBuildFacts *facts, gsize raw)
{
  const PfRawEntry *entry = &self->entries[raw];
  PfTermChain chain;

  pf_term_chain (&chain, pf_build_term (self, raw), self->keys);
  self->spread[raw] =
      pf_key_spread (pf_term_key (&chain, pf_build_term (self, raw)));
  facts->rules[entry->rules / 32] |= 1u << entry->rules % 32;
  facts->any_text |= entry->value_len + entry->label_len > 0;
  if (pf_build_is_loose (&chain, entry->rules))
    g_array_append_val (facts->loose, (guint32){ (guint32)raw });
  else
    measure_term (facts, &chain);
}

/* The map of measure. */
static gboolean
measure_range (gsize from, gsize to, gpointer facts, gpointer user,
               PfError *error G_GNUC_UNUSED)
{
  facts_init (facts);
  for (gsize i = from; i < to; i++)
    measure_entry (user, facts, i);
  return TRUE;
}

static void
append_all (GArray *to, const GArray *from)
{
  g_array_append_vals (to, from->data, from->len);
}

/* Its reduction. */
static void
join_facts (gpointer into, gpointer facts, gpointer user G_GNUC_UNUSED)
{
  PfBuildFacts *self = into;
  const PfBuildFacts *other = facts;

  self->min_token = MIN (self->min_token, other->min_token);
  self->max_token = MAX (self->max_token, other->max_token);
  self->max_tokens = MAX (self->max_tokens, other->max_tokens);
  self->n_chains += other->n_chains;
  self->any_text |= other->any_text;
  for (guint k = 0; k < PF_GAP_WORDS; k++)
    self->gaps[k] |= other->gaps[k];
  for (guint k = 0; k < PF_RULE_BITS_MAX / 32; k++)
    self->rules[k] |= other->rules[k];
  append_all (self->shapes, other->shapes);
  append_all (self->loose, other->loose);
}

gboolean
pf_build_measure (PfBuild *self, PfError *error)
{
  PfParReduction plan = { .n = self->n,
                          .size = sizeof (PfBuildFacts),
                          .map = measure_range,
                          .reduce = join_facts,
                          .clear = pf_build_facts_clear,
                          .user = self };

  facts_init (&self->facts);
  return pf_par_map_reduce (self->par, &plan, &self->facts, error);
}

/* The map of unmeasure: counts the keys of what was dropped. */
static gboolean
count_dropped_keys (gsize from, gsize to, gpointer count, gpointer user,
                    PfError *error G_GNUC_UNUSED)
{
  PfBuild *self = user;

  for (gsize i = from; i < to; i++) {
    PfTermChain chain;

    if (!pf_build_is_dropped (self, i))
      continue;
    pf_term_chain (&chain, pf_build_term (self, i), self->keys);
    if (!pf_build_is_loose (&chain, self->entries[i].rules))
      *(guint64 *)count += n_chain_keys (&chain);
  }
  return TRUE;
}

static void
add_counts (gpointer into, gpointer count, gpointer user G_GNUC_UNUSED)
{
  *(guint64 *)into += *(guint64 *)count;
}

static void
forget_loose (PfBuild *self)
{
  GArray *loose = self->facts.loose;
  guint n = 0;

  for (guint i = 0; i < loose->len; i++) {
    guint32 raw = g_array_index (loose, guint32, i);

    if (!pf_build_is_dropped (self, raw))
      g_array_index (loose, guint32, n++) = raw;
  }
  g_array_set_size (loose, n);
}

gboolean
pf_build_unmeasure (PfBuild *self, PfError *error)
{
  PfParReduction plan = { .n = self->n,
                          .size = sizeof (guint64),
                          .map = count_dropped_keys,
                          .reduce = add_counts,
                          .user = self };
  guint64 n_keys = 0;

  if (!pf_par_map_reduce (self->par, &plan, &n_keys, error))
    return FALSE;
  self->facts.n_chains -= n_keys;
  forget_loose (self);
  return TRUE;
}
