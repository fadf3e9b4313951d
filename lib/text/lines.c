#include "text/lines.h"

#include <string.h>

/* What one step looks at; compilers make of it what the machine has. */
typedef guint8 Block __attribute__ ((vector_size (32)));
typedef guint64 Words __attribute__ ((vector_size (32)));

/* Each byte of a block counts up to this before it must be summed up. */
#define BLOCKS_PER_SUM 255

static const guint8 *
load (Block *block, const guint8 *p)
{
  memcpy (block, p, sizeof *block);
  return p + sizeof *block;
}

/* The sum of all bytes. */
static guint64
sum (Block block)
{
  const guint64 even = G_GUINT64_CONSTANT (0x00FF00FF00FF00FF);
  Words words, pairs;
  guint64 all;

  memcpy (&words, &block, sizeof words);
  pairs = (words & even) + ((words >> 8) & even);
  all = pairs[0] + pairs[1] + pairs[2] + pairs[3];
  return (all * G_GUINT64_CONSTANT (0x0001000100010001)) >> 48;
}

/* The line breaks in LEN bytes at P. */
static guint64
count_breaks (const guint8 *p, gsize len)
{
  const guint8 *end = p + len;
  guint64 n = 0;

  while ((gsize)(end - p) >= sizeof (Block)) {
    gsize blocks = (gsize)(end - p) / sizeof (Block);
    Block found = { 0 }, block;

    for (blocks = MIN (blocks, BLOCKS_PER_SUM); blocks > 0; blocks--) {
      p = load (&block, p);
      found -= (Block)(block == '\n');
    }
    n += sum (found);
  }
  for (; p < end; p++)
    n += *p == '\n';
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
  breaks = count_breaks (from, len);
  if (breaks > 0) {
    const guint8 *last = memrchr (from, '\n', len);

    self->line += breaks;
    self->line_start = self->at + (guint64)(last - from) + 1;
  }
  self->at = to;
}
