/* The kernel without vectors: for machines that have none. Eight bytes at a
 * time are classified within a word: sums of bytes below 0x80 do not reach the
 * next byte, and their highest bits tell how they compare.
 */
#include "match/byte_words.h"
#include "match/kernel_compare.h"
#include "match/kernel_locate.h"
#include "match/kernel_places.h"
#include "match/kernel_probe.h"

/* This needs the places. */
#include "match/kernel_extract.h"

#define HIGH PF_EACH_BYTE (0x80)

/* The highest bit of each byte is set where C, all below 0x80, is at least
 * FIRST and at most LAST. */
static inline guint64
in_range (guint64 c, guint8 first, guint8 last)
{
  return (c + PF_EACH_BYTE ((guint64)0x80 - first)) &
         ~(c + PF_EACH_BYTE ((guint64)0x7F - last));
}

static gboolean
classify (const guint8 *text, gsize n_groups, PfBitmaps *maps)
{
  guint64 any_high = 0;

  for (gsize g = 0; g < n_groups; g++) {
    guint64 word = 0, high = 0;

    for (guint i = 0; i < 64; i += 8) {
      guint64 bytes = pf_load64 (text + 64 * g + i), c = bytes & ~HIGH;
      guint64 is_word = in_range (c | PF_EACH_BYTE (0x20), 'a', 'z') |
                        in_range (c, '0', '9') | in_range (c, '_', '_') | bytes;

      word |= pf_highest_bits (is_word) << i;
      high |= pf_highest_bits (bytes) << i;
    }
    maps->word[g] = word;
    maps->high[g] = high;
    any_high |= high;
  }
  return any_high != 0;
}

const PfKernel pf_kernel_scalar = { classify,          NULL,
                                    pf_kernel_extract, pf_kernel_probe,
                                    pf_kernel_locate,  pf_kernel_compare };
