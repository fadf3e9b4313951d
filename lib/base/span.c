#include "base/span.h"

#include <string.h>

gboolean
pf_span_equal (PfSpan a, PfSpan b)
{
  return a.len == b.len && (a.len == 0 || memcmp (a.data, b.data, a.len) == 0);
}

/* FNV-1a of 32 bits: Fowler, Noll, Vo. */
guint
pf_span_hash (PfSpan span)
{
  guint32 hash = 0x811C9DC5u;

  for (gsize i = 0; i < span.len; i++)
    hash = (hash ^ span.data[i]) * 0x01000193u;
  return hash;
}

int
pf_span_compare (PfSpan a, PfSpan b)
{
  gsize common = MIN (a.len, b.len);
  int order = common > 0 ? memcmp (a.data, b.data, common) : 0;

  if (order != 0)
    return order;
  return a.len < b.len ? -1 : a.len > b.len;
}

gsize
pf_span_find_last (PfSpan span, guint8 byte)
{
  for (gsize i = span.len; i-- > 0;)
    if (span.data[i] == byte)
      return i;
  return span.len;
}

PfSpan
pf_span_without_dots (PfSpan path)
{
  gsize from = 0, at;

  while (path.len - from > 2 && memcmp (path.data + from, "./", 2) == 0) {
    for (at = from + 2; at < path.len && path.data[at] == '/';)
      at++;
    if (at == path.len)
      break;
    from = at;
  }
  return pf_span_sub (path, from, path.len);
}
