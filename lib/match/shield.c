#include "match/shield.h"

static gboolean
is_shield (const PfGlossary *glossary, const PfMatch *match)
{
  for (guint i = 0; i < match->n_entries; i++)
    if (pf_glossary_is_shield (glossary, match->entries[i]))
      return TRUE;
  return FALSE;
}

gboolean
pf_shield_hides (PfShield *self, const PfMatch *match, guint64 offset)
{
  guint64 end = offset + match->end;

  if (end <= self->end)
    return TRUE;
  if (!is_shield (self->glossary, match))
    return FALSE;
  self->end = end;
  return TRUE;
}
