/* How bytes are shown where raw ones would break a line, a column or a
 * terminal. All append to OUT; pure functions, for any thread.
 */
#pragma once

#include "base/types.h"

/* The length of the control character (General_Category Cc) at P, where a
 * character begins, or 0. */
guint pf_control_length (const guint8 *p, const guint8 *end);

/* TEXT with control characters as \t, \n, \r or \xHH. */
void pf_escape_controls (GString *out, PfSpan text);

/* The same, with each run of white space as one space. */
void pf_escape_folded_space (GString *out, PfSpan text);

/* TEXT with tab, LF, CR and backslash as \t, \n, \r, \\. */
void pf_escape_column (GString *out, PfSpan text);

/* A file name: line breaks are escaped, on a TERMINAL all control characters.
 */
void pf_escape_name (GString *out, PfSpan name, gboolean terminal);
