/* A document that is rewritten, as a diff. */
#include "task/rewrite.h"

#define HUNK_DEFAULT ((gsize)64 << 20)

static void
begin (PfTask *self)
{
  gsize hunk = self->plan->hunk > 0 ? self->plan->hunk : HUNK_DEFAULT;

  if (self->diff == NULL)
    self->diff = pf_unified_diff_new (hunk);
  pf_unified_diff_begin (self->diff, self->path);
}

static void
check (PfTask *self, gboolean done)
{
  if (!done)
    pf_task_fail (self, PF_STATUS_TEMPORARY,
                  "too many changes side by side for a diff in memory");
}

static void
keep (PfTask *self, PfSpan text)
{
  check (self, pf_unified_diff_keep (self->diff, text, self->result->bytes));
}

static void
change (PfTask *self, PfSpan from, PfSpan to)
{
  pf_task_count_lines (self, (gsize)(self->rewritten - self->window_offset));
  check (self, pf_unified_diff_change (self->diff, self->lines.line, from, to));
}

static void
end (PfTask *self, gboolean complete)
{
  if (complete)
    check (self, pf_unified_diff_end (self->diff, self->result->bytes));
}

const PfRewriter pf_rewriter_diff = {
  .begin = begin, .keep = keep, .change = change, .end = end, .bytes_only = TRUE
};
