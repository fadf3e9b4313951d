#include "plan/deal.h"

#include <stdlib.h>

#define ITEMS_PER_WORKER 16
#define FILES_PER_ITEM_MAX 8

static PfWorklist *
lists_new (guint n_lists)
{
  g_assert (n_lists > 0);
  return g_new0 (PfWorklist, n_lists);
}

/* An empty list with room for N. */
static void
reserve (PfWorklist *list, guint64 n)
{
  list->serials = g_new (guint64, n);
  list->n = 0;
}

static void
add_run (PfWorklist *list, guint64 from, guint64 to)
{
  for (guint64 serial = from; serial < to; serial++)
    list->serials[list->n++] = serial;
}

PfWorklist *
pf_deal_by_count (guint64 n_items, guint n_lists)
{
  PfWorklist *lists = lists_new (n_lists);

  for (guint k = 0; k < n_lists; k++) {
    PfShare share = pf_share (n_items, n_lists, k);

    reserve (&lists[k], share.to - share.from);
    add_run (&lists[k], share.from, share.to);
  }
  return lists;
}

PfWorklist *
pf_deal_in_runs (guint64 n_items, guint n_lists, guint64 run)
{
  PfWorklist *lists = lists_new (n_lists);
  guint64 n_runs, from = 0;

  g_assert (run > 0);
  run = MIN (run, MAX (n_items, 1));
  n_runs = n_items / run + (n_items % run > 0);
  for (guint k = 0; k < n_lists; k++)
    reserve (&lists[k], (n_runs / n_lists + 1) * run);
  for (guint64 i = 0; i < n_runs; i++, from += run)
    add_run (&lists[i % n_lists], from, from + MIN (run, n_items - from));
  return lists;
}

typedef struct {
  guint64 bytes, serial;
} Item;

/* Larger ones first, then lower serials. */
static int
compare_items (const void *a, const void *b)
{
  const Item *x = a, *y = b;

  if (x->bytes != y->bytes)
    return x->bytes > y->bytes ? -1 : 1;
  return x->serial < y->serial ? -1 : x->serial > y->serial;
}

static Item *
sort_items (const guint64 *bytes, guint64 n_items)
{
  Item *items = g_new (Item, n_items);

  for (guint64 i = 0; i < n_items; i++)
    items[i] = (Item){ bytes[i], i };
  if (n_items > 0)
    qsort (items, n_items, sizeof *items, compare_items);
  return items;
}

/* What a list holds by now. */
typedef struct {
  guint64 bytes, n;
  guint list;
} Load;

static gboolean
is_less (const Load *a, const Load *b)
{
  if (a->bytes != b->bytes)
    return a->bytes < b->bytes;
  return a->n != b->n ? a->n < b->n : a->list < b->list;
}

/* Lets the root of the heap sink to where it belongs. (Williams, Algorithm 232,
 * CACM 7, 1964) */
static void
sink_root (Load *heap, guint n)
{
  Load moved = heap[0];
  guint at = 0, child;

  while ((child = 2 * at + 1) < n) {
    if (child + 1 < n && is_less (&heap[child + 1], &heap[child]))
      child++;
    if (!is_less (&heap[child], &moved))
      break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = moved;
}

/* The list of each item, by serial; HEAP gets what each list holds. */
static guint *
choose_lists (const guint64 *bytes, guint64 n_items, Load *heap, guint n_lists)
{
  g_autofree Item *items = sort_items (bytes, n_items);
  guint *list_of = g_new (guint, n_items);

  for (guint k = 0; k < n_lists; k++)
    heap[k] = (Load){ 0, 0, k };
  for (guint64 i = 0; i < n_items; i++) {
    list_of[items[i].serial] = heap[0].list;
    heap[0].bytes += items[i].bytes;
    heap[0].n++;
    sink_root (heap, n_lists);
  }
  return list_of;
}

PfWorklist *
pf_deal_by_bytes (const guint64 *bytes, guint64 n_items, guint n_lists)
{
  PfWorklist *lists = lists_new (n_lists);
  g_autofree Load *loads = g_new (Load, n_lists);
  g_autofree guint *list_of = choose_lists (bytes, n_items, loads, n_lists);

  for (guint k = 0; k < n_lists; k++)
    reserve (&lists[loads[k].list], loads[k].n);
  for (guint64 i = 0; i < n_items; i++)
    add_run (&lists[list_of[i]], i, i + 1);
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
