#include "text/unified_diff.h"

#include <string.h>

#include "base/append.h"
#include "base/span.h"

#define CONTEXT 3u
/* Unchanged lines between two changes that are still one hunk. */
#define GAP (2 * CONTEXT)

/* Unchanged lines, end to end; the oldest first. Of those that were too long to
 * be kept nothing is there. */
typedef struct {
  GString *text;
  gsize ends[GAP + 1];
  gboolean lost[GAP + 1];
  guint n;
} Lines;

struct PfUnifiedDiff {
  gsize limit;
  PfSpan name;
  gboolean has_header, failed;
  /* Of the line that is not over: as it was and, once changed, as it is. A
   * change that takes away a line break makes one of two. */
  GString *from, *to;
  gboolean is_changed, is_lost;
  guint64 line;     /* its number, once changed */
  Lines same;       /* before the hunk, or behind its last change */
  GString *removed; /* a run of changed lines */
  GString *added;
  GString *hunk; /* what is before them */
  gboolean in_hunk;
  guint64 start, n_from, n_to; /* of the hunk */
  gint64 shift;                /* by how much lines behind it have moved */
};

PfUnifiedDiff *
pf_unified_diff_new (gsize limit)
{
  PfUnifiedDiff *self = g_new0 (PfUnifiedDiff, 1);

  self->limit = limit;
  self->from = g_string_new (NULL);
  self->to = g_string_new (NULL);
  self->same.text = g_string_new (NULL);
  self->removed = g_string_new (NULL);
  self->added = g_string_new (NULL);
  self->hunk = g_string_new (NULL);
  return self;
}

void
pf_unified_diff_free (PfUnifiedDiff *self)
{
  if (self == NULL)
    return;
  g_string_free (self->from, TRUE);
  g_string_free (self->to, TRUE);
  g_string_free (self->same.text, TRUE);
  g_string_free (self->removed, TRUE);
  g_string_free (self->added, TRUE);
  g_string_free (self->hunk, TRUE);
  g_free (self);
}

static void
lines_clear (Lines *self)
{
  g_string_truncate (self->text, 0);
  self->n = 0;
}

static PfSpan
lines_get (const Lines *self, guint i)
{
  gsize from = i > 0 ? self->ends[i - 1] : 0;

  return (PfSpan){ (const guint8 *)self->text->str + from,
                   self->ends[i] - from };
}

static void
lines_drop (Lines *self, guint n)
{
  gsize len = self->ends[n - 1];

  g_string_erase (self->text, 0, (gssize)len);
  for (guint i = n; i < self->n; i++) {
    self->ends[i - n] = self->ends[i] - len;
    self->lost[i - n] = self->lost[i];
  }
  self->n -= n;
}

static void
lines_add (Lines *self, PfSpan line, gboolean lost)
{
  if (!lost)
    pf_append_span (self->text, line);
  self->lost[self->n] = lost;
  self->ends[self->n++] = self->text->len;
}

void
pf_unified_diff_begin (PfUnifiedDiff *self, PfSpan name)
{
  self->name = name;
  self->has_header = self->failed = self->in_hunk = FALSE;
  self->is_changed = self->is_lost = FALSE;
  self->shift = 0;
  g_string_truncate (self->from, 0);
  g_string_truncate (self->to, 0);
  g_string_truncate (self->removed, 0);
  g_string_truncate (self->added, 0);
  g_string_truncate (self->hunk, 0);
  lines_clear (&self->same);
}

