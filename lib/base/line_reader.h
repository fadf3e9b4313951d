/* Reads records that end in one byte (LF or NUL) from a descriptor, in bounded
 * memory, as they arrive.
 *
 * Belongs to one thread. The descriptor is not closed. Waiting for input can
 * be cancelled, and the caller is told before it begins, so that what was
 * gathered so far can be handed on.
 */
#pragma once

#include "base/cancel.h"

typedef struct PfLineReader PfLineReader;

typedef struct {
  int fd;
  guint8 delimiter;
  gsize max;                       /* bytes of the longest record */
  gboolean is_positioned;          /* read from OFFSET on, and leave the
                                      descriptor's own position alone */
  goffset offset;                  /* bytes */
  const PfCancel *cancel;          /* NULL: reads may block */
  void (*on_wait) (gpointer user); /* NULL: nobody to tell */
  gpointer user;
} PfLineReaderOptions;

typedef enum {
  PF_LINE_OK,
  PF_LINE_TOO_LONG, /* the record was dropped; its first bytes are given */
  PF_LINE_END,
  PF_LINE_CANCELLED,
  PF_LINE_ERROR
} PfLineResult;

PfLineReader *pf_line_reader_new (const PfLineReaderOptions *options);
void pf_line_reader_free (PfLineReader *self);

/* The next record without its delimiter, valid until the next call. The last
 * one may lack its delimiter. */
PfLineResult pf_line_reader_next (PfLineReader *self, PfSpan *line,
                                  PfError *error);

/* Where the next record begins: in bytes from the start of the file where the
 * reader is positioned, from where it began to read otherwise. */
goffset pf_line_reader_offset (const PfLineReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfLineReader, pf_line_reader_free)
