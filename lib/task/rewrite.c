#include "task/rewrite.h"

#include "base/append.h"

static void
append (PfTask *self, PfSpan text)
{
  pf_append_span (self->result->bytes, text);
}

static void
append_change (PfTask *self, PfSpan from G_GNUC_UNUSED, PfSpan to)
{
  append (self, to);
}

const PfRewriter pf_rewriter_plain = { .keep = append,
                                       .change = append_change };

/* A text begins behind its byte order mark. */
void
pf_rewrite_begin (PfTask *self, guint64 at)
{
  self->rewritten = 0;
  self->text_begin = at;
  self->n_changes = 0;
}

static void
keep_mark (PfTask *self)
{
  static const char mark[] = "\xEF\xBB\xBF";

  if (self->rewritten == 0 && self->text_begin > 0)
    self->plan->rewriter->keep (self, pf_span_str (mark));
  self->rewritten = MAX (self->rewritten, self->text_begin);
}

/* What stands before TO, in the window, and was not rewritten yet. */
static void
keep (PfTask *self, gsize to)
{
  gsize from;

  keep_mark (self);
  from = (gsize)(self->rewritten - self->window_offset);
  if (from < to)
    self->plan->rewriter->keep (self, pf_span_sub (self->window, from, to));
  self->rewritten = MAX (self->rewritten, self->window_offset + to);
}

void
pf_rewrite_leave (PfTask *self, gsize len)
{
  keep (self, len);
  pf_task_limit_result (self);
}

void
pf_rewrite_end (PfTask *self, gboolean complete)
{
  if (complete)
    keep (self, self->window.len);
}

void
pf_rewrite_match (PfTask *self, const PfMatch *match, PfSpan to)
{
  keep (self, match->start);
  self->plan->rewriter->change (
      self, pf_span_sub (self->window, match->start, match->end), to);
  self->rewritten = self->window_offset + match->end;
  self->n_changes++;
}
