#include "match/canonical.h"

#include <string.h>

#include "text/space.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* No character beyond this one folds to another; the test sees to it. */
#define FOLDING_END 0x20000

gsize
pf_canonical_term (const PfCanonicalForm *form, PfSpan term, guint8 *out)
{
  const guint8 *p = term.data, *end = p + term.len;
  gsize len = 0;
  gunichar c;

  while (p < end) {
    p += pf_utf8_next (p, end, &c);
    if (form->spaces && pf_unicode_is_space (c)) {
      p = pf_skip_space (p, end);
      c = ' ';
    }
    len += pf_utf8_encode (form->folds ? pf_unicode_fold (c) : c, out + len);
  }
  return len;
}

/* A character that folds to another one. */
typedef struct {
  gunichar folded, c;
} Spelling;

struct PfSpellings {
  PfCanonicalForm form;
  GArray *table; /* Spelling, by folded */
};

static int
compare_spellings (gconstpointer a, gconstpointer b)
{
  const Spelling *x = a, *y = b;

  return (x->folded > y->folded) - (x->folded < y->folded);
}

PfSpellings *
pf_spellings_new (const PfCanonicalForm *form)
{
  PfSpellings *self = g_new0 (PfSpellings, 1);

  self->form = *form;
  self->table = g_array_new (FALSE, FALSE, sizeof (Spelling));
  /* ASCII letters fold by bit 0x20. */
  for (gunichar c = 0x80; form->folds && c < FOLDING_END; c++) {
    Spelling spelling = { pf_unicode_fold (c), c };

    if (spelling.folded != c)
      g_array_append_val (self->table, spelling);
  }
  g_array_sort (self->table, compare_spellings);
  return self;
}

void
pf_spellings_free (PfSpellings *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->table);
  g_free (self);
}

/* The first one of FOLDED in the table, or where it would stand. */
static guint
find_spelling (const PfSpellings *self, gunichar folded)
{
  guint low = 0, high = self->table->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (g_array_index (self->table, Spelling, middle).folded < folded)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void
append_bytes (PfPrefix *prefix, const guint8 *bytes, guint n)
{
  for (guint i = 0; i < n && prefix->len < PF_PREFIX_MAX; i++)
    prefix->bytes[prefix->len++] = bytes[i];
}

static void
emit (const PfSpellings *self, PfPrefix prefix, GArray *out)
{
  for (guint i = 0; i < prefix.len && self->form.folds; i++)
    prefix.bytes[i] |= 0x20;
  g_array_append_val (out, prefix);
}

/* The first bytes of all white space; what follows is left open. */
static void
emit_spaces (const PfSpellings *self, const PfPrefix *prefix, GArray *out)
{
  static const guint8 first[] = { '\t', '\n', '\v', '\f', '\r',
                                  ' ',  0xC2, 0xE1, 0xE2, 0xE3 };

  for (gsize i = 0; i < sizeof first; i++) {
    PfPrefix longer = *prefix;

    append_bytes (&longer, &first[i], 1);
    emit (self, longer, out);
  }
}

/* Prefixes of a term, of which some have been spelled: what is left. */
typedef struct {
  const guint8 *p, *end;
  gboolean odd; /* an ASCII letter was spelled as another character */
} Rest;

static void spell (const PfSpellings *self, PfPrefix prefix, Rest rest,
                   GArray *out);

static void
spell_as (const PfSpellings *self, PfPrefix prefix, gunichar c, Rest rest,
          GArray *out)
{
  guint8 bytes[4];

  append_bytes (&prefix, bytes, pf_utf8_encode (c, bytes));
  spell (self, prefix, rest, out);
}

static void
spell (const PfSpellings *self, PfPrefix prefix, Rest rest, GArray *out)
{
  gunichar c;

  if (rest.p == rest.end ||
      prefix.len >= (rest.odd ? PF_PREFIX_ENOUGH : PF_PREFIX_MAX)) {
    emit (self, prefix, out);
    return;
  }
  rest.p += pf_utf8_next (rest.p, rest.end, &c);
  if (self->form.spaces && c == ' ') {
    emit_spaces (self, &prefix, out);
    return;
  }
  spell_as (self, prefix, c, rest, out);
  rest.odd |= c < 0x80;
  for (guint i = find_spelling (self, c); i < self->table->len; i++) {
    const Spelling *other = &g_array_index (self->table, Spelling, i);

    if (other->folded != c)
      break;
    spell_as (self, prefix, other->c, rest, out);
  }
}

void
pf_spellings_append (const PfSpellings *self, PfSpan term, GArray *out)
{
  PfPrefix prefix = { .len = 0 };

  spell (self, prefix, (Rest){ term.data, term.data + term.len, FALSE }, out);
}
