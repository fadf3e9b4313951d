/* The source formats whose entries are not lines: one may span many lines, or
 * many may stand in one.
 *
 *   bytes ──▶ PfStreamFormat.read ──┬──▶ pf_stream_add ───────▶ PfBatch
 *                                   └──▶ pf_stream_malformed ─▶ error, or
 * report
 *
 * Such a file is read from its start to its end by one thread, in memory that
 * does not grow with it. A new format is one file and one row in the table of
 * stream_format.c. Several threads may read at once, each a source of its own.
 */
#pragma once

#include "base/byte_source.h"
#include "glossary/batch.h"
#include "glossary/source.h"

/* A source while it is read. */
typedef struct {
  const PfSource *source; /* with its keys, for pf_source_key */
  PfByteSource bytes;
  PfBatch *batch;
  gboolean lenient;     /* what is malformed is skipped and counted */
  PfReadReport *report; /* of what is skipped; may be NULL */
} PfStream;

typedef struct PfStreamFormat {
  const char *name; /* also the ending of file names */
  PfCase default_case;
  const char *library; /* what reading it needs, for a message */
  /* The keys besides case, boundary and label that may be given with such a
   * source; ends in NULL, and may be NULL. Where label is among them, its
   * meaning is the format's. */
  const char *const *keys;
  /* Looks at the keys of SOURCE before it is opened. FALSE with
   * PF_STATUS_USAGE. NULL: any value will do. */
  gboolean (*check_keys) (const PfSource *source, PfError *error);
  /* Reads all of SELF. FALSE where reading ended, with an error; where what is
   * wrong cannot be skipped, by pf_stream_fail. NULL: this build lacks the
   * library. */
  gboolean (*read) (PfStream *self, PfError *error);
} PfStreamFormat;

extern const PfStreamFormat pf_format_csv; /* RFC 4180 */

/* The format of that name, or NULL. */
const PfStreamFormat *pf_stream_format_find (PfSpan name);

/* Whether some format knows a key of that name. */
gboolean pf_stream_format_has_key (PfSpan name);

/* Adds ENTRY, which begins in LINE (the first is 1), as pf_batch_add; one that
 * the batch refuses is malformed. FALSE where reading ends. */
gboolean pf_stream_add (PfStream *self, const PfEntry *entry, guint64 line,
                        PfError *error);

/* WHAT is wrong in LINE, and is taken over. TRUE where it is skipped, with what
 * belongs to it; else it is the ERROR, and reading ends. What has another
 * status than PF_STATUS_DATA is never skipped. */
gboolean pf_stream_malformed (PfStream *self, guint64 line, PfError *what,
                              PfError *error);

/* Always FALSE: sets ERROR, with PF_STATUS_DATA, for what is wrong in LINE and
 * leaves nothing behind it that could be read. */
gboolean pf_stream_fail (guint64 line, PfError *error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
