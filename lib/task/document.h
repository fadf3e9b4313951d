/* A document: the text of one input, in windows.
 *
 *   descriptor ──read──▶ raw bytes ──decode?──▶ window ──consume──▶ …
 *
 * A window is the part of the text that is in memory. It grows at its end by
 * pf_document_fill and shrinks at its front by pf_document_consume; it is only
 * ever as large as the reader of the text lets it become. Byte order marks
 * are taken off, UTF-16 is decoded, and a NUL byte near the start is noticed.
 * Where an encoding is given, all is decoded from that; a document fails where
 * it cannot be, in the fill behind the one that gives what stands before.
 *
 * What fails for a reason that may pass (base/retry.h) is tried again where it
 * stood: opening, reading, memory for the window. A file whose descriptor went
 * stale is opened again by its name and read on at the same offset, if its size
 * and time of modification are what they were; else that is its error.
 *
 * A document may be opened in one thread and read in another, one at a time.
 */
#pragma once

#include <sys/stat.h>

#include "base/byte_source.h"
#include "base/cancel.h"
#include "base/counter.h"
#include "base/file_id.h"
#include "base/retry.h"

typedef struct PfDocument PfDocument;

/* What was asked of the system, by all documents that share it. */
typedef struct {
  PfCounter calls;
  PfCounter bytes;
} PfReadCounters;

typedef struct {
  gboolean raw;         /* no byte order marks, no decoding, no binaries */
  const char *encoding; /* of all, as pf_transcoder_new takes it; or NULL */
  gsize block;          /* bytes to read at once, for tests; else 0 */
  PfFileId forbidden;   /* the output: never read */
  PfStatus forbidden_status; /* of the error; 0: PF_STATUS_IO */
  PfFileId reserved;         /* never read either: PF_STATUS_USAGE */
  const PfCancel *cancel;    /* ends the waiting for a pipe; may be NULL */
  PfRetry *retry;            /* what fails is tried again; may be NULL */
  PfReadCounters *reads;     /* to count in; may be NULL */
} PfDocumentOptions;

/* A document that is not open yet; OPTIONS must outlive it. It may be opened
 * for one file after the other, and keeps its memory meanwhile. (transfer full)
 */
PfDocument *pf_document_new (const PfDocumentOptions *options);

/* NULL is allowed. */
void pf_document_free (PfDocument *self);

/* Closes what was open, and opens PATH; NULL is standard input. Does not wait,
 * not even for the writer of a FIFO. FALSE with ERROR. */
gboolean pf_document_open (PfDocument *self, const char *path, PfError *error);

/* What was opened, as it was then; as long as SELF is not opened again. */
const struct stat *pf_document_stat (const PfDocument *self);

/* Of a regular file, when it was opened, in bytes; otherwise 0. */
guint64 pf_document_size (const PfDocument *self);

/* The size of a file that can be read in parts: a regular one of which more is
 * to come, with plain bytes, and with a descriptor to spare. Otherwise 0. */
guint64 pf_document_divisible_size (const PfDocument *self);

/* Up to LEN bytes at OFFSET, into BUFFER; how many there were, 0 also where
 * they cannot be read. Any thread, while SELF, which is divisible, is open. */
gsize pf_document_peek (const PfDocument *self, guint64 offset, guint8 *buffer,
                        gsize len);

/* Opens the text of WHOLE from OFFSET on: its first fill gives ROOM bytes where
 * there are as many. WHOLE must be divisible and stay open; any number of
 * threads may read parts of it, each by a document of its own. */
gboolean pf_document_open_part (PfDocument *self, const PfDocument *whole,
                                guint64 offset, gsize room, PfError *error);

/* A text may come from elsewhere than its file: what is unpacked from that, or
 * what a program makes of it. Then one document, of which nothing was filled,
 * is the file, and lends its bytes, and another has the text:
 *
 *   file ──look, bytes──▶ who unpacks ──PfByteSource──▶ text ──▶ windows
 *
 * Opens a text that comes from SOURCE. FILE says what was opened, and is paused
 * and resumed with the text; both must outlive it, until it is closed. Where
 * SOURCE fails behind some text, that is given out first. A failure without an
 * error means that the run was cancelled. Where WAIT, of SOURCE's user, is not
 * NULL, the text is a stream. */
gboolean pf_document_open_source (PfDocument *self, const PfByteSource *source,
                                  PfByteWait wait, PfDocument *file,
                                  PfError *error);

/* Reads once, ahead of any fill, of the first PF_DOCUMENT_AHEAD bytes; BEGIN is
 * what is known of them then, and grows until *ENDED. FALSE as fill. */
#define PF_DOCUMENT_AHEAD 512
gboolean pf_document_look (PfDocument *self, PfSpan *begin, gboolean *ended,
                           PfError *error);

/* The bytes of the file as they are, from the first on, in place of fills; and
 * for a regular one, to go to byte AT. */
PfByteSource pf_document_bytes (PfDocument *self);
gboolean pf_document_seek (PfDocument *self, guint64 at);

/* The descriptor, for a program that reads the file; it stays SELF's. -1 with
 * ERROR. */
int pf_document_descriptor (PfDocument *self, PfError *error);

/* Lets go of the file, and of memory beyond what most files need. The window
 * is empty. */
void pf_document_close (PfDocument *self);

/* An open file is a descriptor that comes back soon, and others that need one
 * wait for it (base/retry.h). So its reader says when it will wait for somebody
 * else itself, and when that is over. FALSE from pause where descriptors are so
 * few that the file's was given up: the next fill opens it anew and reads on,
 * if it is still the same file. Parts of it must not be open then; what is
 * divisible never gives its descriptor up. */
gboolean pf_document_pause (PfDocument *self);
void pf_document_resume (PfDocument *self);

/* A pipe, a terminal, a device, what a program prints: its text comes when it
 * comes. */
gboolean pf_document_is_stream (const PfDocument *self);

/* Whether all of it was read; then it holds no descriptor. */
gboolean pf_document_is_whole (const PfDocument *self);

/* For streams: waits until fill would not block. FALSE where TIMEOUT
 * milliseconds passed (-1: never), or the run was cancelled. */
gboolean pf_document_wait (const PfDocument *self, int timeout);

/* Adds to the window what one read gives; the first call on a regular file
 * goes on until it knows whether the file is binary. FALSE with ERROR, or,
 * without one, where the run was cancelled. */
gboolean pf_document_fill (PfDocument *self, PfError *error);

/* Drops the window, and what one read gives; how many bytes that were. 0 at the
 * end, -1 as fill fails. No fill may follow. */
gssize pf_document_drop (PfDocument *self, PfError *error);

/* The text in memory; it moves with the next fill or consume. */
PfSpan pf_document_window (const PfDocument *self);

/* Where the window begins, in bytes of the document. */
guint64 pf_document_offset (const PfDocument *self);

/* Whether the text ends with the window. */
gboolean pf_document_at_end (const PfDocument *self);

/* Drops LEN bytes at the front of the window. */
void pf_document_consume (PfDocument *self, gsize len);

/* Whether the text is not the bytes of the file, once some of it was read: it
 * was UTF-16, or an encoding was given. */
gboolean pf_document_is_decoded (const PfDocument *self);

/* Whether a NUL byte stands in the first 8 KiB, behind leading NULs. The
 * window of a stream ends before it, and at_end never comes. */
gboolean pf_document_is_binary (const PfDocument *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfDocument, pf_document_free)
