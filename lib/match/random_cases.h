/* For tests: random glossaries and texts that are made of the same few pieces,
 * so that they often agree, and what to say of a case that fails. The seed is
 * GLib's, which prints it. */
#pragma once

#include "match/scans.h"

/* Below N, which is at least 1. */
guint pf_random_below (guint n);

/* N, or less of it under a sanitizer. */
guint pf_random_times (guint n);

/* Any rules, with one of the instruction sets that this machine has; the one
 * that PFPROC_ISA names, if it does. */
PfMatchRules pf_random_rules (void);

/* What terms and texts of one round are made of. */
typedef struct {
  PfSpan pieces[10];
  guint n;
} PfPieces;

/* Characters of a nasty alphabet; or words, gaps and terms with other
 * characters around them. */
PfPieces pf_random_pieces (void);

/* Appends up to MAX pieces; with VALID, only those that are UTF-8. */
void pf_random_append (GString *out, const PfPieces *pieces, guint max,
                       gboolean valid);

/* Up to two sources of up to MAX terms each, of up to LEN pieces, some of them
 * several times with other rules. Values are numbers. (transfer full) */
PfGlossary *pf_random_glossary (const PfPieces *pieces, guint max, guint len);

/* Up to PARTS times some pieces, and now and then a whole term, or most of
 * one. (transfer full) */
GString *pf_random_text (const PfGlossary *glossary, const PfPieces *pieces,
                         guint parts);

/* Ends the test, since FOUND is not EXPECTED; says all that is needed to repeat
 * the case by hand. */
void pf_random_fail (const PfScans *scans, PfSpan text, const char *what,
                     const char *found, const char *expected);

/* Holds the matcher to the reference; returns how many matches there are. */
guint pf_random_check (PfScans *scans, PfSpan text);
