/* JSON (RFC 8259) as it is written down, value by value.
 *
 *   begin_object "stages"    ┐
 *     number "wall_ns" 12    ├─▶  "stages": { "wall_ns": 12 }
 *   end                      ┘
 *
 * Who writes says what opens and what ends; commas, line breaks and indentation
 * follow from that. NAME is what a value is called in its object, and NULL in
 * an array and for the whole document. It does not check that names differ.
 *
 * Threads: a writer belongs to one thread at a time. Nothing here can fail but
 * by programming errors, which assert: an end too many, or too few.
 */
#pragma once

#include <glib.h>

typedef struct PfJson PfJson;

/* (transfer full) */
PfJson *pf_json_new (void);

/* The text, with a line break at its end; SELF is gone. All that was begun must
 * have been ended. (transfer full: g_free) */
char *pf_json_finish (PfJson *self);

void pf_json_begin_object (PfJson *self, const char *name);
void pf_json_begin_array (PfJson *self, const char *name);

/* Of the object or array that was begun last. */
void pf_json_end (PfJson *self);

void pf_json_number (PfJson *self, const char *name, guint64 value);

/* TEXT is UTF-8; NULL becomes null. */
void pf_json_string (PfJson *self, const char *name, const char *text);
void pf_json_null (PfJson *self, const char *name);
