#include "text/unicode.h"

#include "text/unicode_tables.inc"

const char *
pf_unicode_version (void)
{
  return PF_UNICODE_VERSION;
}

gboolean
pf_unicode_is_word_in_table (gunichar c)
{
  gsize block = c >> PF_WORD_SHIFT;
  gsize within = c & ((1u << PF_WORD_SHIFT) - 1);

  if (block >= G_N_ELEMENTS (pf_word_index))
    return FALSE;
  return pf_word_blocks[pf_word_index[block]][within / 32] >> (c % 32) & 1;
}

gunichar
pf_unicode_fold_in_table (gunichar c)
{
  gsize block = c >> PF_FOLD_SHIFT;
  gsize within = c & ((1u << PF_FOLD_SHIFT) - 1);

  if (block >= G_N_ELEMENTS (pf_fold_index))
    return c;
  return c + (gunichar)pf_fold_blocks[pf_fold_index[block]][within];
}

PfKind
pf_unicode_kind (gunichar c)
{
  gsize block = c >> PF_KIND_SHIFT;
  gsize within = c & ((1u << PF_KIND_SHIFT) - 1);

  if (block >= G_N_ELEMENTS (pf_kind_index))
    return PF_KIND_OTHER;
  return (PfKind)(pf_kind_blocks[pf_kind_index[block]][within / 8] >>
                      4 * (c % 8) &
                  0xF);
}

gboolean
pf_unicode_is_space_in_table (gunichar c)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pf_white_space_ranges); i++)
    if (c <= pf_white_space_ranges[i].last)
      return c >= pf_white_space_ranges[i].first;
  return FALSE;
}
