/* find: each match, where it is. Lines are counted between matches only. */
#include "task/action.h"

static void
count_units (PfTask *self, gsize to)
{
  if (self->plan->format->counts_utf16)
    pf_unit_counter_advance (&self->units, &self->lines, self->window,
                             self->window_offset, self->window_offset + to);
}

static void
leave (PfTask *self, gsize len)
{
  pf_task_count_lines (self, len);
  count_units (self, len);
}

/* How far the match of RECORD reaches; its beginning was counted. */
static PfMatchExtent
measure (const PfTask *self, const PfMatchRecord *record)
{
  PfLineCounter end = { .line = record->line };
  PfMatchExtent extent = { 0 };
  PfSpan text = record->text;

  pf_line_counter_advance (&end, text, 0, text.len);
  extent.end_line = end.line;
  extent.end_column = text.len - end.line_start + 1;
  extent.utf16_column = self->units.units + 1;
  extent.utf16_end_column =
      pf_utf16_units (pf_span_sub (text, (gsize)end.line_start, text.len)) + 1;
  if (end.line == record->line) {
    extent.end_column += record->column - 1;
    extent.utf16_end_column += self->units.units;
  }
  return extent;
}

/* By itself, so that what others print of a match stays small. */
static void __attribute__ ((noinline))
print_with_extent (PfTask *self, PfMatchRecord *record)
{
  PfMatchExtent extent;

  count_units (self, (gsize)(record->offset - self->window_offset));
  extent = measure (self, record);
  record->extent = &extent;
  self->plan->format->match (self->result->bytes, record, &self->plan->style);
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
  pf_task_count_lines (self, found->start);
  record.line = self->lines.line;
  record.column = record.offset - self->lines.line_start + 1;
  if (self->plan->format->shows_ends)
    print_with_extent (self, &record);
  else
    self->plan->format->match (self->result->bytes, &record,
                               &self->plan->style);
  return pf_task_limit_result (self) && going_on;
}

const PfAction pf_action_find = { .match = match, .leave = leave };
