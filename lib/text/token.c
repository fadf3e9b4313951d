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

/* How many bytes at P, before END, are ASCII; they are folded into OUT. */
static inline gsize
fold_ascii (const guint8 *p, const guint8 *end, guint8 *out)
{
  const guint8 *begin = p;

  for (; end - p >= 8; p += 8, out += 8) {
    guint64 word;

    memcpy (&word, p, sizeof word);
    if ((word & 0x8080808080808080u) != 0)
      break;
    word |= PF_TOKEN_FOLD;
    memcpy (out, &word, sizeof word);
  }
  while (p < end && *p < 0x80)
    *out++ = *p++ | 0x20;
  return (gsize)(p - begin);
}

gsize
pf_token_fold (PfSpan token, guint8 *out)
{
  const guint8 *p = token.data, *end = p + token.len;
  guint8 *q = out;
  gunichar c;

  while (p < end) {
    gsize n = fold_ascii (p, end, q);

    p += n;
    q += n;
    if (p == end)
      break;
    p += pf_utf8_next (p, end, &c);
    c = pf_unicode_fold (c);
    q += pf_utf8_encode (c == '_' ? 0x7F : c, q);
  }
  return (gsize)(q - out);
}
