/* For tests: bytes in memory, as a PfByteSource gives them. */
#pragma once

#include <string.h>

#include "base/byte_source.h"

typedef struct {
  PfSpan data;
  gsize step;          /* at most so many at once */
  const char *failure; /* at their end, of PF_STATUS_IO; NULL: none */
  gsize at;            /* how many were given out */
} PfTestFeed;

static inline gssize
pf_test_feed (gpointer user, guint8 *to, gsize room, PfError *error)
{
  PfTestFeed *self = user;
  gsize n = MIN (MIN (self->step, room), self->data.len - self->at);

  if (n == 0 && self->failure != NULL) {
    pf_error_set (error, PF_STATUS_IO, "%s", self->failure);
    return -1;
  }
  if (n > 0)
    memcpy (to, self->data.data + self->at, n);
  self->at += n;
  return (gssize)n;
}
