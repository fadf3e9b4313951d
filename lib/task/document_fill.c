/* The text of a document: what is read, decoded where it must be. */
#include <errno.h>
#include <string.h>

#include "task/document_private.h"

static gboolean
read_bytes (PfDocument *self, PfError *error)
{
  gssize n;

  /* What is nearly full grows, or a window that must grow would do so by a
   * few bytes at a time. */
  if (self->end == self->capacity &&
      !pf_document_make_room (self, MAX (self->capacity / 2, 1), error))
    return FALSE;
  n = pf_document_read_some (self, self->data + self->end,
                             self->capacity - self->end, error);
  if (n < 0)
    return FALSE;
  self->end += (gsize)n;
  return TRUE;
}

static gboolean
read_utf16 (PfDocument *self, PfError *error)
{
  gssize n;

  if (!pf_document_make_room (
          self, pf_utf16_bound (self->block) + PF_UTF16_FINISH_MAX, error))
    return FALSE;
  n = pf_document_read_some (self, self->raw, self->block, error);
  if (n < 0)
    return FALSE;
  self->end += pf_utf16_decode (&self->decoder, (PfSpan){ self->raw, (gsize)n },
                                self->data + self->end);
  if (self->read_all)
    self->end += pf_utf16_finish (&self->decoder, self->data + self->end);
  return TRUE;
}

static gboolean
read_given (PfDocument *self, PfError *error)
{
  PfSpan in, out;
  gssize n;

  if (pf_transcoder_check (self->transcoder, error))
    return FALSE;
  n = pf_document_read_some (self, self->raw, self->block, error);
  if (n < 0)
    return FALSE;
  in = (PfSpan){ self->raw, (gsize)n };
  while (pf_transcoder_next (self->transcoder, &in, self->read_all, &out)) {
    if (!pf_document_make_room (self, out.len, error))
      return FALSE;
    memcpy (self->data + self->end, out.data, out.len);
    self->end += out.len;
  }
  return TRUE;
}

/* What was read so far turns out to be UTF-16: decodes it in place of itself.
 */
static gboolean
begin_utf16 (PfDocument *self, gboolean big_endian, PfError *error)
{
  gsize len = self->end - self->begin;
  gsize capacity = pf_utf16_bound (MAX (len, self->block)) * 2;
  PfRetry *retry = self->options->retry;
  guint8 *bytes = self->data, *text;

  self->raw = pf_retry_realloc (retry, NULL, self->block);
  text = pf_retry_realloc (retry, NULL, capacity);
  if (self->raw == NULL || text == NULL) {
    g_free (text);
    return pf_error_set_errno (error, ENOMEM);
  }
  self->data = text;
  self->capacity = capacity;
  self->coding = CODING_UTF16;
  pf_utf16_decoder_init (&self->decoder, big_endian);
  self->end = pf_utf16_decode (
      &self->decoder, (PfSpan){ bytes + self->begin, len }, self->data);
  self->begin = 0;
  if (self->read_all)
    self->end += pf_utf16_finish (&self->decoder, self->data + self->end);
  g_free (bytes);
  return TRUE;
}

/* A first byte that may begin a byte order mark must wait for the others. */
static gboolean
is_coding_open (const PfDocument *self)
{
  gsize len = self->end - self->begin;

  return self->coding == CODING_UNKNOWN && !self->read_all &&
         (len == 0 || (len < 3 && self->data[0] >= 0xEF));
}

static gboolean
find_coding (PfDocument *self, PfError *error)
{
  gsize bom_len = 0;
  PfBom bom;

  if (self->coding != CODING_UNKNOWN || is_coding_open (self))
    return TRUE;
  self->coding = CODING_BYTES;
  bom = pf_bom_detect (pf_document_window (self), &bom_len);
  self->begin += bom_len;
  if (bom == PF_BOM_UTF16LE || bom == PF_BOM_UTF16BE)
    return begin_utf16 (self, bom == PF_BOM_UTF16BE, error);
  self->offset += bom_len;
  self->looked = self->offset;
  return TRUE;
}

/* Looks at each byte of the first ones once, as they come. */
static void
look_for_nul (PfDocument *self)
{
  guint64 end = self->offset + (self->end - self->begin);
  const guint8 *p, *stop, *nul = NULL;

  if (self->options->raw || self->nul_at != PF_NO_NUL || is_coding_open (self))
    return;
  end = MIN (end, PF_BINARY_LOOK);
  if (self->looked >= end)
    return;
  p = self->data + self->begin + (self->looked - self->offset);
  stop = p + (end - self->looked);
  while (!self->past_leading_nuls && p < stop && *p == 0)
    p++;
  if (p < stop) {
    self->past_leading_nuls = TRUE;
    nul = memchr (p, 0, (gsize)(stop - p));
  }
  if (nul != NULL)
    self->nul_at = end - (guint64)(stop - nul);
  self->looked = end;
}

static gboolean
fill_once (PfDocument *self, PfError *error)
{
  gboolean filled = self->coding == CODING_GIVEN   ? read_given (self, error)
                    : self->coding == CODING_UTF16 ? read_utf16 (self, error)
                                                   : read_bytes (self, error);

  if (!filled || !find_coding (self, error))
    return FALSE;
  look_for_nul (self);
  return TRUE;
}

/* A regular file is read until its buffer is full: then its end is seen, and
 * it is known whether it is binary, before any of it is looked at. */
static gboolean
wants_more (const PfDocument *self)
{
  if (self->is_stream || self->read_all || pf_document_has_failed (self))
    return FALSE;
  if (!self->options->raw && self->nul_at == PF_NO_NUL &&
      self->looked < PF_BINARY_LOOK)
    return TRUE;
  return self->coding == CODING_BYTES && self->end < self->capacity;
}

gboolean
pf_document_fill (PfDocument *self, PfError *error)
{
  do {
    if (!fill_once (self, error))
      return FALSE;
  } while (is_coding_open (self) || wants_more (self));
  return TRUE;
}
