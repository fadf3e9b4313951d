/* lines: the raw lines with a match, or those without one, and what stands
 * around them.
 *
 *   text   a a LF b x b LF c c LF d d d d
 *                ▲   ▲            ▲     ▲
 *             line   match        line  looked
 *
 * Lines are decided from left to right, as far as all matches are known. Where
 * nothing is to be printed, whole stretches are passed over by their last line
 * break. Of what leaves the window, a spool keeps what may still be printed:
 * the line that is not decided yet, and the context before it. A line with a
 * match is printed as it comes, so that only one without is ever spooled.
 */
#include "base/spool.h"
#include "task/action.h"

/* Matched text, in bytes of the document. */
typedef struct {
  guint64 begin, end;
} Range;

struct PfRawLines {
  PfSpool *spool;   /* the text from KEPT up to the window */
  guint64 kept;     /* where a line begins, or where nothing before is needed */
  guint64 n_kept;   /* line breaks in it, where there is context before */
  guint64 looked;   /* lines are decided up to there */
  guint64 line;     /* begin of the line that is not over there */
  guint64 number;   /* of that line, where numbers are shown */
  gboolean is_open; /* that line is printed up to PRINTED */
  guint64 printed;  /* end of what was printed last */
  gboolean is_late; /* something was printed */
  guint64 touched;  /* end of the matches up to now */
  guint64 wanted;   /* lines */
  guint64 after;    /* lines of context yet to print */
  GArray *ranges; /* Range, that end behind PRINTED; where there are colours */
};

void
pf_raw_lines_free (PfRawLines *self)
{
  if (self == NULL)
    return;
  pf_spool_free (self->spool);
  g_array_unref (self->ranges);
  g_free (self);
}

static gboolean
begin (PfTask *task, guint64 at G_GNUC_UNUSED,
       const PfDocument *document G_GNUC_UNUSED, PfError *error G_GNUC_UNUSED)
{
  PfRawLines *self = task->raw_lines;
  gint64 most = task->plan->max_count;

  if (self == NULL) {
    task->raw_lines = self = g_new0 (PfRawLines, 1);
    self->spool = pf_spool_new (task->plan->held_lines);
    self->ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  }
  pf_spool_drop (self->spool, pf_spool_size (self->spool));
  g_array_set_size (self->ranges, 0);
  *self = (PfRawLines){ .spool = self->spool,
                        .ranges = self->ranges,
                        .number = 1,
                        .wanted = most > 0 ? (guint64)most : G_MAXUINT64 };
  self->kept = self->looked = self->line = self->printed = self->touched =
      task->window_offset;
  return TRUE;
}

static gboolean
is_over (const PfTask *task)
{
  return task->answered || task->refused;
}

/* Whether the line that is not over yet is to be printed, as far as is known.
 */
static gboolean
is_selected (const PfTask *task)
{
  const PfRawLines *self = task->raw_lines;

  return self->wanted > 0 &&
         (self->touched > self->line) != task->plan->lines.without_match;
}

static const guint8 *
window_at (const PfTask *task, guint64 at)
{
  return task->window.data + (at - task->window_offset);
}

/* Some text at AT, up to LIMIT, at least a byte. Empty where the spool failed,
 * which is the end. */
static PfSpan
peek (PfTask *task, guint64 at, guint64 limit)
{
  PfRawLines *self = task->raw_lines;
  PfSpan text;

  if (at >= task->window_offset)
    return (PfSpan){ window_at (task, at), (gsize)(limit - at) };
  text = pf_spool_peek (self->spool, at - self->kept, &task->failure);
  task->answered |= text.len == 0;
  text.len = (gsize)MIN (text.len, limit - at);
  return text;
}

/* Appends the text up to TO. */
static void
print_text (PfTask *task, guint64 to)
{
  PfRawLines *self = task->raw_lines;

  while (self->printed < to && !is_over (task)) {
    PfSpan text = peek (task, self->printed, to);

    g_string_append_len (task->result->bytes, (const char *)text.data,
                         (gssize)text.len);
    self->printed += text.len;
    pf_task_limit_result (task);
  }
}

static void
print_match (PfTask *task, guint64 to)
{
  const PfTaskPlan *plan = task->plan;

  plan->line_format->begin_match (task->result->bytes, &plan->style);
  print_text (task, to);
  plan->line_format->end_match (task->result->bytes, &plan->style);
}

/* The same with colours. */
static void
print_colored (PfTask *task, guint64 to)
{
  PfRawLines *self = task->raw_lines;

  for (guint i = 0; i < self->ranges->len && self->printed < to; i++) {
    const Range *range = &g_array_index (self->ranges, Range, i);

    if (range->end <= self->printed)
      continue;
    print_text (task, MIN (range->begin, to));
    if (self->printed < to)
      print_match (task, MIN (range->end, to));
  }
  print_text (task, to);
}

