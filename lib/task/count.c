/* count, count-terms and total: how often, by file, by term, or both. */
#include "task/action.h"

static void
end_count (PfTask *self, gboolean complete G_GNUC_UNUSED)
{
  if (self->n_matches > 0)
    self->plan->format->count (self->result->bytes, self->path, self->n_matches,
                               &self->plan->style);
}

const PfAction pf_action_count = { .end = end_count };

/* Counts TERM_ID once more in this file. */
static void
count_term (PfTask *self, guint32 term_id)
{
  gpointer key = GUINT_TO_POINTER (term_id);
  gsize n = GPOINTER_TO_SIZE (g_hash_table_lookup (self->term_counts, key));

  if (n == 0)
    g_array_append_val (self->terms_seen, term_id);
  g_hash_table_insert (self->term_counts, key, GSIZE_TO_POINTER (n + 1));
}

static gboolean
is_term_before (const PfGlossary *glossary, const PfMatch *match, guint i)
{
  guint32 term_id = pf_glossary_entry_term_id (glossary, match->entries[i]);

  for (guint k = 0; k < i; k++)
    if (pf_glossary_entry_term_id (glossary, match->entries[k]) == term_id)
      return TRUE;
  return FALSE;
}

/* A match counts once for each of its terms, however many entries share it. */
static void
match_terms (PfTask *self, const PfMatch *match)
{
  const PfGlossary *glossary = pf_matcher_glossary (self->matcher);

  for (guint i = 0; i < match->n_entries; i++)
    if (!is_term_before (glossary, match, i))
      count_term (self,
                  pf_glossary_entry_term_id (glossary, match->entries[i]));
}

static guint64
term_count (const PfTask *self, guint32 term_id)
{
  return GPOINTER_TO_SIZE (
      g_hash_table_lookup (self->term_counts, GUINT_TO_POINTER (term_id)));
}

static void
end_count_terms (PfTask *self, gboolean complete G_GNUC_UNUSED)
{
  const PfGlossary *glossary = pf_matcher_glossary (self->matcher);

  for (guint i = 0; i < self->terms_seen->len; i++) {
    guint32 term_id = g_array_index (self->terms_seen, guint32, i);

    self->plan->format->term_count (
        self->result->bytes, self->path, pf_glossary_term (glossary, term_id),
        term_count (self, term_id), &self->plan->style);
    if (!pf_task_limit_result (self))
      return;
  }
}

const PfAction pf_action_count_terms = { .match = match_terms,
                                         .end = end_count_terms };

static void
end_total (PfTask *self, gboolean complete G_GNUC_UNUSED)
{
  for (guint i = 0; i < self->terms_seen->len; i++) {
    guint32 term_id = g_array_index (self->terms_seen, guint32, i);
    PfTally tally = { term_id, term_count (self, term_id) };

    g_array_append_val (self->result->tallies, tally);
    if (!pf_task_limit_result (self))
      return;
  }
}

const PfAction pf_action_total = { .match = match_terms, .end = end_total };
