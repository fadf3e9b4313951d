/* The word class of a run: which characters are word characters. They are
 * those of UTS #18 \w (text/unicode.h) and those the user adds.
 *
 * Immutable once made, so any number of threads may share one without a
 * lock; whoever made it frees it when the last of them is done.
 */
#pragma once

#include "base/error.h"
#include "base/types.h"

typedef gboolean (*PfIsWord) (gunichar c);

/* To be treated as opaque; here only so that pf_word_class_has is inline.
 * The bitmap covers the Basic Multilingual Plane in 8 KiB; what is beyond
 * takes a call. */
typedef struct PfWordClass {
  guint32 bitmap[0x10000 / 32];
  PfIsWord is_word;   /* the rule beyond the bitmap */
  gboolean has_extra; /* characters were added */
  gunichar *extra;    /* owned; additions beyond the bitmap */
  gsize n_extra;      /* characters */
} PfWordClass;

/* EXTRA holds the added characters as UTF-8 and may be empty; it is not kept.
 * Fails with PF_STATUS_USAGE where it is not valid UTF-8. (transfer full) */
PfWordClass *pf_word_class_new (PfSpan extra, PfError *error);

/* Another rule in place of \w, which must be a pure function. It is asked
 * about code points up to U+10FFFF only; an invalid byte is never a word
 * character. (transfer full) */
PfWordClass *pf_word_class_new_custom (PfIsWord is_word);

/* Whether the word characters are those of text/unicode.h and no others; or
 * those, and perhaps others. */
gboolean pf_word_class_is_plain (const PfWordClass *self);
gboolean pf_word_class_is_wide (const PfWordClass *self);

/* SELF may be NULL. */
void pf_word_class_free (PfWordClass *self);

/* The part of pf_word_class_has beyond U+FFFF. */
gboolean pf_word_class_has_astral (const PfWordClass *self, gunichar c);

/* Any C is safe; PF_UTF8_INVALID is no word character. */
static inline gboolean
pf_word_class_has (const PfWordClass *self, gunichar c)
{
  if (c < 0x10000)
    return self->bitmap[c / 32] >> (c % 32) & 1;
  return pf_word_class_has_astral (self, c);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfWordClass, pf_word_class_free)
