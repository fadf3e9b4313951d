/* Which compressed streams there are, and how each begins: RFC 1952 (gzip),
 * RFC 8878 (zstd), and the format descriptions that come with xz and lz4; bzip2
 * streams begin with the number of a block or of the end. */
#include "base/unpack.h"

#include <string.h>

typedef struct {
  PfPacking packing;
  gsize len;
  const char *bytes;
} Begin;

static const Begin begins[] = {
  { PF_PACKING_GZIP, 3, "\x1F\x8B\x08" },
  { PF_PACKING_XZ, 6,
    "\xFD"
    "7zXZ\0" },
  { PF_PACKING_ZSTD, 4, "\x28\xB5\x2F\xFD" },
  { PF_PACKING_LZ4, 4, "\x04\x22\x4D\x18" },
};

static const char *const endings[] = { ".gz", ".bz2", ".xz", ".zst", ".lz4" };

static gboolean
begins_with (PfSpan text, const char *bytes, gsize len)
{
  return text.len >= len && memcmp (text.data, bytes, len) == 0;
}

/* "BZh" alone may begin a text. */
static gboolean
is_bzip2 (PfSpan begin)
{
  PfSpan block;

  if (!begins_with (begin, "BZh", 3) || begin.len < PF_PACKING_BYTES)
    return FALSE;
  block = pf_span_sub (begin, 4, begin.len);
  return begins_with (block, "\x31\x41\x59\x26\x53\x59", 6) ||
         begins_with (block, "\x17\x72\x45\x38\x50\x90", 6);
}

PfPacking
pf_packing_of (PfSpan begin)
{
  for (guint i = 0; i < G_N_ELEMENTS (begins); i++)
    if (begins_with (begin, begins[i].bytes, begins[i].len))
      return begins[i].packing;
  return is_bzip2 (begin) ? PF_PACKING_BZIP2 : PF_PACKING_NONE;
}

static gboolean
ends_with (PfSpan name, PfSpan ending)
{
  return name.len > ending.len &&
         pf_span_equal (pf_span_sub (name, name.len - ending.len, name.len),
                        ending);
}

PfSpan
pf_packing_strip (PfSpan name)
{
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    PfSpan ending = pf_span_str (endings[i]);

    if (ends_with (name, ending)) {
      name.len -= ending.len;
      break;
    }
  }
  return name;
}
