/* Appending to a GString without a call and a growth for each part: room is
 * made once, parts are put one behind the other, and the end is told.
 *
 *   char *to = pf_append_begin (out, n);   room for n bytes
 *   to = pf_put_span (to, span);           ...
 *   pf_append_end (out, to);
 *
 * For any thread, each with a GString of its own.
 */
#pragma once

#include <string.h>

#include "base/types.h"

/* The most that pf_put_number puts. */
#define PF_NUMBER_MAX 20

/* Makes room for LEN bytes behind what is there. */
void pf_append_grow (GString *out, gsize len);

/* Where LEN bytes may be put. */
static inline char *
pf_append_begin (GString *out, gsize len)
{
  /* GString keeps a NUL behind its text. */
  if (G_UNLIKELY (out->allocated_len - out->len <= len))
    pf_append_grow (out, len);
  return out->str + out->len;
}

/* What was put ends at END. */
static inline void
pf_append_end (GString *out, char *end)
{
  *end = '\0';
  out->len = (gsize)(end - out->str);
}

static inline char *
pf_put_char (char *to, char c)
{
  *to = c;
  return to + 1;
}

static inline char *
pf_put_span (char *to, PfSpan span)
{
  if (span.len > 0)
    memcpy (to, span.data, span.len);
  return to + span.len;
}

/* In decimal. */
char *pf_put_number (char *to, guint64 n);

static inline void
pf_append_span (GString *out, PfSpan span)
{
  pf_append_end (out, pf_put_span (pf_append_begin (out, span.len), span));
}

static inline void
pf_append_char (GString *out, char c)
{
  pf_append_end (out, pf_put_char (pf_append_begin (out, 1), c));
}

static inline void
pf_append_number (GString *out, guint64 n)
{
  pf_append_end (out, pf_put_number (pf_append_begin (out, PF_NUMBER_MAX), n));
}
