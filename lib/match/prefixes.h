/* The first three bytes of the first tokens of a small glossary, in eight
 * buckets: a token that can begin a term has, byte by byte, some bucket in
 * common. So most tokens need not be hashed.
 *
 * Source of the idea: Teddy, the matcher of Hyperscan for few strings (Wang et
 * al., NSDI '19).
 */
#pragma once

#include "glossary/glossary.h"

#define PF_PREFIX_LEN 3
/* With more terms, too many tokens share a bucket to be worth the look. */
#define PF_PREFIX_TERMS_MAX 250

/* By place and byte of ASCII: the buckets that have it there. */
typedef struct {
  guint8 buckets[PF_PREFIX_LEN][128];
} PfPrefixes;

/* FALSE where GLOSSARY is too large for this, or an image's terms are none. Any
 * thread. */
gboolean pf_prefixes_fill (PfPrefixes *self, const PfGlossary *glossary);

/* Whether the three bytes at P may begin a term. */
static inline gboolean
pf_prefixes_may_begin (const PfPrefixes *self, const guint8 *p)
{
  guint buckets = 0xFF;

  for (guint k = 0; k < PF_PREFIX_LEN; k++)
    buckets &= self->buckets[k][p[k] & 127];
  return buckets != 0;
}
