/* Which archives there are, and how each begins: the interchange format of
 * POSIX (pax, ustar) and what came before it, and the local file header, or the
 * end of a directory without entries, of zip (APPNOTE 4.3.7, 4.3.16). */
#include "base/archive.h"

#include <string.h>

#define NUMBERS_AT 100 /* mode, owner, group, size, time, and the sum */
#define SUM_AT 148
#define SUM_LEN 8
#define TYPE_AT 156

/* Names in tar end in NUL, and few of them have a line break. */
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

/* Octal digits, or, where the first byte is no ASCII, binary. What is not
 * needed is left empty. */
static gboolean
is_number (const guint8 *field, gsize len)
{
  if (field[0] >= 0x80)
    return TRUE;
  for (gsize i = 0; i < len; i++)
    if (field[i] != 0 && field[i] != ' ' && (field[i] < '0' || field[i] > '7'))
      return FALSE;
  return TRUE;
}

static gboolean
has_numbers (const guint8 *header)
{
  static const guint8 lengths[] = { 8, 8, 8, 12, 12, SUM_LEN };
  const guint8 *field = header + NUMBERS_AT;

  for (guint i = 0; i < G_N_ELEMENTS (lengths); field += lengths[i++])
    if (!is_number (field, lengths[i]))
      return FALSE;
  return TRUE;
}

/* The oldest have no magic, nor has what GNU puts before the first member. */
static gboolean
is_tar (PfSpan begin)
{
  char digits[SUM_LEN + 1] = { 0 };

  if (begin.len < PF_ARCHIVE_BYTES || !has_numbers (begin.data) ||
      (begin.data[TYPE_AT] != 0 && !g_ascii_isalnum (begin.data[TYPE_AT])))
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
