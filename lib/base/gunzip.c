#include "base/gunzip.h"

#ifdef HAVE_ARCHIVE

#include <errno.h>
#include <zlib.h>

#define BLOCK ((gsize)64 << 10)
/* zlib's: the largest window, and gzip's header and trailer around it. */
#define GZIP_WINDOW (15 + 16)

struct PfGunzip {
  PfByteSource bytes;
  guint8 *block;
  z_stream z;
  gboolean is_open;   /* z is */
  gboolean in_member; /* its end has not come */
  gboolean is_full;   /* the room was used up, so there may be more of it */
  gboolean is_broken; /* inflate says so at each further call */
  gboolean ended;
};

PfGunzip *
pf_gunzip_new (PfByteSource bytes, PfError *error)
{
  g_autoptr (PfGunzip) self = g_new0 (PfGunzip, 1);

  self->bytes = bytes;
  self->block = g_malloc (BLOCK);
  self->in_member = TRUE;
  self->is_open = inflateInit2 (&self->z, GZIP_WINDOW) == Z_OK;
  if (!self->is_open) {
    pf_error_set_system (error, PF_STATUS_TEMPORARY, ENOMEM);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
pf_gunzip_free (PfGunzip *self)
{
  if (self == NULL)
    return;
  if (self->is_open)
    inflateEnd (&self->z);
  g_free (self->block);
  g_free (self);
}

static gboolean
damaged (const char *what, PfError *error)
{
  return pf_error_set (error, PF_STATUS_DATA, "damaged gzip data: %s",
                       what != NULL ? what : "corrupt");
}

/* Where what was read is used up, and all of its text given out. */
static gboolean
refill (PfGunzip *self, PfError *error)
{
  gssize n;

  if (self->z.avail_in > 0 || self->is_full || self->is_broken)
    return TRUE;
  n = pf_byte_source_read (&self->bytes, self->block, BLOCK, error);
  if (n < 0)
    return FALSE;
  self->z.next_in = self->block;
  self->z.avail_in = (uInt)n;
  if (n == 0 && self->in_member)
    return damaged ("truncated gzip input", error);
  self->ended = n == 0;
  return TRUE;
}

/* Up to the first byte of another member. */
static void
pass_zeros (PfGunzip *self)
{
  while (self->z.avail_in > 0 && *self->z.next_in == 0) {
    self->z.next_in++;
    self->z.avail_in--;
  }
  self->in_member = self->z.avail_in > 0;
}

/* To what next_out points to, where TO was. */
static gboolean
unpack (PfGunzip *self, const guint8 *to, PfError *error)
{
  int result = inflate (&self->z, Z_NO_FLUSH);

  self->is_full = result == Z_OK && self->z.avail_out == 0;
  if (result == Z_STREAM_END) {
    self->in_member = FALSE;
    inflateReset (&self->z);
    return TRUE;
  }
  /* Z_BUF_ERROR: there was no more of it. */
  self->is_broken = result != Z_OK && result != Z_BUF_ERROR;
  /* Text before damage comes first. */
  if (!self->is_broken || self->z.next_out != to)
    return TRUE;
  if (result == Z_MEM_ERROR)
    return pf_error_set_system (error, PF_STATUS_TEMPORARY, ENOMEM);
  return damaged (self->z.msg, error);
}

gssize
pf_gunzip_read (PfGunzip *self, guint8 *to, gsize room, PfError *error)
{
  self->z.next_out = to;
  self->z.avail_out = (uInt)MIN (room, G_MAXUINT);
  while (self->z.next_out == to && !self->ended) {
    if (!refill (self, error))
      return -1;
    if (!self->in_member)
      pass_zeros (self);
    if (self->in_member && !unpack (self, to, error))
      return -1;
  }
  return self->z.next_out - to;
}

gboolean
pf_gunzip_has_more (const PfGunzip *self)
{
  return self->z.avail_in > 0 || self->is_full || self->is_broken ||
         self->ended;
}

#endif
