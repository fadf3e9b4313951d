#include "glossary/container.h"

#include <string.h>
#include <xxhash.h>

#include "base/write.h"
#include "text/unicode.h"

static const guint8 magic[8] = { 'P', 'F', 'G', '\r', '\n', 0x1A, '\n', 0 };

#define BYTE_ORDER_MARK 0x01020304u
#define REBUILD "build it again with pfglossary build"

typedef struct {
  guint8 magic[8];
  guint32 byte_order;
  guint32 version;
  char unicode[16]; /* padded with zeros */
  guint64 size;     /* bytes of the whole image */
  guint32 n_sections;
  guint32 reserved[3];
  guint64 checksum; /* of header and table, taken with zero in its place */
} Header;

G_STATIC_ASSERT (sizeof (Header) == 64);
G_STATIC_ASSERT (sizeof (PfImageRow) == 32);

static guint64
align (guint64 offset)
{
  return (offset + PF_IMAGE_ALIGNMENT - 1) & ~(guint64)(PF_IMAGE_ALIGNMENT - 1);
}

static gsize
head_size (guint n_sections)
{
  return sizeof (Header) + n_sections * sizeof (PfImageRow);
}

/* Of header and table, which are changed for a moment. */
static guint64
head_checksum (guint8 *head, guint n_sections)
{
  Header *header = (Header *)(gpointer)head;
  guint64 kept = header->checksum, checksum;

  header->checksum = 0;
  checksum = XXH3_64bits (head, head_size (n_sections));
  header->checksum = kept;
  return checksum;
}

void
pf_container_seal (guint8 *image)
{
  Header *header = (Header *)(gpointer)image;

  header->checksum = head_checksum (image, header->n_sections);
}

/* Header and table for PARTS. */
static guint8 *
make_head (const PfImagePart *parts, guint n)
{
  guint8 *head = g_malloc0 (head_size (n));
  Header *header = (Header *)(gpointer)head;
  PfImageRow *rows = (PfImageRow *)(gpointer)(head + sizeof (Header));
  guint64 end = head_size (n);

  for (guint i = 0; i < n; i++) {
    rows[i].id = parts[i].id;
    rows[i].offset = align (end);
    rows[i].len = parts[i].bytes.len;
    rows[i].checksum = XXH3_64bits (parts[i].bytes.data, parts[i].bytes.len);
    end = rows[i].offset + rows[i].len;
  }
  memcpy (header->magic, magic, sizeof magic);
  header->byte_order = BYTE_ORDER_MARK;
  header->version = PF_IMAGE_VERSION;
  g_strlcpy (header->unicode, pf_unicode_version (), sizeof header->unicode);
  header->size = end;
  header->n_sections = n;
  pf_container_seal (head);
  return head;
}

/* Zeros from END up to where the next section begins. */
static gboolean
pad (int fd, guint64 end, PfError *error)
{
  static const guint8 zeros[PF_IMAGE_ALIGNMENT];

  return pf_write_all (fd, (PfSpan){ zeros, align (end) - end }, error);
}

