/* Where the bits of a word are, without a branch on how many: a table has the
 * places for each byte. Private to kernel*.c.
 *
 * Source: indexes from bit maps as in Langdale and Lemire, "Parsing Gigabytes
 * of JSON per Second", VLDB Journal 28 (2019), by a table in place of a loop.
 */
#pragma once

#include "match/kernel.h"

/* The places of the bits of each low half of a byte, and of each high half. */
#define L0
#define L1 0,
#define L2 1,
#define L3 L1 L2
#define L4 2,
#define L5 L1 L4
#define L6 L2 L4
#define L7 L3 L4
#define L8 3,
#define L9 L1 L8
#define L10 L2 L8
#define L11 L3 L8
#define L12 L4 L8
#define L13 L5 L8
#define L14 L6 L8
#define L15 L7 L8
#define H0
#define H1 4,
#define H2 5,
#define H3 H1 H2
#define H4 6,
#define H5 H1 H4
#define H6 H2 H4
#define H7 H3 H4
#define H8 7,
#define H9 H1 H8
#define H10 H2 H8
#define H11 H3 H8
#define H12 H4 H8
#define H13 H5 H8
#define H14 H6 H8
#define H15 H7 H8
#define ROW(high)                                                              \
  { L0 high }, { L1 high }, { L2 high }, { L3 high }, { L4 high },             \
      { L5 high }, { L6 high }, { L7 high }, { L8 high }, { L9 high },         \
      { L10 high }, { L11 high }, { L12 high }, { L13 high }, { L14 high },    \
  {                                                                            \
    L15 high                                                                   \
  }
#define COUNTS(n)                                                              \
  n, n + 1, n + 1, n + 2, n + 1, n + 2, n + 2, n + 3, n + 1, n + 2, n + 2,     \
      n + 3, n + 2, n + 3, n + 3, n + 4

static const guint16 byte_places[256][8] __attribute__ ((aligned (
    16))) = { ROW (H0),  ROW (H1),  ROW (H2),  ROW (H3), ROW (H4),  ROW (H5),
              ROW (H6),  ROW (H7),  ROW (H8),  ROW (H9), ROW (H10), ROW (H11),
              ROW (H12), ROW (H13), ROW (H14), ROW (H15) };

static const guint8 byte_counts[256] = {
  COUNTS (0), COUNTS (1), COUNTS (1), COUNTS (2), COUNTS (1), COUNTS (2),
  COUNTS (2), COUNTS (3), COUNTS (1), COUNTS (2), COUNTS (2), COUNTS (3),
  COUNTS (2), COUNTS (3), COUNTS (3), COUNTS (4)
};

#undef ROW
#undef COUNTS

/* Puts the places of BYTE, counted from FROM, behind the N of OUT; returns how
 * many there are then. */
static inline guint
emit_byte (guint16 *out, guint n, guint byte, guint from)
{
  typedef guint16 Shorts __attribute__ ((vector_size (16)));
  Shorts places;

  memcpy (&places, byte_places[byte], sizeof places);
  places += (guint16)from;
  memcpy (out + n, &places, sizeof places);
  return n + byte_counts[byte];
}

/* The same of a word. OUT has room for eight more than there are. */
static inline guint
emit_places (guint16 *out, guint n, guint64 bits, guint from)
{
  n = emit_byte (out, n, bits & 0xFF, from);
  n = emit_byte (out, n, bits >> 8 & 0xFF, from + 8);
  n = emit_byte (out, n, bits >> 16 & 0xFF, from + 16);
  n = emit_byte (out, n, bits >> 24 & 0xFF, from + 24);
  n = emit_byte (out, n, bits >> 32 & 0xFF, from + 32);
  n = emit_byte (out, n, bits >> 40 & 0xFF, from + 40);
  n = emit_byte (out, n, bits >> 48 & 0xFF, from + 48);
  return emit_byte (out, n, bits >> 56, from + 56);
}
