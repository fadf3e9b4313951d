/* Reads records that end in one byte (LF or NUL) from a descriptor, in bounded
 * memory, as they arrive.
 *
 * Belongs to one thread. The descriptor is not closed. What fails for a reason
 * that may pass is tried again where it stood; a file whose descriptor went
 * stale is read on by one of the reader's own. Waiting for input can
 * be cancelled, and the caller is told before it begins, so that what was
 * gathered so far can be handed on.
 */
#pragma once

#include "base/byte_source.h"
#include "base/retry_file.h"

typedef struct PfLineReader PfLineReader;

typedef struct {
  int fd;
  const PfByteSource *bytes; /* read in place of FD; NULL: none */
  guint8 delimiter;
  gsize max;                       /* bytes of the longest record */
  gboolean is_positioned;          /* read from OFFSET on, and leave the
                                      descriptor's own position alone */
  goffset offset;                  /* bytes */
  const PfCancel *cancel;          /* NULL: reads may block */
  void (*on_wait) (gpointer user); /* NULL: nobody to tell */
  gpointer user;
  PfRetry *retry;    /* NULL: what fails is not tried again */
  const char *path;  /* of what FD is open on from its start, or NULL */
  PfFileState state; /* where PATH is: as it was then */
} PfLineReaderOptions;

typedef enum {
  PF_LINE_OK,
  PF_LINE_TOO_LONG, /* the record was dropped; its first bytes are given */
  PF_LINE_END,
  PF_LINE_CANCELLED,
  PF_LINE_ERROR
} PfLineResult;

/* OPTIONS are copied; what they point to must outlive the reader. (transfer
 * full) */
PfLineReader *pf_line_reader_new (const PfLineReaderOptions *options);
void pf_line_reader_free (PfLineReader *self);

/* The next record without its delimiter, valid until the next call. The last
 * one may lack its delimiter. */
PfLineResult pf_line_reader_next (PfLineReader *self, PfSpan *line,
                                  PfError *error);

/* The first bytes of what was not given out yet, at least N of them unless the
 * input ends before, valid until the next call. PF_LINE_OK, also at the end; or
 * as the other functions where that is not it. */
PfLineResult pf_line_reader_peek (PfLineReader *self, gsize n, PfSpan *bytes,
                                  PfError *error);

/* SELF as a source of bytes, from the next record on, to be read in place of
 * the records. Its user is SELF; waiting for input must not be cancelled. */
PfByteSource pf_line_reader_bytes (PfLineReader *self);

/* Where the next record begins: in bytes from the start of the file where the
 * reader is positioned, from where it began to read otherwise. */
goffset pf_line_reader_offset (const PfLineReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfLineReader, pf_line_reader_free)
