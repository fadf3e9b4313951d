/* Which archives there are, and how each begins: the interchange format of
 * POSIX (pax, ustar), and the local file header, or the end of a directory
 * without entries, of zip (APPNOTE 4.3.7, 4.3.16). */
#include "base/archive.h"

#include <string.h>

#define MAGIC_AT 257
#define SUM_AT 148
#define SUM_LEN 8

/* Names in tar end in NUL; a text has a line break before any. */
static gboolean
has_line (PfSpan begin)
{
  const guint8 *line = memchr (begin.data, '\n', begin.len);

  return line != NULL &&
         memchr (begin.data, 0, (gsize)(line - begin.data)) == NULL;
}

/* The header's bytes, with spaces for the sum itself. */
static guint
sum_of (const guint8 *header)
{
  guint sum = SUM_LEN * ' ';

  for (guint i = 0; i < PF_ARCHIVE_BYTES; i++)
    if (i < SUM_AT || i >= SUM_AT + SUM_LEN)
      sum += header[i];
  return sum;
}

static gboolean
is_tar (PfSpan begin)
{
  char digits[SUM_LEN + 1] = { 0 };

  if (begin.len < PF_ARCHIVE_BYTES || has_line (begin) ||
      memcmp (begin.data + MAGIC_AT, "ustar", 5) != 0)
    return FALSE;
  memcpy (digits, begin.data + SUM_AT, SUM_LEN);
  return g_ascii_strtoull (digits, NULL, 8) == sum_of (begin.data);
}

static gboolean
is_zip (PfSpan begin)
{
  return begin.len >= 4 && (memcmp (begin.data, "PK\3\4", 4) == 0 ||
                            memcmp (begin.data, "PK\5\6", 4) == 0);
}

PfArchiveKind
pf_archive_kind_of (PfSpan begin)
{
  if (is_zip (begin))
    return PF_ARCHIVE_ZIP;
  return is_tar (begin) ? PF_ARCHIVE_TAR : PF_ARCHIVE_NONE;
}

gboolean
pf_archive_is_tar_told (PfSpan begin)
{
  return begin.len >= PF_ARCHIVE_BYTES || (begin.len > 0 && has_line (begin));
}

gboolean
pf_archive_is_told (PfSpan begin)
{
  return pf_archive_is_tar_told (begin) || is_zip (begin) ||
         pf_packing_of (begin) != PF_PACKING_NONE;
}
