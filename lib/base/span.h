/* What the library does with spans besides base/types.h, which is installed. No
 * state: any thread. */
#pragma once

#include "base/types.h"

/* For hash tables in memory. */
guint pf_span_hash (PfSpan span);

/* PATH without any "./" before it, with all its slashes; at least a byte. */
PfSpan pf_span_without_dots (PfSpan path);

/* Where the last BYTE of SPAN stands, or span.len. */
gsize pf_span_find_last (PfSpan span, guint8 byte);
