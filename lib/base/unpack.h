/* Compressed streams: bytes in, bytes out, in memory that does not grow.
 *
 *   file ──▶ first bytes ──▶ pf_packing_of ──none──▶ bytes as they are
 *    │                            │
 *    └────── PfByteSource ──▶ PfUnpack ──▶ PfByteSource
 *
 * Decompressors run inside this process, never as programs of their own, and
 * only the one that the first bytes ask for. Streams of several members (or
 * frames) give the text of all; what is packed inside is not looked at. What
 * has checksums of its own is checked against them.
 *
 * A stream may be a bomb. So the text must not be longer than RATIO times the
 * packed bytes that were read so far, once it is longer than FREE bytes; nor
 * longer than MOST. What comes before the fault of a damaged stream is given
 * out: of gzip to the last byte, of the others in blocks of up to 128 KiB.
 *
 * Threads: an object belongs to one thread; several may be used at once.
 */
#pragma once

#include "base/byte_source.h"

typedef enum {
  PF_PACKING_NONE,
  PF_PACKING_GZIP,
  PF_PACKING_BZIP2,
  PF_PACKING_XZ,
  PF_PACKING_ZSTD,
  PF_PACKING_LZ4
} PfPacking;

/* How many of the first bytes pf_packing_of looks at. */
#define PF_PACKING_BYTES 10

/* What BEGIN, the first bytes of a stream, is the begin of. */
PfPacking pf_packing_of (PfSpan begin);

/* NAME without the endings of compressed files (.gz .bz2 .xz .zst .lz4). */
PfSpan pf_packing_strip (PfSpan name);

#define PF_UNPACK_FREE ((guint64)64 << 20)
#define PF_UNPACK_RATIO 250

/* Zero means default. */
typedef struct {
  PfByteSource bytes; /* packed, from the first on */
  PfPacking packing;  /* which; not PF_PACKING_NONE */
  guint64 free;       /* 0: PF_UNPACK_FREE */
  guint ratio;        /* 0: PF_UNPACK_RATIO */
  guint64 most;       /* 0: any length */
} PfUnpackOptions;

typedef struct PfUnpack PfUnpack;

/* What OPTIONS' source points to must outlive SELF. (transfer full) NULL with
 * PF_STATUS_DATA where this build, or its library, cannot read that packing,
 * PF_STATUS_TEMPORARY where memory is out. */
PfUnpack *pf_unpack_new (const PfUnpackOptions *options, PfError *error);
void pf_unpack_free (PfUnpack *self);

/* The text, as long as SELF. Reading it fails with the error of the packed
 * bytes, or with PF_STATUS_DATA where they are damaged, end too early, or come
 * to more than is allowed. */
PfByteSource pf_unpack_bytes (PfUnpack *self);

/* Whether the next read of it may need none of the packed bytes; of gzip only
 * that can be told. */
gboolean pf_unpack_has_more (const PfUnpack *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfUnpack, pf_unpack_free)
