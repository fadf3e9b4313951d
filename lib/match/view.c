#include "match/view.h"

#include "text/normal.h"
#include "text/refang.h"
#include "text/utf8.h"

/* What stands before a scan is seen from so many bytes on; more than enough for
 * a character, also where a form is cut through at the beginning. */
#define LEAD 96

/* One look at a text. */
typedef struct {
  const PfViewRules *rules;
  PfSpan text;
  gboolean final;
} Look;

/* What TEXT has from SRC to SRC_END is seen from AT to END. */
typedef struct {
  gsize at, end;
  gsize src, src_end;
} Edit;

/* The character at AT, which is in the text. FALSE where it is cut off. */
static gboolean
char_at (const Look *self, gsize at, gunichar *c, guint *len)
{
  const guint8 *p = self->text.data + at, *end = pf_span_end (self->text);

  if (*p < 0x80) {
    *c = *p;
    *len = 1;
    return TRUE;
  }
  if (!self->final && pf_utf8_truncated (p, end))
    return FALSE;
  *len = pf_utf8_next (p, end, c);
  return TRUE;
}

typedef enum { NO, YES, OPEN } Answer;

/* Whether a sequence may go on behind the byte before AT: not behind a line
 * break or another control character, so that a line is whole when its break is
 * there. */
static gboolean
may_continue (PfSpan text, gsize at)
{
  return at > 0 && text.data[at - 1] >= 0x20;
}

/* Whether what stands at AT belongs to the sequence before it. */
static Answer
continues (const Look *self, gsize at)
{
  gunichar c;
  guint len;

  if (!may_continue (self->text, at))
    return NO;
  if (at == self->text.len)
    return self->final ? NO : OPEN;
  if (!char_at (self, at, &c, &len))
    return OPEN;
  return pf_normal_continues (c) ? YES : NO;
}

/* The form at AT. */
static Answer
form_at (const Look *self, gsize at, PfRefang *form)
{
  PfRefangAnswer answer;

  if (!self->rules->refang || !pf_refang_may_begin (self->text.data[at]))
    return NO;
  answer = pf_refang_at (self->text, at, self->final, form);
  if (answer != PF_REFANG_FOUND)
    return answer == PF_REFANG_OPEN ? OPEN : NO;
  if (!self->rules->normalize)
    return YES;
  switch (continues (self, at + form->len)) {
  case YES:
    return NO;
  case NO:
    return YES;
  default:
    return OPEN;
  }
}

/* The end of what, from AT on, needs no look: ASCII, or anything where nothing
 * is normalized, as far as no form can begin there. */
