/* Where bytes come from, whatever that is: a file, a text in memory, another
 * source that is unpacked on the way. A source belongs to one thread.
 */
#pragma once

#include "base/error.h"

typedef struct {
  /* Puts at most ROOM bytes at TO, and waits for the first of them. How many
   * they are; 0 at the end, again and again; -1 with an error. */
  gssize (*read) (gpointer user, guint8 *to, gsize room, PfError *error);
  gpointer user;
} PfByteSource;

/* Waits until a read of the source of USER would not wait, as far as can be
 * told. FALSE where TIMEOUT milliseconds passed (-1: never), or the wait was
 * cancelled. */
typedef gboolean (*PfByteWait) (gpointer user, int timeout);

static inline gssize
pf_byte_source_read (const PfByteSource *self, guint8 *to, gsize room,
                     PfError *error)
{
  return self->read (self->user, to, room, error);
}
