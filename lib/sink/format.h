/* The output formats, one a file; each is a PfRecordFormat. */
#pragma once

#include "base/record.h"

extern const PfRecordFormat pf_record_format_text; /* PATH:LINE:COL: TEXT */
extern const PfRecordFormat pf_record_format_tsv;  /* columns and tabs */
