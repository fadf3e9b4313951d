/* count, count-terms and total: how often, by file, by term, or both. */
#include "task/action.h"

static void
end_count (PfTask *self, gboolean complete G_GNUC_UNUSED)
{
  if (self->n_matches > 0)
    self->plan->format->count (self->result->bytes, pf_task_name (self),
                               self->n_matches);
}

const PfAction pf_action_count = { .match = pf_task_note_match,
                                   .end = end_count };

static void
count_entries (PfTask *self, const PfMatch *match)
{
  const PfGlossary *glossary = pf_matcher_glossary (self->matcher);

  for (guint i = 0; i < match->n_entries; i++)
    pf_tally_add_once (&self->tally,
                       pf_glossary_entry_term_id (glossary, match->entries[i]),
                       self->n_matches);
}

/* A match counts once for each of its terms, however many entries share it. */
static gboolean
count_terms (const PfMatch *match, gpointer user)
{
  PfTask *self = user;
  gboolean going_on = pf_task_note_match (match, user);

  if (G_LIKELY (match->n_entries == 1))
    pf_tally_add (&self->tally,
                  pf_glossary_entry_term_id (self->glossary, *match->entries),
                  1);
  else
    count_entries (self, match);
  return going_on;
}

static void
end_count_terms (PfTask *self, gboolean complete G_GNUC_UNUSED)
{
  for (guint32 i = 0; i < self->tally.n; i++) {
    const PfTallyCount *count = &self->tally.counts[i];

    self->plan->format->term_count (
        self->result->bytes, pf_task_name (self),
        pf_glossary_term (self->glossary, count->term_id), count->count);
    if (!pf_task_limit_result (self))
      return;
  }
}

const PfAction pf_action_count_terms = { .match = count_terms,
                                         .end = end_count_terms,
                                         .counts_terms = TRUE };

/* The one place where a file enters the totals. */
static void
end_total (PfTask *self, gboolean complete G_GNUC_UNUSED)
{
  pf_totals_add (self->plan->totals, self->worker, &self->tally);
}

const PfAction pf_action_total = { .match = count_terms,
                                   .end = end_total,
                                   .counts_terms = TRUE };
