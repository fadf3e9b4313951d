#include "base/unpack.h"

static const char *const names[] = { "", "gzip", "bzip2", "xz", "zstd", "lz4" };

#ifdef HAVE_ARCHIVE

#include <archive.h>
#include <errno.h>
#include <string.h>

#include "base/damaged.h"
#include "base/gunzip.h"

#define BLOCK ((gsize)64 << 10)

struct PfUnpack {
  PfUnpackOptions options;
  PfGunzip *gunzip; /* libarchive checks no checksum of gzip's, and gives out
                     * whole blocks only; else NULL */
  struct archive *archive;
  guint8 *block;  /* packed bytes, lent to the archive */
  guint64 packed; /* bytes read */
  guint64 solid;  /* of these, up to the last that is not zero; by archive */
  PfSpan left;    /* the archive's; not given out yet */
  guint64 length; /* of all that was unpacked */
  gboolean begun, ended;
  PfError failure; /* of the packed bytes */
};

static gssize
read_packed (gpointer user, guint8 *to, gsize room, PfError *error)
{
  PfUnpack *self = user;
  gssize n = pf_byte_source_read (&self->options.bytes, to, room, error);

  if (n > 0)
    self->packed += (guint64)n;
  return n;
}

static void
note_solid (PfUnpack *self, gsize len)
{
  guint64 begin = self->packed - len;

  while (len > 0 && self->block[len - 1] == 0)
    len--;
  if (len > 0)
    self->solid = begin + len;
}

/* Called by libarchive. */
static la_ssize_t
lend_packed (struct archive *archive, void *user, const void **bytes)
{
  PfUnpack *self = user;
  gssize n = read_packed (self, self->block, BLOCK, &self->failure);

  *bytes = self->block;
  if (n < 0)
    archive_set_error (archive, EIO, "%s", "read error");
  else
    note_solid (self, (gsize)n);
  return n < 0 ? ARCHIVE_FATAL : (la_ssize_t)n;
}

/* Anything but ARCHIVE_OK means that a program would be run, or nothing. */
static int
support (struct archive *archive, PfPacking packing)
{
  switch (packing) {
  case PF_PACKING_BZIP2:
    return archive_read_support_filter_bzip2 (archive);
  case PF_PACKING_XZ:
    return archive_read_support_filter_xz (archive);
  case PF_PACKING_ZSTD:
    return archive_read_support_filter_zstd (archive);
  case PF_PACKING_LZ4:
    return archive_read_support_filter_lz4 (archive);
  case PF_PACKING_NONE:
  case PF_PACKING_GZIP:
  default:
    return ARCHIVE_FATAL;
  }
}

static gboolean
fail (PfUnpack *self, PfError *error)
{
  return pf_damaged (self->archive, &self->failure,
                     names[self->options.packing], "data", error);
}

static gboolean
prepare (PfUnpack *self, PfError *error)
{
  PfPacking packing = self->options.packing;

  if (packing == PF_PACKING_GZIP) {
    self->gunzip = pf_gunzip_new ((PfByteSource){ read_packed, self }, error);
    return self->gunzip != NULL;
  }
  self->block = g_malloc (BLOCK);
  self->archive = archive_read_new ();
  if (self->archive == NULL)
    return pf_error_set_system (error, PF_STATUS_TEMPORARY, ENOMEM);
  if (support (self->archive, packing) != ARCHIVE_OK)
    return pf_error_set (error, PF_STATUS_DATA,
                         "%s data, which this libarchive cannot read",
                         names[packing]);
  archive_read_support_format_raw (self->archive);
  archive_read_support_format_empty (self->archive);
  return TRUE;
}

/* The header of the only member there is. */
static gboolean
begin (PfUnpack *self, PfError *error)
{
  struct archive_entry *entry;
  int result = archive_read_open (self->archive, self, NULL, lend_packed, NULL);

  if (result == ARCHIVE_OK)
    result = archive_read_next_header (self->archive, &entry);
  self->begun = TRUE;
  self->ended = result == ARCHIVE_EOF;
  if (result != ARCHIVE_OK && !self->ended)
    return fail (self, error);
  /* What is too short for its filter would come out as it is. */
  return archive_filter_code (self->archive, 0) != ARCHIVE_FILTER_NONE ||
         fail (self, error);
}

