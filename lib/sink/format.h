/* The output formats, one a file; each is a PfRecordFormat. */
#pragma once

#include "base/record.h"

extern const PfRecordFormat pf_record_format_text; /* PATH:LINE:COL: TEXT */
/* PATH:LINE: or PATH-LINE- before the file's own bytes */
extern const PfLineFormat pf_line_format_text;
extern const PfRecordFormat pf_record_format_tsv; /* columns and tabs */
