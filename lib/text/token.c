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
pf_token_hash (PfSpan token, PfTokenKeys keys)
{
  guint8 padded[8] = { 0 };

  if (token.len >= 8)
    return pf_token_hash_readable (token.data, token.len, keys);
  memcpy (padded, token.data, token.len);
  return pf_token_hash_readable (padded, token.len, keys);
}

guint64
pf_token_hash_middle (guint64 hash, const guint8 *p, gsize len)
{
  gsize at = 8;

  for (; at + 16 < len; at += 8)
    hash = pf_chain_token (hash, pf_load64 (p + at) | PF_TOKEN_FOLD);
  /* The last step overlaps the one before, or the last eight bytes. */
  return pf_chain_token (hash, pf_load64 (p + len - 16) | PF_TOKEN_FOLD);
}

gsize
pf_token_fold (PfSpan token, guint8 *out)
{
  const guint8 *p = token.data, *end = p + token.len;
  guint8 *q = out;
  gunichar c;

  while (p < end) {
    p += pf_utf8_next (p, end, &c);
    q += pf_utf8_encode (pf_unicode_fold (c), q);
  }
  return (gsize)(q - out);
}
