/* Eight bytes at a time in a word, little-endian. Pure functions: any thread.
 *
 * Source: Warren, Hacker's Delight, chapter 6.
 */
#pragma once

#include <glib.h>

#define PF_EACH_BYTE(byte) ((byte)*0x0101010101010101u)

/* The highest bits of the bytes, in their order. */
static inline guint64
pf_highest_bits (guint64 bytes)
{
  bytes &= PF_EACH_BYTE (0x80);
  return (bytes >> 7) * 0x0102040810204080u >> 56;
}
