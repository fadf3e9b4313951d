/* The source formats as they are written: what is written reads back as the
 * same entries, or is refused.
 *
 * A new format is one file, write_NAME.c, and one row in the table of writer.c.
 * All here are pure functions, for any thread.
 */
#pragma once

#include "base/error.h"

typedef struct PfFormatWriter {
  const char *name; /* also the ending of file names */
  /* What stands before all entries, and behind them; may be NULL. */
  void (*begin) (GString *out);
  void (*end) (GString *out);
  /* Whether the format has a place for all of ENTRY. A case rule that is UNSET
   * stands for exact. FALSE with PF_STATUS_DATA and what it has no place for,
   * as "its value". NULL: it can hold any. */
  gboolean (*can_hold) (const PfEntry *entry, PfError *error);
  /* Appends ENTRIES, at least one, which have the same term and stand side by
   * side in the glossary; each can be held. */
  void (*write) (GString *out, const PfEntry *entries, gsize n);
} PfFormatWriter;

extern const PfFormatWriter pf_writer_txt;
extern const PfFormatWriter pf_writer_tsv;
extern const PfFormatWriter pf_writer_csv;
extern const PfFormatWriter pf_writer_jsonl;
extern const PfFormatWriter pf_writer_codespell;
extern const PfFormatWriter pf_writer_tbx;

/* The writer of that name, or NULL. */
const PfFormatWriter *pf_writer_find (PfSpan name);

/* Appends TEXT as it is. */
void pf_writer_put (GString *out, PfSpan text);

/* FALSE with "its rule for ..." where ENTRY has a rule of its own, or where its
 * case rule is not CASE_RULE; UNSET: none may be set. */
gboolean pf_writer_check_rules (const PfEntry *entry, PfCase case_rule,
                                PfError *error);