static gboolean
write_parts (int fd, const PfImagePart *parts, guint n, PfError *error)
{
  g_autofree guint8 *head = make_head (parts, n);
  guint64 end = head_size (n);

  if (!pf_write_all (fd, (PfSpan){ head, head_size (n) }, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    if (!pad (fd, end, error) || !pf_write_all (fd, parts[i].bytes, error))
      return FALSE;
    end = align (end) + parts[i].bytes.len;
  }
  return TRUE;
}

gboolean
pf_container_write (int fd, const PfImagePart *parts, guint n, PfError *error)
{
  g_autofree PfImagePart *kept = g_new (PfImagePart, n);
  guint n_kept = 0;

  for (guint i = 0; i < n; i++)
    if (parts[i].bytes.len > 0)
      kept[n_kept++] = parts[i];
  g_assert (n_kept <= PF_IMAGE_SECTIONS_MAX);
  return write_parts (fd, kept, n_kept, error);
}

/* What does not depend on what else the header says. */
static gboolean
check_kind (PfSpan bytes, Header *header, PfError *error)
{
  gsize known = MIN (bytes.len, sizeof magic);

  if (known == 0 || memcmp (bytes.data, magic, known) != 0)
    return pf_error_set (error, PF_STATUS_DATA, "not a glossary image");
  if (bytes.len < sizeof *header)
    return pf_error_set (error, PF_STATUS_DATA, "the image is truncated");
  memcpy (header, bytes.data, sizeof *header);
  if (header->byte_order == GUINT32_SWAP_LE_BE (BYTE_ORDER_MARK))
    return pf_error_set (error, PF_STATUS_DATA,
                         "the image was made on a machine of another byte "
                         "order: " REBUILD);
  if (header->version != PF_IMAGE_VERSION)
    return pf_error_set (error, PF_STATUS_DATA,
                         "the image is of format version %u, not %d: " REBUILD,
                         header->version, PF_IMAGE_VERSION);
  return TRUE;
}

/* The header and the table are whole, and are those that were written. */
static gboolean
check_head (PfSpan bytes, const Header *header, PfError *error)
{
  g_autofree guint8 *head = NULL;

  if (bytes.len < header->size)
    return pf_error_set (error, PF_STATUS_DATA, "the image is truncated");
  if (bytes.len > header->size || header->n_sections > PF_IMAGE_SECTIONS_MAX ||
      head_size (header->n_sections) > header->size)
    return pf_error_set (error, PF_STATUS_DATA, "the image is damaged");
  head = g_memdup2 (bytes.data, head_size (header->n_sections));
  if (head_checksum (head, header->n_sections) != header->checksum)
    return pf_error_set (error, PF_STATUS_DATA,
                         "the image is damaged: wrong checksum of the header");
  return TRUE;
}

static gboolean
check_table (const PfContainer *self, PfError *error)
{
  guint64 size = self->bytes.len;

  for (guint i = 0; i < self->n_sections; i++) {
    const PfImageRow *row = &self->rows[i];

    if (row->offset % PF_IMAGE_ALIGNMENT != 0 ||
        row->offset < head_size (self->n_sections) || row->offset > size ||
        row->len > size - row->offset)
      return pf_error_set (error, PF_STATUS_DATA,
                           "the image is damaged: section %u is not in it",
                           row->id);
  }
  return TRUE;
}

gboolean
pf_container_open (PfContainer *self, PfSpan bytes, PfError *error)
{
  Header header;

  *self = (PfContainer){ .bytes = bytes };
  if (!check_kind (bytes, &header, error) ||
      !check_head (bytes, &header, error))
    return FALSE;
  self->n_sections = header.n_sections;
  memcpy (self->rows, bytes.data + sizeof header,
          header.n_sections * sizeof *self->rows);
  memcpy (self->unicode, header.unicode, sizeof header.unicode);
  if (strcmp (self->unicode, pf_unicode_version ()) != 0)
    return pf_error_set (error, PF_STATUS_DATA,
                         "the image was made for Unicode %s, not %s: " REBUILD,
                         self->unicode, pf_unicode_version ());
  return check_table (self, error);
}

PfImagePart
pf_container_part (const PfContainer *self, guint i)
{
  const PfImageRow *row = &self->rows[i];

  return (PfImagePart){ row->id, pf_span_sub (self->bytes, row->offset,
                                              row->offset + row->len) };
}

PfSpan
pf_container_find (const PfContainer *self, guint32 id)
{
  for (guint i = 0; i < self->n_sections; i++)
    if (self->rows[i].id == id && self->rows[i].len > 0)
      return pf_container_part (self, i).bytes;
  return (PfSpan){ NULL, 0 };
}

static gboolean
is_second (const PfContainer *self, guint i)
{
  for (guint k = 0; k < i; k++)
    if (self->rows[k].id == self->rows[i].id)
      return TRUE;
  return FALSE;
}

gboolean
pf_container_check (const PfContainer *self, PfError *error)
{
  for (guint i = 0; i < self->n_sections; i++) {
    PfImagePart part = pf_container_part (self, i);

    if (is_second (self, i))
      return pf_error_set (error, PF_STATUS_DATA,
                           "the image is damaged: two sections %u", part.id);
    if (XXH3_64bits (part.bytes.data, part.bytes.len) != self->rows[i].checksum)
      return pf_error_set (error, PF_STATUS_DATA,
                           "the image is damaged: wrong checksum of section %u",
                           part.id);
  }
  return TRUE;
}