PfUnpack *
pf_unpack_new (const PfUnpackOptions *options, PfError *error)
{
  g_autoptr (PfUnpack) self = g_new0 (PfUnpack, 1);

  self->options = *options;
  if (options->free == 0)
    self->options.free = PF_UNPACK_FREE;
  if (options->ratio == 0)
    self->options.ratio = PF_UNPACK_RATIO;
  return prepare (self, error) ? g_steal_pointer (&self) : NULL;
}

void
pf_unpack_free (PfUnpack *self)
{
  if (self == NULL)
    return;
  pf_gunzip_free (self->gunzip);
  archive_read_free (self->archive);
  pf_error_clear (&self->failure);
  g_free (self->block);
  g_free (self);
}

static gboolean
check_length (const PfUnpack *self, PfError *error)
{
  const PfUnpackOptions *o = &self->options;

  if (o->most > 0 && self->length > o->most)
    return pf_error_set (error, PF_STATUS_DATA,
                         "%s data comes to more than %" G_GUINT64_FORMAT " MiB",
                         names[o->packing], o->most >> 20);
  return self->length <= o->free || self->length / o->ratio <= self->packed ||
         pf_error_set (error, PF_STATUS_DATA,
                       "%s data comes to more than %u times its size; to use "
                       "it all the same, unpack it first",
                       names[o->packing], o->ratio);
}

/* Some filters of libarchive end at whatever is no stream, in silence. Zeros
 * fill blocks. */
static gboolean
check_rest (PfUnpack *self, PfError *error)
{
  guint64 used = (guint64)archive_filter_bytes (self->archive, -1);
  const void *bytes;
  la_ssize_t n;

  do {
    if (self->solid > used)
      return pf_error_set (error, PF_STATUS_DATA,
                           "damaged %s data: garbage behind its end",
                           names[self->options.packing]);
    n = lend_packed (self->archive, self, &bytes);
  } while (n > 0);
  return n == 0 || fail (self, error);
}

/* Until there is something left to give out, or the end. */
static gboolean
unpack_more (PfUnpack *self, PfError *error)
{
  if (!self->begun && !begin (self, error))
    return FALSE;
  while (self->left.len == 0 && !self->ended) {
    const void *data = NULL;
    size_t len = 0;
    la_int64_t offset;
    int result = archive_read_data_block (self->archive, &data, &len, &offset);

    if (result != ARCHIVE_OK && result != ARCHIVE_EOF)
      return fail (self, error);
    self->ended = result == ARCHIVE_EOF;
    if (!self->ended)
      self->left = (PfSpan){ data, len };
    self->length += self->left.len;
  }
  return check_length (self, error) &&
         (self->left.len > 0 || check_rest (self, error));
}

static gssize
read_gzip (PfUnpack *self, guint8 *to, gsize room, PfError *error)
{
  gssize n = pf_gunzip_read (self->gunzip, to, room, error);

  if (n > 0)
    self->length += (guint64)n;
  return n <= 0 || check_length (self, error) ? n : -1;
}

static gssize
read_text (gpointer user, guint8 *to, gsize room, PfError *error)
{
  PfUnpack *self = user;
  gsize n;

  if (self->gunzip != NULL)
    return read_gzip (self, to, room, error);
  if (self->left.len == 0 && !unpack_more (self, error))
    return -1;
  n = MIN (room, self->left.len);
  if (n > 0)
    memcpy (to, self->left.data, n);
  self->left = pf_span_sub (self->left, n, self->left.len);
  return (gssize)n;
}

gboolean
pf_unpack_has_more (const PfUnpack *self)
{
  return self->gunzip == NULL || pf_gunzip_has_more (self->gunzip);
}

#else

struct PfUnpack {
  guint8 unused;
};

PfUnpack *
pf_unpack_new (const PfUnpackOptions *options, PfError *error)
{
  pf_error_set (error, PF_STATUS_DATA,
                "%s data; reading it needs libarchive, which this build lacks",
                names[options->packing]);
  return NULL;
}

void
pf_unpack_free (PfUnpack *self G_GNUC_UNUSED)
{
}

static gssize
read_text (gpointer user G_GNUC_UNUSED, guint8 *to G_GNUC_UNUSED,
           gsize room G_GNUC_UNUSED, PfError *error G_GNUC_UNUSED)
{
  g_assert_not_reached ();
}

gboolean
pf_unpack_has_more (const PfUnpack *self G_GNUC_UNUSED)
{
  return TRUE;
}

#endif

PfByteSource
pf_unpack_bytes (PfUnpack *self)
{
  return (PfByteSource){ read_text, self };
}
