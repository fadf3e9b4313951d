/* Colours, as GNU grep has them: each part begins with its colour and ends with
 * none, and the rest of the terminal's line is cleared both times. No
 * state: any thread. */
#pragma once

#include "base/append.h"

#define PF_COLOR_NAME "\33[35m\33[K"
#define PF_COLOR_NUMBER "\33[32m\33[K"
#define PF_COLOR_SEPARATOR "\33[36m\33[K"
#define PF_COLOR_MATCH "\33[01;31m\33[K"
#define PF_COLOR_END "\33[m\33[K"

/* TEXT without an end, where COLOR. */
static inline void
pf_color_put (GString *out, const char *text, gboolean color)
{
  if (color)
    g_string_append (out, text);
}

static inline void
pf_color_append_char (GString *out, char c, gboolean color)
{
  pf_color_put (out, PF_COLOR_SEPARATOR, color);
  pf_append_char (out, c);
  pf_color_put (out, PF_COLOR_END, color);
}

static inline void
pf_color_append_number (GString *out, guint64 n, gboolean color)
{
  pf_color_put (out, PF_COLOR_NUMBER, color);
  pf_append_number (out, n);
  pf_color_put (out, PF_COLOR_END, color);
}
