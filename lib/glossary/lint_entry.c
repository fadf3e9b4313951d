#include "glossary/lint.h"

#include "base/escape.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* What a run of white space in a text may hold at most to be that of a term,
 * unless white space is taken byte for byte. */
#define SPACE_MAX 256
#define BREAKS_MAX 1

typedef struct {
  guint64 line;
  PfLintFunc func;
  gpointer user;
} Teller;

static void
tell (const Teller *self, PfLintKind kind, const char *text)
{
  self->func (self->line, kind, text, self->user);
}

static const char *
describe (gunichar c)
{
  switch (c) {
  case 0xFEFF:
    return "a byte order mark";
  case 0xFFFD:
    return "which stands for text that was lost";
  case 0x00AD:
    return "a soft hyphen";
  case 0x200B:
  case 0x2060:
  case 0x200E:
  case 0x200F:
    return "which is invisible";
  default:
    break;
  }
  if (c < 0x20 || (c >= 0x7F && c < 0xA0))
    return "a control character";
  if (c >= 0x202A && c <= 0x202E)
    return "which is invisible";
  return NULL;
}

/* The first character of TEXT that hardly anybody means to have there. */
static void
check_characters (const Teller *self, const char *field, PfSpan text)
{
  const guint8 *p = text.data, *end = pf_span_end (text);
  g_autofree char *message = NULL;
  gunichar c;

  while (p < end && message == NULL) {
    p += pf_utf8_next (p, end, &c);
    if (!pf_unicode_is_space (c) && describe (c) != NULL)
      message =
          g_strdup_printf ("U+%04X in the %s, %s", c, field, describe (c));
  }
  if (message != NULL)
    tell (self, PF_LINT_WARNING, message);
}

static void
check_text (const Teller *self, const char *field, PfSpan text)
{
  g_autofree char *message = NULL;

  if (pf_utf8_valid (text)) {
    check_characters (self, field, text);
    return;
  }
  message = g_strdup_printf ("the %s is not valid UTF-8", field);
  tell (self, PF_LINT_WARNING, message);
}

/* The run of white space at P: its end, and how many line breaks are in it. */
static const guint8 *
skip_space (const guint8 *p, const guint8 *end, guint *breaks)
{
  gunichar c;

  *breaks = 0;
  while (p < end) {
    guint len = pf_utf8_next (p, end, &c);

    if (!pf_unicode_is_space (c))
      break;
    *breaks += c == '\n';
    p += len;
  }
  return p;
}

static gboolean
check_run (const Teller *self, gsize len, guint breaks)
{
  if (len > SPACE_MAX || breaks > BREAKS_MAX) {
    tell (self, PF_LINT_WARNING,
          "more white space than matches in a text, unless --space=exact");
    return FALSE;
  }
  if (breaks == 0)
    return TRUE;
  tell (self, PF_LINT_NOTE,
        "a line break in the term; --space=line finds it within a line only");
  return FALSE;
}

/* TERM has no white space at its ends; the first odd run is told of. */
static void
check_space (const Teller *self, PfSpan term)
{
  const guint8 *p = term.data, *end = pf_span_end (term);
  gboolean well = TRUE;

  while (p < end && well) {
    guint breaks;
    gunichar c;
    const guint8 *after = skip_space (p, end, &breaks);

    if (after > p)
      well = check_run (self, (gsize)(after - p), breaks);
    else
      after = p + pf_utf8_next (p, end, &c);
    p = after;
  }
}

static void
check_form (const Teller *self, PfSpan term)
{
  g_autofree char *composed = g_utf8_normalize (
      (const char *)term.data, (gssize)term.len, G_NORMALIZE_NFC);

  if (composed != NULL && !pf_span_equal (pf_span_str (composed), term))
    tell (self, PF_LINT_NOTE,
          "the term is not in Unicode's form NFC, which most texts are in");
}

static gboolean
is_ascii (PfSpan text)
{
  for (gsize i = 0; i < text.len; i++)
    if (text.data[i] == 0 || text.data[i] >= 0x80)
      return FALSE;
  return TRUE;
}

void
pf_lint_entry (const PfEntry *entry, guint64 line, PfLintFunc func,
               gpointer user)
{
  const Teller self = { line, func, user };
  PfSpan term = pf_batch_trim_term (entry->term);

  if (term.len < entry->term.len)
    tell (&self, PF_LINT_WARNING,
          "white space at an end of the term, which is dropped");
  check_characters (&self, "term", term);
  check_space (&self, term);
  if (!is_ascii (term))
    check_form (&self, term);
  check_text (&self, "value", entry->value);
  check_text (&self, "label", entry->label);
  if (entry->value.len > 0 && pf_span_equal (entry->value, term))
    tell (&self, PF_LINT_NOTE, "a shield: the value is the term itself");
}
