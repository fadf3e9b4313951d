/* Runs of white space (text/unicode.h) in UTF-8. No state: any thread. */
#pragma once

#include "text/unicode.h"
#include "text/utf8.h"

/* The first place from P to END where no white space begins. */
static inline const guint8 *
pf_skip_space (const guint8 *p, const guint8 *end)
{
  gunichar c;

  while (p < end) {
    guint len = pf_utf8_next (p, end, &c);

    if (!pf_unicode_is_space (c))
      break;
    p += len;
  }
  return p;
}