static gboolean
needs_quotes (PfSpan name)
{
  if (name.len > 0 && (name.data[0] == ' ' || name.data[name.len - 1] == ' '))
    return TRUE;
  for (gsize i = 0; i < name.len; i++)
    if (g_ascii_iscntrl (name.data[i]) || strchr ("\"\\", name.data[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* In quotes as in C, where readers would stumble. */
static void
append_quoted (GString *out, PfSpan name)
{
  g_string_append_c (out, '"');
  for (gsize i = 0; i < name.len; i++)
    if (g_ascii_iscntrl (name.data[i]))
      g_string_append_printf (out, "\\%03o", name.data[i]);
    else if (strchr ("\"\\", name.data[i]) != NULL)
      g_string_append_printf (out, "\\%c", name.data[i]);
    else
      g_string_append_c (out, (char)name.data[i]);
  g_string_append_c (out, '"');
}

/* Readers take a space for the end of the name, unless a tab is. */
static void
append_name (GString *out, const char *mark, PfSpan name)
{
  name = pf_span_without_dots (name);
  g_string_append (out, mark);
  if (needs_quotes (name))
    append_quoted (out, name);
  else
    pf_append_span (out, name);
  if (memchr (name.data, ' ', name.len) != NULL)
    g_string_append_c (out, '\t');
  g_string_append_c (out, '\n');
}

/* Each line of TEXT with MARK before it; how many there are. */
static guint64
append_marked (GString *out, char mark, PfSpan text)
{
  guint64 n = 0;

  while (text.len > 0) {
    const guint8 *end = memchr (text.data, '\n', text.len);
    gsize len = end != NULL ? (gsize)(end - text.data) + 1 : text.len;

    pf_append_char (out, mark);
    pf_append_span (out, pf_span_sub (text, 0, len));
    if (end == NULL)
      g_string_append (out, "\n\\ No newline at end of file\n");
    text = pf_span_sub (text, len, text.len);
    n++;
  }
  return n;
}

static gsize
held (const PfUnifiedDiff *self)
{
  return self->hunk->len + self->removed->len + self->added->len +
         self->to->len;
}

/* Moves N of the unchanged lines into the hunk. */
static void
take_same (PfUnifiedDiff *self, guint n)
{
  for (guint i = 0; i < n; i++) {
    self->failed = self->failed || self->same.lost[i];
    append_marked (self->hunk, ' ', lines_get (&self->same, i));
    self->n_from++;
    self->n_to++;
  }
}

static void
end_run (PfUnifiedDiff *self)
{
  g_string_append_len (self->hunk, self->removed->str,
                       (gssize)self->removed->len);
  g_string_append_len (self->hunk, self->added->str, (gssize)self->added->len);
  g_string_truncate (self->removed, 0);
  g_string_truncate (self->added, 0);
}

static void
append_range (GString *out, char mark, guint64 start, guint64 n)
{
  g_string_append_printf (out, "%c%" G_GUINT64_FORMAT, mark, start);
  if (n != 1)
    g_string_append_printf (out, ",%" G_GUINT64_FORMAT, n);
}

static void
close_hunk (PfUnifiedDiff *self, GString *out)
{
  end_run (self);
  take_same (self, MIN (self->same.n, CONTEXT));
  self->in_hunk = FALSE;
  if (self->failed)
    return;
  if (!self->has_header) {
    append_name (out, "--- ", self->name);
    append_name (out, "+++ ", self->name);
  }
  self->has_header = TRUE;
  g_string_append (out, "@@ ");
  append_range (out, '-', self->start, self->n_from);
  g_string_append_c (out, ' ');
  append_range (out, '+', (guint64)((gint64)self->start + self->shift),
                self->n_to);
  g_string_append (out, " @@\n");
  g_string_append_len (out, self->hunk->str, (gssize)self->hunk->len);
  g_string_truncate (self->hunk, 0);
  self->shift += (gint64)self->n_to - (gint64)self->n_from;
}

static void
add_same (PfUnifiedDiff *self, PfSpan line, GString *out)
{
  Lines *same = &self->same;

  if (self->in_hunk)
    end_run (self);
  lines_add (same, line,
             self->is_lost || same->text->len + line.len > self->limit);
  if (self->in_hunk && same->n > GAP)
    close_hunk (self, out);
  if (!self->in_hunk && same->n > CONTEXT)
    lines_drop (same, same->n - CONTEXT);
}

static void
open_hunk (PfUnifiedDiff *self)
{
  self->in_hunk = TRUE;
  self->start = self->line - self->same.n;
  self->n_from = self->n_to = 0;
}

static void
add_changed (PfUnifiedDiff *self)
{
  PfSpan from = { (const guint8 *)self->from->str, self->from->len };
  PfSpan to = { (const guint8 *)self->to->str, self->to->len };

  if (!self->in_hunk)
    open_hunk (self);
  take_same (self, self->same.n);
  lines_clear (&self->same);
  self->n_from += append_marked (self->removed, '-', from);
  self->n_to += append_marked (self->added, '+', to);
}

/* The line that is not over ends here. */
static void
end_line (PfUnifiedDiff *self, GString *out)
{
  if (self->is_changed) {
    add_changed (self);
  } else {
    add_same (self,
              (PfSpan){ (const guint8 *)self->from->str, self->from->len },
              out);
  }
  self->is_changed = self->is_lost = FALSE;
  g_string_truncate (self->from, 0);
  g_string_truncate (self->to, 0);
}

/* Of a line that is too long nothing is kept; it must stay as it is, and away
 * from those that do not. */
static void
add_to_line (PfUnifiedDiff *self, PfSpan text)
{
  if (self->from->len + text.len > self->limit && !self->is_changed) {
    g_string_truncate (self->from, 0);
    self->is_lost = TRUE;
  }
  if (self->is_lost)
    return;
  pf_append_span (self->from, text);
  if (self->is_changed)
    pf_append_span (self->to, text);
  self->failed = self->failed || held (self) > self->limit;
}

/* Where the last N lines of TEXT begin, all of which are over; or its length,
 * where it has not as many, with one before them. */
static gsize
find_last_lines (PfSpan text, guint n, gsize *end)
{
  const guint8 *found = memrchr (text.data, '\n', text.len);
  gsize at;

  if (found == NULL)
    return text.len;
  at = (gsize)(found - text.data);
  *end = at + 1;
  for (guint i = 0; i < n; i++) {
    found = memrchr (text.data, '\n', at);
    if (found == NULL)
      return text.len;
    at = (gsize)(found - text.data);
  }
  return at + 1;
}

/* Where nothing is changed nearby, most lines do not matter. */
static PfSpan
pass_over (PfUnifiedDiff *self, PfSpan text)
{
  gsize end = 0, from;

  if (self->in_hunk || self->is_changed || text.len == 0)
    return text;
  from = find_last_lines (text, CONTEXT, &end);
  if (from == text.len)
    return text;
  lines_clear (&self->same);
  g_string_truncate (self->from, 0);
  self->is_lost = FALSE;
  return pf_span_sub (text, from, text.len);
}

gboolean
pf_unified_diff_keep (PfUnifiedDiff *self, PfSpan text, GString *out)
{
  while (text.len > 0 && !self->failed) {
    const guint8 *end;
    gsize len;

    text = pass_over (self, text);
    end = memchr (text.data, '\n', text.len);
    len = end != NULL ? (gsize)(end - text.data) + 1 : text.len;
    add_to_line (self, pf_span_sub (text, 0, len));
    if (end != NULL)
      end_line (self, out);
    text = pf_span_sub (text, len, text.len);
  }
  return !self->failed;
}

gboolean
pf_unified_diff_change (PfUnifiedDiff *self, guint64 line, PfSpan from,
                        PfSpan to)
{
  if (!self->is_changed) {
    self->line = line;
    pf_append_span (
        self->to, (PfSpan){ (const guint8 *)self->from->str, self->from->len });
  }
  self->is_changed = TRUE;
  pf_append_span (self->from, from);
  pf_append_span (self->to, to);
  self->failed = self->failed || self->is_lost || held (self) > self->limit;
  return !self->failed;
}

gboolean
pf_unified_diff_end (PfUnifiedDiff *self, GString *out)
{
  if (!self->failed && self->from->len > 0)
    end_line (self, out);
  if (!self->failed && self->in_hunk)
    close_hunk (self, out);
  return !self->failed;
}
