#include "text/transcode.h"

#include <errno.h>
#include <iconv.h>

/* Bytes of output at once, and at most of a character that is not whole. */
#define OUT_LEN ((gsize)16 << 10)
#define KEPT_LEN 64

#define NO_CONVERSION ((iconv_t)-1)

struct PfTranscoder {
  const char *name;
  iconv_t conversion;
  guint64 offset;        /* in the text, of what comes next */
  guint8 kept[KEPT_LEN]; /* bytes that are no character yet */
  gsize n_kept;
  gboolean has_begun; /* the first character has come */
  gboolean is_over;   /* and all was given */
  gboolean has_failed;
  guint8 out[OUT_LEN];
};

static gboolean
is_plain_name (const char *name)
{
  return name[0] != '\0' && strchr (name, '/') == NULL;
}

static iconv_t
open_conversion (const char *name, PfError *error)
{
  iconv_t conversion =
      is_plain_name (name) ? iconv_open ("UTF-8", name) : NO_CONVERSION;

  if (conversion != NO_CONVERSION)
    return conversion;
  if (!is_plain_name (name) || errno == EINVAL)
    pf_error_set (error, PF_STATUS_USAGE, "unknown encoding: '%s'", name);
  else
    pf_error_set_errno (error, errno);
  return NO_CONVERSION;
}

gboolean
pf_transcoder_check_name (const char *name, PfError *error)
{
  iconv_t conversion = open_conversion (name, error);

  if (conversion == NO_CONVERSION)
    return FALSE;
  iconv_close (conversion);
  return TRUE;
}

PfTranscoder *
pf_transcoder_new (const char *name, PfError *error)
{
  iconv_t conversion = open_conversion (name, error);
  PfTranscoder *self;

  if (conversion == NO_CONVERSION)
    return NULL;
  self = g_new0 (PfTranscoder, 1);
  self->name = name;
  self->conversion = conversion;
  return self;
}

void
pf_transcoder_free (PfTranscoder *self)
{
  if (self == NULL)
    return;
  iconv_close (self->conversion);
  g_free (self);
}

void
pf_transcoder_begin (PfTranscoder *self)
{
  iconv (self->conversion, NULL, NULL, NULL, NULL);
  self->offset = 0;
  self->n_kept = 0;
  self->has_begun = self->is_over = self->has_failed = FALSE;
}

/* Decodes from the front of IN. Returns how many bytes were taken; *LEN is what
 * came of them, and *ERRNUM what stopped it, or 0. */
static gsize
convert (PfTranscoder *self, PfSpan in, gsize *len, int *errnum)
{
  char *from = (char *)in.data, *to = (char *)self->out + *len;
  gsize in_left = in.len, out_left = OUT_LEN - *len;

  *errnum = 0;
  if (iconv (self->conversion, &from, &in_left, &to, &out_left) == (gsize)-1)
    *errnum = errno;
  *len = OUT_LEN - out_left;
  self->offset += in.len - in_left;
  return in.len - in_left;
}

/* What was kept, with so much of IN as makes a character of it. */
static void
convert_kept (PfTranscoder *self, PfSpan *in, gsize *len, int *errnum)
{
  gsize before = self->n_kept, more = MIN (in->len, KEPT_LEN - before), taken;

  memcpy (self->kept + before, in->data, more);
  taken = convert (self, (PfSpan){ self->kept, before + more }, len, errnum);
  if (taken >= before) {
    *in = pf_span_sub (*in, taken - before, in->len);
    self->n_kept = 0;
    if (*errnum == EINVAL)
      *errnum = 0;
    return;
  }
  self->n_kept = before + more - taken;
  memmove (self->kept, self->kept + taken, self->n_kept);
  *in = pf_span_sub (*in, more, in->len);
  if (*errnum == EINVAL && self->n_kept == KEPT_LEN)
    *errnum = EILSEQ;
}

/* The front of IN, and then what is not a character yet. */
static void
convert_front (PfTranscoder *self, PfSpan *in, gsize *len, int *errnum)
{
  gsize taken = convert (self, *in, len, errnum);

  *in = pf_span_sub (*in, taken, in->len);
  if (*errnum != EINVAL)
    return;
  if (in->len > KEPT_LEN) {
    *errnum = EILSEQ;
    return;
  }
  memcpy (self->kept, in->data, in->len);
  self->n_kept = in->len;
  *in = pf_span_sub (*in, in->len, in->len);
}

/* What the conversion held back. */
static void
finish (PfTranscoder *self, gsize *len)
{
  char *to = (char *)self->out + *len;
  gsize out_left = OUT_LEN - *len;

  if (self->n_kept > 0) {
    self->has_failed = TRUE;
    return;
  }
  if (iconv (self->conversion, NULL, NULL, &to, &out_left) == (gsize)-1)
    return;
  *len = OUT_LEN - out_left;
  self->is_over = TRUE;
}

/* The first character may be a byte order mark. */
static void
drop_mark (PfTranscoder *self, PfSpan *out)
{
  if (self->has_begun || out->len == 0)
    return;
  self->has_begun = TRUE;
  if (out->len >= 3 && memcmp (out->data, "\xEF\xBB\xBF", 3) == 0)
    *out = pf_span_sub (*out, 3, out->len);
}

gboolean
pf_transcoder_next (PfTranscoder *self, PfSpan *in, gboolean final, PfSpan *out)
{
  gsize len = 0;
  int errnum = 0;

  if (self->has_failed || self->is_over || (in->len == 0 && !final))
    return FALSE;
  if (in->len > 0 && self->n_kept > 0)
    convert_kept (self, in, &len, &errnum);
  else if (in->len > 0)
    convert_front (self, in, &len, &errnum);
  self->has_failed = errnum == EILSEQ;
  if (final && errnum != EILSEQ && errnum != E2BIG && in->len == 0)
    finish (self, &len);
  *out = (PfSpan){ self->out, len };
  drop_mark (self, out);
  return TRUE;
}

gboolean
pf_transcoder_check (const PfTranscoder *self, PfError *error)
{
  if (self->has_failed)
    pf_error_set (error, PF_STATUS_DATA,
                  "not in the encoding %s at byte offset %" G_GUINT64_FORMAT,
                  self->name, self->offset);
  return self->has_failed;
}
