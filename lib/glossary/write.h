/* Writes all entries of a glossary in a source format.
 *
 *   entries ──▶ can all be held? ──▶ runs of one term ──▶ writer ──▶ PUT
 *
 * Nothing is written where one cannot be held, unless such are to be left out.
 */
#pragma once

#include "glossary/glossary.h"
#include "glossary/writer.h"

typedef struct {
  const PfFormatWriter *writer;
  gboolean lenient; /* leave out what the format cannot hold */
  /* Takes the bytes, in pieces. FALSE ends the writing. */
  gboolean (*put) (gpointer user, PfSpan bytes, PfError *error);
  gpointer user;
} PfWriting;

/* What was left out; cleared by pf_error_clear of FIRST. */
typedef struct {
  guint64 skipped; /* entries */
  PfError first;   /* why the first of them was */
} PfWriteReport;

/* Entry I with what its format says by default as a rule of its own: an UNSET
 * case rule of the result stands for exact. */
PfEntry pf_glossary_plain_entry (const PfGlossary *self, gsize i);

/* Any thread. FALSE with PF_STATUS_DATA where an entry, which is named, cannot
 * be held, or all are left out; or with the error of PUT. */
gboolean pf_glossary_write (const PfGlossary *self, const PfWriting *writing,
                            PfWriteReport *report, PfError *error);
