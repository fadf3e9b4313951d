/* The outside of an image: a header, a table of sections, and the sections,
 * each with a number that says what it is.
 *
 *   0   magic, byte order, format version, Unicode version, size, checksum
 *   64  table: number, offset, length and checksum of each section
 *   ..  sections, each at a multiple of 64 bytes, zeros between them
 *
 * All numbers are in the byte order of the machine that made it, so that they
 * can be used in place; another one refuses it. A reader ignores sections whose
 * number it does not know. The checksum of the header covers header and table
 * and is looked at when an image is opened; those of sections only when it is
 * checked, so that opening takes the same time for any size.
 *
 * Checksums: XXH3, 64 bits (github.com/Cyan4973/xxHash, doc/xxhash_spec.md).
 */
#pragma once

#include "base/error.h"

#define PF_IMAGE_VERSION 3
#define PF_IMAGE_ALIGNMENT 64
#define PF_IMAGE_SECTIONS_MAX 64

typedef struct {
  guint32 id; /* not 0 */
  PfSpan bytes;
} PfImagePart;

/* Writes an image of PARTS to FD; those without bytes are left out. The bytes
 * depend on the parts alone. FALSE with PF_STATUS_IO. */
gboolean pf_container_write (int fd, const PfImagePart *parts, guint n,
                             PfError *error);

/* A row of the table, as it is in the image. */
typedef struct {
  guint32 id;
  guint32 reserved;
  guint64 offset; /* bytes from the start of the image */
  guint64 len;    /* bytes */
  guint64 checksum;
} PfImageRow;

/* An image in memory, which must outlive it and lie at a multiple of the
 * alignment. The table is a copy, so that it stays what it was when it was
 * looked at. Nothing in it is to be cleared. Once open: any thread. */
typedef struct {
  PfSpan bytes;
  guint n_sections;
  PfImageRow rows[PF_IMAGE_SECTIONS_MAX];
  char unicode[17]; /* as "15.0.0" */
} PfContainer;

/* FALSE with PF_STATUS_DATA where it is no image, is truncated or damaged, or
 * was made for another version of the format, machine or version of Unicode;
 * all that the table says is within BYTES. */
gboolean pf_container_open (PfContainer *self, PfSpan bytes, PfError *error);

/* Section I of the table. */
PfImagePart pf_container_part (const PfContainer *self, guint i);

/* The section of that number; where there is none, or it has no bytes, an empty
 * span whose data is NULL. */
PfSpan pf_container_find (const PfContainer *self, guint32 id);

/* Whether the bytes of all sections have the checksums that the table says,
 * and no number stands there twice. FALSE with PF_STATUS_DATA. */
gboolean pf_container_check (const PfContainer *self, PfError *error);

/* Makes the checksum of the header right again, for tests that damage what is
 * inside of it. IMAGE is at least as long as header and table. */
void pf_container_seal (guint8 *image);
