/* Shields: entries whose value is their own term. Where one matches, nothing is
 * found: the match itself is none, and so is all that lies within its span.
 *
 * Matches come by start, longer first, so that what lies within a shield comes
 * behind it. Plain data of one scan, for its thread; nothing
 * to free.
 */
#pragma once

#include "match/matcher.h"

typedef struct {
  const PfGlossary *glossary; /* of the scan's matcher */
  guint64 end;                /* of the shields so far, the farthest */
} PfShield;

/* Whether MATCH, of a window that begins at OFFSET of the text, is none. */
gboolean pf_shield_hides (PfShield *self, const PfMatch *match, guint64 offset);
