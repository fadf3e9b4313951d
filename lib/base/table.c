#include "base/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Where the processor has another size, nothing is lost but the advice. */
#define HUGE_PAGE ((gsize)2 << 20)

/* Less would waste more than it gains. */
#define HUGE_MIN (HUGE_PAGE / 4)

gpointer
pf_table_new (gsize n)
{
  gboolean huge = n >= HUGE_MIN;
  gsize align = huge ? HUGE_PAGE : 64;
  gsize size = (MAX (n, 1) + align - 1) / align * align;
  void *table = NULL;

  if (size < n || posix_memalign (&table, align, size) != 0)
    return g_malloc0 (G_MAXSIZE / 2); /* says so, and ends the process */
#ifdef MADV_HUGEPAGE
  if (huge)
    madvise (table, size, MADV_HUGEPAGE);
#endif
  return memset (table, 0, size);
}

void
pf_table_free (gpointer table)
{
  free (table);
}
