/* Compiles entries into an index (glossary/index.h): hashes all terms, drops
 * entries that are wholly equal to an earlier one of the same source, numbers
 * what remains, and lays the items out by key. The result is a pure
 * function of the entries, whatever the number of threads.
 *
 *   entries ── start ──▶ filters, items ── finish ──▶ table
 *      └── (afterwards) ──▶ whatever else is made of values and labels
 *
 * The second step is for one thread and does not look at the entries, so that
 * it can run side by side with what makes something else of them.
 */
#pragma once

#include "glossary/index.h"

/* An entry as it was read. TERM is valid UTF-8 of 1 to PF_TERM_MAX bytes,
 * without white space at its ends; value and label follow it in memory. */
typedef struct {
  const guint8 *term;
  guint32 value_len, label_len; /* bytes */
  guint16 term_len;             /* bytes */
  PfRuleBits rules;
} PfRawEntry;

/* The sections of an index, owned; free with pf_compiled_clear. */
typedef struct {
  PfIndexNumbers numbers;
  guint64 *filter, *chains;
  guint32 *table;
  guint8 *items;
  gsize items_len;
  PfShape *shapes;
  gsize n_shapes;
  guint32 *loose;
  gsize n_loose;

  guint32 n_entries;    /* without those that were dropped */
  guint8 *dropped;      /* by raw number, one bit each; NULL: none was */
  guint32 *item_of;     /* by entry: the offset of its item */
  guint32 *first_equal; /* by entry: the first with the same term; NULL: each
                           entry has a term of its own */
} PfCompiled;

/* A compilation between its two steps; belongs to one thread at a time. */
typedef struct PfBuild PfCompilation;

/* SOURCES holds the raw number at which each source begins, ascending, the
 * first being 0; it and ENTRIES stay the caller's. JOBS threads at most.
 * Afterwards all of MADE is there but table and first_equal, and ENTRIES are
 * not looked at any more. (transfer full: pf_compilation_free) NULL with
 * PF_STATUS_DATA where the glossary is too large for the format,
 * PF_STATUS_TEMPORARY where memory is out, PF_STATUS_OS where threads are
 * refused; then MADE is empty. */
PfCompilation *pf_compile_start (PfCompiled *made, const PfRawEntry *entries,
                                 gsize n, const gsize *sources, gsize n_sources,
                                 guint jobs, PfError *error);

/* Once, on any thread; does not touch what pf_compile_start has made. FALSE
 * with PF_STATUS_TEMPORARY. */
gboolean pf_compile_finish (PfCompilation *self, PfError *error);

/* Not what was made. NULL is allowed. */
void pf_compilation_free (PfCompilation *self);

/* Both steps. FALSE where one fails; then SELF is empty. */
gboolean pf_compile (PfCompiled *self, const PfRawEntry *entries, gsize n,
                     const gsize *sources, gsize n_sources, guint jobs,
                     PfError *error);

void pf_compiled_clear (PfCompiled *self);
