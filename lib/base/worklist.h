/* The items dealt to one worker: their serial numbers, ascending. Plain data,
 * so that the plan may deal it and the scheduler may work it. */
#pragma once

#include "base/types.h"

typedef struct {
  guint64 *serials; /* owned by whoever dealt it */
  gsize n;
} PfWorklist;
