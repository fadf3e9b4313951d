/* A journal: what a run has done, so that another can go on where it ended.
 *
 *   head      pfproc-journal, version, checksums of glossary and options
 *   record    D, what is known of a file                  it is done
 *   record    W, the same                                 it is about to be
 *   ...                                                    replaced
 *
 * Each line ends in a checksum of itself. Lines are appended, each call at
 * once; so whenever the process ends, all that is not whole is one last line,
 * which counts for nothing. Only pf_journal_sync forces them to the disk: other
 * lines outlive the process, but perhaps not the machine.
 *
 * Appending is for any thread; all else for one.
 */
#pragma once

#include "base/error.h"
#include "base/file_record.h"

typedef struct PfJournal PfJournal;

typedef struct {
  const char *path;
  guint64 glossary, options; /* checksums of what the results depend on */
  gboolean resume;           /* keep what is there, if it is there */
} PfJournalOptions;

typedef enum {
  PF_JOURNAL_DONE = 'D',
  PF_JOURNAL_REPLACING = 'W'
} PfJournalKind;

/* (transfer full) NULL with PF_STATUS_CANT_CREATE; where it is taken up, with
 * PF_STATUS_DATA where it is of another glossary, or no journal, or damaged
 * before its last line, and PF_STATUS_USAGE where it is of other options. */
PfJournal *pf_journal_open (const PfJournalOptions *options, PfError *error);

/* NULL is allowed. */
void pf_journal_free (PfJournal *self);

/* What was there when it was opened, in its order. */
gsize pf_journal_n (const PfJournal *self);
const PfFileRecord *pf_journal_get (const PfJournal *self, gsize i,
                                    PfJournalKind *kind);

/* Drops all records from FROM on. FALSE with PF_STATUS_IO. */
gboolean pf_journal_cut (PfJournal *self, gsize from, PfError *error);

/* A line. */
void pf_journal_format (GString *out, PfJournalKind kind,
                        const PfFileRecord *record);

/* Any thread; whole lines. FALSE with PF_STATUS_IO. */
gboolean pf_journal_append (PfJournal *self, PfSpan lines, PfError *error);

/* Any thread: what was appended is on the disk. FALSE with PF_STATUS_IO. */
gboolean pf_journal_sync (PfJournal *self, PfError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfJournal, pf_journal_free)
