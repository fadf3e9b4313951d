/* The first step of the filter without vectors: by the position, as it is
 * defined. */
#include <string.h>

#include "match/start_filter_private.h"

/* The word of the gram at P. */
static guint32
word_at (const PfStartFilter *self, const guint8 *p)
{
  guint32 gram;

  memcpy (&gram, p, sizeof gram);
  return self
      ->grams[((gram | self->gram_fold) * PF_GRAM_FACTOR) >> self->gram_shift];
}

static gsize
find_at_each (const PfStartFilter *self, const guint8 *text, gsize len,
              guint32 *places)
{
  gsize n = 0;

  for (gsize i = 0; i < len; i++) {
    guint32 found = word_at (self, text + i) >> text[i + PF_GRAM] % 32 & 1;

    if (self->has_short)
      found |= (guint32)pf_start_filter_is_short (self, text + i);
    places[n] = (guint32)i;
    n += found;
  }
  return n;
}

static gsize
find_by_two (const PfStartFilter *self, const guint8 *text, gsize len,
             guint32 *places)
{
  gsize n = 0;

  for (gsize i = 0; i < len; i += 2) {
    guint32 word = word_at (self, text + i + 1);
    guint32 first = word >> (16 + text[i] % 16) & 1;
    guint32 second = word >> text[i + 1 + PF_GRAM] % 16 & 1;

    if (self->has_short) {
      first |= (guint32)pf_start_filter_is_short (self, text + i);
      second |= (guint32)pf_start_filter_is_short (self, text + i + 1);
    }
    places[n] = (guint32)i;
    n += first;
    places[n] = (guint32)i + 1;
    n += second;
  }
  return n;
}

gsize
pf_start_filter_find_scalar (const PfStartFilter *shared, const guint8 *text,
                             gsize len, guint32 *places)
{
  const PfStartFilter local = *shared; /* unaliased */

  return local.stride == 2 ? find_by_two (&local, text, len, places)
                           : find_at_each (&local, text, len, places);
}
