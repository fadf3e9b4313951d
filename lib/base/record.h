/* What a task has to say, and how a format says it. Tasks fill records, one
 * format turns them into bytes; neither knows the other.
 */
#pragma once

#include "base/types.h"

/* One match; the spans live until the call returns. */
typedef struct {
  PfSpan name;    /* of the document, as the format's name () made it */
  guint64 line;   /* 1-based */
  guint64 column; /* 1-based, in bytes */
  guint64 offset; /* 0-based, in bytes */
  PfSpan text;    /* the file's own bytes, or decoded ones */
  const PfEntry *entries;
  guint n_entries; /* at least one, unless the format shows values only */
  /* For formats that show ends: the line of the last byte, and the column
   * behind it, 1-based. */
  guint64 end_line, end_column;
  /* For formats that count so: column and end_column in UTF-16 code units, of
   * which a byte that is not UTF-8 is one. */
  guint64 utf16_column, utf16_end_column;
} PfMatchRecord;

/* How names and matched text are shown. */
typedef struct {
  gboolean terminal;    /* escape control characters in names */
  gboolean exact_space; /* white space in matched text is shown as it is */
} PfRecordStyle;

/* What a run prints records of. */
typedef enum {
  PF_RECORD_MATCH,
  PF_RECORD_COUNT,
  PF_RECORD_TERM_COUNT,
  PF_RECORD_TOTAL,
  PF_RECORD_GROUP, /* a total, not of a term */
  PF_RECORD_PATH
} PfRecordKind;

/* What a run came to, for formats that tell. */
typedef struct {
  guint64 files, matched, failed, binaries; /* files */
  guint64 matches;
  gboolean complete; /* FALSE: the run was ended, or failed itself */
  int exit_status;   /* where it is complete */
} PfRecordSummary;

/* One output format. Each call but the first appends whole lines to OUT; all
 * are pure functions, for any thread. */
typedef struct {
  /* PATH as lines begin with it. It is made once a document, and is the NAME
   * of all that is said of it. */
  void (*name) (GString *out, PfSpan path, const PfRecordStyle *style);
  void (*match) (GString *out, const PfMatchRecord *record,
                 const PfRecordStyle *style);
  void (*count) (GString *out, PfSpan name, guint64 n);
  void (*term_count) (GString *out, PfSpan name, PfSpan term, guint64 n);
  void (*total) (GString *out, PfSpan term, guint64 n, guint64 files);
  /* A line with nothing but PATH, which no name () has touched. */
  void (*path) (GString *out, PfSpan path, const PfRecordStyle *style);
  gboolean values_only; /* match shows nothing of entries but their values */

  /* What follows may be NULL, or FALSE. */
  /* A total of a group that is not a term. NULL: as total. */
  void (*group) (GString *out, PfSpan group, guint64 n, guint64 files);
  /* The names of the columns of records of a KIND. */
  void (*header) (GString *out, PfRecordKind kind);
  /* PATH, which no name () has touched, failed. */
  void (*error) (GString *out, PfSpan path, PfSpan message, int status);
  /* After all else, of a run that is complete. */
  void (*summary) (GString *out, const PfRecordSummary *summary);
  gboolean shows_ends;   /* match shows where matches end */
  gboolean counts_utf16; /* and columns in UTF-16 code units */
} PfRecordFormat;
