/* count, count-terms and total: how often, by file, by term, or both. */
#include "task/action.h"

/* So many counts are handed on, or wait, as one. */
#define COUNTS_AT_ONCE 1024u

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

static gboolean
are_counts_large (const PfTask *self)
{
  return self->result->counts->len * sizeof (PfTallyCount) >=
         self->result_share;
}

/* Whoever takes the results adds them up. A tally that is large goes in parts,
 * or it would stand in memory twice. */
static void
hand_on_counts (PfTask *self)
{
  const PfTally *tally = &self->tally;
  guint32 n;

  for (guint32 i = 0; i < tally->n; i += n) {
    n = MIN (tally->n - i, COUNTS_AT_ONCE);
    pf_result_add_counts (self->result, tally->counts + i, n);
    if (are_counts_large (self) && !pf_task_hand_on (self))
      return;
  }
}

/* The one place where a file enters the totals. */
static void
end_total (PfTask *self, gboolean complete G_GNUC_UNUSED)
{
  if (self->plan->totals != NULL)
    pf_totals_add (self->plan->totals, self->worker, &self->tally);
  else
    hand_on_counts (self);
}

const PfAction pf_action_total = { .match = count_terms,
                                   .end = end_total,
                                   .counts_terms = TRUE };

/* As count_terms, with the groups of the entries in place of their terms. */
static gboolean
count_groups (const PfMatch *match, gpointer user)
{
  PfTask *self = user;
  gboolean going_on = pf_task_note_match (match, user);
  const guint32 *of_entry = self->plan->groups->of_entry;

  for (guint i = 0; i < match->n_entries; i++)
    pf_tally_add_once (&self->tally, of_entry[match->entries[i]],
                       self->n_matches);
  return going_on;
}

const PfAction pf_action_total_groups = { .match = count_groups,
                                          .end = end_total,
                                          .counts_terms = TRUE };

static void
end_folder (PfTask *self, gboolean complete G_GNUC_UNUSED)
{
  g_autofree char *path = NULL;

  if (self->n_matches == 0)
    return;
  path = g_strndup ((const char *)self->path.data, self->path.len);
  pf_result_add_folder (self->result,
                        pf_folder_of (path, self->plan->folder_depth),
                        self->n_matches);
}

const PfAction pf_action_total_folders = { .match = pf_task_note_match,
                                           .end = end_folder };
