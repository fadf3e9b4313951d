/* Compiles entries into an index (glossary/index.h): hashes all terms, drops
 * entries that are wholly equal to an earlier one of the same source, numbers
 * what remains, and lays the items out by key. The result is a pure
 * function of the entries, whatever the number of threads.
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

/* SOURCES holds the raw number at which each source begins, ascending, the
 * first being 0. JOBS threads at most. FALSE with PF_STATUS_DATA where the
 * glossary is too large for the format, PF_STATUS_TEMPORARY where memory is
 * out, PF_STATUS_OS where threads are refused. */
gboolean pf_compile (PfCompiled *self, const PfRawEntry *entries, gsize n,
                     const gsize *sources, gsize n_sources, guint jobs,
                     PfError *error);

void pf_compiled_clear (PfCompiled *self);
