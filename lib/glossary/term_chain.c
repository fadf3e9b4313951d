#include "glossary/term_chain.h"

#include "glossary/glossary.h"
#include "text/unicode.h"
#include "text/utf8.h"

typedef struct {
  const guint8 *p, *end;
} Cursor;

static gboolean
at_word (Cursor cursor)
{
  gunichar c;

  if (cursor.p == cursor.end)
    return FALSE;
  pf_utf8_next (cursor.p, cursor.end, &c);
  return pf_unicode_is_word (c);
}

/* The end of the token at the cursor. */
static const guint8 *
token_end (Cursor cursor)
{
  const guint8 *p = cursor.p, *end = cursor.end;
  gunichar c;

  for (;;) {
    guint len;

    while (p < end && *p < 0x80 && pf_unicode_is_word (*p))
      p++;
    if (p == end || *p < 0x80)
      return p;
    len = pf_utf8_next (p, end, &c);
    if (!pf_unicode_is_word (c))
      return p;
    p += len;
  }
}

/* Takes one unit between tokens. */
static gunichar
take_unit (Cursor *cursor)
{
  gunichar c, unit;

  cursor->p += pf_utf8_next (cursor->p, cursor->end, &unit);
  if (!pf_unicode_is_space (unit))
    return unit;
  while (cursor->p < cursor->end) {
    guint n = pf_utf8_next (cursor->p, cursor->end, &c);
    if (!pf_unicode_is_space (c))
      break;
    cursor->p += n;
  }
  return ' ';
}

static guint8
first_byte (gunichar unit)
{
  guint8 bytes[4] = { 0 };

  pf_utf8_encode (unit, bytes);
  return bytes[0];
}

/* Of the token at the cursor. */
static guint8
first_folded_byte (Cursor cursor)
{
  gunichar c;
  guint len = pf_utf8_next (cursor.p, cursor.end, &c);
  guint8 folded[PF_TOKEN_FOLDED_MAX (4)];

  pf_token_fold ((PfSpan){ cursor.p, len }, folded);
  return folded[0];
}

static void
take_before (PfTermChain *self, Cursor *cursor)
{
  gunichar units[PF_TERM_MAX];
  guint n = 0;

  while (cursor->p < cursor->end && !at_word (*cursor))
    units[n++] = take_unit (cursor);
  self->shape.before = (guint16)n;
  while (n > 0)
    self->before = pf_chain_unit (self->before, units[--n]);
}

static guint64
take_token (PfTermChain *self, Cursor *cursor, PfTokenKeys keys)
{
  guint8 folded[PF_TOKEN_FOLDED_MAX (PF_TERM_MAX)];
  const guint8 *end = token_end (*cursor);
  gsize len =
      pf_token_fold ((PfSpan){ cursor->p, (gsize)(end - cursor->p) }, folded);
  guint64 quick;

  memset (folded + len, 0, 8);
  quick = pf_token_hash_quick (folded, len, 0, keys);
  if (self->n_tokens == 0) {
    self->first = quick;
    self->first_len = len;
    self->first_ascii = TRUE;
    for (gsize i = 0; i < len; i++)
      if (folded[i] >= 0x80)
        self->first_ascii = FALSE;
  }
  cursor->p = end;
  return pf_token_hash_whole (quick, folded, len, 0);
}

/* What stands between two tokens goes into the chain; what stands behind the
 * last one, outwards, into AFTER. */
static gboolean
take_between (PfTermChain *self, Cursor *cursor)
{
  guint depth = self->n_tokens - 1;
  guint64 chain = self->chain;
  guint8 next = 0, second = 0;
  guint n = 0;

  while (cursor->p < cursor->end && !at_word (*cursor)) {
    gunichar unit = take_unit (cursor);

    next = n == 0 ? first_byte (unit) : next;
    second = n == 1 ? first_byte (unit) : second;
    chain = pf_chain_unit (chain, unit);
    self->after = pf_chain_unit (self->after, unit);
    n++;
  }
  self->shape.after = (guint16)n;
  self->after_first = n > 0 ? next : PF_AFTER_NOTHING;
  if (cursor->p == cursor->end)
    return FALSE;
  if (depth < PF_CHAIN_DEPTH) {
    self->next[depth] = next;
    self->second[depth] = n > 1 ? second : first_folded_byte (*cursor);
  }
  self->chain = chain;
  self->after = 0;
  return TRUE;
}

void
pf_term_chain (PfTermChain *self, PfSpan term, PfTokenKeys keys)
{
  Cursor cursor = { term.data, term.data + term.len };

  *self = (PfTermChain){ 0 };
  take_before (self, &cursor);
  if (cursor.p == cursor.end)
    return;
  do {
    guint64 token = take_token (self, &cursor, keys);

    self->chain =
        self->n_tokens == 0 ? token : pf_chain_token (self->chain, token);
    if (self->n_tokens < PF_CHAIN_DEPTH)
      self->nodes[self->n_tokens] = self->chain;
    self->n_tokens++;
  } while (take_between (self, &cursor));
}

guint64
pf_term_key (const PfTermChain *self, PfSpan term)
{
  guint64 key = self->chain;

  if (self->n_tokens == 0) {
    /* It only has to stand somewhere. */
    for (gsize i = 0; i < term.len; i++)
      key = pf_chain_unit (key, term.data[i]);
    return key;
  }
  if (self->shape.before == 0 && self->shape.after == 0)
    return key;
  return pf_shaped_key (key, self->before, self->after);
}
