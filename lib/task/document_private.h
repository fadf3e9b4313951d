/* What the parts of a document share: document.c opens it, document_read.c
 * reads its bytes, document_fill.c makes text of them. Private to these.
 */
#pragma once

#include <sys/stat.h>

#include "base/retry_file.h"
#include "task/document.h"
#include "text/transcode.h"
#include "text/utf16.h"

#define PF_NO_NUL G_MAXUINT64
#define PF_BINARY_LOOK ((gsize)8 << 10)

typedef enum {
  CODING_UNKNOWN,
  CODING_BYTES,
  CODING_UTF16,
  CODING_GIVEN
} Coding;

struct PfDocument {
  const PfDocumentOptions *options;
  gsize block; /* bytes to read at once */
  int fd;
  const PfDocument *whole; /* of which it is a part, or NULL */
  gboolean borrows;        /* the descriptor is the whole's */
  gboolean holds;          /* it is counted among those that come back soon */
  gboolean gave_up;        /* the next read opens the file anew */
  gboolean is_stream;
  PfByteSource source;     /* where its text comes from, if not from fd */
  PfByteWait source_wait;  /* if it is a stream, else NULL */
  PfDocument *file;        /* then: what was opened */
  PfError failure;         /* of the source, behind the window */
  gboolean has_stalled;    /* there is one, which the next read gives */
  guint8 *ahead;           /* the first bytes, where they were looked at */
  gsize n_ahead, ahead_at; /* how many, and where the next read begins */
  gboolean ahead_ended;
  gboolean seeks;     /* its end is not the last that is read of it */
  GString *path;      /* empty: standard input */
  struct stat opened; /* as it was when it was opened */
  PfFileState state;  /* of that */
  guint64 n_read;     /* bytes of it; where the next read begins */
  gboolean read_all;  /* the descriptor has nothing more */
  Coding coding;
  PfUtf16Decoder decoder;
  PfTranscoder *transcoder; /* NULL until an encoding is given */
  guint8 *raw;              /* if decoded: self->block bytes as read */
  guint8 *data;             /* data[begin, end) is the window */
  gsize capacity;
  gsize begin, end;
  guint64 offset; /* of data[begin] in the document */
  guint64 looked; /* how far NULs were looked for */
  guint64 nul_at; /* the first one that makes it binary, or PF_NO_NUL */
  gboolean past_leading_nuls;
};

/* Lets go of the descriptor. */
void pf_document_close_file (PfDocument *self);

/* Makes room for ROOM bytes behind the window. FALSE with PF_STATUS_TEMPORARY.
 */
gboolean pf_document_make_room (PfDocument *self, gsize room, PfError *error);

/* Reads up to LEN bytes into P; 0 is the end. -1 with ERROR, or, without one,
 * where the run was cancelled. */
gssize pf_document_read_some (PfDocument *self, guint8 *p, gsize len,
                              PfError *error);

/* Whether the text goes on, but cannot be read or decoded. */
static inline gboolean
pf_document_has_failed (const PfDocument *self)
{
  return self->has_stalled || (self->coding == CODING_GIVEN &&
                               pf_transcoder_check (self->transcoder, NULL));
}
