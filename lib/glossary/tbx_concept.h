/* One concept of a TBX glossary: what it is called in each language, with what
 * is said of the names; and which entries come of it.
 *
 *   concept   definition, subject, rules
 *     language   likewise
 *       term       likewise, and its status
 *
 * A definition and its kind hold for all that is below, unless there is a
 * nearer one; of two at one level the first holds. Gathered by one thread in
 * memory that is limited, and used again for the next concept.
 *
 * Sources: ISO 30042 (TBX), both editions; RFC 4647 section 3.3.1 (basic
 * filtering of language tags).
 */
#pragma once

#include "base/error.h"

/* What may be said of a concept, a language or a term. */
typedef enum {
  PF_TBX_DEFINITION,
  PF_TBX_SUBJECT,
  PF_TBX_N_TEXTS,                 /* the above are kept as they are */
  PF_TBX_STATUS = PF_TBX_N_TEXTS, /* of a term: whether it may be used */
  PF_TBX_NOTE, /* one that begins with PF_TBX_RULES has rules in it */
  PF_TBX_TERM
} PfTbxField;

/* Before rules of matching in a note, as "pfproc: case=ignore boundary=host".
 */
#define PF_TBX_RULES "pfproc:"

/* Bytes of one concept, and of all its entries together. */
#define PF_TBX_CONCEPT_MAX ((gsize)64 << 20)

/* Which entries come of a concept. All empty: each term, with the definition
 * as its value. With terms only: those of that language. */
typedef struct {
  PfSpan terms;     /* a language: its terms ... */
  PfSpan values;    /* ... have the preferred term of this one as value */
  PfSpan forbidden; /* a language: forbidden terms, and the preferred one */
} PfTbxChoice;

typedef gboolean (*PfTbxAdd) (const PfEntry *entry, guint64 line,
                              gpointer user);

typedef struct PfTbxConcept PfTbxConcept;

/* (transfer full) */
PfTbxConcept *pf_tbx_concept_new (void);
void pf_tbx_concept_free (PfTbxConcept *self);

/* Begins another concept, which has nothing yet; then a language in it, and a
 * term in that. What is set afterwards is of the one that began last. LINE is
 * where a term begins. */
void pf_tbx_concept_begin (PfTbxConcept *self);
void pf_tbx_concept_begin_language (PfTbxConcept *self, PfSpan tag);
void pf_tbx_concept_begin_term (PfTbxConcept *self, guint64 line);

/* Ends the term, or the language where no term is open. A term without a text
 * is forgotten. */
void pf_tbx_concept_leave (PfTbxConcept *self);

/* TEXT is copied. FALSE with PF_STATUS_DATA where it has rules that are
 * unknown. */
gboolean pf_tbx_concept_set (PfTbxConcept *self, PfTbxField field, PfSpan text,
                             PfError *error);

/* Whether it has grown to PF_TBX_CONCEPT_MAX; nothing more should begin. */
gboolean pf_tbx_concept_is_full (const PfTbxConcept *self);

/* How many terms there are, and whether the one that began last has a text. */
gsize pf_tbx_concept_n_terms (const PfTbxConcept *self);
gboolean pf_tbx_concept_has_term (const PfTbxConcept *self);

/* Gives all entries that CHOICE asks for, in the order of their terms. FALSE as
 * soon as ADD is. */
gboolean pf_tbx_concept_emit (const PfTbxConcept *self,
                              const PfTbxChoice *choice, PfTbxAdd add,
                              gpointer user);

/* Whether a tag as en-GB lies in a range as en; case does not matter. */
gboolean pf_language_matches (PfSpan tag, PfSpan range);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTbxConcept, pf_tbx_concept_free)
