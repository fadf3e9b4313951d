/* A step of the kernel for instruction sets without lanes of 64 bits that can
 * be hashed side by side. Private to kernel*.c.
 */
#pragma once

#include "match/kernel.h"

static guint
pf_kernel_probe (const guint8 *text, const PfTokens *tokens, guint n,
                 guint64 fold, const PfFilter *filter, PfCandidates *candidates)
{
  /* A copy, which what is written cannot change. */
  const PfFilter local = *filter;
  guint found = 0;

  for (guint i = 0; i < n; i++) {
    PfToken token = tokens->at[i];
    guint64 hash = pf_token_hash_quick (
        text + token.start, (gsize)(token.end - token.start), fold, local.keys);

    candidates->hash[found] = hash;
    candidates->start[found] = token.start;
    candidates->end[found] = token.end;
    found += pf_filter_has (local.words, local.n_words, hash);
  }
  return found;
}
