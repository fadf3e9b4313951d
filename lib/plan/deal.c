#include "plan/deal.h"

#define ITEMS_PER_WORKER 16
#define FILES_PER_ITEM_MAX 8

PfWorklist *
pf_deal_in_turn (guint64 n_items, guint n_lists)
{
  PfWorklist *lists = g_new0 (PfWorklist, n_lists);

  for (guint k = 0; k < n_lists; k++) {
    guint64 most = n_items / n_lists + 1;

    lists[k].serials = g_new (guint64, most);
    for (guint64 serial = k; serial < n_items; serial += n_lists)
      lists[k].serials[lists[k].n++] = serial;
  }
  return lists;
}

void
pf_worklists_free (PfWorklist *lists, guint n_lists)
{
  for (guint k = 0; lists != NULL && k < n_lists; k++)
    g_free (lists[k].serials);
  g_free (lists);
}

guint64
pf_files_per_item (guint64 n_files, guint n_workers)
{
  guint64 even = n_files / ((guint64)n_workers * ITEMS_PER_WORKER);

  return CLAMP (even, 1, FILES_PER_ITEM_MAX);
}
