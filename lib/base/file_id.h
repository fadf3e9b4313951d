/* Which file it is, under whatever name: its device and inode, for as long as
 * it exists. Plain data; all zero is no file.
 */
#pragma once

#include <glib.h>
#include <sys/stat.h>

typedef struct {
  gboolean is_set;
  guint64 device, inode;
} PfFileId;

static inline PfFileId
pf_file_id_of (const struct stat *st)
{
  return (PfFileId){ TRUE, st->st_dev, st->st_ino };
}

/* FALSE where either is no file. */
static inline gboolean
pf_file_id_equal (const PfFileId *a, const PfFileId *b)
{
  return a->is_set && b->is_set && a->device == b->device &&
         a->inode == b->inode;
}

/* Both for a GHashTable whose keys are const PfFileId *. */
static inline guint
pf_file_id_hash (gconstpointer key)
{
  const PfFileId *id = key;

  return (guint)(id->inode ^ id->inode >> 32 ^ id->device * 31);
}

static inline gboolean
pf_file_id_key_equal (gconstpointer a, gconstpointer b)
{
  return pf_file_id_equal (a, b);
}
