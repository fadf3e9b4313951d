/* find: each match, where it is. Lines are counted between matches only. */
#include "task/action.h"

static void
count_lines (PfTask *self, gsize to)
{
  pf_task_count_lines (self, to);
  if (G_UNLIKELY (self->plan->format->counts_utf16))
    pf_unit_counter_advance (&self->units, &self->lines, self->window,
                             self->window_offset, self->window_offset + to);
}

/* Where the match of RECORD ends; its beginning was counted. */
static void
locate_end (const PfTask *self, PfMatchRecord *record)
{
  PfLineCounter end = { .line = record->line };
  PfSpan last = record->text;

  pf_line_counter_advance (&end, record->text, 0, record->text.len);
  record->end_line = end.line;
  record->end_column = record->text.len - end.line_start + 1;
  if (end.line == record->line)
    record->end_column += record->column - 1;
  if (!self->plan->format->counts_utf16)
    return;
  record->utf16_column = self->units.units + 1;
  last = pf_span_sub (last, (gsize)end.line_start, last.len);
  record->utf16_end_column = pf_utf16_units (last) + 1;
  if (end.line == record->line)
    record->utf16_end_column += self->units.units;
}

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
  count_lines (self, found->start);
  record.line = self->lines.line;
  record.column = record.offset - self->lines.line_start + 1;
  if (self->plan->format->shows_ends)
    locate_end (self, &record);
  self->plan->format->match (self->result->bytes, &record, &self->plan->style);
  return pf_task_limit_result (self) && going_on;
}

const PfAction pf_action_find = { .match = match, .leave = count_lines };
