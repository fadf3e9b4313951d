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
gboolean
pf_rewrite_begin (PfTask *self, guint64 at, const PfDocument *document,
                  PfError *error)
{
  const PfRewriter *rewriter = self->plan->rewriter;

  if (rewriter->bytes_only && pf_document_is_decoded (document) &&
      !pf_document_is_binary (document))
    return pf_error_set (error, PF_STATUS_DATA,
                         "its text is decoded, and cannot be changed in place");
  self->rewritten = 0;
  self->text_begin = at;
  self->n_changes = 0;
  if (rewriter->begin != NULL)
    rewriter->begin (self);
  return TRUE;
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
  const PfRewriter *rewriter = self->plan->rewriter;

  if (!complete)
    return;
  keep (self, self->window.len);
  if (rewriter->end != NULL)
    rewriter->end (self);
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
