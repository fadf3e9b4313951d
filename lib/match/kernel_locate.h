/* A step of the kernel that is the same for all instruction sets, compiled
 * with the flags of each. Private to kernel*.c.
 */
#pragma once

#include "match/kernel.h"

static void
pf_kernel_locate (const PfIndex *index, PfPrepared *prepared, guint n)
{
  for (guint i = 0; i < n; i++) {
    PfPrepared *p = &prepared[i];
    const guint32 *group = index->table + (gsize)p->at * PF_GROUP_WORDS;
    guint mask = pf_group_mask (group, p->tag);
    guint empty = pf_group_mask (group, 0);

    /* Without a slot, any offset will do. */
    p->at = group[PF_GROUP_SLOTS + __builtin_ctz (mask | 0x80)];
    p->has_item = mask != 0;
    p->is_open = (mask & (mask - 1)) != 0 || empty == 0;
    __builtin_prefetch (index->items.data + p->at);
  }
}
