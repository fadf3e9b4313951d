/* find: each match, where it is. Lines are counted between matches only. */
#include "task/action.h"

/* Looking entries up costs more than all else that is done with a match. */
static gboolean
shows_entries (const PfTask *self)
{
  return !self->plan->format->values_only ||
         pf_glossary_has_values (self->glossary);
}

static gboolean
match (const PfMatch *found, gpointer user)
{
  PfTask *self = user;
  gboolean going_on = pf_task_note_match (found, user);
  PfMatchRecord record = { .name = pf_task_name (self),
                           .offset = self->window_offset + found->start,
                           .text = pf_span_sub (self->window, found->start,
                                                found->end) };

  if (shows_entries (self)) {
    record.entries = pf_task_entries (self, found);
    record.n_entries = found->n_entries;
  }
  pf_task_count_lines (self, found->start);
  record.line = self->lines.line;
  record.column = record.offset - self->lines.line_start + 1;
  self->plan->format->match (self->result->bytes, &record, &self->plan->style);
  return pf_task_limit_result (self) && going_on;
}

const PfAction pf_action_find = { .match = match,
                                  .leave = pf_task_count_lines };
