/* replace: the value of an entry in place of its match. */
#include <string.h>

#include "base/escape.h"
#include "task/rewrite.h"
#include "text/letter_case.h"
#include "text/space.h"

/* The values that a match might get, in the order of its entries. */
typedef struct {
  PfSpan first;     /* empty: none has any */
  gboolean several; /* and not all are the same */
} Values;

/* Whether they are the same but for the white space between words. */
static gboolean
is_same_text (PfSpan a, PfSpan b)
{
  const guint8 *p = a.data, *q = b.data;
  const guint8 *a_end = pf_span_end (a), *b_end = pf_span_end (b);

  while (p < a_end && q < b_end) {
    const guint8 *p_next = pf_skip_space (p, a_end);
    const guint8 *q_next = pf_skip_space (q, b_end);

    if ((p_next > p) != (q_next > q) || (p_next == p && *p++ != *q++))
      return FALSE;
    p = MAX (p, p_next);
    q = MAX (q, q_next);
  }
  return p == a_end && q == b_end;
}

/* Entries that are spelled as the text is come before others, and only they
 * count where there are any with a value. */
static Values
find_values (const PfTask *self, const PfMatch *match, PfSpan text)
{
  Values values = { 0 };
  gboolean is_first_exact = FALSE;

  for (guint i = 0; i < match->n_entries && !values.several; i++) {
    PfEntry entry = pf_glossary_entry (self->glossary, match->entries[i]);
    gboolean is_exact = is_same_text (entry.term, text);

    if (entry.value.len == 0)
      continue;
    if (values.first.len == 0) {
      values.first = entry.value;
      is_first_exact = is_exact;
    } else if (is_first_exact && !is_exact)
      break;
    else
      values.several = !pf_span_equal (values.first, entry.value);
  }
  return values;
}

/* Whether the letters of TEXT have another case than those of each term of the
 * match: then the value takes it over. Other white space, or another form of
 * the same characters, is no reason to. */
static gboolean
is_spelled_otherwise (const PfTask *self, const PfMatch *match, PfSpan text)
{
  PfLetters letters = pf_letters_of (text);

  for (guint i = 0; i < match->n_entries; i++)
    if (pf_letters_of (
            pf_glossary_entry (self->glossary, match->entries[i]).term) ==
        letters)
      return FALSE;
  return TRUE;
}

static void
append_values (GString *out, const PfTask *self, const PfMatch *match)
{
  const char *separator = "";

  for (guint i = 0; i < match->n_entries; i++) {
    PfEntry entry = pf_glossary_entry (self->glossary, match->entries[i]);

    if (entry.value.len == 0)
      continue;
    g_string_append (out, separator);
    pf_escape_controls (out, entry.value);
    separator = ", ";
  }
}

/* A remark in place of a change. */
static void
tell_of_several (PfTask *self, const PfMatch *match, PfSpan text)
{
  g_autoptr (GString) place = g_string_new (NULL);
  g_autoptr (GString) remark = g_string_new (NULL);

  pf_task_count_lines (self, match->start);
  g_string_append_len (place, (const char *)self->path.data,
                       (gssize)self->path.len);
  g_string_append_printf (
      place, ":%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, self->lines.line,
      self->window_offset + match->start - self->lines.line_start + 1);
  pf_escape_folded_space (remark, text);
  g_string_append (remark, " has several values: ");
  append_values (remark, self, match);
  pf_result_add_remark (self->result, place->str, remark->str);
}

/* What is to stand in place of TEXT; it lives until the next match. */
static PfSpan
spell (PfTask *self, const PfMatch *match, PfSpan text, PfSpan value)
{
  PfLetters letters = PF_LETTERS_OTHER;

  if (!self->plan->replace.plain_case &&
      is_spelled_otherwise (self, match, text))
    letters = pf_letters_of (text);
  if (letters == PF_LETTERS_OTHER)
    return value;
  g_string_truncate (self->value, 0);
  pf_letters_apply (self->value, value, letters);
  return (PfSpan){ (const guint8 *)self->value->str, self->value->len };
}

static gboolean
is_kept (const PfTask *self, PfSpan text)
{
  return self->plan->replace.keep_lines &&
         memchr (text.data, '\n', text.len) != NULL;
}

static gboolean
match (const PfMatch *found, gpointer user)
{
  PfTask *self = user;
  gboolean going_on = pf_task_note_match (found, user);
  PfSpan text = pf_span_sub (self->window, found->start, found->end), to;
  Values values = { 0 };

  if (!is_kept (self, text))
    values = find_values (self, found, text);
  if (values.several && !self->plan->replace.first_value) {
    tell_of_several (self, found, text);
  } else if (values.first.len > 0) {
    to = spell (self, found, text, values.first);
    if (!pf_span_equal (to, text))
      pf_rewrite_match (self, found, to);
  }
  return pf_task_limit_result (self) && going_on;
}

/* Lines are counted for remarks only. */
static void
leave (PfTask *self, gsize len)
{
  pf_task_count_lines (self, len);
  pf_rewrite_leave (self, len);
}

const PfAction pf_action_replace = { .begin = pf_rewrite_begin,
                                     .match = match,
                                     .leave = leave,
                                     .end = pf_rewrite_end,
                                     .whole = TRUE };
