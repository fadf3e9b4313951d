/* What is odd in a source of a glossary, line by line: what is malformed, and
 * what reads well and does not do what its writer may think.
 *
 *   reader ──watch──▶ PfLint ──┬─ each entry by itself (lint_entry.c)
 *                              └─ all with each other  (finish)
 *                                     └──▶ findings, by line
 *
 * Of entries that are found at the same places, by their text, case rule and
 * boundary rule, one is
 *
 *   a repetition  where everything is the same
 *   hidden        where the other one is found wherever it is, and says the
 * same a variant     where it says something else: both are told of a match
 *
 * A boundary rule looks at what stands outside a term only, so no rule as such
 * makes that a term can never match.
 *
 * Belongs to one thread.
 */
#pragma once

#include "glossary/batch.h"

typedef enum {
  PF_LINT_ERROR,   /* malformed */
  PF_LINT_WARNING, /* most likely not what is meant */
  PF_LINT_NOTE     /* may well be meant */
} PfLintKind;

typedef void (*PfLintFunc) (guint64 line, PfLintKind kind, const char *text,
                            gpointer user);

typedef struct PfLint PfLint;

/* MALFORMED is what a malformed line is. (transfer full) */
PfLint *pf_lint_new (PfLintKind malformed);
void pf_lint_free (PfLint *self);

/* What a reader of one source, in one piece, is to tell. As long as SELF. */
const PfReadWatch *pf_lint_watch (const PfLint *self);

/* When all is read into BATCH: gives each finding to FUNC, by line. */
void pf_lint_finish (PfLint *self, const PfBatch *batch, PfLintFunc func,
                     gpointer user);

/* What is odd in ENTRY, as it was given, by itself. */
void pf_lint_entry (const PfEntry *entry, guint64 line, PfLintFunc func,
                    gpointer user);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfLint, pf_lint_free)
