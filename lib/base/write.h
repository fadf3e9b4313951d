/* Writing to a descriptor until all is written. */
#pragma once

#include "base/error.h"

/* Also where FD is non-blocking, or takes little at a time. FALSE with
 * PF_STATUS_IO. */
gboolean pf_write_all (int fd, PfSpan bytes, PfError *error);
