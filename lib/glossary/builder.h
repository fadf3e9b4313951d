/* Makes a glossary of entries.
 *
 *   source 0 ─┐
 *   source 1 ─┼─ add ─▶ entries ─ seal ─┬─▶ table of terms ───┬─▶ PfGlossary
 *   source 2 ─┘                         └─▶ texts of entries ─┘
 *                                           (the halves, side by side)
 *
 * A builder belongs to one thread. Sources are added in the order in which
 * their glossaries stand on the command line; pf_glossary_builder_seal
 * compiles what was added and lays it out in sections.
 */
#pragma once

#include "glossary/batch.h"
#include "glossary/glossary.h"

typedef struct PfGlossaryBuilder PfGlossaryBuilder;

/* (transfer full) */
PfGlossaryBuilder *pf_glossary_builder_new (void);
void pf_glossary_builder_free (PfGlossaryBuilder *self);

/* Begins a source: the entries that follow came from NAME. */
void pf_glossary_builder_begin (PfGlossaryBuilder *self, const char *name,
                                const PfSourceRules *rules);

/* Adds an entry to the present source, as pf_batch_add does. An entry that is
 * wholly equal to an earlier one of the same source will not be in the
 * glossary. */
gboolean pf_glossary_builder_add (PfGlossaryBuilder *self, const PfEntry *entry,
                                  PfError *error);

/* Moves all sources of OTHER, with their entries, behind those of SELF and
 * empties it: so that several threads can read, each into a builder of its own.
 * What is added next begins a source. FALSE with PF_STATUS_TEMPORARY. */
gboolean pf_glossary_builder_append (PfGlossaryBuilder *self,
                                     PfGlossaryBuilder *other, PfError *error);

/* Takes out the entries of which DROPS is TRUE, which knows nothing of their
 * sources. */
void pf_glossary_builder_drop (PfGlossaryBuilder *self, PfBatchFunc drops,
                               gpointer user);

/* Where the present source goes, for readers of many entries. */
PfBatch *pf_glossary_builder_batch (PfGlossaryBuilder *self);

/* How many entries the present source has so far, repeated ones included. */
gsize pf_glossary_builder_source_size (const PfGlossaryBuilder *self);

/* For tests: as if this many bytes of memory were there. */
void pf_glossary_builder_set_memory (PfGlossaryBuilder *self, guint64 bytes);

/* (transfer full): the glossary; the builder is empty and can only be freed.
 * NULL with PF_STATUS_DATA where it is too large for the format,
 * PF_STATUS_TEMPORARY where memory is out, PF_STATUS_OS where threads are
 * refused. */
PfGlossary *pf_glossary_builder_seal (PfGlossaryBuilder *self, PfError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfGlossaryBuilder, pf_glossary_builder_free)
