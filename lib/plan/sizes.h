/* How large the files of a known list are, for a deal by bytes.
 *
 *   names ──stat, on all threads of a pool──▶ bytes of each item ──▶ deal
 */
#pragma once

#include "base/par.h"
#include "plan/names.h"

/* Sets *BYTES to the sizes of the items of PER_ITEM names each, one behind the
 * other; what is no regular file, or cannot be asked, counts as nothing. The
 * threads of PAR ask side by side, until CANCEL is set. (transfer full: g_free)
 * FALSE where it was, with nothing set. */
gboolean pf_sizes_of_items (const PfNames *names, guint64 per_item, PfPar *par,
                            const PfCancel *cancel, guint64 **bytes);