static gsize
skip_ascii (const Look *self, gsize at, gsize stop)
{
  const guint8 *p = self->text.data;
  guint64 eight;

  if (self->rules->refang)
    return pf_refang_skip (self->text, at, stop, self->rules->normalize);
  while (stop - at >= sizeof eight) {
    memcpy (&eight, p + at, sizeof eight);
    if ((eight & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
      break;
    at += sizeof eight;
  }
  while (at < stop && p[at] < 0x80)
    at++;
  return at;
}

/* The end of units that are seen as they are: the first ones from AT on, as far
 * as that can be told at a glance, and up to STOP. */
static gsize
skip_plain (const Look *self, gsize at, gsize stop)
{
  gsize last = at; /* where the last character begins */
  PfRefang form;
  gunichar c;
  guint len;

  while (at < stop) {
    gsize next = skip_ascii (self, at, stop);

    if (next > at)
      last = next - 1;
    if ((at = next) == stop)
      break;
    if (form_at (self, at, &form) != NO)
      return at;
    if (!char_at (self, at, &c, &len))
      return last;
    if (self->rules->normalize && pf_normal_continues (c))
      return last;
    if (self->rules->normalize && pf_normal_changes (c))
      return at;
    last = at;
    at += len;
  }
  return self->rules->normalize && continues (self, at) != NO ? last : at;
}

gboolean
pf_view_is_edge (const PfViewRules *rules, PfSpan text, gsize at)
{
  const Look look = { rules, text, TRUE };
  guint n = 0;
  gunichar c;

  if (!rules->normalize || continues (&look, at) == NO)
    return TRUE;
  /* How many characters of its sequence stand before it? */
  while (n < PF_NORMAL_MOST && may_continue (text, at)) {
    at -= pf_utf8_prev (text.data, text.data + at, &c);
    n++;
    if (!pf_normal_continues (c))
      break;
  }
  return n == PF_NORMAL_MOST;
}

/* The end of the sequence at AT. FALSE where that is open. */
static gboolean
find_sequence (const Look *self, gsize at, gsize *end)
{
  gunichar c;
  guint len;
  Answer more = YES;

  *end = at;
  if (!char_at (self, at, &c, &len))
    return FALSE;
  *end = at + len;
  /* One that is too far from its beginning. */
  if (may_continue (self->text, at) && pf_normal_continues (c))
    return TRUE;
  for (guint n = 1; n < PF_NORMAL_MOST; n++) {
    more = continues (self, *end);
    if (more != YES)
      break;
    char_at (self, *end, &c, &len);
    *end += len;
  }
  return more != OPEN;
}

static gboolean
is_soft_hyphen (PfSpan text, gsize at, gsize end)
{
  return end - at == 2 && text.data[at] == 0xC2 && text.data[at + 1] == 0xAD;
}

/* What the sequence from AT to END is seen as. */
static gsize
map_sequence (const Look *self, gsize at, gsize end, guint8 *out)
{
  PfSpan sequence = pf_span_sub (self->text, at, end);
  gunichar c;

  if (is_soft_hyphen (self->text, at, end) &&
      !(at >= 2 && is_soft_hyphen (self->text, at - 2, at)))
    return 0;
  /* Bytes that are no character, and what follows its sequence too far. */
  pf_utf8_next (sequence.data, pf_span_end (sequence), &c);
  if (c == PF_UTF8_INVALID ||
      (may_continue (self->text, at) && pf_normal_continues (c))) {
    memcpy (out, sequence.data, sequence.len);
    return sequence.len;
  }
  return pf_normal_map (sequence, out);
}

void
pf_view_part_init (PfViewPart *self)
{
  *self = (PfViewPart){ .copy = g_byte_array_new (),
                        .edits = g_array_new (FALSE, FALSE, sizeof (Edit)) };
}

void
pf_view_part_clear (PfViewPart *self)
{
  g_clear_pointer (&self->copy, g_byte_array_unref);
  g_clear_pointer (&self->edits, g_array_unref);
}

/* Copies what is seen as it is, up to AT. */
static void
copy_plain (PfViewPart *self, PfSpan text, gsize at)
{
  guint n = self->edits->len;
  gsize from =
      n > 0 ? g_array_index (self->edits, Edit, n - 1).src_end : self->begin;

  g_byte_array_append (self->copy, text.data + from, (guint)(at - from));
}

static void
add_edit (PfViewPart *self, PfSpan text, gsize src, gsize src_end,
          const guint8 *bytes, gsize len)
{
  Edit edit = { .src = src, .src_end = src_end };

  copy_plain (self, text, src);
  edit.at = self->copy->len;
  g_byte_array_append (self->copy, bytes, (guint)len);
  edit.end = self->copy->len;
  g_array_append_val (self->edits, edit);
}

static void
add_form (PfViewPart *self, PfSpan text, gsize at, const PfRefang *form)
{
  for (guint i = 0; i < form->n_units; i++) {
    add_edit (self, text, at, at + form->lens[i],
              (const guint8 *)&form->chars[i], 1);
    at += form->lens[i];
  }
}

/* Takes the sequence at *AT. FALSE where it is open. */
static gboolean
take_sequence (PfViewPart *self, const Look *look, gsize *at)
{
  guint8 bytes[PF_NORMAL_BYTES];
  gunichar c;
  guint char_len;
  gsize end, len;

  if (!look->rules->normalize) {
    if (!char_at (look, *at, &c, &char_len))
      return FALSE;
    *at += char_len;
    return TRUE;
  }
  if (!find_sequence (look, *at, &end))
    return FALSE;
  len = map_sequence (look, *at, end, bytes);
  if (len != end - *at || memcmp (bytes, look->text.data + *at, len) != 0)
    add_edit (self, look->text, *at, end, bytes, len);
  *at = end;
  return TRUE;
}

/* Takes units from *AT on, up to STOP. FALSE where one is open. */
static gboolean
take_units (PfViewPart *self, const Look *look, gsize *at, gsize stop)
{
  PfRefang form;

  while (*at < stop) {
    *at = skip_plain (look, *at, stop);
    if (*at >= stop)
      return TRUE;
    switch (form_at (look, *at, &form)) {
    case YES:
      add_form (self, look->text, *at, &form);
      *at += form.len;
      break;
    case NO:
      if (!take_sequence (self, look, at))
        return FALSE;
      break;
    default:
      return FALSE;
    }
  }
  return TRUE;
}

/* Where to begin so that all is right from FROM on. */
static gsize
find_begin (const PfViewRules *rules, PfSpan text, gsize from)
{
  gsize at = from - MIN (from, LEAD);
  gunichar c;

  while (at > 0 && pf_utf8_is_tail (text.data[at]) && from - at < LEAD + 4)
    at--;
  while (at > 0 && !pf_view_is_edge (rules, text, at))
    at -= pf_utf8_prev (text.data, text.data + at, &c);
  return at;
}

void
pf_view_part_take (PfViewPart *self, const PfViewRules *rules, PfSpan text,
                   gboolean final, gsize from, gsize stop)
{
  const Look look = { rules, text, final };
  gsize at = find_begin (rules, text, from);

  g_byte_array_set_size (self->copy, 0);
  g_array_set_size (self->edits, 0);
  self->begin = at;
  stop = MIN (stop, text.len);
  self->is_cut = !take_units (self, &look, &at, stop);
  self->is_cut |= at == text.len && !final;
  self->end = at;
  self->seen = pf_span_sub (text, self->begin, at);
  if (self->edits->len == 0)
    return;
  copy_plain (self, text, at);
  self->seen = (PfSpan){ self->copy->data, self->copy->len };
}

/* The last edit that is seen, or stands, at AT or before it; NULL where there
 * is none. */
static const Edit *
find_edit (const PfViewPart *self, gsize at, gsize offset)
{
  gsize low = 0, high = self->edits->len;

  while (low < high) {
    gsize middle = (low + high) / 2;
    const Edit *edit = &g_array_index (self->edits, Edit, middle);

    if (G_STRUCT_MEMBER (gsize, edit, offset) <= at)
      low = middle + 1;
    else
      high = middle;
  }
  return low > 0 ? &g_array_index (self->edits, Edit, low - 1) : NULL;
}

gsize
pf_view_part_seen_at (const PfViewPart *self, gsize at)
{
  const Edit *edit = find_edit (self, at, G_STRUCT_OFFSET (Edit, src));

  if (edit == NULL)
    return at - self->begin;
  if (edit->src == at)
    return edit->at;
  return at <= edit->src_end ? edit->end : at - edit->src_end + edit->end;
}

gboolean
pf_view_part_begin (const PfViewPart *self, gsize at, gsize *found)
{
  const Edit *edit = find_edit (self, at, G_STRUCT_OFFSET (Edit, at));

  if (edit == NULL)
    *found = self->begin + at;
  else if (at >= edit->end)
    *found = at - edit->end + edit->src_end;
  else if (at == edit->at)
    *found = edit->src;
  else
    *found = edit->src_end;
  return edit == NULL || at >= edit->end || at == edit->at;
}

gboolean
pf_view_part_end (const PfViewPart *self, gsize at, gsize *found)
{
  const Edit *edit =
      at > 0 ? find_edit (self, at - 1, G_STRUCT_OFFSET (Edit, at)) : NULL;

  if (edit == NULL)
    *found = self->begin + at;
  else if (at >= edit->end)
    *found = at - edit->end + edit->src_end;
  else
    *found = edit->src_end;
  return edit == NULL || at >= edit->end;
}

GString *
pf_view_map (const PfViewRules *rules, PfSpan text)
{
  g_auto (PfViewPart) part;

  pf_view_part_init (&part);
  pf_view_part_take (&part, rules, text, TRUE, 0, text.len);
  return part.edits->len > 0 ? g_string_new_len ((const char *)part.seen.data,
                                                 (gssize)part.seen.len)
                             : NULL;
}
