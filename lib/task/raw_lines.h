/* What pf_action_lines keeps of the file at hand. Private to this folder;
 * belongs to one task, and so to one thread at a time. */
#pragma once

typedef struct PfRawLines PfRawLines;

/* NULL is allowed. */
void pf_raw_lines_free (PfRawLines *self);
