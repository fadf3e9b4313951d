/* Refanging: indicators that were written so that nobody clicks on them, as
 * they were before.
 *
 *   evil[.]com   user(at)evil[dot]com   hxxps[://]evil.com   198.51.100[.]7
 *   evil.com     user@evil.com          https://evil.com     198.51.100.7
 *
 * What is recognised, letters in either case:
 *
 *   in [ ], ( ) or { }     . or dot           .
 *                          @ or at            @
 *                          : or / or ://      the same
 *   hxxp, hxxps            at the start of a word, before : or [: (: {:
 *                                             http, https
 *
 * Each is told by its own bytes, the character before it and, for hxxp, the two
 * bytes behind it; what comes of it is not looked at again. Pure functions: any
 * thread.
 */
#pragma once

#include "base/types.h"

/* Bytes that a form and what tells it take at most. */
#define PF_REFANG_MOST 8u

/* A form is units of one character each: LEN bytes of text that stand for it.
 */
typedef struct {
  guint8 lens[3]; /* bytes; the first N_UNITS of them */
  char chars[3];
  guint n_units;
  guint len; /* of all */
} PfRefang;

typedef enum {
  PF_REFANG_NONE,
  PF_REFANG_FOUND,
  PF_REFANG_OPEN /* the text goes on, and may come to be a form */
} PfRefangAnswer;

/* Whether a form can begin with BYTE: a bracket, or the x of hxxp. */
static inline gboolean
pf_refang_may_begin (guint8 byte)
{
  return byte == '[' || byte == '(' || byte == '{' || (byte | 0x20) == 'x';
}

/* The first place from AT on and before STOP, or STOP, where a form may begin
 * or, with ASCII, a character that is not ASCII stands. */
gsize pf_refang_skip (PfSpan text, gsize at, gsize stop, gboolean ascii);

/* The form at AT in TEXT, which ends there if FINAL. The form of hxxp is its
 * two x. What stands before AT is context: PF_REFANG_MOST bytes of it, or all.
 */
PfRefangAnswer pf_refang_at (PfSpan text, gsize at, gboolean final,
                             PfRefang *form);
