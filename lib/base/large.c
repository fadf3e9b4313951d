#include "base/large.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define LARGE_PAGE ((gsize)2 << 20)

gpointer
pf_large_new0 (gsize size)
{
  gboolean is_large = size >= 2 * LARGE_PAGE;
  void *data;

  if (posix_memalign (&data, is_large ? LARGE_PAGE : PF_LARGE_ALIGN,
                      MAX (size, 1)) != 0)
    return NULL;
#ifdef MADV_HUGEPAGE
  /* A wish only. */
  if (is_large)
    (void)madvise (data, size, MADV_HUGEPAGE);
#endif
  return memset (data, 0, size);
}
