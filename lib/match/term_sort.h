/* Sorts terms as byte strings, a prefix before what it begins, in time that
 * hardly depends on how long a beginning they share: eight bytes at a time, as
 * numbers, by radix (Knuth, TAOCP 3, 5.2.5) where there are many. Equal ones
 * keep their order. Pure: any thread.
 */
#pragma once

#include <glib.h>

typedef struct {
  const guint8 *bytes;
  guint32 len;
  guint32 id; /* whatever the caller likes */
} PfSortItem;

void pf_term_sort (PfSortItem *items, gsize n);
