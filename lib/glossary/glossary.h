/* A glossary: entries, sealed and immutable once built, shared by reference
 * count.
 *
 * A builder belongs to one thread. Sources are added in the order in which
 * their glossaries stand on the command line; pf_glossary_builder_seal makes
 * the glossary, which any number of threads may read at once. Reference
 * counts are C11 atomics; the last pf_glossary_unref frees everything, and
 * every PfSpan taken from it ends with it.
 *
 *   readers ──add──▶ PfGlossaryBuilder ──seal──▶ PfGlossary ──ref──▶ matchers
 */
#pragma once

#include "base/error.h"

typedef struct PfGlossary PfGlossary;
typedef struct PfGlossaryBuilder PfGlossaryBuilder;

#define PF_TERM_MAX 4096       /* bytes */
#define PF_VALUE_MAX (1 << 20) /* bytes, of a value or a label */
#define PF_BUILTIN_NAME "@misspellings"

/* What is given beside a source; all zero means "as the source says". */
typedef struct {
  PfCase case_rule;    /* for entries without one of their own */
  PfBoundary boundary; /* likewise */
  PfCase default_case; /* the format's own default, the last resort */
  PfSpan label;        /* for entries that have none */
} PfSourceRules;

PfGlossaryBuilder *pf_glossary_builder_new (void);
void pf_glossary_builder_free (PfGlossaryBuilder *self);

/* Begins a source: the entries that follow came from NAME. */
void pf_glossary_builder_begin (PfGlossaryBuilder *self, const char *name,
                                const PfSourceRules *rules);

/* Adds an entry; term, value and label are copied. Leading and trailing white
 * space of the term is dropped. An entry that is wholly equal to an earlier
 * one of the same source is dropped. FALSE with PF_STATUS_DATA where the term
 * is empty, too long or not UTF-8, or a value or label is too long. */
gboolean pf_glossary_builder_add (PfGlossaryBuilder *self, const PfEntry *entry,
                                  PfError *error);

/* How many entries the present source has so far, collapsed ones included. */
gsize pf_glossary_builder_source_size (const PfGlossaryBuilder *self);

/* (transfer full): the glossary; the builder is empty and can only be freed.
 */
PfGlossary *pf_glossary_builder_seal (PfGlossaryBuilder *self);

/* Any thread. */
PfGlossary *pf_glossary_ref (PfGlossary *self);
void pf_glossary_unref (PfGlossary *self);

gsize pf_glossary_n_entries (const PfGlossary *self);

/* Distinct terms, byte for byte. */
guint32 pf_glossary_n_terms (const PfGlossary *self);

/* Entry I in glossary order, then entry order. The rules in it are the
 * nearest that the glossary knows: the entry's own, or those given with the
 * source; UNSET where neither says. */
PfEntry pf_glossary_entry (const PfGlossary *self, gsize i);

/* The number of the term of entry I. */
guint32 pf_glossary_entry_term_id (const PfGlossary *self, gsize i);

/* The case rule of last resort for entry I: its format's default. */
PfCase pf_glossary_default_case (const PfGlossary *self, gsize i);

/* The term with this number; valid as long as the glossary. */
PfSpan pf_glossary_term (const PfGlossary *self, guint32 term_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfGlossaryBuilder, pf_glossary_builder_free)
