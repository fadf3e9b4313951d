/* The tables of the filter, and its first step for each instruction set. */
#pragma once

#include "match/start_filter.h"

#define PF_GRAM 4 /* bytes */

/* Multiplicative hashing (Knuth, TAOCP 3, 6.4); the upper bits are the hash. */
#define PF_GRAM_FACTOR 0x9E3779B1u

/* In the tables, how long a prefix is: the larger, the shorter, so that several
 * come down to the largest; 0 is none. */
#define PF_RANK(len) ((guint8)(PF_PREFIX_MAX + 1 - (len)))
#define PF_RANK_MAX PF_PREFIX_MAX

/* A part of the text that the first step takes; it takes nothing smaller. */
#define PF_FIND_STEP 64 /* bytes */

/* Short prefixes are tested by their first bytes, half a byte at a time (after
 * "Teddy", of Hyperscan): a prefix is in one of eight groups, and a table says
 * for each half of each byte which groups have a prefix with it. What is in one
 * group at every byte passes. */
#define PF_SHORT_TESTED 3 /* bytes */

/* More of four bytes make it worth while to look up each gram. */
#define PF_SHORT_MAX 64

struct PfStartFilter {
  PfStartFilterShape shape;
  guint8 *tables;     /* all below, in one piece of memory */
  gboolean is_opened; /* they are another's */
  guint32 gram_fold;  /* or'ed to four bytes of the text */
  guint stride;       /* 1, or 2 where grams are looked up at every second
                         position only, for prefixes of five bytes and more */
  gboolean has_short; /* what the grams leave out is tested by halves of bytes,
                         lower and upper by turns, so 2 * PF_SHORT_TESTED
                         tables; each is there four times */
  guint8 (*halves)[64];
  guint gram_shift, opening_shift, key_shift;
  /* By hash of a gram. With stride 1, a bit for each value of the lower five
   * bits of a byte: of that behind the gram, where a prefix begins with it.
   * With stride 2, two halves with a bit for each value of the lower four: the
   * lower half likewise, the upper one for the byte before the gram, where it
   * is the second to fifth byte of a prefix. */
  guint32 *grams;
  guint64 opening_mask; /* the bytes of an opening */
  guint8 *openings;     /* by hash of an opening: rank; two in a byte */
  guint8 *pairs;        /* by the first two bytes: rank of the shortest prefix
                           of less than four; NULL where there is none */
  guint64 *keys;
  guint64 masks[PF_RANK_MAX + 1]; /* by rank: as many bytes */
  gsize (*find) (const PfStartFilter *self, const guint8 *text, gsize len,
                 guint32 *places);
};

/* Whether a short prefix may begin at P. */
static inline gboolean
pf_start_filter_is_short (const PfStartFilter *self, const guint8 *p)
{
  guint8 groups = 0xFF;

  for (guint i = 0; i < PF_SHORT_TESTED; i++) {
    guint8 byte = p[i] | (guint8)self->gram_fold;

    groups &=
        self->halves[2 * i][byte & 15] & self->halves[2 * i + 1][byte >> 4];
  }
  return groups != 0;
}

/* The first step: the places in TEXT that pass the test of their gram or
 * halves, out of the first LEN, which is a multiple of PF_FIND_STEP. 8 bytes
 * more can be read, and PF_START_SPARE more places written. */
gsize pf_start_filter_find_scalar (const PfStartFilter *self,
                                   const guint8 *text, gsize len,
                                   guint32 *places);
gsize pf_start_filter_find_avx2 (const PfStartFilter *self, const guint8 *text,
                                 gsize len, guint32 *places);
gsize pf_start_filter_find_avx512 (const PfStartFilter *self,
                                   const guint8 *text, gsize len,
                                   guint32 *places);
gsize pf_start_filter_find_neon (const PfStartFilter *self, const guint8 *text,
                                 gsize len, guint32 *places);
