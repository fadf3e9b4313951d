/* Strings as JSON (RFC 8259) has them, from bytes that may hold anything. All
 * append to OUT; pure functions, for any thread.
 *
 *   caf\xC3\xA9   ──text──▶  {"text":"café"}
 *   caf\xE9       ──text──▶  {"bytes":"Y2Fm6Q=="}
 *   caf\xE9       ──string──▶  "caf\uFFFD", as the character itself
 */
#pragma once

#include "base/types.h"

/* A string. Bytes that are not UTF-8 become U+FFFD, one for each. Control
 * characters are escaped, C1 and DEL, too: none of them reaches a terminal. */
void pf_json_put_string (GString *out, PfSpan text);

/* An object that tells text from bytes: {"text":STRING} where all of it is
 * UTF-8, else {"bytes":STRING} with its base64 (RFC 4648). */
void pf_json_put_text (GString *out, PfSpan text);
