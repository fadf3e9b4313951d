/* The actions that ask of a file only whether it has a match. */
#include "task/action.h"

static void
end_with_match (PfTask *self, gboolean complete G_GNUC_UNUSED)
{
  if (self->n_matches > 0)
    self->plan->format->path (self->result->bytes, self->path,
                              &self->plan->style);
}

/* Of a file that failed or was passed over nobody can say it has none. */
static void
end_without_match (PfTask *self, gboolean complete)
{
  if (complete && self->n_matches == 0)
    self->plan->format->path (self->result->bytes, self->path,
                              &self->plan->style);
}

const PfAction pf_action_with_match = { .match = pf_task_note_first,
                                        .end = end_with_match,
                                        .first_only = TRUE };
const PfAction pf_action_without_match = { .match = pf_task_note_first,
                                           .end = end_without_match,
                                           .first_only = TRUE };
const PfAction pf_action_answer = { .match = pf_task_note_first,
                                    .first_only = TRUE };
