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
  self->rewritten = self->text_begin = at;
  self->is_open = FALSE;
  self->n_changes = 0;
  if (rewriter->begin != NULL)
    rewriter->begin (self);
  return TRUE;
}

static void
open_document (PfTask *self)
{
  const PfRewriter *rewriter = self->plan->rewriter;
  PfSpan mark = pf_span_str ("\xEF\xBB\xBF");

  self->is_open = TRUE;
  if (rewriter->open != NULL)
    rewriter->open (self);
  if (self->text_begin > 0)
    (rewriter->mark != NULL ? rewriter->mark : rewriter->keep) (self, mark);
}

void
pf_rewrite_keep (PfTask *self, gsize to)
{
  gsize from = (gsize)(self->rewritten - self->window_offset);

  if (!self->is_open)
    open_document (self);
  if (from < to) {
    self->plan->rewriter->keep (self, pf_span_sub (self->window, from, to));
    self->rewritten = self->window_offset + to;
  }
}

void
pf_rewrite_leave (PfTask *self, gsize len)
{
  pf_rewrite_keep (self, len);
  pf_task_limit_result (self);
}

void
pf_rewrite_end (PfTask *self, gboolean complete)
{
  const PfRewriter *rewriter = self->plan->rewriter;

  if (complete)
    pf_rewrite_keep (self, self->window.len);
  if (self->is_open && rewriter->end != NULL)
    rewriter->end (self, complete);
}

void
pf_rewrite_skip (PfTask *self, const PfMatch *match)
{
  self->rewritten = self->window_offset + match->end;
  self->n_changes++;
}

void
pf_rewrite_match (PfTask *self, const PfMatch *match, PfSpan to)
{
  pf_rewrite_keep (self, match->start);
  self->plan->rewriter->change (
      self, pf_span_sub (self->window, match->start, match->end), to);
  pf_rewrite_skip (self, match);
}
