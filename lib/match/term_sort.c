#include "match/term_sort.h"

#include <string.h>

#define CHUNK 8
#define RADIX_MIN 256 /* fewer are sorted by comparing */

/* An item with its bytes from some depth on: as a number, whose order is that
 * of the bytes, and how many of them there are, up to CHUNK. */
typedef struct {
  guint64 key;
  gsize left;
  PfSortItem item;
} Keyed;

static void
set_key (Keyed *self, gsize depth)
{
  guint64 key = 0;

  self->left = MIN (self->item.len - depth, CHUNK);
  memcpy (&key, self->item.bytes + depth, self->left);
  self->key = GUINT64_FROM_BE (key);
}

static gboolean
is_before (const Keyed *a, const Keyed *b)
{
  return a->key != b->key ? a->key < b->key : a->left < b->left;
}

/* Merge sort, for it is stable; SPARE has room for all. */
static void
sort_by_merging (Keyed *keyed, gsize n, Keyed *spare)
{
  gsize half = n / 2, i = 0, k = half, to = 0;

  if (n < 2)
    return;
  sort_by_merging (keyed, half, spare);
  sort_by_merging (keyed + half, n - half, spare);
  if (!is_before (&keyed[half], &keyed[half - 1]))
    return;
  memcpy (spare, keyed, half * sizeof *keyed);
  while (i < half)
    keyed[to++] =
        k < n && is_before (&keyed[k], &spare[i]) ? keyed[k++] : spare[i++];
}

/* One pass: stable, by the byte of the key at SHIFT. FALSE where that byte is
 * the same everywhere, and nothing was done. */
static gboolean
sort_by_byte (const Keyed *from, Keyed *to, gsize n, guint shift)
{
  gsize starts[257] = { 0 };

  for (gsize i = 0; i < n; i++)
    starts[(from[i].key >> shift & 0xFF) + 1]++;
  for (guint i = 1; i < 257; i++) {
    if (starts[i] == n)
      return FALSE;
    starts[i] += starts[i - 1];
  }
  for (gsize i = 0; i < n; i++)
    to[starts[from[i].key >> shift & 0xFF]++] = from[i];
  return TRUE;
}

/* Equal keys may still differ in length, where there are NULs. */
static void
sort_by_radix (Keyed *keyed, gsize n, Keyed *spare)
{
  Keyed *from = keyed, *to = spare;

  for (guint shift = 0; shift < 64; shift += 8)
    if (sort_by_byte (from, to, n, shift)) {
      Keyed *was = from;

      from = to;
      to = was;
    }
  if (from != keyed)
    memcpy (keyed, from, n * sizeof *keyed);
  for (gsize i = 1; i < n; i++)
    if (is_before (&keyed[i], &keyed[i - 1])) {
      sort_by_merging (keyed, n, spare);
      return;
    }
}

/* Sorts by what comes from DEPTH on; the rest is equal. */
static void
sort_from (Keyed *keyed, gsize n, gsize depth, Keyed *spare)
{
  gsize begin = 0;

  for (gsize i = 0; i < n; i++)
    set_key (&keyed[i], depth);
  if (n >= RADIX_MIN)
    sort_by_radix (keyed, n, spare);
  else
    sort_by_merging (keyed, n, spare);
  for (gsize i = 1; i <= n; i++)
    if (i == n || is_before (&keyed[begin], &keyed[i])) {
      if (i - begin > 1 && keyed[begin].left == CHUNK)
        sort_from (keyed + begin, i - begin, depth + CHUNK, spare);
      begin = i;
    }
}

void
pf_term_sort (PfSortItem *items, gsize n)
{
  Keyed *keyed = g_new (Keyed, n), *spare = g_new (Keyed, n);

  for (gsize i = 0; i < n; i++)
    keyed[i].item = items[i];
  sort_from (keyed, n, 0, spare);
  for (gsize i = 0; i < n; i++)
    items[i] = keyed[i].item;
  g_free (keyed);
  g_free (spare);
}
