#include "base/archive.h"

#ifdef HAVE_ARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <string.h>

#include "base/damaged.h"
#include "base/once.h"
#include "base/unseen.h"

#define BLOCK ((gsize)64 << 10)
#define LAST_RECORD ((gsize)22)

static const char *const names[] = { "", "tar", "zip" };

struct PfArchive {
  PfArchiveOptions options;
  struct archive *archive;
  guint8 *block;  /* bytes as they are, lent to libarchive */
  guint64 at;     /* of the next of them */
  guint64 packed; /* how many were read */
  guint64 length; /* of all members so far */
  guint64 n_members;
  GString *name;   /* of the present member */
  PfSpan left;     /* of its text, libarchive's; not given out yet */
  guint64 hole;    /* zeros before that */
  guint64 text_at; /* how much of its text came, with these two */
  gboolean is_encrypted, has_ended;
  gboolean over;   /* there is no next member */
  gboolean broken; /* likewise, for the present one is damaged */
  PfError failure; /* of the bytes */
};

/* The next three are called by libarchive. */
static la_ssize_t
read_packed (struct archive *archive, void *user, const void **bytes)
{
  PfArchive *self = user;
  gssize n = pf_byte_source_read (&self->options.bytes, self->block, BLOCK,
                                  &self->failure);

  *bytes = self->block;
  if (n < 0) {
    archive_set_error (archive, EIO, "%s", "read error");
    return ARCHIVE_FATAL;
  }
  self->packed += (guint64)n;
  self->at += (guint64)n;
  return (la_ssize_t)n;
}

static la_int64_t
seek (struct archive *archive, void *user, la_int64_t offset, int whence)
{
  PfArchive *self = user;
  gint64 from = whence == SEEK_END   ? (gint64)self->options.size
                : whence == SEEK_CUR ? (gint64)self->at
                                     : 0;
  gint64 to = from + offset;

  if (to < 0 || to > (gint64)self->options.size ||
      !self->options.seek (self->options.bytes.user, (guint64)to)) {
    archive_set_error (archive, EIO, "%s", "no such place");
    return ARCHIVE_FATAL;
  }
  self->at = (guint64)to;
  return to;
}

static la_int64_t
skip (struct archive *archive G_GNUC_UNUSED, void *user, la_int64_t request)
{
  PfArchive *self = user;
  guint64 to = self->at + (guint64)MAX (request, 0);

  if (self->options.seek == NULL || to > self->options.size ||
      !self->options.seek (self->options.bytes.user, to))
    return 0;
  self->at = to;
  return request;
}

static gboolean
fail (PfArchive *self, PfError *error)
{
  return pf_damaged (self->archive, &self->failure, names[self->options.kind],
                     "archive", error);
}

static int
open_archive (PfArchive *self)
{
  struct archive *a = self->archive;

  if (self->options.kind == PF_ARCHIVE_TAR)
    archive_read_support_format_tar (a);
  else
    archive_read_support_format_zip (a);
  archive_read_set_read_callback (a, read_packed);
  if (self->options.seek != NULL) {
    archive_read_set_skip_callback (a, skip);
    archive_read_set_seek_callback (a, seek);
  }
  archive_read_set_callback_data (a, self);
  return archive_read_open1 (a);
}

static PfArchiveOptions
with_defaults (const PfArchiveOptions *given)
{
  PfArchiveOptions options = *given;

  if (options.free == 0)
    options.free = PF_UNPACK_FREE;
  if (options.ratio == 0)
    options.ratio = PF_UNPACK_RATIO;
  if (options.most == 0)
    options.most = PF_ARCHIVE_MEMBERS;
  return options;
}

