/* The case of the letters of a text, as far as a replacement takes it over:
 *
 *   teh -> the    Teh -> The    TEH -> THE
 *
 * Letters and their capitals are GLib's (Unicode's simple mappings). No state:
 * any thread.
 */
#pragma once

#include "base/types.h"

typedef enum {
  PF_LETTERS_OTHER,
  PF_LETTERS_CAPITALISED, /* it begins with a capital, and no other stands
                             anywhere but behind white space */
  PF_LETTERS_UPPER        /* otherwise: all letters are capitals */
} PfLetters;

/* Bytes that are not UTF-8 and letters without a case are passed over. */
PfLetters pf_letters_of (PfSpan text);

/* Appends VALUE with its first character, or all of them, in upper case, or as
 * it is. */
void pf_letters_apply (GString *out, PfSpan value, PfLetters letters);
