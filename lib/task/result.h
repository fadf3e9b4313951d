/* What came of an item: bytes for the output, messages that stand between
 * them, and counts.
 *
 *   worker ──fills──▶ PfResult ──sequencer──▶ delivery ──▶ bytes, messages
 *      ▲                                          │
 *      └───────────── spare, emptied ◀────────────┘
 *
 * Made by one worker, handed on as a whole; freed by whoever
 * releases it.
 */
#pragma once

#include "base/error.h"
#include "base/file_record.h"
#include "task/tally.h"

/* A message about an input, to be given after the first AT bytes. A remark has
 * an error whose status is PF_STATUS_OK. */
typedef struct {
  gsize at;
  char *path;           /* owned */
  guint64 stdin_number; /* its place among names on standard input, or 0 */
  PfError error;
} PfNote;

/* A file's matches, for totals by folder. */
typedef struct {
  char *folder; /* owned */
  guint64 count;
} PfFolderCount;

/* A file whose bytes end AT so many, for a journal. */
typedef struct {
  gsize at;
  PfFileRecord file;
} PfResultRecord;

/* What happened first, for runs that end at the first answer. */
typedef enum { PF_EVENT_NONE, PF_EVENT_MATCH, PF_EVENT_ERROR } PfEvent;

/* What there was in the texts of files, as far as they were looked at. */
typedef struct {
  guint64 bytes;   /* without byte order marks, UTF-16 as it is decoded */
  guint64 matches; /* that were found */
  guint64 tokens;  /* where there was a census, else 0 */
  guint64 invalid; /* files with bytes that are not UTF-8; likewise */
} PfTextCounts;

typedef struct {
  GString *bytes;
  GArray *notes;      /* PfNote */
  GArray *records;    /* PfResultRecord, or NULL: there is no journal */
  gsize remark_bytes; /* of these, about, in remarks */
  guint errors;       /* notes that are no remarks */
  GArray *counts;  /* PfTallyCount, one a file and term, or NULL: for totals */
  GArray *folders; /* PfFolderCount, one a file, or NULL: likewise */
  gboolean flush;  /* somebody waits for these bytes */
  PfEvent first_event;
  guint64 files;        /* inputs that were taken up, failed ones too */
  guint64 stdin_listed; /* of these, names read from standard input */
  guint64 matched;      /* files with a match */
  guint64 binaries;     /* files passed over */
  char *first_binary;   /* owned; the first of them, or NULL */
  guint64 too_large;    /* files passed over for their size */
  guint64 missing;      /* names of no file, where that is no error */
  PfTextCounts text;    /* of these files */
} PfResult;

PfResult *pf_result_new (void);

/* As new, but for the memory, of which no more than KEEP bytes is kept. */
void pf_result_reset (PfResult *self, gsize keep);

/* NULL is allowed. */
void pf_result_free (PfResult *self);

/* Takes the message out of ERROR. */
void pf_result_add_error (PfResult *self, const char *path,
                          guint64 stdin_number, PfError *error);

/* Copies N of COUNTS, which are one file's. */
void pf_result_add_counts (PfResult *self, const PfTallyCount *counts, guint n);

/* The folder of a file with N matches; takes FOLDER. */
void pf_result_add_folder (PfResult *self, char *folder, guint64 n);

/* Takes the path out of FILE, which ends here. */
void pf_result_add_record (PfResult *self, PfFileRecord *file);

/* A message that is no error. */
void pf_result_add_remark (PfResult *self, const char *path, const char *text);

/* The bytes have gone elsewhere; messages stay. */
void pf_result_drop_bytes (PfResult *self);

void pf_result_add_match (PfResult *self);
void pf_result_add_binary (PfResult *self, const char *path);
