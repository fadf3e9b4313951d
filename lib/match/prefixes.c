#include "match/prefixes.h"

#include <stdlib.h>

#include "text/token.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* A prefix, folded, moved to the upper end of four bytes, so that numbers sort
 * as prefixes do; and how many bytes of it there are. */
typedef struct {
  guint32 bytes;
  guint len;
} Prefix;

/* The first run of word characters of TERM, which is valid UTF-8. */
static PfSpan
first_token (PfSpan term)
{
  gsize start = 0, at = 0;
  gboolean inside = FALSE;

  while (at < term.len) {
    gunichar c;
    guint len = pf_utf8_next (term.data + at, term.data + term.len, &c);

    if (pf_unicode_is_word (c) != inside) {
      if (inside)
        break;
      inside = TRUE;
      start = at;
    }
    at += len;
  }
  return pf_span_sub (term, inside ? start : term.len, at);
}

static Prefix
prefix_of (PfSpan token)
{
  guint8 folded[PF_TOKEN_FOLDED_MAX (PF_TERM_MAX)];
  Prefix prefix = { 0, 0 };
  gsize len = pf_token_fold (token, folded);

  for (prefix.len = 0; prefix.len < MIN (len, PF_PREFIX_LEN); prefix.len++)
    prefix.bytes |= (guint32)folded[prefix.len] << (24 - 8 * prefix.len);
  return prefix;
}

static int
compare_prefixes (const void *a, const void *b)
{
  const Prefix *x = a, *y = b;

  return x->bytes < y->bytes ? -1 : x->bytes > y->bytes;
}

/* Tokens fold by "or 0x20", see text/token.h. */
static void
add (PfPrefixes *self, const Prefix *prefix, guint8 bucket)
{
  for (guint k = 0; k < PF_PREFIX_LEN; k++) {
    guint8 byte = (guint8)(prefix->bytes >> (24 - 8 * k));

    for (guint c = 0; c < 128; c++)
      if (k >= prefix->len || (c | 0x20) == byte)
        self->buckets[k][c] |= bucket;
  }
}

gboolean
pf_prefixes_fill (PfPrefixes *self, const PfGlossary *glossary)
{
  gsize n = pf_glossary_n_entries (glossary);
  Prefix prefixes[PF_PREFIX_TERMS_MAX];
  guint count = 0;

  *self = (PfPrefixes){ 0 };
  if (n > PF_PREFIX_TERMS_MAX)
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    PfSpan term = pf_glossary_entry (glossary, i).term, token;

    /* What an image calls a term may be none. */
    if (term.len > PF_TERM_MAX || !pf_utf8_valid (term))
      return FALSE;
    token = first_token (term);
    if (token.len > 0)
      prefixes[count++] = prefix_of (token);
  }
  qsort (prefixes, count, sizeof *prefixes, compare_prefixes);
  for (guint i = 0; i < count; i++)
    add (self, &prefixes[i], (guint8)(1u << 8 * i / count));
  return TRUE;
}
