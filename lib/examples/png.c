#include "examples/png.h"

#include <string.h>

/* What a stored block of a zlib stream holds at most. */
#define BLOCK_MAX 65535

static void
append_u32 (GByteArray *out, guint32 value)
{
  guint32 big = GUINT32_TO_BE (value);

  g_byte_array_append (out, (const guint8 *)&big, sizeof big);
}

/* Annex D, bit by bit. */
static guint32
crc_of (const guint8 *data, gsize len)
{
  guint32 crc = G_MAXUINT32;

  for (gsize i = 0; i < len; i++) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320u : 0);
  }
  return ~crc;
}

static guint32
adler_of (const guint8 *data, gsize len)
{
  guint32 a = 1, b = 0;

  for (gsize i = 0; i < len; i++) {
    a = (a + data[i]) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

static void
append_chunk (GByteArray *out, const char *type, const guint8 *data, gsize len)
{
  guint at;

  append_u32 (out, (guint32)len);
  at = out->len;
  g_byte_array_append (out, (const guint8 *)type, 4);
  g_byte_array_append (out, data, (guint)len);
  append_u32 (out, crc_of (out->data + at, out->len - at));
}

static void
append_header (GByteArray *out, guint32 width, guint32 height)
{
  /* Eight bits of grey, no interlacing. */
  static const guint8 rest[] = { 8, 0, 0, 0, 0 };
  g_autoptr (GByteArray) header = g_byte_array_new ();

  append_u32 (header, width);
  append_u32 (header, height);
  g_byte_array_append (header, rest, sizeof rest);
  append_chunk (out, "IHDR", header->data, header->len);
}

/* DATA as a zlib stream of stored blocks. */
static GByteArray *
store (const GByteArray *data)
{
  static const guint8 zlib_header[] = { 0x78, 0x01 };
  GByteArray *out = g_byte_array_new ();

  g_byte_array_append (out, zlib_header, sizeof zlib_header);
  for (guint at = 0, n; at < data->len; at += n) {
    guint8 head[5];

    n = MIN (data->len - at, BLOCK_MAX);
    head[0] = at + n == data->len;
    head[1] = (guint8)n;
    head[2] = (guint8)(n >> 8);
    head[3] = (guint8)~head[1];
    head[4] = (guint8)~head[2];
    g_byte_array_append (out, head, sizeof head);
    g_byte_array_append (out, data->data + at, n);
  }
  append_u32 (out, adler_of (data->data, data->len));
  return out;
}

gboolean
png_write_grey (FILE *file, const guint8 *pixels, guint32 width, guint32 height)
{
  static const guint8 signature[] = {
    0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'
  };
  static const guint8 no_filter = 0;
  g_autoptr (GByteArray) rows = g_byte_array_new (), out = g_byte_array_new ();
  g_autoptr (GByteArray) stream = NULL;

  for (guint32 y = 0; y < height; y++) {
    g_byte_array_append (rows, &no_filter, 1);
    g_byte_array_append (rows, pixels + (gsize)y * width, width);
  }
  stream = store (rows);
  g_byte_array_append (out, signature, sizeof signature);
  append_header (out, width, height);
  append_chunk (out, "IDAT", stream->data, stream->len);
  append_chunk (out, "IEND", NULL, 0);
  return fwrite (out->data, 1, out->len, file) == out->len &&
         fflush (file) == 0;
}
