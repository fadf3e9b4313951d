/* Byte order marks, and a streaming decoder from UTF-16 to UTF-8.
 *
 * Whatever does not decode stays visible as bytes that are not valid UTF-8:
 * an unpaired surrogate comes out in its generalized three-byte form (ED
 * A0..BF xx), an odd byte at the end as FF. So each of them is non-word
 * characters to text/utf8.h, and part of no term. The output does not depend
 * on how the input is split into calls.
 *
 * Lengths are in bytes. A decoder is plain data with nothing to free, owned
 * by one thread at a time; decoding cannot fail.
 *
 * Sources: Unicode Standard section 3.9 (D91, UTF-16), section 23.8 (BOM).
 */
#pragma once

#include "base/types.h"

typedef enum { PF_BOM_NONE, PF_BOM_UTF8, PF_BOM_UTF16LE, PF_BOM_UTF16BE } PfBom;

/* HEAD is the beginning of a document: three bytes or more, or all of it. The
 * mark's length (0, 2 or 3) goes to *BOM_LEN, which may be NULL. */
PfBom pf_bom_detect (PfSpan head, gsize *bom_len);

typedef struct {
  gboolean big_endian;
  guint16 high;   /* a high surrogate that waits for its low one, or 0 */
  guint8 odd;     /* the first byte of a unit whose second has not come */
  guint8 has_odd; /* whether there is one */
} PfUtf16Decoder;

/* The input is to begin after the byte order mark. */
void pf_utf16_decoder_init (PfUtf16Decoder *self, gboolean big_endian);

/* How many bytes decoding LEN bytes can write at most: three for each unit,
 * one unit begun before, and a surrogate that waited. */
static inline gsize
pf_utf16_bound (gsize len)
{
  return 3 * (len / 2 + len % 2) + 3;
}

/* Decodes all of IN to OUT, which has room for pf_utf16_bound (in.len) bytes
 * and does not overlap it. Returns how many bytes were written. */
gsize pf_utf16_decode (PfUtf16Decoder *self, PfSpan in, guint8 *out);

/* The most that pf_utf16_finish writes. */
#define PF_UTF16_FINISH_MAX 4

/* Writes what is left at the end of the input, returns how many bytes that
 * were, and leaves SELF as it was after init. */
gsize pf_utf16_finish (PfUtf16Decoder *self, guint8 *out);
