/* How much memory this process may still take, and how much it had. */
#pragma once

#include <glib.h>

/* Bytes, by what the system says is available, swap space and the limits of
 * its control group; G_MAXUINT64 where nobody says. Any thread. */
guint64 pf_available_memory (void);

/* Bytes, the most that were resident at once until now. Any thread. */
guint64 pf_peak_memory (void);
