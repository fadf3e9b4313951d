/* For tests: what markers make of a whole text, by the words of
 * text/markers.h alone. */
#pragma once

#include <glib.h>

/* Whether TEXT from START to END is silent. */
gboolean pf_test_is_silent (const GString *text, gsize start, gsize end);

/* Text of N parts that is rich in markers, in what nearly is one, and in long
 * lines. (transfer full) */
GString *pf_test_marked_text (guint n);
