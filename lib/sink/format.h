/* The output formats, one a file; each is a PfRecordFormat. */
#pragma once

#include "base/record.h"

extern const PfRecordFormat pf_record_format_text;   /* PATH:LINE:COL: TEXT */
extern const PfRecordFormat pf_record_format_null;   /* as text, but a NUL byte
                                                        ends each name */
extern const PfRecordFormat pf_record_format_tsv;    /* columns and tabs */
extern const PfRecordFormat pf_record_format_jsonl;  /* an object a line */
extern const PfRecordFormat pf_record_format_sarif;  /* what sarif.h joins */
extern const PfRecordFormat pf_record_format_github; /* workflow commands */

/* PATH:LINE: or PATH-LINE- before the file's own bytes */
extern const PfLineFormat pf_line_format_text;
extern const PfLineFormat pf_line_format_null; /* a NUL byte behind PATH */

/* The text of RECORD and the values of its entries, as text shows them; on one
 * line. */
void pf_text_append_match (GString *out, const PfMatchRecord *record,
                           const PfRecordStyle *style);
