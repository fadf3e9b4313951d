/* Where a large file is cut into pieces, and how large they are. Pure
 * functions.
 *
 * A cut is a guess: whoever joins the pieces sees whether a match reaches
 * across. So the best place is one where that is impossible or rare: a blank
 * line, else a line break, else white space, else the edge of a character.
 */
#pragma once

#include "base/types.h"

typedef struct {
  gsize piece;        /* bytes of text in one piece */
  gsize result_share; /* bytes that the result of a piece may grow to */
  guint under_way;    /* pieces that may be begun and not joined yet */
} PfCutPlan;

/* For N_WORKERS in MEMORY bytes. PIECE fixes the bytes of a piece; 0: as seems
 * right. */
PfCutPlan pf_cut_plan (guint n_workers, guint64 memory, gsize piece);

/* Whether a file of SIZE bytes is large enough. */
gboolean pf_cut_is_worth (const PfCutPlan *plan, guint64 size);

/* How far behind the place where a piece would end pf_cut_place looks. */
#define PF_CUT_LOOK ((gsize)4096)

/* The best place in TEXT, which is what stands where a piece would end: the
 * next one begins so many bytes behind the beginning of TEXT. */
gsize pf_cut_place (PfSpan text);
