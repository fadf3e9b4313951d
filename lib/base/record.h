/* What a task has to say, and how a format says it. Tasks fill records, one
 * format turns them into bytes; neither knows the other.
 */
#pragma once

#include "base/types.h"

/* How far a match reaches. */
typedef struct {
  guint64 end_line, end_column; /* of the last byte; behind it, in bytes */
  /* For formats that count so: column and end_column in UTF-16 code units, of
   * which a byte that is not UTF-8 is one. */
  guint64 utf16_column, utf16_end_column;
} PfMatchExtent;

/* One match; the spans live until the call returns. */
typedef struct {
  PfSpan name;    /* of the document, as the format's name () made it */
  guint64 line;   /* 1-based */
  guint64 column; /* 1-based, in bytes */
  guint64 offset; /* 0-based, in bytes */
  PfSpan text;    /* the file's own bytes, or decoded ones */
  const PfEntry *entries;
  guint n_entries; /* at least one, unless the format shows values only */
  const PfMatchExtent *extent; /* for formats that show ends, else NULL */
} PfMatchRecord;

/* What stands before a line of a file that is shown as it is. */
typedef struct {
  PfSpan name;    /* as that of a match; empty: it is not shown */
  guint64 number; /* 1-based; 0: it is not shown */
  gboolean is_context;
} PfLineRecord;

/* How names and matched text are shown. */
typedef struct {
  gboolean terminal;    /* escape control characters in names */
  gboolean exact_space; /* white space in matched text is shown as it is */
  gboolean color; /* names, numbers and matched text are coloured, in text */
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

/* What the lines of a file are shown with; between these calls the task appends
 * their own bytes. As PfRecordFormat. */
typedef struct {
  /* Before a line. */
  void (*begin) (GString *out, const PfLineRecord *record,
                 const PfRecordStyle *style);
  /* Before and after matched text. */
  void (*begin_match) (GString *out, const PfRecordStyle *style);
  void (*end_match) (GString *out, const PfRecordStyle *style);
  /* A line between those that are not neighbours. */
  void (*separator) (GString *out, const PfRecordStyle *style);
} PfLineFormat;
