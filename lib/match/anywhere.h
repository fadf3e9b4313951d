/* The matcher for entries that may start anywhere in a text, not only where a
 * word begins: those whose boundary rule is "none", and those without any word
 * character. It can take others, too; it only is not made for them.
 *
 * Immutable once built: any thread; all that a scan changes is in a scratch, of
 * which each thread has its own. What holds is what match/reference.c says.
 */
#pragma once

#include "base/isa.h"
#include "match/edges.h"
#include "match/matcher.h"

typedef struct PfAnywhere PfAnywhere;
typedef struct PfAnywhereScratch PfAnywhereScratch;

/* How an entry is to be matched, with nothing left unset. */
typedef struct {
  guint8 case_rule; /* PfCase */
  guint8 boundary;  /* PfBoundary */
} PfEntryRules;

typedef struct {
  const PfGlossary *glossary; /* must outlive the matcher */
  const PfEntryRules *rules;  /* by entry number; likewise */
  const guint32 *entries;     /* those to match, ascending; not kept */
  gsize n_entries;
  PfSpace space;
  gboolean all_ends; /* report every end, not the farthest only */
  PfIsa isa;
} PfAnywhereSpec;

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

/* (transfer full) */
PfAnywhere *pf_anywhere_new (const PfAnywhereSpec *spec);
void pf_anywhere_free (PfAnywhere *self);

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
