#include "base/large.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define LINE 64
/* Where the processor has another size, nothing is lost but the advice. */
#define HUGE_PAGE ((gsize)2 << 20)
/* Less would waste more than it gains. */
#define HUGE_MIN (HUGE_PAGE / 4)

gpointer
pf_large_try_new0 (gsize n)
{
  gboolean huge = n >= HUGE_MIN;
  gsize align = huge ? HUGE_PAGE : LINE;
  gsize size = (MAX (n, 1) + align - 1) / align * align;
  void *data;

  if (size < n || posix_memalign (&data, align, size) != 0)
    return NULL;
#ifdef MADV_HUGEPAGE
  if (huge)
    (void)madvise (data, size, MADV_HUGEPAGE);
#endif
  return memset (data, 0, n);
}

gpointer
pf_large_new0 (gsize n)
{
  gpointer data = pf_large_try_new0 (n);

  /* Which says so, and ends the process. */
  return data != NULL ? data : g_malloc0 (G_MAXSIZE / 2);
}
