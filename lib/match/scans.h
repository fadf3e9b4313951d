/* For tests: a glossary under one set of rules, scanned in ways that must
 * come to the same: by the matcher in one piece, in windows and in
 * pieces, by the reference matcher, and by the naive twin. */
#pragma once

#include "glossary/builder.h"
#include "match/matcher.h"
#include "match/reference.h"

typedef struct {
  PfGlossary *glossary; /* owned */
  PfMatchRules rules;
  const char *extra_words; /* must outlive it */
  PfWordClass *words;      /* owned; the matcher has its own */
  PfMatcher *matcher;      /* owned */
  PfScratch *scratch;      /* owned */
  /* Made when they are first needed, owned. */
  PfReference *reference;
  PfReferenceScratch *reference_scratch;
} PfScans;

/* Adds the terms of LIST, which | separates, as a source with these rules. Each
 * is its own value. Letters behind a semicolon are rules of the entry's own:
 * exact or ignore; strict, none, prefix, word, or u for subword. */
void pf_scans_add_terms (PfGlossaryBuilder *builder, const char *list,
                         const PfSourceRules *rules);

/* Of such terms alone. (transfer full) */
PfGlossary *pf_scans_glossary (const char *terms);

/* GLOSSARY (transfer full) as an image with indexes of what may start
 * anywhere. (transfer full) */
PfGlossary *pf_scans_image (PfGlossary *glossary);

/* GLOSSARY (transfer full); EXTRA_WORDS as in pf_word_class_new. */
void pf_scans_init (PfScans *self, PfGlossary *glossary,
                    const PfMatchRules *rules, const char *extra_words);
void pf_scans_clear (PfScans *self);

/* Each returns "START-END:VALUE,VALUE " for each match, with the values of its
 * entries. (transfer full) */
char *pf_scans_whole (const PfScans *self, PfSpan text);
char *pf_scans_naive (const PfScans *self, PfSpan text);

char *pf_scans_reference (PfScans *self, PfSpan text);

/* Whether the matcher and the reference report the same of TEXT, without making
 * strings of it; *N_MATCHES is how many matches there are. */
gboolean pf_scans_agree (PfScans *self, PfSpan text, guint *n_matches);

/* In windows that grow by at most STEP bytes at a time, by a random number of
 * them where RANDOM, and drop what is decided, as lib/task/pump.c does. */
char *pf_scans_windows (const PfScans *self, PfSpan text, gsize step,
                        gboolean random);

/* In pieces of random lengths of at most STEP + 1 bytes, each scanned up to its
 * limit from where the one before it ended, in windows that end anywhere. */
char *pf_scans_pieces (const PfScans *self, PfSpan text, gsize step);

/* Scans TEXT in every way there is but by the reference; all must come to the
 * same. */
void pf_scans_check_ways (const PfScans *self, PfSpan text);

/* TEXT with [] around each match. (transfer full) */
char *pf_scans_marked (const PfScans *self, PfSpan text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfScans, pf_scans_clear)