PfArchive *
pf_archive_new (const PfArchiveOptions *options, PfError *error)
{
  g_autoptr (PfArchive) self = g_new0 (PfArchive, 1);

  self->options = with_defaults (options);
  self->name = g_string_new (NULL);
  self->block = g_malloc (BLOCK);
  self->archive = archive_read_new ();
  if (self->archive == NULL) {
    pf_error_set_system (error, PF_STATUS_TEMPORARY, ENOMEM);
    return NULL;
  }
  if (open_archive (self) != ARCHIVE_OK && !fail (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
pf_archive_free (PfArchive *self)
{
  if (self == NULL)
    return;
  archive_read_free (self->archive);
  pf_error_clear (&self->failure);
  g_string_free (self->name, TRUE);
  g_free (self->block);
  g_free (self);
}

/* A hard link has its text elsewhere. */
static gboolean
is_file (struct archive_entry *entry)
{
  return archive_entry_filetype (entry) == AE_IFREG &&
         archive_entry_hardlink (entry) == NULL;
}

/* Names are bytes here; where they are told to be UTF-8, libarchive may have
 * them in that form only. */
static const char *
name_of (struct archive_entry *entry)
{
  const char *name = archive_entry_pathname_utf8 (entry);

  if (name == NULL)
    name = archive_entry_pathname (entry);
  return name != NULL ? name : "";
}

static const char *
begin_member (PfArchive *self, struct archive_entry *entry, PfError *error)
{
  if (++self->n_members > self->options.most) {
    self->over = TRUE;
    pf_error_set (error, PF_STATUS_DATA,
                  "%s archive has more than %" G_GUINT64_FORMAT " members",
                  names[self->options.kind], self->options.most);
    return NULL;
  }
  g_string_assign (self->name, name_of (entry));
  self->is_encrypted = archive_entry_is_data_encrypted (entry) != 0;
  self->left = (PfSpan){ 0 };
  self->hole = self->text_at = 0;
  self->has_ended = FALSE;
  return self->name->str;
}

/* Whether the last record of a zip archive is there: it is followed by a
 * comment whose length it tells, in its last two bytes (APPNOTE 4.3.16). */
static gboolean
has_last_record (PfSpan tail)
{
  for (gsize at = 0; at + LAST_RECORD <= tail.len; at++) {
    const guint8 *record = tail.data + at;
    gsize comment = record[20] | (gsize)record[21] << 8;

    if (memcmp (record, "PK\5\6", 4) == 0 &&
        at + LAST_RECORD + comment <= tail.len)
      return TRUE;
  }
  return FALSE;
}

/* Without it, libarchive takes what stands before the directory for all. */
static gboolean
check_zip_end (PfArchive *self, PfError *error)
{
  guint64 len = MIN (self->options.size, LAST_RECORD + 0xFFFF);
  g_autofree guint8 *tail = g_malloc (len);
  gsize at = 0;
  gssize n = 1;

  if (!self->options.seek (self->options.bytes.user, self->options.size - len))
    return TRUE;
  for (; at < len && n > 0; at += (gsize)MAX (n, 0))
    n = pf_byte_source_read (&self->options.bytes, tail + at, len - at, error);
  return n >= 0 && (has_last_record ((PfSpan){ tail, at }) ||
                    pf_error_set (error, PF_STATUS_DATA,
                                  "damaged zip archive: its end is missing"));
}

/* NULL where the system has none; then names that are told to be UTF-8 are lost
 * unless they are ASCII. */
static gpointer
make_utf8 (void)
{
  return newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

PF_DEFINE_ONCE (static gpointer, utf8_locale, make_utf8)

static const char *
next_member (PfArchive *self, PfError *error)
{
  struct archive_entry *entry;

  while (!self->over) {
    int result;

    /* Dates are made local ones by the C library. */
    PF_BEGIN_UNSEEN ();
    result = archive_read_next_header (self->archive, &entry);
    PF_END_UNSEEN ();
    if (result == ARCHIVE_OK || result == ARCHIVE_WARN) {
      if (is_file (entry))
        return begin_member (self, entry, error);
      continue;
    }
    self->over = TRUE;
    /* Behind a first block of zeros, libarchive takes any failure for the end.
     */
    if (result != ARCHIVE_EOF || pf_error_is_set (&self->failure))
      fail (self, error);
    else if (self->options.seek != NULL && self->options.kind == PF_ARCHIVE_ZIP)
      check_zip_end (self, error);
  }
  return NULL;
}

/* libarchive makes names that are told to be UTF-8 those of the locale, and
 * drops what that has no characters for; any other names stay the bytes they
 * are. */
const char *
pf_archive_next (PfArchive *self, PfError *error)
{
  locale_t before = uselocale (utf8_locale ());
  const char *name = next_member (self, error);

  uselocale (before);
  return name;
}

/* What is read twice was there once. */
static guint64
packed_bytes (const PfArchive *self)
{
  return self->options.seek != NULL ? MIN (self->packed, self->options.size)
                                    : self->packed;
}

static gboolean
check_length (PfArchive *self, PfError *error)
{
  const PfArchiveOptions *o = &self->options;

  if (self->length <= o->free || self->length / o->ratio <= packed_bytes (self))
    return TRUE;
  self->over = self->broken = TRUE;
  return pf_error_set (error, PF_STATUS_DATA,
                       "%s archive comes to more than %u times its size; to "
                       "use it all the same, unpack it first",
                       names[o->kind], o->ratio);
}

static gboolean
take_block (PfArchive *self, PfSpan block, guint64 at)
{
  if (at < self->text_at)
    return FALSE;
  self->hole = at - self->text_at;
  self->left = block;
  self->text_at = at + block.len;
  self->length += self->hole + block.len;
  return TRUE;
}

static gboolean
read_more (PfArchive *self, PfError *error)
{
  while (self->hole == 0 && self->left.len == 0 && !self->has_ended) {
    const void *data = NULL;
    size_t len = 0;
    la_int64_t at = 0;
    int result = archive_read_data_block (self->archive, &data, &len, &at);

    self->has_ended = result == ARCHIVE_EOF;
    self->broken = result == ARCHIVE_FATAL;
    self->over = self->over || self->broken;
    if (result != ARCHIVE_OK && !self->has_ended)
      return fail (self, error);
    /* What is sparse may end in zeros. */
    if (!take_block (self, (PfSpan){ data, len },
                     self->has_ended ? MAX ((guint64)at, self->text_at)
                                     : (guint64)at))
      return fail (self, error);
  }
  return check_length (self, error);
}

static gssize
read_text (gpointer user, guint8 *to, gsize room, PfError *error)
{
  PfArchive *self = user;
  gsize n;

  if (self->is_encrypted) {
    pf_error_set (error, PF_STATUS_DATA, "encrypted");
    return -1;
  }
  if (self->hole == 0 && self->left.len == 0 && !read_more (self, error))
    return -1;
  if (self->hole > 0) {
    n = (gsize)MIN (room, self->hole);
    memset (to, 0, n);
    self->hole -= n;
    return (gssize)n;
  }
  n = MIN (room, self->left.len);
  if (n > 0)
    memcpy (to, self->left.data, n);
  self->left = pf_span_sub (self->left, n, self->left.len);
  return (gssize)n;
}

gboolean
pf_archive_is_broken (const PfArchive *self)
{
  return self->broken;
}

gboolean
pf_archive_is_there (void)
{
  return TRUE;
}

#else

struct PfArchive {
  guint8 unused;
};

PfArchive *
pf_archive_new (const PfArchiveOptions *options G_GNUC_UNUSED, PfError *error)
{
  pf_error_set (error, PF_STATUS_DATA,
                "an archive; reading it needs libarchive, which this build "
                "lacks");
  return NULL;
}

void
pf_archive_free (PfArchive *self G_GNUC_UNUSED)
{
}

const char *
pf_archive_next (PfArchive *self G_GNUC_UNUSED, PfError *error G_GNUC_UNUSED)
{
  return NULL;
}

static gssize
read_text (gpointer user G_GNUC_UNUSED, guint8 *to G_GNUC_UNUSED,
           gsize room G_GNUC_UNUSED, PfError *error G_GNUC_UNUSED)
{
  return 0;
}

gboolean
pf_archive_is_broken (const PfArchive *self G_GNUC_UNUSED)
{
  return FALSE;
}

gboolean
pf_archive_is_there (void)
{
  return FALSE;
}

#endif

PfByteSource
pf_archive_bytes (PfArchive *self)
{
  return (PfByteSource){ read_text, self };
}
