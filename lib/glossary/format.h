/* The source formats that hold one or more entries a line.
 *
 * A format turns one line (without its line break) into calls of
 * pf_batch_add; a new format is one file and one row in the table
 * of format.c.
 */
#pragma once

#include "glossary/batch.h"

/* The longest line that is read. */
#define PF_LINE_MAX_BYTES ((gsize)2 * (PF_VALUE_MAX + PF_TERM_MAX) * 2)

typedef struct PfLineFormat {
  const char *name; /* also the ending of file names */
  PfCase default_case;
  /* SCRATCH is the format's to use. FALSE where the line is malformed. NULL:
   * this build lacks the library. */
  gboolean (*parse) (PfBatch *batch, PfSpan line, GByteArray *scratch,
                     PfError *error);
  const char *library; /* what reading it needs, for a message; may be NULL */
} PfLineFormat;

extern const PfLineFormat pf_format_txt;       /* a term a line */
extern const PfLineFormat pf_format_tsv;       /* term, value, label, rules */
extern const PfLineFormat pf_format_codespell; /* wrong->right */
extern const PfLineFormat pf_format_jsonl;     /* an object a line */

/* The format of that name, or NULL. */
const PfLineFormat *pf_format_find (PfSpan name);

/* Applies case=... or boundary=... to ENTRY, or nothing where TEXT is empty.
 * FALSE with PF_STATUS_DATA. */
gboolean pf_rule_parse (PfSpan text, PfEntry *entry, PfError *error);

gboolean pf_case_parse (PfSpan text, PfCase *rule);
gboolean pf_boundary_parse (PfSpan text, PfBoundary *rule);

/* The word for a rule, or NULL for UNSET. */
const char *pf_case_name (PfCase rule);
const char *pf_boundary_name (PfBoundary rule);

/* ENTRY as a line of tsv that reads back as the same entry. */
void pf_tsv_write (GString *out, const PfEntry *entry);

/* The rule of its own that a TERM has in the format codespell, or UNSET. */
PfBoundary pf_codespell_boundary (PfSpan term);

/* TEXT without white space of ASCII at its ends. */
PfSpan pf_line_strip (PfSpan text);

/* TRUE for lines of nothing but white space, and those that begin with #. */
gboolean pf_line_is_blank (PfSpan line);
gboolean pf_line_is_comment (PfSpan line);

/* "\#" at the start of a line stands for "#". */
PfSpan pf_line_unescape_hash (PfSpan line);
