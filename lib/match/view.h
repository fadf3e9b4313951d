/* A view: another text than the file has, for a matcher to look at.
 *
 *   window   ... e v i l [ . ] c o m   c a f e ◌ ...   what stands there
 *                        └─┬─┘               └┬┘
 *   view     ... e v i l   .   c o m   c a f  é  ...   what is matched
 *
 * A text is cut into units, of which each is seen as something of its own: a
 * form of text/refang.h, or else a sequence of text/normal.h (a character,
 * where nothing is normalized). A sequence does not go on behind a line break
 * or another control character. Forms are told first, by the bytes of the file;
 * one whose last character is continued by a mark is none. Matches begin and
 * end where units do.
 *
 * What a unit is seen as depends on what stands at most PF_VIEW_BEFORE bytes
 * before it, and a little behind it; so a text is seen alike wherever one
 * begins to look, and windows that are seen as they are need no copy.
 */
#pragma once

#include "base/types.h"

/* All zero: a text as it is. */
typedef struct {
  gboolean normalize; /* text/normal.h */
  gboolean refang;    /* text/refang.h */
} PfViewRules;

static inline gboolean
pf_view_is_plain (const PfViewRules *rules)
{
  return !rules->normalize && !rules->refang;
}

/* Bytes before a place that decide what is seen there: a sequence. */
#define PF_VIEW_BEFORE 128

/* TEXT as it is seen, or NULL where that is TEXT itself. (transfer full) */
GString *pf_view_map (const PfViewRules *rules, PfSpan text);

/* Whether a unit may begin at AT of TEXT, and another one end there; a match
 * may not begin or end elsewhere. PF_VIEW_BEFORE bytes before AT are there, or
 * all. */
gboolean pf_view_is_edge (const PfViewRules *rules, PfSpan text, gsize at);

/* A part of a text as it is seen, with the way back; one for each thread. */
typedef struct {
  PfSpan seen;      /* the part as it is seen */
  gsize begin, end; /* the part, in bytes of TEXT */
  gboolean is_cut;  /* TEXT goes on behind it, but nobody knows as what */
  GByteArray *copy; /* owned; what is seen, where that is not TEXT itself */
  GArray *edits;    /* owned; what is not seen as it is */
} PfViewPart;

void pf_view_part_init (PfViewPart *self);
void pf_view_part_clear (PfViewPart *self);

/* Makes SELF the part of TEXT, which ends there if FINAL, that begins enough
 * before FROM for what is seen at FROM to be right, and ends at STOP or a bit
 * behind it; or before what only more text can decide. It points into TEXT. */
void pf_view_part_take (PfViewPart *self, const PfViewRules *rules, PfSpan text,
                        gboolean final, gsize from, gsize stop);

/* Where in what is seen the first unit stands that begins at AT or behind it;
 * AT is in the part. */
gsize pf_view_part_seen_at (const PfViewPart *self, gsize at);

/* Where in the text that begins, or ends, which is seen from AT on, or up to
 * AT. FALSE where a unit goes on there; then *FOUND is where that ends. */
gboolean pf_view_part_begin (const PfViewPart *self, gsize at, gsize *found);
gboolean pf_view_part_end (const PfViewPart *self, gsize at, gsize *found);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfViewPart, pf_view_part_clear)
