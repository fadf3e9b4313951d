/* Memory for large tables that are read all over: in huge pages where the
 * system has them, for otherwise much of the time goes into finding pages (a
 * tenth, in the filter of 100,000 terms). Any thread.
 */
#pragma once

#include <glib.h>

/* N zeroed bytes; like g_malloc0, does not come back where memory is out. To be
 * freed with pf_table_free. (transfer full) */
gpointer pf_table_new (gsize n);

/* NULL is allowed. */
void pf_table_free (gpointer table);
