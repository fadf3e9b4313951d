/* Which columns of a table hold what. It depends on what there is:
 *
 *   keys (term=, value=, label=)    the columns that they name, or give the
 *                                   1-based numbers of; no others count. The
 *                                   term is in column `term`, or in the first,
 *                                   where no key says
 *   a first row with a cell "term"  those that it calls term, value, label,
 * case and boundary; the others do not count neither                         as
 * in tsv: term, value, label, then rules
 *
 * The first row is a header in the second case, and where a key is a name.
 * Names are the same whatever the case of their letters. Pure functions, for
 * any thread.
 */
#pragma once

#include "base/error.h"
#include "glossary/source.h"

/* A row; LINE is that of its first byte, from 1 on. */
typedef struct {
  const PfSpan *cells;
  guint n;
  guint64 line;
} PfCsvRow;

typedef enum {
  PF_CSV_TERM,
  PF_CSV_VALUE,
  PF_CSV_LABEL,
  PF_CSV_CASE,
  PF_CSV_BOUNDARY,
  PF_CSV_N_COLUMNS
} PfCsvColumn;

typedef struct {
  guint at[PF_CSV_N_COLUMNS]; /* from 0 on; G_MAXUINT: there is none */
  gboolean has_header;        /* the first row holds no entry */
  gboolean has_rules;         /* cells behind the label are rules, as in tsv */
} PfCsvColumns;

/* The keys of csv, ended by NULL. */
extern const char *const pf_csv_keys[];

/* FALSE with PF_STATUS_USAGE where a key makes no sense. */
gboolean pf_csv_check_keys (const PfSource *source, PfError *error);

/* What stands between cells; the keys must have been checked. */
guint8 pf_csv_delimiter (const PfSource *source);

/* By the keys of SOURCE and the FIRST row. FALSE with PF_STATUS_DATA, and the
 * line, where a column is not there that was named. */
gboolean pf_csv_settle (PfCsvColumns *self, const PfSource *source,
                        const PfCsvRow *first, PfError *error);

/* The entry in ROW; its spans are those of the cells. FALSE with PF_STATUS_DATA
 * where the row has no cell for the term, or an unknown rule. */
gboolean pf_csv_entry (const PfCsvColumns *self, const PfCsvRow *row,
                       PfEntry *entry, PfError *error);
