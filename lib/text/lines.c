#include "text/lines.h"

#include <string.h>

/* What one step looks at; compilers make of it what the machine has. */
typedef guint8 Block __attribute__ ((vector_size (16)));
typedef guint64 Words __attribute__ ((vector_size (16)));

/* Each byte of a block counts up to this before it must be summed up. */
#define BLOCKS_PER_SUM 255

static Block
load (const guint8 *p)
{
  Block block;

  memcpy (&block, p, sizeof block);
  return block;
}

/* One in each byte of BLOCK that is a line break. */
static Block
breaks_of (Block block)
{
  return -(Block)(block == '\n');
}

/* The sum of all bytes. */
static guint64
sum (Block block)
{
  const guint64 even = G_GUINT64_CONSTANT (0x00FF00FF00FF00FF);
  Words words = (Words)block;
  guint64 all;

  words = (words & even) + ((words >> 8) & even);
  all = words[0] + words[1];
  return (all * G_GUINT64_CONSTANT (0x0001000100010001)) >> 48;
}

/* The line breaks in the first LEN bytes, less than a block, at P. */
static Block
breaks_of_rest (const guint8 *p, gsize len)
{
  static const guint8 ones[2 * sizeof (Block)] = { [0 ... sizeof (Block) - 1] =
                                                       1 };

  return breaks_of (load (p)) & load (ones + sizeof (Block) - len);
}

/* The line breaks in LEN bytes at P, behind which READABLE may be read. */
static guint64
count_breaks (const guint8 *p, gsize len, gsize readable)
{
  const guint8 *end = p + len;
  guint64 n = 0;

  while (p < end) {
    gsize blocks = (gsize)(end - p) / sizeof (Block);
    Block found = { 0 };

    for (blocks = MIN (blocks, BLOCKS_PER_SUM - 1); blocks > 0; blocks--) {
      found += breaks_of (load (p));
      p += sizeof (Block);
    }
    len = (gsize)(end - p);
    if (len < sizeof (Block) && len + readable >= sizeof (Block)) {
      found += breaks_of_rest (p, len);
      p = end;
    }
    n += sum (found);
    for (; len < sizeof (Block) && p < end; p++)
      n += *p == '\n';
  }
  return n;
}

void
pf_line_counter_init (PfLineCounter *self)
{
  *self = (PfLineCounter){ .line = 1 };
}

void
pf_line_counter_advance (PfLineCounter *self, PfSpan window,
                         guint64 window_offset, guint64 to)
{
  gsize len = (gsize)(to - self->at);
  const guint8 *from;
  guint64 breaks;

  g_assert (window_offset <= self->at && self->at <= to);
  g_assert (to - window_offset <= window.len);
  if (len == 0)
    return;
  from = window.data + (self->at - window_offset);
  breaks = count_breaks (from, len, window.len - (gsize)(to - window_offset));
  if (breaks > 0) {
    const guint8 *last = memrchr (from, '\n', len);

    self->line += breaks;
    self->line_start = self->at + (guint64)(last - from) + 1;
  }
  self->at = to;
}
