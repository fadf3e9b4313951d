/* Entries as they are read, before they are compiled: those of a source, or of
 * a piece of one that a thread reads.
 *
 * A batch belongs to one thread at a time. Term, value and label of an entry
 * lie end to end in chunks that never move; the records of all entries are one
 * array. Memory that runs out is an error, not the end of the process.
 */
#pragma once

#include "base/error.h"
#include "glossary/compile.h"
#include "glossary/glossary.h"

typedef struct PfBatch PfBatch;

/* For who wants to know where entries come from: is told of each that is added,
 * as it was given, and of what is malformed; lines count from 1. */
typedef struct {
  void (*entry) (const PfEntry *given, guint64 line, gpointer user);
  void (*malformed) (const char *what, guint64 line, gpointer user);
  gpointer user;
} PfReadWatch;

/* (transfer full) */
PfBatch *pf_batch_new (void);
void pf_batch_free (PfBatch *self);

/* Entries that follow have these rules where they have none of their own; the
 * label is not the batch's business. */
void pf_batch_set_rules (PfBatch *self, const PfSourceRules *rules);

/* WATCH, which must outlive SELF, or NULL; and the line of what comes next. */
void pf_batch_set_watch (PfBatch *self, const PfReadWatch *watch);
void pf_batch_set_line (PfBatch *self, guint64 line);

/* WHAT is wrong in the present line: tells who watches, if anybody does. */
void pf_batch_tell_malformed (const PfBatch *self, const PfError *what);

/* Adds an entry; term, value and label are copied. Leading and trailing white
 * space of the term is dropped. FALSE with PF_STATUS_DATA where the term is
 * empty, too long or not UTF-8, or a value or label is too long, with
 * PF_STATUS_TEMPORARY where memory is out. */
gboolean pf_batch_add (PfBatch *self, const PfEntry *entry, PfError *error);

/* TERM without white space at its ends; it must be valid UTF-8. */
PfSpan pf_batch_trim_term (PfSpan term);

/* Moves the entries of OTHER behind those of SELF and empties it. FALSE with
 * PF_STATUS_TEMPORARY. */
gboolean pf_batch_append (PfBatch *self, PfBatch *other, PfError *error);

gsize pf_batch_size (const PfBatch *self);

/* The entries, valid until the batch changes. */
const PfRawEntry *pf_batch_entries (const PfBatch *self);

typedef gboolean (*PfBatchFunc) (const PfRawEntry *entry, gpointer user);

/* Takes out the entries of which DROPS is TRUE; their strings stay. FIRSTS
 * (gsize) holds numbers of entries, ascending, and is made to hold what those
 * are then. */
void pf_batch_drop (PfBatch *self, PfBatchFunc drops, gpointer user,
                    GArray *firsts);

/* Frees what holds the strings of the entries that were added before ENTRY and
 * lie in other chunks; ENTRY must not be one before that of an earlier call. */
void pf_batch_trim (PfBatch *self, gsize entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfBatch, pf_batch_free)
