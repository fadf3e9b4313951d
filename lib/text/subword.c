#include "text/subword.h"

/* A capital and a small letter in one end like a small letter. */
static gboolean
is_small_end (PfKind kind)
{
  return kind == PF_KIND_LOWER || kind == PF_KIND_TITLE;
}

gboolean
pf_subword_begins (PfKind before, PfKind after, PfKind next)
{
  if (after == PF_KIND_MARK)
    return FALSE;
  if (before == PF_KIND_CONNECTOR || after == PF_KIND_CONNECTOR)
    return TRUE;
  if ((before == PF_KIND_DIGIT) != (after == PF_KIND_DIGIT))
    return TRUE;
  if (after == PF_KIND_TITLE)
    return is_small_end (before) || before == PF_KIND_UPPER;
  if (after != PF_KIND_UPPER)
    return FALSE;
  return is_small_end (before) ||
         (before == PF_KIND_UPPER && next == PF_KIND_LOWER);
}
