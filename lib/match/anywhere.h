/* The matcher for entries that may start or end anywhere in a text, not only at
 * the edges of words: those whose boundary rule is "none", "prefix" or
 * "subword", and those without any word character. It can take others, too; it
 * only is not made for them.
 *
 * Immutable once built: any thread; all that a scan changes is in a scratch, of
 * which each thread has its own. What holds is what match/reference.c says.
 */
#pragma once

#include "match/edges.h"
#include "match/matcher.h"

typedef struct PfAnywhere PfAnywhere;
typedef struct PfAnywhereScratch PfAnywhereScratch;

/* One end of candidates that begin at the same place, and the entries that
 * hold there: exactly spelled ones first, each kind in ascending order. */
typedef struct {
  gsize end;
  const guint32 *entries;
  guint n_entries; /* at least one */
} PfAnywhereEnd;

typedef struct {
  gsize start;
  const PfAnywhereEnd *ends; /* the farthest first */
  guint n_ends;              /* 1, unless all ends were asked for */
} PfAnywhereHit;

/* For the entries of GLOSSARY, which must outlive it, that are for this matcher
 * in a run with these RULES; where matches overlap, every end is reported, not
 * the farthest only. (transfer full) NULL where there is no such entry. */
PfAnywhere *pf_anywhere_new (const PfGlossary *glossary,
                             const PfMatchRules *rules, PfIsa isa);
void pf_anywhere_free (PfAnywhere *self);

/* How many entries it is for. */
guint32 pf_anywhere_n_covered (const PfAnywhere *self);

/* Whether its index was there in the image; otherwise it was made. */
gboolean pf_anywhere_is_stored (const PfAnywhere *self);

PfAnywhereScratch *pf_anywhere_scratch_new (void);
void pf_anywhere_scratch_free (PfAnywhereScratch *self);

/* To be called before the first pf_anywhere_next in a window, which must not
 * change while they go on. */
void pf_anywhere_begin (PfAnywhereScratch *scratch);

/* The next place from FROM to LIMIT (less LIMIT itself) where an entry holds:
 * YES and the HIT, which is valid until the next call with this scratch.
 * UNDECIDED: there is none before hit->start, and what is there depends on
 * bytes behind the window. FROM must not be less than it was in the call
 * before. Where all ends are asked for, a hit is reported whole or not at all.
 */
PfAnswer pf_anywhere_next (const PfAnywhere *self, PfAnywhereScratch *scratch,
                           const PfWindow *window, gsize from, gsize limit,
                           PfAnywhereHit *hit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfAnywhere, pf_anywhere_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfAnywhereScratch, pf_anywhere_scratch_free)
