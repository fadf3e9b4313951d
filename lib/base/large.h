/* Large arrays that are read at random places: aligned to cache lines, and in
 * large pages where the system has them, which saves most of the cost of
 * finding a page. Any thread.
 */
#pragma once

#include <glib.h>

#define PF_LARGE_ALIGN 64 /* bytes */

/* Zeros; NULL where memory is out. (transfer full: g_free) */
gpointer pf_large_new0 (gsize size);
