/* A step of the kernel that is the same for all instruction sets but for
 * emit_places, which is there before. Private to kernel*.c.
 */
#pragma once

#include "match/kernel.h"

/* From runs of at least LEN bits in LOW, which goes on in HIGH, to those of at
 * least twice that or MIN_LEN. */
static inline void
lengthen (guint64 *low, guint64 *high, guint len, guint min_len)
{
  guint step = MIN (len, min_len - len);

  if (min_len <= len)
    return;
  *low &= *low >> step | *high << (64 - step);
  *high &= *high >> step;
}

/* The bits of LOW that begin a run of ones of at least MIN_LEN bits, where the
 * bits go on in HIGH. */
static inline guint64
long_runs (guint64 low, guint64 high, guint min_len)
{
  lengthen (&low, &high, 1, min_len);
  lengthen (&low, &high, 2, min_len);
  lengthen (&low, &high, 4, min_len);
  lengthen (&low, &high, 8, min_len);
  lengthen (&low, &high, 16, min_len);
  lengthen (&low, &high, 32, min_len);
  return low;
}

static inline guint
extract_runs (const guint64 *word, const guint64 *begin, gsize n_groups,
              guint min_len, PfTokens *tokens)
{
  guint16 *edges = (guint16 *)tokens->at; /* starts and ends, by turns */
  guint n = 0;
  guint64 before = 0, carry = 0;

  for (gsize g = 0; g < n_groups; g++) {
    guint64 bits = word[g], starts = bits & ~(bits << 1 | before), sum, ends;
    gboolean over;

    before = bits >> 63;
    if (begin != NULL) {
      starts &= begin[g];
      /* So it mostly is. */
      if (starts == 0 && carry == 0)
        continue;
    }
    if (min_len > 1)
      starts &= long_runs (bits, word[g + 1], min_len);
    /* A one added to the first bit of a run comes out behind its last. */
    over = __builtin_add_overflow (bits, starts, &sum);
    over |= __builtin_add_overflow (sum, carry, &sum);
    carry = over;
    ends = sum & ~bits;
    n = emit_places (edges, n, starts | ends, (guint)(64 * g));
  }
  edges[n] = (guint16)(64 * n_groups);
  return (n + (guint)carry) / 2;
}

/* The usual lengths get loops of their own, with constant shifts. */
static guint
pf_kernel_extract (const guint64 *word, const guint64 *begin, gsize n_groups,
                   guint min_len, PfTokens *tokens)
{
  if (begin != NULL)
    return extract_runs (word, begin, n_groups, min_len, tokens);
  switch (min_len) {
  case 1:
    return extract_runs (word, NULL, n_groups, 1, tokens);
  case 2:
    return extract_runs (word, NULL, n_groups, 2, tokens);
  case 3:
    return extract_runs (word, NULL, n_groups, 3, tokens);
  case 4:
    return extract_runs (word, NULL, n_groups, 4, tokens);
  case 5:
    return extract_runs (word, NULL, n_groups, 5, tokens);
  default:
    return extract_runs (word, NULL, n_groups, min_len, tokens);
  }
}
