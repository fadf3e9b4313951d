#include "base/worklist.h"

PfShare
pf_share (guint64 n, guint n_workers, guint i)
{
  guint64 each = n / n_workers, more = n % n_workers;
  guint64 from = each * i + MIN (i, more);

  return (PfShare){ from, from + each + (i < more) };
}