/* Forgets what ends up to AT. */
static void
drop_ranges (PfRawLines *self, guint64 at)
{
  guint n = 0;

  while (n < self->ranges->len &&
         g_array_index (self->ranges, Range, n).end <= at)
    n++;
  if (n > 0)
    g_array_remove_range (self->ranges, 0, n);
}

/* Before a line that begins where all is printed. */
static void
print_head (PfTask *task, guint64 number, gboolean is_context)
{
  const PfTaskPlan *plan = task->plan;
  PfLineRecord record = { .is_context = is_context };

  if (plan->lines.names)
    record.name = pf_task_name (task);
  if (plan->lines.numbers)
    record.number = number;
  plan->line_format->begin (task->result->bytes, &record, &plan->style);
}

/* The end of the line that begins where all is printed; it is over before
 * LIMIT. */
static guint64
end_of_line (PfTask *task, guint64 limit)
{
  guint64 at = task->raw_lines->printed;

  while (at < limit && !is_over (task)) {
    PfSpan text = peek (task, at, limit);
    const guint8 *end = memchr (text.data, '\n', text.len);

    if (end != NULL)
      return at + (guint64)(end - text.data) + 1;
    at += text.len;
  }
  return limit;
}

/* Drops N lines from the spool, which has them. */
static void
drop_lines (PfTask *task, guint64 n)
{
  PfRawLines *self = task->raw_lines;
  guint64 at = self->kept;

  self->n_kept -= n;
  while (n > 0 && !is_over (task)) {
    PfSpan text = peek (task, at, task->window_offset);
    const guint8 *end = memchr (text.data, '\n', text.len);

    n -= end != NULL;
    at += end != NULL ? (guint64)(end - text.data) + 1 : text.len;
  }
  pf_spool_drop (self->spool, at - self->kept);
  self->kept = at;
}

/* Goes back over lines in the window from *AT, up to MOST of them, and not
 * before BOUND, which ends the last one where IS_LINE. How many. */
static guint64
go_back (const PfTask *task, guint64 *at, guint64 most, guint64 bound,
         gboolean is_line)
{
  guint64 n = 0;

  while (n<most && * at> bound) {
    const guint8 *from = window_at (task, bound);
    const guint8 *end = memrchr (from, '\n', (gsize)(*at - 1 - bound));

    if (end == NULL && !is_line)
      break;
    *at = end != NULL ? bound + (guint64)(end - from) + 1 : bound;
    n++;
  }
  return n;
}

/* Where the context before the line begins: *N lines before it. What the spool
 * has before that is dropped. */
static guint64
find_context (PfTask *task, guint64 *n)
{
  PfRawLines *self = task->raw_lines;
  guint64 bound = MAX (self->printed, task->window_offset), at = self->line;
  guint64 wanted = task->plan->lines.before, in_spool;
  gboolean ends_in_spool = self->kept < bound && self->printed < bound;

  *n = go_back (task, &at, wanted, bound, !ends_in_spool);
  if (*n == wanted || !ends_in_spool)
    return at;
  /* What is left of the window is the end of a line. */
  in_spool = self->n_kept + (at > bound);
  if (in_spool > wanted - *n)
    drop_lines (task, in_spool - (wanted - *n));
  *n += MIN (in_spool, wanted - *n);
  return self->kept;
}

static void
print_context_line (PfTask *task, guint64 number, guint64 end)
{
  print_head (task, number, TRUE);
  print_text (task, end);
}

/* Before something at AT is printed. */
static void
print_separator (PfTask *task, guint64 at)
{
  PfRawLines *self = task->raw_lines;
  const PfTaskPlan *plan = task->plan;

  if (plan->lines.groups && (!self->is_late || at > self->printed))
    plan->line_format->separator (task->result->bytes, &plan->style);
  self->is_late = TRUE;
  self->printed = at;
}

/* The context before the line, and what stands before the line itself. */
static void
open_line (PfTask *task)
{
  PfRawLines *self = task->raw_lines;
  guint64 n, at;

  if (self->is_open)
    return;
  at = find_context (task, &n);
  print_separator (task, at);
  for (; n > 0 && !is_over (task); n--)
    print_context_line (task, self->number - n, end_of_line (task, self->line));
  print_head (task, self->number, FALSE);
  self->is_open = TRUE;
}

/* The whole line, up to END; LINE_BREAK says that it has one there. */
static void
print_line (PfTask *task, guint64 end, gboolean line_break)
{
  PfRawLines *self = task->raw_lines;

  open_line (task);
  print_colored (task, end - line_break);
  print_text (task, end);
  self->after = task->plan->lines.after;
  self->wanted--;
}

static void
print_context (PfTask *task, guint64 end)
{
  PfRawLines *self = task->raw_lines;

  print_context_line (task, self->number, end);
  self->after--;
}

/* The line is decided, and ends at END. */
static void
finish_line (PfTask *task, guint64 end, gboolean line_break)
{
  PfRawLines *self = task->raw_lines;
  gboolean selected = is_selected (task);

  if (selected)
    print_line (task, end, line_break);
  else if (self->after > 0)
    print_context (task, end);
  if (self->printed == end && !line_break && !is_over (task))
    g_string_append_c (task->result->bytes, '\n');
  self->line = end;
  self->number++;
  self->is_open = FALSE;
  drop_ranges (self, end);
  task->answered |= self->wanted == 0 && self->after == 0;
}

