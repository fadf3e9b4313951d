#include "text/token.h"

#include "text/unicode.h"
#include "text/utf8.h"

PfTokenKeys
pf_token_keys (guint32 seed)
{
  PfTokenKeys keys = { PF_TOKEN_K0 + (guint64)seed * PF_TOKEN_K2,
                       PF_TOKEN_K1 ^ (guint64)seed * PF_TOKEN_K0 };

  return keys;
}

guint64
pf_token_hash_middle (guint64 hash, const guint8 *p, gsize len, guint64 fold)
{
  gsize at = 8;

  for (; at + 16 < len; at += 8)
    hash = pf_chain_token (hash, pf_load64 (p + at) | fold);
  /* The last step overlaps the one before, or the last eight bytes. */
  return pf_chain_token (hash, pf_load64 (p + len - 16) | fold);
}

gsize
pf_token_fold (PfSpan token, guint8 *out)
{
  const guint8 *p = token.data, *end = p + token.len;
  guint8 *q = out;
  gunichar c;

  while (p < end) {
    p += pf_utf8_next (p, end, &c);
    c = pf_unicode_fold (c);
    q += pf_utf8_encode (c == '_' ? 0x7F : c, q);
  }
  return (gsize)(q - out);
}
