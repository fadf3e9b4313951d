/* The matcher for entries that begin and end at the edges of words: those
 * whose boundary rule is word, strict or host, and whose term has at least one
 * word character.
 *
 *   text ─▶ blocks ─▶ tokens ─▶ candidates ─▶ hits ─▶ matches
 *               kernel.h            verify.c
 *
 * A property of these rules makes it quick: in every match, each maximal run
 * of word characters of the term is one whole token of the text. So a text is
 * cut into tokens, a filter says which of them may begin a term, and only
 * those are looked up in the glossary's index. This holds for the word
 * characters of text/unicode.h, and for a word class that has more of them,
 * since that makes boundaries only stricter.
 *
 * Immutable once built: any thread; all that a scan changes is in a scratch,
 * of which each thread has its own.
 */
#pragma once

#include "base/isa.h"
#include "match/matcher.h"

typedef struct PfWords PfWords;
typedef struct PfWordsScratch PfWordsScratch;

/* GLOSSARY and WORDS must outlive it. (transfer full) */
PfWords *pf_words_new (const PfGlossary *glossary, const PfWordClass *words,
                       const PfMatchRules *rules, PfIsa isa);
void pf_words_free (PfWords *self);

PfWordsScratch *pf_words_scratch_new (void);
void pf_words_scratch_free (PfWordsScratch *self);

/* As pf_matcher_scan, for its entries. */
gsize pf_words_scan (const PfWords *self, PfWordsScratch *scratch,
                     const PfScan *scan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfWords, pf_words_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfWordsScratch, pf_words_scratch_free)
