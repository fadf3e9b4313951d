/* One SARIF 2.1.0 document (OASIS Standard, Static Analysis Results Interchange
 * Format) of one run, written as results come:
 *
 *   begin ──▶ head, rules    results, a line each ──add──▶ joined by commas
 *                            failures ──fail──▶ kept
 *   end   ──▶ notifications of failures, how the run ended
 *
 * It has at most PF_SARIF_RESULTS results; what it leaves out it counts, and
 * says so at its end. So it is bounded, as is what it keeps of failures.
 * Belongs to one thread at a time. All append to OUT.
 */
#pragma once

#include "base/record.h"

/* As many as GitHub takes. */
#define PF_SARIF_RESULTS 25000

typedef struct PfSarif PfSarif;

/* A rule for each glossary of N names, which it copies; those that are given
 * twice are one. (transfer full) */
PfSarif *pf_sarif_new (const PfSpan *glossaries, gsize n);

/* NULL is allowed. */
void pf_sarif_free (PfSarif *self);

void pf_sarif_begin (const PfSarif *self, GString *out);

/* RESULTS are whole records of pf_record_format_sarif. */
void pf_sarif_add (PfSarif *self, GString *out, PfSpan results);

/* The input PATH failed. */
void pf_sarif_fail (PfSarif *self, PfSpan path, PfSpan message);

void pf_sarif_end (const PfSarif *self, GString *out,
                   const PfRecordSummary *summary);

/* How many of the results that were added are not in it. */
guint64 pf_sarif_left_out (const PfSarif *self);
