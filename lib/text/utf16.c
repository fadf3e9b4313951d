#include "text/utf16.h"

#include "text/utf8.h"

#include <string.h>

static const struct {
  PfBom bom;
  gsize len;
  guint8 bytes[3];
} boms[] = {
  { PF_BOM_UTF8, 3, { 0xEF, 0xBB, 0xBF } },
  { PF_BOM_UTF16LE, 2, { 0xFF, 0xFE } },
  { PF_BOM_UTF16BE, 2, { 0xFE, 0xFF } },
};

PfBom
pf_bom_detect (PfSpan head, gsize *bom_len)
{
  PfBom found = PF_BOM_NONE;
  gsize len = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (boms); i++)
    if (head.len >= boms[i].len &&
        memcmp (head.data, boms[i].bytes, boms[i].len) == 0) {
      found = boms[i].bom;
      len = boms[i].len;
    }
  if (bom_len != NULL)
    *bom_len = len;
  return found;
}

static gboolean
is_high (guint16 unit)
{
  return (unit & 0xFC00) == 0xD800;
}

static gboolean
is_low (guint16 unit)
{
  return (unit & 0xFC00) == 0xDC00;
}

static gsize
put_unpaired (guint16 unit, guint8 *out)
{
  out[0] = 0xED;
  out[1] = (guint8)(0x80 | (unit >> 6 & 0x3F));
  out[2] = (guint8)(0x80 | (unit & 0x3F));
  return 3;
}

static gsize
put_pair (guint16 high, guint16 low, guint8 *out)
{
  return pf_utf8_encode (0x10000 + ((high & 0x3FFu) << 10) + (low & 0x3FFu),
                         out);
}

static gsize
put_unit (PfUtf16Decoder *self, guint16 unit, guint8 *out)
{
  guint16 high = self->high;
  gsize len = 0;

  self->high = 0;
  if (high != 0 && is_low (unit))
    return put_pair (high, unit, out);
  if (high != 0)
    len = put_unpaired (high, out);
  if (is_high (unit))
    self->high = unit;
  else if (is_low (unit))
    len += put_unpaired (unit, out + len);
  else
    len += pf_utf8_encode (unit, out + len);
  return len;
}

void
pf_utf16_decoder_init (PfUtf16Decoder *self, gboolean big_endian)
{
  *self = (PfUtf16Decoder){ .big_endian = big_endian };
}

static guint16
join (const PfUtf16Decoder *self, guint8 first, guint8 second)
{
  return (guint16)(self->big_endian ? first << 8 | second
                                    : second << 8 | first);
}

gsize
pf_utf16_decode (PfUtf16Decoder *self, PfSpan in, guint8 *out)
{
  gsize at = 0;
  gsize len = 0;

  if (self->has_odd && in.len > 0) {
    self->has_odd = FALSE;
    len = put_unit (self, join (self, self->odd, in.data[at++]), out);
  }
  for (; in.len - at >= 2; at += 2)
    len +=
        put_unit (self, join (self, in.data[at], in.data[at + 1]), out + len);
  if (at < in.len) {
    self->odd = in.data[at];
    self->has_odd = TRUE;
  }
  return len;
}

gsize
pf_utf16_finish (PfUtf16Decoder *self, guint8 *out)
{
  gsize len = 0;

  if (self->high != 0)
    len = put_unpaired (self->high, out);
  if (self->has_odd)
    out[len++] = 0xFF;
  pf_utf16_decoder_init (self, self->big_endian);
  return len;
}
