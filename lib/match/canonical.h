/* Terms in canonical form, so that all texts that a term matches come down to
 * one string of bytes: characters folded, where any entry ignores case, and a
 * run of white space as one blank, unless white space is compared byte for
 * byte. And the other way round: how the beginning of a canonical term may be
 * spelled in a text.
 *
 * Simple folding is from CaseFolding.txt, C and S (text/unicode.h). Pure
 * functions but for the table of spellings, which is immutable: any thread.
 */
#pragma once

#include "base/types.h"

typedef struct {
  gboolean folds;  /* case is not told apart */
  gboolean spaces; /* a run of white space is one blank */
} PfCanonicalForm;

/* Writes the canonical form of TERM, which is valid UTF-8, to OUT, where there
 * is room for twice its length; returns how many bytes it has. */
gsize pf_canonical_term (const PfCanonicalForm *form, PfSpan term, guint8 *out);

/* The beginning of a text: of its bytes, the first ones. */
#define PF_PREFIX_MAX 8

/* What does well enough where it can hardly matter. */
#define PF_PREFIX_ENOUGH 5

typedef struct {
  guint8 bytes[PF_PREFIX_MAX]; /* zero beyond len */
  guint8 len;
} PfPrefix;

typedef struct PfSpellings PfSpellings;

/* (transfer full) */
PfSpellings *pf_spellings_new (const PfCanonicalForm *form);
void pf_spellings_free (PfSpellings *self);

/* Appends to OUT (PfPrefix) prefixes such that every text that matches the
 * canonical TERM, which is not empty, begins with one of them. None is empty.
 * They have PF_PREFIX_MAX bytes or, if shorter, end with the term, or where
 * going on would mean too many of them: in white space, and, once they have
 * PF_PREFIX_ENOUGH bytes, behind a character that ASCII letters rarely are (the
 * Kelvin sign for k).
 *
 * Where the form folds, every byte comes with bit 0x20 set: the bytes of a
 * text must be made so, too. */
void pf_spellings_append (const PfSpellings *self, PfSpan term, GArray *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfSpellings, pf_spellings_free)
