/* The tables of the filter, and its first step for each instruction set. */
#pragma once

#include "match/start_filter.h"

#define PF_GRAM 4 /* bytes */

/* Multiplicative hashing (Knuth, TAOCP 3, 6.4); the upper bits are the hash. */
#define PF_GRAM_FACTOR 0x9E3779B1u

/* In the tables, how long a prefix is: the larger, the shorter, so that several
 * come down to the largest; 0 is none. */
#define PF_RANK(len) ((guint8)(PF_PREFIX_MAX + 1 - (len)))

struct PfStartFilter {
  guint32 gram_fold; /* or'ed to four bytes of the text */
  guint stride;      /* 1, 2 or 4: each such position is looked at */
  guint gram_shift, opening_shift, key_shift;
  guint32 *grams;    /* a bit by hash of a gram: whether a prefix has it at an
                        offset less than stride */
  guint opening_len; /* bytes */
  guint64 opening_mask; /* the bytes of an opening */
  guint8 *openings;     /* by hash of an opening: rank; two in a byte */
  guint8 *pairs; /* by the first two bytes: rank of the shortest prefix of
                    less than four; NULL where there is none */
  guint64 *keys;
  guint64 masks[PF_PREFIX_MAX + 1]; /* by rank: as many bytes */
  gsize (*find) (const PfStartFilter *self, const guint8 *text, gsize len,
                 guint32 *places);
};

/* The first step: the positions of TEXT, from stride - 1 on, by stride, and
 * less than LEN, at which a gram or a pair is in the tables. LEN + 3 bytes can
 * be read. */
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
