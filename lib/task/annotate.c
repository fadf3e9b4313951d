/* annotate: each document with its matches marked up. */
#include "base/append.h"
#include "task/rewrite.h"

static const PfMarkup *
markup_of (const PfTask *self)
{
  return self->plan->markup.how;
}

static void
open (PfTask *self)
{
  const PfMarkupPlan *plan = &self->plan->markup;

  if (plan->is_page && plan->how->open_page != NULL)
    plan->how->open_page (self->result->bytes, self->path);
  if (plan->has_names && plan->how->begin != NULL)
    plan->how->begin (self->result->bytes, self->path);
}

static void
keep (PfTask *self, PfSpan text)
{
  if (markup_of (self)->keep != NULL)
    markup_of (self)->keep (self->result->bytes, text);
  else
    pf_append_span (self->result->bytes, text);
}

static void
mark (PfTask *self, PfSpan mark)
{
  if (!markup_of (self)->drops_mark)
    keep (self, mark);
}

/* What was opened is closed in any case. */
static void
end (PfTask *self, gboolean complete G_GNUC_UNUSED)
{
  const PfMarkupPlan *plan = &self->plan->markup;

  if (plan->has_names && plan->how->end != NULL)
    plan->how->end (self->result->bytes);
  if (plan->is_page && plan->how->close_page != NULL)
    plan->how->close_page (self->result->bytes);
}

const PfRewriter pf_rewriter_markup = {
  .open = open, .mark = mark, .keep = keep, .end = end
};

/* Whether another match had the term of FOUND before. */
static gboolean
was_marked (PfTask *self, const PfMatch *found)
{
  guint32 term = pf_glossary_entry_term_id (self->glossary, found->entries[0]);
  PfTallyCount *count = pf_tally_at (&self->tally, term);

  return count->count++ > 0;
}

static void
mark_up (PfTask *self, const PfMatch *found)
{
  PfMatchRecord record = { .name = self->path,
                           .text = pf_span_sub (self->window, found->start,
                                                found->end),
                           .entries = pf_task_entries (self, found),
                           .n_entries = found->n_entries };

  pf_task_count_lines (self, found->start);
  record.line = self->lines.line;
  record.offset = self->window_offset + found->start;
  record.column = record.offset - self->lines.line_start + 1;
  pf_rewrite_keep (self, found->start);
  markup_of (self)->match (self->result->bytes, &record,
                           self->plan->markup.template);
  pf_rewrite_skip (self, found);
}

static gboolean
match (const PfMatch *found, gpointer user)
{
  PfTask *self = user;
  gboolean going_on = pf_task_note_match (found, user);

  if (!self->plan->markup.first_only || !was_marked (self, found))
    mark_up (self, found);
  return pf_task_limit_result (self) && going_on;
}

/* Lines are counted for templates. */
static void
leave (PfTask *self, gsize len)
{
  pf_task_count_lines (self, len);
  pf_rewrite_leave (self, len);
}

const PfAction pf_action_annotate = { .begin = pf_rewrite_begin,
                                      .match = match,
                                      .leave = leave,
                                      .end = pf_rewrite_end,
                                      .counts_terms = TRUE,
                                      .whole = TRUE };