/* Nothing of the lines up to END is to be printed, but as context. */
static void
pass_over (PfTask *task, guint64 end)
{
  PfRawLines *self = task->raw_lines;

  if (task->plan->lines.numbers) {
    PfLineCounter lines = { .line = self->number, .at = self->looked };

    pf_line_counter_advance (&lines, task->window, task->window_offset, end);
    self->number = lines.line;
  }
  self->line = end;
}

/* Whether nothing is to be printed before the next match. */
static gboolean
is_idle (const PfTask *task)
{
  return !task->plan->lines.without_match && !is_selected (task) &&
         task->raw_lines->after == 0;
}

/* All matches that begin before TO are known. */
static void
decide (PfTask *task, guint64 to)
{
  PfRawLines *self = task->raw_lines;

  while (self->looked < to && !is_over (task)) {
    const guint8 *from = window_at (task, self->looked), *found;
    gsize len = (gsize)(to - self->looked);
    gboolean idle = is_idle (task);
    guint64 end;

    found = idle ? memrchr (from, '\n', len) : memchr (from, '\n', len);
    end = found != NULL ? self->looked + (guint64)(found - from) + 1 : to;
    if (found != NULL && idle)
      pass_over (task, end);
    else if (found != NULL)
      finish_line (task, end, TRUE);
    self->looked = end;
  }
}

/* Matches that overlap are one stretch; those that only touch are two. */
static void
add_range (PfRawLines *self, Range range)
{
  Range *last = self->ranges->len > 0 ? &g_array_index (self->ranges, Range,
                                                        self->ranges->len - 1)
                                      : NULL;

  if (last != NULL && range.begin < last->end)
    last->end = MAX (last->end, range.end);
  else
    g_array_append_val (self->ranges, range);
}

static gboolean
match (const PfMatch *found, gpointer user)
{
  PfTask *task = user;
  PfRawLines *self = task->raw_lines;
  Range range = { task->window_offset + found->start,
                  task->window_offset + found->end };

  decide (task, range.begin);
  if (is_over (task))
    return FALSE;
  self->touched = MAX (self->touched, range.end);
  if (task->plan->style.color)
    add_range (self, range);
  return pf_task_note_match (found, task);
}

static void
scanned (PfTask *task, gsize to)
{
  decide (task, task->window_offset + to);
}

/* Prints what can be printed of a line with a match: not from a match on of
 * which the end is not known. */
static void
print_begin (PfTask *task)
{
  PfRawLines *self = task->raw_lines;
  guint64 to = self->looked;
  guint n = self->ranges->len;

  open_line (task);
  if (n > 0 && g_array_index (self->ranges, Range, n - 1).end > to)
    to = g_array_index (self->ranges, Range, n - 1).begin;
  if (to > self->printed)
    print_colored (task, to);
  drop_ranges (self, self->printed);
}

/* The spool takes what is needed from AT on, up to TO. */
static void
keep (PfTask *task, guint64 at, guint64 to)
{
  PfRawLines *self = task->raw_lines;
  guint64 from = MAX (at, task->window_offset);
  PfLineCounter lines = { .at = from };

  pf_spool_drop (self->spool,
                 MIN (at - self->kept, pf_spool_size (self->spool)));
  self->kept = MIN (at, to);
  if (pf_spool_size (self->spool) == 0)
    self->n_kept = 0;
  if (from >= to)
    return;
  if (task->plan->lines.before > 0)
    pf_line_counter_advance (&lines, task->window, task->window_offset, to);
  self->n_kept += lines.line;
  task->answered |= !pf_spool_add (
      self->spool, (PfSpan){ window_at (task, from), (gsize)(to - from) },
      &task->failure);
}

static void
leave (PfTask *task, gsize len)
{
  PfRawLines *self = task->raw_lines;
  guint64 n, to = task->window_offset + len, from;

  if (is_over (task))
    return;
  if (!task->plan->lines.without_match && is_selected (task)) {
    print_begin (task);
    from = self->printed;
  } else {
    from = find_context (task, &n);
  }
  if (!is_over (task))
    keep (task, from, to);
}

/* Of a text that broke off, the last line may have had a match yet. */
static void
end (PfTask *task, gboolean complete)
{
  PfRawLines *self = task->raw_lines;

  if (!complete && task->plan->lines.without_match)
    return;
  decide (task, task->window_offset + task->window.len);
  if (self->looked > self->line && !is_over (task))
    finish_line (task, self->looked, FALSE);
}

const PfAction pf_action_lines = { .match = match,
                                   .begin = begin,
                                   .scanned = scanned,
                                   .leave = leave,
                                   .end = end,
                                   .own_limit = TRUE,
                                   .whole = TRUE };
