/* Memory for large arrays that are read at random places: aligned to cache
 * lines, and in huge pages where the system has them, for otherwise much of the
 * time goes into finding pages (a tenth, in a filter of 100,000 terms). Any
 * thread.
 */
#pragma once

#include <glib.h>

/* N zeroed bytes; NULL where memory is out. (transfer full: g_free) */
gpointer pf_large_try_new0 (gsize n);

/* The same, but like g_malloc0 it does not come back where memory is out. */
gpointer pf_large_new0 (gsize n);
