/* Following a slot of matchers through a document that streams.
 *
 *   text   ... a line that is being scanned │ the next line │ ...
 *   slot             swapped ▲              ▲
 *   task   old matcher ─────────────────────┤ new matcher ─────▶
 *
 * A line is scanned by one matcher, and where a match of the old one reaches
 * into the next line, the new one goes on behind it.
 */
#include "task/action.h"

gboolean
pf_task_follows (const PfTask *self, const PfTaskJob *job)
{
  return job->matchers != NULL && pf_document_is_stream (job->document) &&
         !self->plan->action->counts_terms;
}

void
pf_task_follow (PfTask *self, PfSlot *matchers)
{
  PfFollow *follow = &self->follow;

  follow->matchers = matchers;
  follow->change_at = PF_NO_LIMIT;
  follow->held = pf_slot_get (matchers, &follow->version);
  self->matcher = follow->held;
  self->glossary = pf_matcher_glossary (self->matcher);
}

void
pf_task_unfollow (PfTask *self)
{
  pf_matcher_unref (self->follow.held);
  self->follow = (PfFollow){ 0 };
}

/* Where the first line begins at or behind AT; PF_NO_LIMIT where that is not in
 * the window. */
static guint64
next_line (const PfTask *self, guint64 at)
{
  PfSpan window = self->window;
  gsize from = (gsize)(at - self->window_offset);
  const guint8 *end;

  /* Only the beginning of the text has nothing before it. */
  if (from == 0 || window.data[from - 1] == '\n')
    return at;
  end = memchr (window.data + from, '\n', window.len - from);
  return end != NULL ? self->window_offset + (gsize)(end - window.data) + 1
                     : PF_NO_LIMIT;
}

guint64
pf_task_change_matcher (PfTask *self, guint64 at)
{
  PfFollow *follow = &self->follow;
  PfSlot *matchers = follow->matchers;

  if (matchers == NULL || pf_slot_version (matchers) == follow->version)
    return PF_NO_LIMIT;
  if (follow->change_at == PF_NO_LIMIT)
    follow->change_at = next_line (self, at);
  if (at < follow->change_at)
    return follow->change_at;
  pf_task_unfollow (self);
  pf_task_follow (self, matchers);
  return PF_NO_LIMIT;
}
